//! Messages and queries. Amounts are strings; ids, epochs, times and durations are JSON numbers,
//! the last two in seconds.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, Coin, Uint128};
use interfaces::asset::Asset;
use interfaces::json::ReadJson;
use interfaces::ownership::Action;

pub use crate::answer::*;

/// Sets up the contract.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers it. Default: the sender.
    pub owner: Option<String>,
    /// Whose dues creation fees and fractions are. Default: the owner.
    pub treasury: Option<String>,
    /// When the first epoch begins, at most 90 days ahead; fixed. Default: now.
    pub genesis: Option<u64>,
    /// How long an epoch is, from 1 second to a year; fixed.
    pub epoch_length: u64,
    /// Minimum durations of pools, 1 to 8, each from an epoch's length to 10 years.
    pub durations: Vec<u64>,
    /// What can be locked, at most 32 assets; fixed. Default: every native denom.
    pub lock_assets: Option<Vec<Asset>>,
    /// What is taken for rewards, at most 8 assets ever.
    pub reward_assets: Vec<Asset>,
    /// What a gauge costs. Default: nothing.
    pub creation_fee: Option<Coin>,
    /// The least that a gauge gives of each of its coins in an epoch. Default: 0.
    pub min_per_epoch: Option<Uint128>,
    /// The least that a lock holds. Default: 1.
    pub min_lock: Option<Uint128>,
    /// Who may force locks open, at most 32 accounts. Default: nobody.
    pub force_unlockers: Option<Vec<String>>,
}

/// Settings to change; those left out stay.
#[cw_serde]
#[derive(Default, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ConfigUpdate {
    /// See [`InstantiateMsg::treasury`]. What is due already goes to the new one as well.
    pub treasury: Option<String>,
    /// Durations to add; those that are there already stay, whether named or not.
    pub durations: Option<Vec<u64>>,
    /// The assets that are taken for rewards from now on. Others are received no more; what is in
    /// gauges and owed goes on.
    pub reward_assets: Option<Vec<Asset>>,
    /// See [`InstantiateMsg::creation_fee`]; an amount of 0 is no fee.
    pub creation_fee: Option<Coin>,
    /// See [`InstantiateMsg::min_per_epoch`]; gauges that are there stay.
    pub min_per_epoch: Option<Uint128>,
    /// See [`InstantiateMsg::min_lock`]; locks that are there stay.
    pub min_lock: Option<Uint128>,
    /// The list that replaces [`InstantiateMsg::force_unlockers`].
    pub force_unlockers: Option<Vec<String>>,
}

/// A lock to make.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct NewLock {
    /// From 1 second to 10 years.
    pub duration: u64,
    /// Who gets its rewards. Default: the sender.
    pub receiver: Option<String>,
}

/// A gauge to make.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct NewGauge {
    /// Whom it pays: locks of this asset.
    pub denom: Asset,
    /// And of this duration at least, one of the configured.
    pub duration: u64,
    /// When it starts, at most 90 days ahead. Default: now.
    pub start: Option<u64>,
    /// How many epochs it pays, 1 to 1000. Default: perpetually, all that it has in each.
    pub epochs: Option<u32>,
    /// Whether the creator may close it. Default: false.
    pub closable: Option<bool>,
}

/// What a cw20 token tells of tokens that it sent.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Cw20Receive {
    /// Who sent them.
    pub sender: String,
    /// How many.
    pub amount: Uint128,
    /// What for: a [`Cw20Hook`].
    pub msg: Binary,
}

/// What cw20 tokens can be sent for.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum Cw20Hook {
    /// See [`ExecuteMsg::Lock`].
    Lock(NewLock),
    /// See [`ExecuteMsg::AddToLock`].
    AddToLock {
        /// The lock.
        id: u64,
    },
    /// See [`ExecuteMsg::CreateGauge`]; not while a gauge costs a fee.
    CreateGauge(NewGauge),
    /// See [`ExecuteMsg::AddToGauge`].
    AddToGauge {
        /// The gauge.
        id: u64,
    },
}

