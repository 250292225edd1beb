//! Messages, and with them queries and answers. Amounts are strings; ids, epochs, times and durations are JSON numbers,
//! the last two in seconds.

use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Coin, Uint128};
use pool_kit::ownership::Action;

pub use crate::query_msg::*;

/// Sets up the contract.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers it. Default: the sender.
    pub owner: Option<String>,
    /// Who gets creation fees and the fractions that divisions leave. Default: the owner.
    pub treasury: Option<String>,
    /// When the first epoch begins, at most 90 days ahead; fixed. Default: now.
    pub genesis: Option<u64>,
    /// How long an epoch is, from 1 second to a year; fixed.
    pub epoch_length: u64,
    /// Minimum durations of pools, 1 to 8, each from an epoch's length to 10 years.
    pub durations: Vec<u64>,
    /// What can be locked, at most 32 assets; fixed. Default: every native denom.
    pub lock_assets: Option<Vec<Asset>>,
    /// What is received for rewards, at most 8 assets ever.
    pub reward_assets: Vec<Asset>,
    /// What a gauge costs. Default: nothing, and then `gauge_creators` are needed.
    pub creation_fee: Option<Coin>,
    /// Who may make gauges, at most 32 accounts. Default: anyone, and then a `creation_fee` is needed.
    pub gauge_creators: Option<Vec<String>>,
    /// The least that a gauge gives of each of its coins in an epoch. Default: 0.
    pub min_per_epoch: Option<Uint128>,
    /// The least that a lock holds. Default: 1.
    pub min_lock: Option<Uint128>,
    /// Who may force locks open, at most 32 accounts. Default: nobody.
    pub force_unlockers: Option<Vec<String>>,
}

/// Settings to change; those left out stay.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ConfigUpdate {
    /// See [`InstantiateMsg::treasury`]. What is due already goes to the new one as well.
    pub treasury: Option<String>,
    /// Durations to add; those that are there already stay, whether named or not.
    pub durations: Option<Vec<u64>>,
    /// The assets that are received for rewards from now on. Others are received no more; what is in
    /// gauges and owed goes on.
    pub reward_assets: Option<Vec<Asset>>,
    /// See [`InstantiateMsg::creation_fee`]; an amount of 0 is no fee.
    pub creation_fee: Option<Coin>,
    /// The list that replaces [`InstantiateMsg::gauge_creators`]; an empty one is anyone.
    pub gauge_creators: Option<Vec<String>>,
    /// See [`InstantiateMsg::min_per_epoch`]; gauges that are there stay.
    pub min_per_epoch: Option<Uint128>,
    /// See [`InstantiateMsg::min_lock`]; locks that are there stay.
    pub min_lock: Option<Uint128>,
    /// The list that replaces [`InstantiateMsg::force_unlockers`].
    pub force_unlockers: Option<Vec<String>>,
}

/// A lock to make.
#[cw_serde]
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
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct NewGauge {
    /// It pays locks of this asset.
    pub lock_asset: Asset,
    /// And of this duration at least, one of the configured.
    pub duration: u64,
    /// When it starts, at most 90 days ahead. Default: now.
    pub start: Option<u64>,
    /// How many epochs it pays, 1 to 1000. Default: perpetually, all that it has in each.
    pub epochs: Option<u32>,
    /// Whether the creator may close it. Default: false.
    pub closable: Option<bool>,
}

/// Which rewards to claim.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ClaimMsg {
    /// The locks, 1 to 100, each once. Default: the sender's own, in pages.
    pub lock_ids: Option<Vec<u64>>,
    /// Which reward assets, at least one, each once. Default: all.
    pub denoms: Option<Vec<Asset>>,
    /// Without `lock_ids`: the last lock of the page before.
    pub start_after: Option<u64>,
    /// Without `lock_ids`: how many locks. In any case: how many gauge steps it may settle.
    pub limit: Option<u32>,
}

