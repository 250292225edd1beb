//! Why the contract refuses a message.

use accounting::AccountingError;
use cosmwasm_std::{Coin, Decimal256, StdError, Uint128, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use interfaces::address::AddressError;
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
    /// A rule of denoms and amounts.
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
    /// Stored state that this contract does not take over.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A page that cannot be.
    #[error(transparent)]
    Paging(#[from] PagingError),
    /// Funds where none belong, or none where some do.
    #[error(transparent)]
    Payment(#[from] PaymentError),

    /// The sender has not the role that the message needs.
    #[error("Unauthorized: {sender} is neither the admin nor operator {operator}")]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who might have.
        operator: String,
    },
    /// The contract pays others, not itself.
    #[error("{address} is this contract: it can be neither an operator nor a withdraw address")]
    ThisContract {
        /// The refused address.
        address: String,
    },
    /// An account that is no operator.
    #[error("{operator} is no operator of this pool")]
    UnknownOperator {
        /// The account.
        operator: String,
    },
    /// An account that is an operator already.
    #[error("{operator} is an operator already")]
    OperatorExists {
        /// The account.
        operator: String,
    },
    /// Of those without power only the admin decides who operates them.
    #[error("operator {operator} has no power: only the admin hands a candidate over")]
    CandidateHandOver {
        /// The operator.
        operator: String,
    },
    /// A cursor that is not in the list any more.
    #[error("operator {operator} has no power any more: read the list of validators anew")]
    CursorWithoutPower {
        /// The cursor.
        operator: String,
    },
    /// An operator that a batch names twice: it would be unclear which entry counts.
    #[error("operator {operator} is named twice")]
    DuplicateOperator {
        /// The operator.
        operator: String,
    },
    /// A consensus key that another operator has.
    #[error("pub_key is that of operator {operator} already")]
    DuplicatePubKey {
        /// Who has it.
        operator: String,
    },
    /// A consensus key of an impossible length.
    #[error("pub_key has {length} bytes, it must have 1 to {limit}")]
    PubKeyLength {
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// A name or description that is too short or too long.
    #[error("{field} has {length} characters, it must have {least} to {most}")]
    MetadataLength {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The fewest characters it may have.
        least: usize,
        /// The most.
        most: usize,
    },
    /// Somebody must be there to earn the fees.
    #[error("the total power would be 0: at least one validator keeps power")]
    NoPower,
    /// A power is below 2^63.
    #[error("power {power} of operator {operator} is not below 2^63")]
    PowerBound {
        /// The operator.
        operator: String,
        /// The refused power.
        power: Uint128,
    },
    /// The creation fee is paid exactly.
    #[error("creating a validator costs {fee}, the funds sent are {sent}")]
    CreationFee {
        /// What it costs.
        fee: Coin,
        /// What came along.
        sent: String,
    },
    /// Imported fees that nobody paid.
    #[error("imported fees of {fees}{denom} are above the balance of {balance}{denom}")]
    FeesAboveBalance {
        /// The denom.
        denom: String,
        /// Sum of the imported fees.
        fees: Decimal256,
        /// What the contract has, funds sent along included.
        balance: Uint256,
    },
    /// More hooks than every change of a power should pay for.
    #[error("{count} hooks are above the limit of {limit}")]
    TooManyHooks {
        /// Hooks there would be.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A hook that is there already.
    #[error("{addr} is a hook already")]
    HookExists {
        /// The contract.
        addr: String,
    },
    /// A hook that is not there.
    #[error("{addr} is no hook of this pool")]
    UnknownHook {
        /// The contract.
        addr: String,
    },
    /// A cursor of another list.
    #[error("`{start_after}` is not a cursor of this list")]
    InvalidCursor {
        /// The refused cursor.
        start_after: String,
    },
}
