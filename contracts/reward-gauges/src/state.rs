//! What the contract stores. Configuration is JSON. What messages write often is in a compact codec,
//! with numbers in place of names.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, StdResult, Storage, Uint128};
use cw_storage_plus::Item;
use distribution_math::{Coins, EpochId, Epochs, MathError, compact};
use pool_kit::compact::{CompactItem, CompactMap};
use pool_kit::{Amounts, Denoms, PerDenom};

use crate::ContractError;
use crate::ids::{AssetId, DurationId, PoolId, id_key};
use crate::ledger::{CoinLedger, RewardLedger};
use crate::pools::Pool;

/// Settings that every message reads.
#[cw_serde]
pub struct Config {
    /// When epochs end; fixed.
    pub epochs: Epochs,
    /// Minimum durations of pools, in seconds, in the order in which they were added; none is ever
    /// removed.
    pub durations: Vec<u64>,
    /// Assets that are or were received for rewards, by name.
    pub rewards: Denoms,
    /// Who gets creation fees and the fractions that divisions leave.
    pub treasury: Addr,
    /// What a gauge costs, if anything.
    pub creation_fee: Option<Coin>,
    /// Denoms in which fees are or were due.
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
        let numbered = self.durations.iter().enumerate();
        numbered.map(|(position, seconds)| (DurationId(position as u8), *seconds))
    }

    /// The seconds of a configured duration.
    pub fn duration(&self, id: DurationId) -> u64 {
        let seconds = self.durations.get(usize::from(id.0));
        seconds.copied().unwrap_or_default()
    }

    /// The number of a configured duration.
    pub fn duration_id(&self, seconds: u64) -> Result<DurationId, ContractError> {
        let mut durations = self.durations();
        let found = durations.find(|(_, duration)| *duration == seconds);
        found
            .map(|(id, _)| id)
            .ok_or_else(|| ContractError::UnknownDuration {
                duration: seconds,
                durations: self.durations.clone(),
            })
    }
}

/// An asset with what is owed of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AssetRecord {
    /// The number that records hold in place of the asset's name.
    pub id: AssetId,
    /// What is owed of it, besides what is in gauges and rewards.
    pub owed: CoinLedger,
}

/// A change of a pool's stake from some epoch on.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StakeChange {
    /// What counts from then on.
    pub joining: Coins,
    /// What no longer counts from then on.
    pub leaving: Coins,
}

/// Whether a gauge goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum GaugeState {
    /// Upcoming, active or dormant.
    Open,
    /// It gave everything in all its epochs.
    Finished,
    /// Closed by its creator or evicted by the owner.
    Closed,
}

/// A gauge.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Gauge {
    /// Who made it, and gets back what it has not given when it ends early.
    pub creator: AddressBytes,
    /// The pool that it pays.
    pub pool: PoolId,
    /// The start that was asked for, in seconds.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub start: u64,
    /// The first epoch that it pays.
    pub first: EpochId,
    /// How many epochs it pays. Without a number it is perpetual: it gives all that it has in each.
    pub epochs: Option<u32>,
    /// Epochs that it paid.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub filled: u32,
    /// Whether its creator may close it.
    pub is_closable: bool,
    /// Whether it goes on.
    pub state: GaugeState,
    /// Ever received, less what was returned.
    pub coins: PerDenom<Coins>,
    /// Given to the pool.
    pub distributed: Amounts,
}

impl Gauge {
    /// Epochs that it still pays; none when it is perpetual.
    pub fn remaining(&self) -> Option<u32> {
        self.epochs.map(|epochs| epochs.saturating_sub(self.filled))
    }

    /// What it has not given yet, by reward asset; nothing of a gauge that is over.
    pub fn undistributed(&self) -> Result<Amounts, ContractError> {
        if self.state != GaugeState::Open {
            return Ok(Amounts::default());
        }
        let mut left = self.coins.map(|coins| coins.points());
        for (asset, points) in self.distributed.iter() {
            left.update(asset, |left| {
                *left = left.checked_sub(*points)?;
                Ok::<_, MathError>(())
            })?;
        }
        Ok(left)
    }

