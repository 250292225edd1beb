//! What the contract stores. Configuration is JSON; everything that messages write is in the
//! compact codec, with numbers in place of names.

use accounting::store::{CompactItem, CompactMap};
use accounting::{Amounts, Denoms, PerDenom};
use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Uint128};
use distribution_math::{EpochId, Epochs};
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::json::{LeanItem, ReadJson};

use crate::ledger::{AssetRecord, Coins, RewardLedger};

/// Read by every message, in one record.
#[cw_serde]
#[derive(ReadJson)]
pub struct Config {
    /// When epochs end; fixed.
    pub epochs: Epochs,
    /// Minimum durations of pools, in seconds, in the order in which they were added; none is ever
    /// removed.
    pub durations: Vec<u64>,
    /// Assets that are or were taken for rewards, by name.
    pub rewards: Denoms,
    /// Whose dues fees and fractions are.
    pub treasury: Addr,
    /// What a gauge costs, if anything.
    pub creation_fee: Option<Coin>,
    /// Denoms in which fees are due or were.
    pub fee_denoms: Vec<String>,
    /// The least that a gauge gives of each of its coins in an epoch.
    pub min_per_epoch: Uint128,
    /// The least that a lock holds.
    pub min_lock: Uint128,
}

impl Config {
    /// The configured durations with their numbers.
    pub fn durations(&self) -> impl Iterator<Item = (DurationId, u64)> {
        // At most 8, so a position fits.
        self.durations
            .iter()
            .enumerate()
            .map(|(position, duration)| (DurationId(position as u8), *duration))
    }

    /// The seconds of a configured duration.
    pub fn duration(&self, id: DurationId) -> u64 {
        self.durations
            .get(usize::from(id.0))
            .copied()
            .unwrap_or_default()
    }

    /// The number of a configured duration.
    pub fn duration_id(&self, seconds: u64) -> Option<DurationId> {
        self.durations()
            .find(|(_, duration)| *duration == seconds)
            .map(|(id, _)| id)
    }
}

/// The number of an asset, from 1 on, in the order in which the contract first dealt in them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct AssetId(
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub u32,
);

impl AssetId {
    /// As a storage key.
    pub fn key(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// Of a storage key.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        Some(AssetId(u32::from_be_bytes(key.try_into().ok()?)))
    }
}

/// The place of a duration in the configured list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct DurationId(pub u8);

/// A pool: locks of an asset for at least a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct PoolId {
    /// What is locked.
    pub asset: AssetId,
    /// For how long at least.
    pub duration: DurationId,
}

impl PoolId {
    /// As a storage key.
    pub fn key(self) -> [u8; 5] {
        let [a, b, c, d] = self.asset.key();
        [a, b, c, d, self.duration.0]
    }

    /// Of a storage key.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        let (asset, duration) = key.split_at_checked(4)?;
        let [duration] = duration else { return None };
        Some(PoolId {
            asset: AssetId::of_key(asset)?,
            duration: DurationId(*duration),
        })
    }
}

/// A pool as it was at the end of its last settled epoch, and how far the next one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pool {
    /// Base units that counted in the epoch that is being settled, or in the last settled one.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub stake: u128,
    /// The last epoch that is settled.
    pub settled: EpochId,
    /// What of the epoch after it is done, when that was begun.
    pub running: Option<RunningEpoch>,
    /// What the index could not divide yet: fewer points than there are units.
    pub carries: Amounts,
    /// Upcoming and active gauges, by id.
    pub gauges: Vec<OpenGauge>,
}

/// An epoch in the middle of its settlement; the stake change is applied already.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RunningEpoch {
    /// The last gauge that gave its part; 0 when none did.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub done: u64,
    /// What the gauges gave.
    pub given: PerDenom<Coins>,
}

impl Pool {
    /// Whether its index cannot move, however much stake it has, until somebody makes a gauge or
    /// adds to one. Both settle the pool first.
    pub fn is_idle(&self) -> bool {
        self.running.is_none() && self.gauges.iter().all(|gauge| gauge.is_dry)
    }
}

/// A gauge in its pool's list.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenGauge {
    /// Its id.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub id: u64,
    /// The first epoch that it pays.
    pub first: EpochId,
    /// Perpetual with nothing left: it does nothing until somebody adds to it.
    pub is_dry: bool,
}

/// A change of a pool's stake from some epoch on.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StakeChange {
    /// Base units that count from then on.
    pub joining: Coins,
    /// Base units that do not count any more.
    pub leaving: Coins,
}

/// What a gauge is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum GaugeState {
    /// Upcoming or active.
    Open,
    /// It gave everything in all its epochs, or had nothing left when its slot was needed.
    Finished,
    /// Closed by its creator or evicted by the owner.
    Closed,
}

/// A gauge.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Gauge {
    /// Who made it, and whom the rest returns to.
    pub creator: AddressBytes,
    /// Whom it pays.
    pub pool: PoolId,
    /// When it was to start, in seconds.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub start: u64,
    /// The first epoch that it pays.
    pub first: EpochId,
    /// How many epochs it pays; none when it gives all that it has in each.
    pub epochs: Option<u32>,
    /// Epochs that it paid.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub filled: u32,
    /// Whether its creator may close it.
    pub is_closable: bool,
    /// Whether it goes on.
    pub state: GaugeState,
    /// Ever put in, less what was returned.
    pub coins: PerDenom<Coins>,
    /// Given to the pool.
    pub distributed: PerDenom<Coins>,
}

