//! What the contract stores beside the records of the accounting: configuration, as JSON.

use chain_types::address::ValidatorForm;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal256, Empty, Timestamp};
use cw_storage_plus::{Item, Map};
use pool_kit::Denoms;

use crate::msg::{Params, Source};

/// Read by every message, in one record.
#[cw_serde]
pub struct Config {
    /// Who is believed for delegations.
    pub source: Source,
    /// The cw4 group whose weights are powers.
    pub group: Option<Addr>,
    /// Whether fees are split and claims are paid; not before the import is over.
    pub active: bool,
    /// Decimal places of shares that are kept.
    pub share_places: u8,
    /// Denoms that are or were received.
    pub denoms: Denoms,
    /// Rates of the split.
    pub params: Params,
    /// How validators are written in answers and events: as the first one was. An operator address
    /// and an account address of the same bytes are the same validator.
    pub validator_form: Option<ValidatorForm>,
}

/// Who may report.
#[cw_serde]
#[derive(Default)]
pub struct Reporters {
    /// Who may send `begin_block`.
    pub block: Vec<Addr>,
    /// Who may send `staking_event`.
    pub staking: Vec<Addr>,
}

/// Limits of a validator's commission; the rate itself is in the accounting's records.
#[cw_serde]
pub struct CommissionLimits {
    /// The highest rate.
    pub max_rate: Decimal256,
    /// The most by which the rate rises in a day.
    pub max_change_rate: Decimal256,
    /// When the rate was last changed, by whomever.
    pub last_edit: Option<Timestamp>,
}

/// Configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// Reporters.
pub const REPORTERS: Item<Reporters> = Item::new("reporters");
/// Commission limits by validator; none for a validator that was never created with terms, and none for
/// a removed one: so whoever has limits is not removed.
pub const LIMITS: Map<&[u8], CommissionLimits> = Map::new("limits");
/// Announcements of the chain that it is about to change a validator's commission, by height and
/// validator: the oldest are read first, so nobody puts off its own by announcing again, or those of others
/// by announcing as well.
pub const ANNOUNCED: Map<(u64, &[u8]), Empty> = Map::new("announced");
