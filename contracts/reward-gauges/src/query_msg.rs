//! Queries, and with them their answers.

use chain_types::asset::Asset;
use cosmwasm_schema::{QueryResponses, cw_serde};

pub use crate::answers::*;

/// A pool: the locks of an asset for at least a duration.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct PoolName {
    /// What is locked.
    pub lock_asset: Asset,
    /// For how long at least.
    pub duration: u64,
}

/// A page of a list by id.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Page {
    /// The last of the page before.
    pub start_after: Option<u64>,
    /// Entries of the page.
    pub limit: Option<u32>,
}

/// A page of the gauges that go on.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct OpenGaugesPage {
    /// Only those that pay locks of this asset.
    pub lock_asset: Option<Asset>,
    /// The last of the page before.
    pub start_after: Option<u64>,
    /// Entries of the page.
    pub limit: Option<u32>,
}

/// All queries. Lists take `start_after` and `limit` (default 30, at most 100).
#[cw_serde]
#[derive(QueryResponses)]
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
    Pool(PoolName),
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
    Gauges(Page),
    /// Gauges whose first epoch has begun, in the order of their first epochs.
    #[returns(GaugesResponse)]
    ActiveGauges(OpenGaugesPage),
    /// Gauges whose first epoch has not begun, in the order of their first epochs.
    #[returns(GaugesResponse)]
    UpcomingGauges(OpenGaugesPage),
    /// Gauges that are over, by id.
    #[returns(GaugesResponse)]
    FinishedGauges(Page),
    /// What all gauges have not given yet.
    #[returns(ToDistributeResponse)]
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
    Locked(PoolName),
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
    CurrentReward(PoolName),
    /// A pool's index at the end of a settled epoch.
    #[returns(HistoricalRewardResponse)]
    HistoricalReward {
        /// What is locked.
        lock_asset: Asset,
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
        lock_asset: Asset,
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
    #[returns(pool_kit::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals, asset by asset, in pages.
    #[returns(LedgerResponse)]
    Invariants {
        /// The last asset of the page before.
        start_after: Option<Asset>,
        /// Entries of the page.
        limit: Option<u32>,
    },
    /// The ledger from the records, in pages.
    #[returns(pool_kit::audit::AuditResponse)]
    Audit {
        /// `next` of the page before.
        start_after: Option<String>,
        /// Records of the page.
        limit: Option<u32>,
    },
}
