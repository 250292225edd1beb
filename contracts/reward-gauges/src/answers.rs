//! Answers of queries and data of messages.

use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Uint128, Uint256};
use distribution_math::DecCoins;
use pool_kit::audit::AssetLedger;

/// Data of messages that make a lock or gauge, and of `begin_unlock`.
#[cw_serde]
pub struct IdData {
    /// Its id.
    pub id: u64,
}

/// Data of messages that work in pages.
#[cw_serde]
pub struct PageData {
    /// Where the next page starts after; none behind the last.
    pub next: Option<u64>,
}

/// Data of `claim`.
#[cw_serde]
pub struct ClaimData {
    /// Where the next page starts after; none behind the last, and for named locks.
    pub next: Option<u64>,
    /// Whether the locks were paid all that they earned through the last epoch that is over; if not,
    /// a claim of the same locks goes on.
    pub done: bool,
}

/// Data of `settle`.
#[cw_serde]
pub struct SettleData {
    /// Whether everything that was asked for is settled through the last epoch that is over.
    pub done: bool,
}

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// Who gets creation fees and the fractions that divisions leave.
    pub treasury: Addr,
    /// When the first epoch begins.
    pub genesis: u64,
    /// How long an epoch is.
    pub epoch_length: u64,
    /// Minimum durations of pools.
    pub durations: Vec<u64>,
    /// What can be locked; none for every native denom.
    pub lock_assets: Option<Vec<Asset>>,
    /// What is received for rewards.
    pub reward_assets: Vec<Asset>,
    /// What was received for rewards; claims go on.
    pub removed_reward_assets: Vec<Asset>,
    /// What a gauge costs.
    pub creation_fee: Option<Coin>,
    /// Who may make gauges; nobody listed is anyone.
    pub gauge_creators: Vec<Addr>,
    /// The least that a gauge gives of each of its coins in an epoch.
    pub min_per_epoch: Uint128,
    /// The least that a lock holds.
    pub min_lock: Uint128,
    /// Who may force locks open.
    pub force_unlockers: Vec<Addr>,
}

/// Answer to `epoch`.
#[cw_serde]
pub struct EpochResponse {
    /// Its number; 1 for every time before genesis.
    pub epoch: u64,
    /// When it begins.
    pub start: u64,
    /// When it ends, which is when the next one begins.
    pub end: u64,
}

/// Answer to `durations`.
#[cw_serde]
pub struct DurationsResponse {
    /// In the order in which they were added.
    pub durations: Vec<u64>,
}

/// Answer to `pool`.
#[cw_serde]
pub struct PoolResponse {
    /// What is locked.
    pub lock_asset: Asset,
    /// For how long at least.
    pub duration: u64,
    /// The last settled epoch.
    pub settled: u64,
    /// Base units that counted in it, or in the one that is being settled.
    pub stake: Uint128,
    /// Whether the settlement of the next epoch was begun.
    pub is_running: bool,
    /// Ids of upcoming and active gauges.
    pub gauges: Vec<u64>,
}

/// Answer to `pools`.
#[cw_serde]
pub struct PoolsResponse {
    /// One page.
    pub pools: Vec<PoolResponse>,
}

/// What a gauge is doing.
#[cw_serde]
#[derive(Copy)]
pub enum GaugeStatus {
    /// Its first epoch has not begun.
    Upcoming,
    /// It pays.
    Active,
    /// It has nothing to give until somebody adds to it, and holds no slot.
    Dormant,
    /// It paid all its epochs.
    Finished,
    /// Closed or evicted.
    Closed,
}

/// Answer to `gauge`.
#[cw_serde]
pub struct GaugeResponse {
    /// Its id.
    pub id: u64,
    /// Who made it.
    pub creator: Addr,
    /// It pays locks of this asset.
    pub lock_asset: Asset,
    /// And of this duration at least.
    pub duration: u64,
    /// The start that was asked for.
    pub start: u64,
    /// The first epoch that it pays.
    pub first_epoch: u64,
    /// How many epochs it pays; none when perpetual.
    pub epochs: Option<u32>,
    /// How many it has paid; epochs without stake, or in which it was dormant, do not count.
    pub filled_epochs: u32,
    /// Whether the creator may close it.
    pub closable: bool,
    /// What it is doing.
    pub status: GaugeStatus,
    /// Ever received, less what was returned.
    pub coins: Vec<Coin>,
    /// Given to lockers.
    pub distributed: DecCoins,
}

/// Answer to the lists of gauges.
#[cw_serde]
pub struct GaugesResponse {
    /// One page.
    pub gauges: Vec<GaugeResponse>,
}

/// Answer to `to_distribute`.
#[cw_serde]
pub struct ToDistributeResponse {
    /// Sorted by denom; that of a cw20 is `cw20:` and its address.
    pub coins: DecCoins,
}

