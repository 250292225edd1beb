//! Why the contract refuses a message.

use accounting::AccountingError;
use cosmwasm_std::{StdError, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use interfaces::address::AddressError;
use interfaces::asset::Asset;
use interfaces::migration::MigrationError;
use interfaces::ownership::OwnershipError;
use interfaces::paging::PagingError;
use thiserror::Error;

small_error::small_error! {
    /// Why a message was refused. Every refusal leaves state and balances as they were.
    ContractError(Fault)
}

/// The rules of the contract.
#[derive(Error, Debug)]
pub enum Fault {
    /// Host or storage.
    #[error("{0}")]
    Std(#[from] StdError),
    /// A rule of reward assets.
    #[error(transparent)]
    Accounting(#[from] AccountingError),
    /// A bound of the arithmetic.
    #[error(transparent)]
    Math(#[from] MathError),
    /// An address of this chain was expected.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A rule of the two-step ownership.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// A migration that is none.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A page that cannot be.
    #[error(transparent)]
    Paging(#[from] PagingError),
    /// Funds where none belong, or none where some do.
    #[error(transparent)]
    Payment(#[from] PaymentError),

    /// The sender has not the role that the message needs.
    #[error("Unauthorized: {sender} is not {role}")]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who may send it.
        role: &'static str,
    },
    /// Nothing but locks and gauges can be made before the first epoch.
    #[error("epochs begin at {genesis}, now is {now}: only lock and create_gauge work before")]
    BeforeGenesis {
        /// When they begin.
        genesis: u64,
        /// The block's time.
        now: u64,
    },
    /// A lock that is not there, or is over.
    #[error("there is no lock {id}")]
    UnknownLock {
        /// The id.
        id: u64,
    },
    /// A gauge that was never made.
    #[error("there is no gauge {id}")]
    UnknownGauge {
        /// The id.
        id: u64,
    },
    /// A duration that no pool has.
    #[error("duration {duration} is none of the configured {}", list(durations))]
    UnknownDuration {
        /// The refused duration.
        duration: u64,
        /// Those there are.
        durations: Vec<u64>,
    },
    /// A number outside of its range.
    #[error("{name} is {value}, it must be from {min} to {max}")]
    OutOfRange {
        /// What it is.
        name: &'static str,
        /// The refused number.
        value: u128,
        /// The least.
        min: u128,
        /// The most.
        max: u128,
    },
    /// An asset that is not taken for locks.
    #[error("{asset} cannot be locked here")]
    NotLockable {
        /// The asset.
        asset: String,
    },
    /// An asset that the contract never dealt in.
    #[error("{asset} was never locked here, and no gauge pays for it")]
    UnknownAsset {
        /// The asset.
        asset: String,
    },
    /// A denom that looks like the name of a cw20.
    #[error("denom `{denom}` cannot be told from the name of a cw20 token")]
    AmbiguousDenom {
        /// The denom.
        denom: String,
    },
    /// The lock holds another asset.
    #[error("lock {id} holds {held}, not {sent}")]
    OtherAsset {
        /// The lock.
        id: u64,
        /// What it holds.
        held: String,
        /// What was sent.
        sent: String,
    },
    /// Less than a lock must hold, or more than it does.
    #[error("{amount} base units: a lock, and what is left of a split one, holds at least {min}")]
    BelowMinimumLock {
        /// The refused amount.
        amount: u128,
        /// The least.
        min: u128,
    },
    /// More than the lock holds.
    #[error("lock {id} holds {held} base units, {requested} cannot be taken from it")]
    AboveLock {
        /// The lock.
        id: u64,
        /// What it holds.
        held: u128,
        /// What was asked for.
        requested: u128,
    },
    /// Nothing can be done with a lock that ends, but wait, cancel or force it.
    #[error("lock {id} is unlocking until {end_time}")]
    Unlocking {
        /// The lock.
        id: u64,
        /// When it ends.
        end_time: u64,
    },
    /// The lock was never told to unlock.
    #[error("lock {id} is not unlocking")]
    NotUnlocking {
        /// The lock.
        id: u64,
    },
    /// The principal is not due yet.
    #[error("lock {id} ends at {end_time}, now is {now}")]
    NotEnded {
        /// The lock.
        id: u64,
        /// When it ends.
        end_time: u64,
        /// The block's time.
        now: u64,
    },
    /// The principal is out already.
    #[error("the principal of lock {id} is out; only its rewards are left")]
    Withdrawn {
        /// The lock.
        id: u64,
    },
    /// An extension that is none.
    #[error("lock {id} has duration {duration}, {requested} is not longer")]
    NotLonger {
        /// The lock.
        id: u64,
        /// What it has.
        duration: u64,
        /// What was asked for.
        requested: u64,
    },
    /// More epochs are unsettled than the message may settle by itself.
    #[error(
        "pool {denom}/{duration} is settled through epoch {settled}, {finished} are over: settle \
         first, with {{\"settle\":{{\"denom\":{},\"duration\":{duration}}}}}",
        json_of(denom)
    )]
    SettleFirst {
        /// The pool's asset.
        denom: Asset,
        /// The pool's duration.
        duration: u64,
        /// Its last settled epoch.
        settled: u64,
        /// The last epoch that is over.
        finished: u64,
    },
    /// An epoch of the future, or one that nobody has settled yet.
    #[error("epoch {epoch} is not settled; the last one that is, is {settled}")]
    NotSettled {
        /// What was asked for.
        epoch: u64,
        /// The last settled one.
        settled: u64,
    },
    /// An estimate of the past.
    #[error("epoch {epoch} is over; estimates begin with the last one that is, {finished}")]
    EpochOver {
        /// What was asked for.
        epoch: u64,
        /// The last epoch that is over.
        finished: u64,
    },
    /// The pool is full.
    #[error("pool {denom}/{duration} has {limit} gauges that are upcoming or active, the most")]
    TooManyGauges {
        /// The pool's asset.
        denom: String,
        /// The pool's duration.
        duration: u64,
        /// The most.
        limit: usize,
    },
    /// Too little to be worth an epoch's work.
    #[error("{amount} in each epoch is below the minimum of {min}")]
    BelowMinimumPerEpoch {
        /// What the gauge would give.
        amount: String,
        /// The least.
        min: u128,
    },
    /// The gauge takes and gives no more.
    #[error("gauge {id} is over")]
    GaugeOver {
        /// The gauge.
        id: u64,
    },
    /// The gauge's creator gave up closing it.
    #[error("gauge {id} was not made closable")]
    NotClosable {
        /// The gauge.
        id: u64,
    },
    /// The fee of a new gauge.
    #[error("a gauge costs {fee}; {sent} were sent in that denom")]
    CreationFee {
        /// The fee.
        fee: String,
        /// What came along.
        sent: Uint256,
    },
    /// A cw20 message carries no coins to pay the fee with.
    #[error("a gauge costs {fee}: send create_gauge with it, then add cw20 tokens")]
    CreationFeeInCoins {
        /// The fee.
        fee: String,
    },
    /// An amount of zero moves nothing.
    #[error("an amount of 0 moves nothing")]
    ZeroAmount,
    /// More than the contract can count.
    #[error("receiving {amount}{asset} passes a bound: {reason}")]
    ReceiptBound {
        /// The asset.
        asset: String,
        /// The refused amount.
        amount: Uint256,
        /// Which one.
        reason: String,
    },
    /// A token that says it sent more than it did, or is on its way out right now.
    #[error("{amount}{asset} were announced, but of {owed} owed with them only {balance} are here")]
    NotCovered {
        /// The asset.
        asset: String,
        /// What it announced.
        amount: Uint256,
        /// What the contract would owe.
        owed: Uint256,
        /// What it has.
        balance: Uint256,
    },
    /// Too long a list.
    #[error("{count} {name} are above the limit of {limit}")]
    TooMany {
        /// What it lists.
        name: &'static str,
        /// How many they are.
        count: usize,
        /// The most.
        limit: usize,
    },
    /// Listed twice, or listed already.
    #[error("{name} {value} is listed twice")]
    Duplicate {
        /// What it is.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// One claim pays few accounts.
    #[error("the named locks pay more than {limit} accounts: claim them in several messages")]
    TooManyReceivers {
        /// The most.
        limit: usize,
    },
    /// Paying the contract from itself would lose the money.
    #[error("{address} is this contract: it cannot be paid")]
    PaysItself {
        /// The refused address.
        address: String,
    },
    /// A pool is named by its asset and its duration.
    #[error("a duration without a denom names no pool")]
    DurationWithoutDenom,
    /// A cursor of another list.
    #[error("`{start_after}` is not a cursor of this list")]
    InvalidCursor {
        /// The refused cursor.
        start_after: String,
    },
    /// Stored bytes that are not what they should be.
    #[error("record {record} cannot be read")]
    CorruptRecord {
        /// Which one.
        record: &'static str,
    },
}

/// An asset as messages name it.
fn json_of(asset: &Asset) -> String {
    match asset {
        Asset::Native(denom) => format!(r#"{{"native":"{denom}"}}"#),
        Asset::Cw20(token) => format!(r#"{{"cw20":"{token}"}}"#),
    }
}

/// The durations in one text.
fn list(durations: &[u64]) -> String {
    let texts: Vec<String> = durations.iter().map(u64::to_string).collect();
    texts.join(", ")
}