    /// Whether it goes on and has nothing to give: it holds no slot of its pool until somebody adds
    /// to it.
    pub fn is_dormant(&self) -> Result<bool, ContractError> {
        Ok(self.state == GaugeState::Open && self.undistributed()?.is_zero())
    }
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Lock {
    /// Whom the principal belongs to.
    pub owner: AddressBytes,
    /// Who gets its rewards, if not the owner.
    pub receiver: Option<AddressBytes>,
    /// What is locked.
    pub asset: AssetId,
    /// How much. It stays after the principal is withdrawn, for what was earned and not settled.
    pub amount: Coins,
    /// In seconds.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub duration: u64,
    /// When the principal can be withdrawn, once it is unlocking; in seconds.
    pub end_time: Option<u64>,
    /// Whether the principal is withdrawn.
    pub is_withdrawn: bool,
    /// Its positions, one for each pool that it joined.
    pub positions: Vec<Position>,
    /// Rewards that are settled and not paid.
    pub owed: Amounts,
}

/// What a lock does in one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Position {
    /// The pool's duration.
    pub duration: DurationId,
    /// The epoch through which its rewards are settled.
    pub cursor: EpochId,
    /// The last epoch in which it counts; none while it is locked.
    pub last: Option<EpochId>,
}

impl Position {
    /// The last epoch up to `epoch` in which it counts.
    pub fn counts_through(&self, epoch: EpochId) -> EpochId {
        self.last.map_or(epoch, |last| last.min(epoch))
    }

    /// Whether its rewards are settled through its last epoch.
    pub fn is_over(&self) -> bool {
        self.last.is_some_and(|last| self.cursor >= last)
    }
}

/// Ids of locks, by (account, id).
pub type LocksByAccount = CompactMap<(&'static [u8], &'static [u8]), bool>;

/// Configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// Assets that can be locked; none for every native denom.
pub const LOCK_ASSETS: Item<Option<Vec<Asset>>> = Item::new("lock_assets");
/// Who may make gauges; nobody listed is anyone.
pub const GAUGE_CREATORS: Item<Vec<Addr>> = Item::new("gauge_creators");
/// Who may force locks open.
pub const FORCE_UNLOCKERS: Item<Vec<Addr>> = Item::new("force_unlockers");

/// The ledger of rewards, by reward asset.
pub const REWARDS: CompactItem<PerDenom<RewardLedger>> = CompactItem::new("rewards");
/// The asset whose payout to the treasury was tried last, of those whose transfers may call a
/// contract.
pub const TREASURY_TURN: CompactItem<AssetId> = CompactItem::new("treasury_turn");
/// Assets by name.
pub const ASSETS: CompactMap<&[u8], AssetRecord> = CompactMap::new("asset");
/// Names of assets by number.
pub const ASSET_NAMES: CompactMap<&[u8], String> = CompactMap::new("asset_name");

/// The highest lock id.
pub const LAST_LOCK: CompactItem<u64> = CompactItem::new("last_lock");
/// Locks by id.
pub const LOCKS: CompactMap<&[u8], Lock> = CompactMap::new("lock");
/// Locks by owner.
pub const LOCKS_OF_OWNER: LocksByAccount = CompactMap::new("owner");
/// Locks by receiver, where one is set.
pub const LOCKS_OF_RECEIVER: LocksByAccount = CompactMap::new("receiver");

/// Pools that were ever settled or have gauges, by [`PoolId`].
pub const POOLS: CompactMap<&[u8], Pool> = CompactMap::new("pool");
/// Pools for the cranks, by [`PoolId`]: a gauge has something to give, and there is stake now or a
/// stake change to come.
pub const BUSY_POOLS: CompactMap<&[u8], bool> = CompactMap::new("busy");
/// Pools whose gauges have something to give, but without stake now or to come, by [`PoolId`]. The
/// next lock that joins makes them busy.
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
/// Upcoming and active gauges, by [`GaugePlace`](crate::ids::GaugePlace).
pub const OPEN_GAUGES: CompactMap<&[u8], bool> = CompactMap::new("open");
/// Gauges that are over, by id.
pub const OVER_GAUGES: CompactMap<&[u8], bool> = CompactMap::new("over");

/// Counts one up: the id of a new lock or gauge.
pub fn next_id(storage: &mut dyn Storage, last: &CompactItem<u64>) -> StdResult<u64> {
    let id = last
        .may_load(storage)?
        .unwrap_or_default()
        .saturating_add(1);
    last.save(storage, &id)?;
    Ok(id)
}

/// A gauge by its id.
pub fn load_gauge(storage: &dyn Storage, id: u64) -> Result<Gauge, ContractError> {
    let gauge = GAUGES.may_load(storage, &id_key(id))?;
    gauge.ok_or(ContractError::UnknownGauge { id })
}

/// Writes a gauge.
pub fn save_gauge(storage: &mut dyn Storage, id: u64, gauge: &Gauge) -> StdResult<()> {
    GAUGES.save(storage, &id_key(id), gauge)
}