/// All messages.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Anyone: locks the coin sent along. Data: the lock's id.
    Lock(NewLock),
    /// Owner of a lock that is not unlocking: adds the coin sent along.
    AddToLock {
        /// The lock.
        id: u64,
    },
    /// Owner: begins to unlock a lock, or a part of it as a lock of its own. Data: the id of what
    /// unlocks.
    BeginUnlock {
        /// The lock.
        id: u64,
        /// How much of it. Default: all.
        amount: Option<Uint128>,
    },
    /// Anyone: begins to unlock the sender's own locks, in pages.
    BeginUnlockAll {
        /// The last lock of the page before.
        start_after: Option<u64>,
        /// Locks that are looked at.
        limit: Option<u32>,
    },
    /// Owner: stops unlocking.
    CancelUnlock {
        /// The lock.
        id: u64,
    },
    /// Owner of a lock that is not unlocking: gives it a longer duration.
    ExtendLock {
        /// The lock.
        id: u64,
        /// The new duration.
        duration: u64,
    },
    /// A force unlocker: returns the principal of any lock, or a part of it, to its owner at once.
    ForceUnlock {
        /// The lock.
        id: u64,
        /// How much of it. Default: all.
        amount: Option<Uint128>,
    },
    /// Owner or its claimer: returns the principal of locks that have ended, to their owner.
    Withdraw {
        /// The locks, at most 100, all of one owner.
        ids: Vec<u64>,
    },
    /// Owner: says who gets a lock's rewards, what is owed already included.
    SetReceiver {
        /// The lock.
        id: u64,
        /// Default: the owner.
        receiver: Option<String>,
    },
    /// Anyone: who else may trigger the sender's claims and withdrawals; where they go stays.
    SetClaimer {
        /// Default: nobody.
        claimer: Option<String>,
    },
    /// Owner or receiver of the locks, or a claimer of one of them: pays their rewards to their
    /// receivers.
    Claim {
        /// The locks, at most 100. Default: the sender's own, in pages.
        lock_ids: Option<Vec<u64>>,
        /// Which reward assets. Default: all.
        denoms: Option<Vec<Asset>>,
        /// Without `lock_ids`: the last lock of the page before.
        start_after: Option<u64>,
        /// Without `lock_ids`: how many locks. In any case: how many gauge steps it may settle.
        limit: Option<u32>,
    },
    /// Anyone: has a lock join pools of durations that were configured after it was made.
    Refresh {
        /// The lock.
        id: u64,
    },
    /// Anyone: makes a gauge of the coins sent along. Data: the gauge's id.
    CreateGauge(NewGauge),
    /// Anyone: adds the coins sent along to a gauge.
    AddToGauge {
        /// The gauge.
        id: u64,
    },
    /// Creator of a closable gauge: ends it; what it has not given returns to the creator.
    CloseGauge {
        /// The gauge.
        id: u64,
    },
    /// Contract's owner: ends a gauge; what it has not given returns to its creator.
    EvictGauge {
        /// The gauge.
        id: u64,
    },
    /// Anyone: settles epochs that are over.
    Settle {
        /// Only pools of this asset. Default: all pools with gauges, going on behind the one that
        /// was looked at last.
        denom: Option<Asset>,
        /// Only the pool of this duration.
        duration: Option<u64>,
        /// Gauge steps.
        limit: Option<u32>,
    },
    /// Anyone: pays the treasury its dues.
    WithdrawTreasury {},
    /// Owner: changes settings.
    UpdateConfig(ConfigUpdate),
    /// Owner and whom the contract is offered to: two-step ownership.
    UpdateOwnership(Action),
    /// A cw20 token: somebody sent tokens with a [`Cw20Hook`].
    Receive(Cw20Receive),
}

