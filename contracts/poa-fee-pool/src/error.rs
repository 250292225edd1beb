use cosmwasm_std::{Binary, Coin, Decimal256, StdError, Uint128, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use pool_kit::KitError;
use thiserror::Error;

/// Why the contract refuses a message. Every refusal leaves state and balances as they were.
#[derive(Error, Debug)]
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
    /// Funds where none belong, or none where some do.
    #[error(transparent)]
    Payment(#[from] PaymentError),

    /// Only the admin and the operator itself hand a validator over.
    #[error(
        "Unauthorized: {sender} is neither the admin nor {operator}, the operator of validator {id}"
    )]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who might have.
        operator: String,
        /// The validator.
        id: u64,
    },
    /// Only the account that a validator is offered to takes it over.
    #[error("Unauthorized: validator {id} is not offered to {sender}")]
    NotOffered {
        /// Who sent the message.
        sender: String,
        /// The validator.
        id: u64,
    },
    /// The contract cannot operate a validator.
    #[error("{address} is this contract: it cannot be an operator")]
    ThisContract {
        /// The refused address.
        address: String,
    },
    /// An account that never operated a validator.
    #[error("{operator} is no operator of this pool")]
    UnknownOperator {
        /// The account.
        operator: String,
    },
    /// A number that no validator has.
    #[error("no validator of this pool has the id {id}")]
    UnknownValidator {
        /// The number.
        id: u64,
    },
    /// A message that names a validator twice over: it would be unclear which name counts.
    #[error("operator {operator} and id {id} are both given: name the validator by one of them")]
    NamedByBoth {
        /// The operator.
        operator: String,
        /// The number.
        id: u64,
    },
    /// A message that names no validator.
    #[error("neither operator nor id is given: name the validator by one of them")]
    Unnamed,
    /// An account that operates or has operated another validator.
    #[error("{operator} is or was the operator of validator {id}, and can be of no other")]
    OperatorExists {
        /// The account.
        operator: String,
        /// Its validator.
        id: u64,
    },
    /// The cursor is not in the list of validators any more.
    #[error("operator {operator} has no power any more: read the list of validators anew")]
    CursorWithoutPower {
        /// The cursor.
        operator: String,
    },
    /// A batch that changes nothing.
    #[error("the batch is empty: name at least one validator")]
    EmptyBatch,
    /// A name that a batch gives twice: it would be unclear which entry counts.
    #[error("{name} is named twice")]
    DuplicateName {
        /// The operator or the validator.
        name: String,
    },
    /// A consensus key that another validator has.
    #[error("pub_key {pub_key} is that of validator {id} already")]
    DuplicatePubKey {
        /// The key.
        pub_key: Binary,
        /// Which has it.
        id: u64,
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
    /// Fees need somebody who earns them.
    #[error("the total power would be 0: at least one validator keeps power")]
    NoPower,
    /// The total power is below 2^63.
    #[error("a total power of {total} is not below 2^63")]
    TotalPowerBound {
        /// The refused total.
        total: u128,
    },
    /// A power is below 2^63.
    #[error("power {power} of {name} is not below 2^63")]
    PowerBound {
        /// The operator or the validator.
        name: String,
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
    /// There is no creation fee, and funds came along.
    #[error("creating a validator costs nothing, the funds sent are {sent}")]
    NoCreationFee {
        /// What came along.
        sent: String,
    },
    /// Imported fees that the balance does not cover.
    #[error("imported fees of {fees}{denom} are above the balance of {balance}{denom}")]
    FeesAboveBalance {
        /// The denom.
        denom: String,
        /// Sum of the imported fees.
        fees: Decimal256,
        /// What the contract has, funds sent along included.
        balance: Uint256,
    },
    /// Too many hooks: every message that names a member pays for them.
    #[error("{count} hooks are above the limit of {limit}")]
    TooManyHooks {
        /// Hooks there would be.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A contract that is a hook already.
    #[error("{addr} is a hook already")]
    HookExists {
        /// The contract.
        addr: String,
    },
    /// A contract that is no hook.
    #[error("{addr} is no hook of this pool")]
    UnknownHook {
        /// The contract.
        addr: String,
    },
}