impl Gauge {
    /// Epochs that it still pays; none when it has no number of them.
    pub fn remaining(&self) -> Option<u32> {
        self.epochs.map(|epochs| epochs.saturating_sub(self.filled))
    }

    /// Whether it has given all that was ever put in.
    pub fn is_empty(&self) -> bool {
        self.coins
            .iter()
            .all(|(asset, put)| *put == self.distributed.get(asset))
    }
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Lock {
    /// Whose principal it is.
    pub owner: AddressBytes,
    /// Who gets its rewards, if not the owner.
    pub receiver: Option<AddressBytes>,
    /// What is locked.
    pub asset: AssetId,
    /// Base units; they go on counting for what was earned after the principal is out.
    pub amount: Coins,
    /// In seconds.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    pub duration: u64,
    /// When the principal can be withdrawn, once it is unlocking; in seconds.
    pub end_time: Option<u64>,
    /// Whether the principal is out.
    pub is_withdrawn: bool,
    /// The pools that it joined: one entry for each of their durations.
    pub joined: Vec<Joined>,
    /// Earned, settled and not paid.
    pub owed: Amounts,
}

/// A lock's place in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Joined {
    /// The pool's duration.
    pub duration: DurationId,
    /// The epoch through which its rewards are settled.
    pub cursor: EpochId,
    /// The last epoch in which it counts; none while it is locked.
    pub last: Option<EpochId>,
}

/// Configuration.
pub const CONFIG: LeanItem<Config> = LeanItem::new("config");
/// Assets that can be locked; none for every native denom.
pub const LOCK_ASSETS: LeanItem<Option<Vec<Asset>>> = LeanItem::new("lock_assets");
/// Who may force locks open.
pub const FORCE_UNLOCKERS: LeanItem<Vec<Addr>> = LeanItem::new("force_unlockers");

/// The ledger of rewards, by reward asset.
pub const REWARDS: CompactItem<PerDenom<RewardLedger>> = CompactItem::new("rewards");
/// Assets by name, with what is owed of each.
pub const ASSETS: CompactMap<&[u8], AssetRecord> = CompactMap::new("asset");
/// Names of assets by number.
pub const ASSET_NAMES: CompactMap<&[u8], String> = CompactMap::new("asset_name");

/// The highest lock id.
pub const LAST_LOCK: CompactItem<u64> = CompactItem::new("last_lock");
/// Locks by id.
pub const LOCKS: CompactMap<&[u8], Lock> = CompactMap::new("lock");
/// Ids of locks by owner: (owner, id).
pub const LOCKS_OF_OWNER: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("owner");
/// Ids of locks by receiver, where one is set: (receiver, id).
pub const LOCKS_OF_RECEIVER: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("receiver");
/// Who else may trigger an account's claims and withdrawals.
pub const CLAIMERS: CompactMap<&[u8], AddressBytes> = CompactMap::new("claimer");

/// Pools that were ever settled or have gauges, by [`PoolId`].
pub const POOLS: CompactMap<&[u8], Pool> = CompactMap::new("pool");
/// Pools in which something is to be settled now or in an epoch that is known, and which gauges
/// pay or will: those that cranks visit, by [`PoolId`].
pub const BUSY_POOLS: CompactMap<&[u8], bool> = CompactMap::new("busy");
/// Pools whose gauges have something to give and nobody to give it to, now or in any epoch that is
/// known: the next who joins makes them busy. By [`PoolId`].
pub const WAITING_POOLS: CompactMap<&[u8], bool> = CompactMap::new("waiting");
/// The pool that the next crank looks at first.
pub const NEXT_POOL: CompactItem<PoolId> = CompactItem::new("next_pool");
/// Changes of a pool's stake in epochs that are not settled yet: (pool, epoch).
pub const STAKE_CHANGES: CompactMap<(&[u8], &[u8]), StakeChange> = CompactMap::new("delta");
/// A pool's index of all reward assets at the end of the epochs in which it changed: (pool, epoch).
/// The last entry at or before an epoch is the index at its end.
pub const HISTORY: CompactMap<(&[u8], &[u8]), Amounts> = CompactMap::new("history");

/// The highest gauge id.
pub const LAST_GAUGE: CompactItem<u64> = CompactItem::new("last_gauge");
/// Gauges by id.
pub const GAUGES: CompactMap<&[u8], Gauge> = CompactMap::new("gauge");
/// Upcoming and active gauges in the order of their first epochs: (epoch, id).
pub const OPEN_GAUGES: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("open");
/// Gauges that are over, by id.
pub const OVER_GAUGES: CompactMap<&[u8], bool> = CompactMap::new("over");

/// The storage key of a lock or gauge.
pub fn id_key(id: u64) -> [u8; 8] {
    id.to_be_bytes()
}

/// The lock or gauge of a storage key.
pub fn id_of_key(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}