/// All queries. Lists take `start_after` and `limit` (default 30, at most 100).
#[cw_serde]
#[derive(QueryResponses, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum QueryMsg {
    /// Settings.
    #[returns(ConfigResponse)]
    Config {},
    /// The epoch of a time.
    #[returns(EpochResponse)]
    Epoch {
        /// Default: now.
        at: Option<u64>,
    },
    /// Durations of pools.
    #[returns(DurationsResponse)]
    Durations {},
    /// A pool as far as it is settled.
    #[returns(PoolResponse)]
    Pool {
        /// What is locked.
        denom: Asset,
        /// For how long at least.
        duration: u64,
    },
    /// Pools that were ever settled or have gauges.
    #[returns(PoolsResponse)]
    Pools {
        /// The last of the page before.
        start_after: Option<PoolName>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// A gauge.
    #[returns(GaugeResponse)]
    Gauge {
        /// The gauge.
        id: u64,
    },
    /// All gauges, by id.
    #[returns(GaugesResponse)]
    Gauges {
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// Gauges whose first epoch has begun, in the order of their first epochs.
    #[returns(GaugesResponse)]
    ActiveGauges {
        /// Only those that pay locks of this asset.
        denom: Option<Asset>,
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// Gauges whose first epoch has not begun, in the order of their first epochs.
    #[returns(GaugesResponse)]
    UpcomingGauges {
        /// Only those that pay locks of this asset.
        denom: Option<Asset>,
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// Gauges that are over, by id.
    #[returns(GaugesResponse)]
    FinishedGauges {
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// What all gauges have not given yet.
    #[returns(CoinsResponse)]
    ToDistribute {},
    /// A lock.
    #[returns(LockResponse)]
    Lock {
        /// The lock.
        id: u64,
    },
    /// An account's locks, by id.
    #[returns(LocksResponse)]
    Locks {
        /// Whose.
        owner: String,
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// Locks that name an account as their receiver, by id.
    #[returns(LocksResponse)]
    LocksByReceiver {
        /// Who is named.
        receiver: String,
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// What counts in a pool in the current epoch if nothing more happens in it.
    #[returns(LockedResponse)]
    Locked {
        /// What is locked.
        denom: Asset,
        /// For how long at least.
        duration: u64,
    },
    /// What a lock can claim now, epochs included that nobody has settled yet.
    #[returns(RewardsResponse)]
    Owed {
        /// The lock.
        id: u64,
    },
    /// What an account's locks can claim now: the sum of one page of them.
    #[returns(OwnerRewardsResponse)]
    Rewards {
        /// Whose.
        owner: String,
        /// The last of the page before.
        start_after: Option<u64>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// What locks would have by the end of an epoch if nothing changes until then.
    #[returns(EstimateResponse)]
    Estimate {
        /// The locks, at most 100.
        lock_ids: Vec<u64>,
        /// Default: the current epoch.
        until_epoch: Option<u64>,
    },
    /// A pool's running epoch: the one behind the last settled.
    #[returns(CurrentRewardResponse)]
    CurrentReward {
        /// What is locked.
        denom: Asset,
        /// For how long at least.
        duration: u64,
    },
    /// A pool's index at the end of a settled epoch.
    #[returns(HistoricalRewardResponse)]
    HistoricalReward {
        /// What is locked.
        denom: Asset,
        /// For how long at least.
        duration: u64,
        /// The epoch.
        epoch: u64,
    },
    /// How far a lock is paid in each of its pools, and through when it counts.
    #[returns(LockCursorsResponse)]
    LockCursors {
        /// The lock.
        id: u64,
    },
    /// Stake that leaves a pool in epochs that are not settled yet.
    #[returns(ScheduledExitsResponse)]
    ScheduledExits {
        /// What is locked.
        denom: Asset,
        /// For how long at least.
        duration: u64,
        /// The last epoch of the page before.
        start_after: Option<u64>,
        /// Epochs that are looked at.
        limit: Option<u32>,
    },
    /// Payouts to an account that failed.
    #[returns(UndeliveredResponse)]
    Undelivered {
        /// Whose claim it was.
        account: String,
    },
    /// Who else may trigger an account's claims.
    #[returns(ClaimerResponse)]
    Claimer {
        /// Whose.
        account: String,
    },
    /// Who owns the contract.
    #[returns(interfaces::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals: reward assets first, then all others in pages.
    #[returns(LedgerResponse)]
    Invariants {
        /// The last asset of the page before.
        start_after: Option<Asset>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// The ledger from the records, in pages.
    #[returns(interfaces::audit::AuditResponse)]
    Audit {
        /// `next` of the page before.
        start_after: Option<String>,
        /// Records of the page.
        limit: Option<u32>,
    },
}

/// Nothing: the state is kept as it is.
#[cw_serde]
#[derive(ReadJson)]
pub struct MigrateMsg {}