/// Which pools to settle.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct SettleMsg {
    /// Only pools of this asset. Default: all pools in which something can happen, going on behind
    /// the one that was looked at last.
    pub lock_asset: Option<Asset>,
    /// Only the pool of this duration.
    pub duration: Option<u64>,
    /// Gauge steps.
    pub limit: Option<u32>,
}

/// Tokens that a cw20 contract says it sent.
#[cw_serde]
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
        /// The locks, 1 to 100, each once, all of one owner.
        ids: Vec<u64>,
    },
    /// Owner: says who gets a lock's rewards, what is owed already included.
    SetReceiver {
        /// The lock.
        id: u64,
        /// Default: the owner.
        receiver: Option<String>,
    },
    /// Anyone: says who else may trigger the sender's claims and withdrawals; where they go stays.
    SetClaimer {
        /// Default: nobody.
        claimer: Option<String>,
    },
    /// Owner or receiver of the locks, or a claimer of one of them: pays their rewards to their
    /// receivers.
    Claim(ClaimMsg),
    /// Anyone: has a lock join pools of durations that were configured after it was made.
    Refresh {
        /// The lock.
        id: u64,
    },
    /// Anyone, or those that the settings list: makes a gauge of the coins sent along. Data: the
    /// gauge's id.
    CreateGauge(NewGauge),
    /// Anyone, and to a closable gauge its creator alone: adds the coins sent along.
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
    Settle(SettleMsg),
    /// Anyone: pays the treasury what it is owed.
    WithdrawTreasury {},
    /// Owner: changes settings.
    UpdateConfig(ConfigUpdate),
    /// Owner and whom the contract is offered to: two-step ownership.
    UpdateOwnership(Action),
    /// A cw20 token: somebody sent tokens with a [`Cw20Hook`].
    Receive(Cw20Receive),
}

/// What the chain itself sends. The contract reads any JSON here and ignores, by an event, what is not
/// one of these: an error would take it off the chain's clock.
#[cw_serde]
#[schemaifier(mute_warnings)]
pub enum SudoMsg {
    /// Juno's x/clock at the end of every block: settles one step, as `settle` with a limit of 1.
    ClockEndBlock {},
}

/// Nothing: the state is kept as it is.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct MigrateMsg {}

#[cfg(test)]
mod tests {
    use cosmwasm_std::from_json;
    use serde::de::DeserializeOwned;

    use super::*;

    #[track_caller]
    fn named_by_lock_asset_alone<T: DeserializeOwned + std::fmt::Debug>(json: &str) {
        from_json::<T>(json).unwrap();
        let other = json.replace("lock_asset", "denom");
        let error = from_json::<T>(&other).unwrap_err().to_string();
        assert!(error.contains("unknown field `denom`"), "{other}: {error}");
    }

    #[test]
    fn what_is_locked_is_named_by_lock_asset() {
        for json in [
            r#"{"create_gauge":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
            r#"{"settle":{"lock_asset":{"cw20":"token"}}}"#,
        ] {
            named_by_lock_asset_alone::<ExecuteMsg>(json);
        }
        named_by_lock_asset_alone::<Cw20Hook>(
            r#"{"create_gauge":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
        );
        for json in [
            r#"{"pool":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
            r#"{"pools":{"start_after":{"lock_asset":{"native":"ulp"},"duration":1}}}"#,
            r#"{"active_gauges":{"lock_asset":{"native":"ulp"}}}"#,
            r#"{"upcoming_gauges":{"lock_asset":{"native":"ulp"}}}"#,
            r#"{"locked":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
            r#"{"current_reward":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
            r#"{"historical_reward":{"lock_asset":{"native":"ulp"},"duration":1,"epoch":1}}"#,
            r#"{"scheduled_exits":{"lock_asset":{"native":"ulp"},"duration":1}}"#,
        ] {
            named_by_lock_asset_alone::<QueryMsg>(json);
        }
    }
}
