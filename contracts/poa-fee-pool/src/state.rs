//! Configuration, and the records that are rarely written or that cw4 tools read raw. They are JSON.
//! The hot records are compact binary and stand with what is done to them: `pool.rs`, `operator.rs`,
//! `registry.rs`, `ranking.rs`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Coin};
use cw_storage_plus::{Item, Map, SnapshotItem, SnapshotMap, Strategy};
use pool_kit::Denoms;

use crate::msg::Metadata;
use crate::registry::ValidatorId;

/// Read by every message, in one record.
#[cw_serde]
pub struct Config {
    /// Denoms that are or were received.
    pub denoms: Denoms,
    /// What `create_validator` costs.
    pub creation_fee: Option<Coin>,
}

/// How a validator describes itself.
#[cw_serde]
#[derive(Default)]
pub struct Profile {
    /// Name and description; none for a member that was added without.
    pub metadata: Option<Metadata>,
    /// Consensus key, if one was given.
    pub pub_key: Option<Binary>,
}

/// Configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// Profiles of validators.
pub const PROFILES: Map<ValidatorId, Profile> = Map::new("profiles");
/// Validators by consensus key.
pub const PUB_KEYS: Map<&[u8], ValidatorId> = Map::new("pub_keys");
/// Contracts that are notified of powers.
pub const HOOKS: Item<Vec<Addr>> = Item::new("hooks");

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