/// Answer to `undelivered`.
#[cw_serde]
pub struct UndeliveredResponse {
    /// What the account's next claim or withdrawal pays.
    pub amount: Vec<Coin>,
}

/// Answer to `lock`.
#[cw_serde]
pub struct LockResponse {
    /// Its id.
    pub id: u64,
    /// Whom the principal belongs to.
    pub owner: Addr,
    /// Who gets its rewards.
    pub receiver: Addr,
    /// What is locked.
    pub lock_asset: Asset,
    /// Base units.
    pub amount: Uint128,
    /// For how long.
    pub duration: u64,
    /// When the principal can be withdrawn, once it is unlocking.
    pub end_time: Option<u64>,
    /// Whether the principal is withdrawn; rewards are left then.
    pub withdrawn: bool,
}

/// Answer to the lists of locks.
#[cw_serde]
pub struct LocksResponse {
    /// One page.
    pub locks: Vec<LockResponse>,
}

/// Answer to `locked`.
#[cw_serde]
pub struct LockedResponse {
    /// Base units.
    pub amount: Uint128,
    /// The epoch in which they count.
    pub epoch: u64,
}

/// Answer to `owed`.
#[cw_serde]
pub struct RewardsResponse {
    /// What is owed.
    pub rewards: DecCoins,
    /// The whole coins in it.
    pub claimable: Vec<Coin>,
    /// Whether there is more, in epochs that the query did not reach: after 400 gauge steps.
    pub is_partial: bool,
}

/// Answer to `rewards`.
#[cw_serde]
pub struct OwnerRewardsResponse {
    /// What the locks of this page are owed.
    pub rewards: DecCoins,
    /// The sum of what each would pay: each pays its own floor.
    pub claimable: Vec<Coin>,
    /// Whether there is more, in epochs that the query did not reach: after 400 gauge steps.
    pub is_partial: bool,
    /// Where the next page starts after; none behind the last.
    pub next: Option<u64>,
}

/// Answer to `estimate`.
#[cw_serde]
pub struct EstimateResponse {
    /// What they would be owed.
    pub rewards: DecCoins,
    /// The sum of what each would pay: each pays its own floor.
    pub claimable: Vec<Coin>,
    /// The epoch at whose end that is.
    pub epoch: u64,
    /// Whether the query stopped before it: after 400 gauge steps.
    pub is_partial: bool,
}

/// Answer to `current_reward`.
#[cw_serde]
pub struct CurrentRewardResponse {
    /// The running epoch.
    pub epoch: u64,
    /// What counts in it so far, or counted in the one before when it is not begun.
    pub stake: Uint128,
    /// What was given in it so far, and the remainder of earlier divisions.
    pub rewards: DecCoins,
}

/// Reward of one base unit of stake.
#[cw_serde]
pub struct UnitReward {
    /// The reward asset.
    pub denom: Asset,
    /// Points (10^-36 base units) for each base unit that counted in every epoch so far.
    pub points: Uint256,
}

/// Answer to `historical_reward`.
#[cw_serde]
pub struct HistoricalRewardResponse {
    /// The epoch at whose end that is.
    pub epoch: u64,
    /// By reward asset; those without any are left out.
    pub index: Vec<UnitReward>,
}

/// A lock's position in a pool.
#[cw_serde]
pub struct LockCursor {
    /// The pool's duration.
    pub duration: u64,
    /// The epoch through which its rewards are settled.
    pub cursor: u64,
    /// The last epoch in which it counts; none while it is locked.
    pub last: Option<u64>,
}

/// Answer to `lock_cursors`.
#[cw_serde]
pub struct LockCursorsResponse {
    /// By the order of durations.
    pub cursors: Vec<LockCursor>,
}

/// Stake that leaves a pool.
#[cw_serde]
pub struct ScheduledExit {
    /// The first epoch in which it no longer counts.
    pub epoch: u64,
    /// Base units.
    pub amount: Uint128,
}

/// Answer to `scheduled_exits`.
#[cw_serde]
pub struct ScheduledExitsResponse {
    /// One page.
    pub exits: Vec<ScheduledExit>,
    /// Where the next page starts after; none behind the last.
    pub next: Option<u64>,
}

/// Answer to `claimer`.
#[cw_serde]
pub struct ClaimerResponse {
    /// Who else may trigger claims.
    pub claimer: Option<Addr>,
}

/// Answer to `invariants`.
#[cw_serde]
pub struct LedgerResponse {
    /// One entry for each asset of the page.
    pub denoms: Vec<AssetLedger>,
    /// Where the next page starts after; none behind the last.
    pub next: Option<Asset>,
}
