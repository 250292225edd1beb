use chain_types::asset::Asset;
use cosmwasm_std::{StdError, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use pool_kit::KitError;
use thiserror::Error;

/// Why the contract refuses a message. Every refusal leaves state and balances as they were.
#[derive(Error, Debug)]
#[expect(missing_docs, reason = "the texts name the fields")]
pub enum ContractError {
    /// Host or storage.
    #[error("{0}")]
    Std(#[from] StdError),
    /// A rule that all contracts of the suite have.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// A bound of the arithmetic.
    #[error(transparent)]
    Math(#[from] MathError),
    /// Funds where none belong, or none where some are needed.
    #[error(transparent)]
    Payment(#[from] PaymentError),

    /// The message works from the first epoch on.
    #[error("epochs begin at {genesis}, now is {now}: until then locks and gauges are only made")]
    BeforeGenesis { genesis: u64, now: u64 },
    /// There is no such lock, or its record is deleted: all of it was paid.
    #[error("there is no lock {id}, or all of it is paid out")]
    UnknownLock { id: u64 },
    /// There never was such a gauge.
    #[error("there is no gauge {id}")]
    UnknownGauge { id: u64 },
    /// No pool has this duration.
    #[error("duration {duration} is none of the configured {}", list(durations))]
    UnknownDuration { duration: u64, durations: Vec<u64> },
    /// A number is outside its range.
    #[error("{name} is {value}, it must be from {min} to {max}")]
    OutOfRange {
        name: &'static str,
        value: u64,
        min: u64,
        max: u64,
    },
    /// A list is too long.
    #[error("{count} {name} are above the limit of {limit}")]
    TooMany {
        name: &'static str,
        count: usize,
        limit: usize,
    },
    /// A message about named locks names none.
    #[error("the list of locks is empty: name at least one")]
    NoLocks,
    /// Anybody could take all slots of a pool for nothing.
    #[error(
        "neither a creation_fee nor gauge_creators: the slots of a pool would be free for anybody"
    )]
    FreeSlots,
    /// What can be locked is fixed, so nothing could ever be.
    #[error("lock_assets is empty: name some, or leave it out for any native denom")]
    NoLockAssets,
    /// A list names something twice.
    #[error("{name} {value} is listed twice")]
    Duplicate { name: &'static str, value: String },

    /// The asset is not among those that can be locked.
    #[error("{asset} cannot be locked here")]
    NotLockable { asset: String },
    /// The contract has no record of the asset.
    #[error("{asset} was never locked here, and no gauge pays for it")]
    UnknownAsset { asset: String },
    /// The denom has the form of a cw20's name.
    #[error("denom `{denom}` cannot be told from the name of a cw20 token")]
    AmbiguousDenom { denom: String },
    /// An amount of 0.
    #[error("an amount of 0 moves nothing")]
    ZeroAmount,
    /// More than the contract can count.
    #[error("receiving {amount}{asset} passes a bound: {reason}")]
    ReceiptBound {
        asset: String,
        amount: Uint256,
        reason: String,
    },
    /// The token announced more than it sent, or is on its way out right now.
    #[error("{amount}{asset} were announced, but of {owed} owed with them only {balance} are here")]
    NotCovered {
        asset: String,
        amount: Uint256,
        owed: Uint256,
        balance: Uint256,
    },
    /// Payments cannot go to the contract itself.
    #[error("{address} is this contract: it cannot be paid")]
    PaysItself { address: String },

    /// The lock holds another asset.
    #[error("lock {id} holds {held}, not {sent}")]
    OtherAsset { id: u64, held: String, sent: String },
    /// A lock would hold less than the minimum.
    #[error(
        "{amount} base units: a lock, and what is left of a split one, holds at least {min} (min_lock)"
    )]
    BelowMinimumLock { amount: u128, min: u128 },
    /// The lock holds less than was asked for.
    #[error("lock {id} holds {held} base units, {requested} cannot be taken from it")]
    AboveLock {
        id: u64,
        held: u128,
        requested: u128,
    },
    /// The message is about locks that are not unlocking.
    #[error("lock {id} is unlocking until {end_time}")]
    Unlocking { id: u64, end_time: u64 },
    /// The message is about locks that are unlocking.
    #[error("lock {id} is not unlocking: begin_unlock comes first")]
    NotUnlocking { id: u64 },
    /// The principal cannot be withdrawn yet.
    #[error("lock {id} ends at {end_time}, now is {now}")]
    NotEnded { id: u64, end_time: u64, now: u64 },
    /// The principal is withdrawn already.
    #[error("the principal of lock {id} is out; only its rewards are left")]
    Withdrawn { id: u64 },
    /// An extension must be longer.
    #[error("lock {id} has duration {duration}, {requested} is not longer")]
    NotLonger {
        id: u64,
        duration: u64,
        requested: u64,
    },
    /// One claim pays few accounts, one withdrawal a single one.
    #[error("the named locks pay more than {limit} account(s): name them in several messages")]
    TooManyReceivers { limit: usize },

    /// More epochs are unsettled than the message may settle by itself.
    #[error(
        "pool {lock_asset}/{duration} is settled through epoch {settled}, {finished} are over: \
         settle first, with {{\"settle\":{{\"lock_asset\":{},\"duration\":{duration}}}}}",
        json_of(lock_asset)
    )]
    SettleFirst {
        lock_asset: Asset,
        duration: u64,
        settled: u64,
        finished: u64,
    },
    /// An epoch of the future, or one that nobody has settled yet.
    #[error("epoch {epoch} is not settled; the last one that is, is {settled}")]
    NotSettled { epoch: u64, settled: u64 },
    /// Estimates are not about the past.
    #[error("epoch {epoch} is over; estimates begin with the last one that is, {finished}")]
    EpochOver { epoch: u64, finished: u64 },
    /// A pool is named by its asset and its duration.
    #[error("a duration without a lock_asset names no pool")]
    DurationWithoutLockAsset,

    /// The pool has no free slot.
    #[error(
        "pool {lock_asset}/{duration} has {limit} gauges that are upcoming or active, the most: \
         no slot is free until one of them is over or has nothing left"
    )]
    TooManyGauges {
        lock_asset: String,
        duration: u64,
        limit: usize,
    },
    /// The gauge would give less in an epoch than the minimum.
    #[error("{amount} in each epoch is below the minimum of {min} (min_per_epoch)")]
    BelowMinimumPerEpoch { amount: String, min: u128 },
    /// The gauge is finished or closed.
    #[error("gauge {id} is over")]
    GaugeOver { id: u64 },
    /// Only a gauge that was made closable can be closed.
    #[error("gauge {id} was not made closable")]
    NotClosable { id: u64 },
    /// The fee of a new gauge was not sent.
    #[error("a gauge costs {fee}, besides the coins that it gives; {sent} was sent")]
    CreationFee { fee: String, sent: String },
    /// A cw20 message carries no coins to pay the fee with.
    #[error("a gauge costs {fee}: send create_gauge with it, then add cw20 tokens")]
    CreationFeeInCoins { fee: String },

    /// Stored bytes are not what they should be.
    #[error("record {record} cannot be read")]
    CorruptRecord { record: &'static str },
}

/// An asset as messages name it.
fn json_of(asset: &Asset) -> String {
    match asset {
        Asset::Native(denom) => format!(r#"{{"native":"{denom}"}}"#),
        Asset::Cw20(token) => format!(r#"{{"cw20":"{token}"}}"#),
    }
}

/// Durations, separated by commas.
fn list(durations: &[u64]) -> String {
    let texts: Vec<String> = durations.iter().map(u64::to_string).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settle_first_names_the_message_that_helps() {
        let error = ContractError::SettleFirst {
            lock_asset: Asset::Native("ulp".to_string()),
            duration: 86_400,
            settled: 3,
            finished: 50,
        };
        assert_eq!(
            error.to_string(),
            "pool ulp/86400 is settled through epoch 3, 50 are over: settle first, with \
             {\"settle\":{\"lock_asset\":{\"native\":\"ulp\"},\"duration\":86400}}"
        );
    }
}
