//! What the contract stores. Configuration and what cw4 tools read raw are JSON, hot records are
//! compact: `pool.rs`, `operator.rs`, `ranking.rs`.

use accounting::Denoms;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Coin};
use cw_storage_plus::{SnapshotItem, SnapshotMap, Strategy};
use interfaces::json::{LeanItem, LeanMap, ReadJson};

use crate::msg::Metadata;

/// Read by every message, in one record.
#[cw_serde]
#[derive(ReadJson)]
pub struct Config {
    /// Denoms that are or were received.
    pub denoms: Denoms,
    /// What a candidate pays.
    pub creation_fee: Option<Coin>,
}

/// What an operator tells of itself.
#[cw_serde]
#[derive(Default, ReadJson)]
pub struct Profile {
    /// Name and description, none for a member added without.
    pub metadata: Option<Metadata>,
    /// Consensus key, when it was told.
    pub pub_key: Option<Binary>,
}

/// Configuration.
pub const CONFIG: LeanItem<Config> = LeanItem::new("config");
/// Profiles by operator.
pub const PROFILES: LeanMap<Profile> = LeanMap::new("profiles");
/// Operators by consensus key.
pub const PUB_KEYS: LeanMap<Addr> = LeanMap::new("pub_keys");
/// Contracts that are told of every change of a power.
pub const HOOKS: LeanItem<Vec<Addr>> = LeanItem::new("hooks");

/// Powers above 0 by operator, now and at every height: the members of the cw4 group, under the
/// key that cw4 publishes.
pub const MEMBERS: SnapshotMap<&Addr, u64> = SnapshotMap::new(
    "members",
    "members__checkpoints",
    "members__changelog",
    Strategy::EveryBlock,
);
/// Total power, now and at every height, under the key that cw4 publishes.
pub const TOTAL: SnapshotItem<u64> = SnapshotItem::new(
    "total",
    "total__checkpoints",
    "total__changelog",
    Strategy::EveryBlock,
);
