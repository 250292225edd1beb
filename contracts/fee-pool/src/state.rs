//! What the contract stores beside the records of the accounting. Configuration is JSON.

use accounting::{AccountingKind, Denoms};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal256, Empty, Timestamp, Uint64};
use cw_storage_plus::Map;
use interfaces::address::ValidatorForm;
use interfaces::json::{LeanItem, LeanMap, ReadJson};

use crate::msg::{Params, Source};

/// Read by every message, in one record.
#[cw_serde]
#[derive(ReadJson)]
pub struct Config {
    /// How entitlements are kept.
    pub accounting: AccountingKind,
    /// Who is believed for delegations.
    pub source: Source,
    /// The cw4 group whose weights are powers.
    pub group: Option<Addr>,
    /// Whether money moves.
    pub active: bool,
    /// Decimal places of shares that are kept.
    pub share_places: u8,
    /// Base units of stake behind one power.
    pub power_reduction: Uint64,
    /// Denoms that are or were received.
    pub denoms: Denoms,
    /// Rates of the split.
    pub params: Params,
    /// How validators are named in answers and events: as the first one was. An operator address
    /// and an account address of the same bytes are the same validator.
    pub validator_form: Option<ValidatorForm>,
}

/// Who may report.
#[cw_serde]
#[derive(Default, ReadJson)]
pub struct Reporters {
    /// Who may send `begin_block`.
    pub block: Vec<Addr>,
    /// Who may send `staking_event`.
    pub staking: Vec<Addr>,
}

/// Limits of a validator's commission; the rate itself is the accounting's.
#[cw_serde]
#[derive(ReadJson)]
pub struct Terms {
    /// The highest rate.
    pub max_rate: Decimal256,
    /// The most by which the rate rises in a day.
    pub max_change_rate: Decimal256,
    /// When the operator last edited the rate.
    pub last_edit: Option<Timestamp>,
}

/// Settings of an account.
#[cw_serde]
#[derive(Default, ReadJson)]
pub struct AccountSettings {
    /// Where rewards and commission go, if not to the account.
    pub withdraw_address: Option<Addr>,
    /// Who else may trigger withdrawals.
    pub claimer: Option<Addr>,
}

/// Configuration.
pub const CONFIG: LeanItem<Config> = LeanItem::new("config");
/// Reporters.
pub const REPORTERS: LeanItem<Reporters> = LeanItem::new("reporters");
/// Commission limits by validator; none for a validator that was never created with terms.
pub const TERMS: LeanMap<Terms> = LeanMap::new("terms");
/// Settings by account; none for most.
pub const ACCOUNTS: LeanMap<AccountSettings> = LeanMap::new("accounts");

/// Validators whose power was written by an event before activation: newer than any import.
pub const EVENT_POWERS: Map<&[u8], Empty> = Map::new("event_powers");
/// Validators whose commission was written by an event before activation.
pub const EVENT_TERMS: Map<&[u8], Empty> = Map::new("event_terms");
/// Delegations (delegator, validator) written by an event before activation.
pub const EVENT_DELEGATIONS: Map<(&[u8], &[u8]), Empty> = Map::new("event_delegations");
