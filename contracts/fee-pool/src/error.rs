//! Why the contract refuses a message.

use accounting::AccountingError;
use cosmwasm_std::{Decimal256, StdError, Timestamp, Uint128, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use interfaces::address::AddressError;
use interfaces::migration::MigrationError;
use interfaces::ownership::OwnershipError;
use interfaces::paging::PagingError;
use interfaces::staking_query::NoAnswer;
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
    /// A rule of the accounting.
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
    /// The chain's staking module did not answer.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),

    /// The sender has not the role that the message needs.
    #[error("Unauthorized: {sender} is not {role}")]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who may send it.
        role: &'static str,
    },
    /// Money does not move before the pool is activated.
    #[error("the pool is not active yet: the owner imports its state and sends activate")]
    NotActive,
    /// The import is over.
    #[error("the pool is active already: import and activate belong before that")]
    AlreadyActive,
    /// Another source is believed for this.
    #[error("a pool with source `{pool_source}` does not take {what}")]
    WrongSource {
        /// The pool's source.
        pool_source: &'static str,
        /// What was refused.
        what: &'static str,
    },
    /// A validator that was never seen.
    #[error("validator {validator} is unknown to this pool")]
    UnknownValidator {
        /// Its name in the message.
        validator: String,
    },
    /// A validator that is gone receives nothing new.
    #[error("validator {validator} was removed and receives no new rewards")]
    RemovedValidator {
        /// Its name in the message.
        validator: String,
    },
    /// The terms of a validator are fixed at its creation.
    #[error("validator {validator} exists already; its max_rate and max_change_rate are fixed")]
    ValidatorExists {
        /// Its name in the message.
        validator: String,
    },
    /// Commission terms that contradict each other.
    #[error("commission: {name} {value} is above {limit_name} {limit}")]
    CommissionLimit {
        /// The refused value's name.
        name: &'static str,
        /// The refused value.
        value: Decimal256,
        /// The name of its limit.
        limit_name: &'static str,
        /// The limit.
        limit: Decimal256,
    },
    /// A validator without terms has commission 0 until it is created with terms.
    #[error("validator {validator} has no commission terms: it was never created with any")]
    NoCommissionTerms {
        /// Its name.
        validator: String,
    },
    /// One edit a day.
    #[error("commission was edited at {last_edit}; the next edit is possible at {next_edit}")]
    CommissionEditTooSoon {
        /// When it was edited.
        last_edit: Timestamp,
        /// When it can be edited again.
        next_edit: Timestamp,
    },
    /// A power is below 2^63.
    #[error("power {power} of validator {validator} is not below 2^63")]
    PowerBound {
        /// The validator.
        validator: String,
        /// The refused power.
        power: Uint128,
    },
    /// Every allocation must be paid for, and all that is paid allocated.
    #[error("the allocations add up to {allocated}{denom}, the funds sent are {sent}{denom}")]
    FundsMismatch {
        /// The denom.
        denom: String,
        /// Sum of the allocations.
        allocated: Uint256,
        /// What came along.
        sent: Uint256,
    },
    /// A token called a contract on its way here or from here: the funds were split as fees by
    /// then, or cannot be told from a payout that has not arrived yet.
    #[error(
        "{sent}{denom} were sent, but only {free}{denom} of the balance are nobody's: the token had \
         them split as fees already, or a payout of it is on its way"
    )]
    FundsNotFree {
        /// The denom.
        denom: String,
        /// What came along.
        sent: Uint256,
        /// What of the balance is nobody's.
        free: Uint256,
    },
    /// Nothing can be spent that is not there.
    #[error("the community pool has {available}{denom}, {requested}{denom} cannot be spent")]
    CommunityPoolTooSmall {
        /// The denom.
        denom: String,
        /// Whole coins in the pool.
        available: Uint256,
        /// What was asked for.
        requested: Uint256,
    },
    /// Withdraw addresses are switched off.
    #[error("withdraw addresses are disabled: param withdraw_addr_enabled is false")]
    WithdrawAddressDisabled,
    /// Paying the contract from itself would lose the reward.
    #[error("{address} is this contract: it cannot be a withdraw address or recipient")]
    WithdrawAddressIsContract {
        /// The refused address.
        address: String,
    },
    /// Only one's own claim can be redirected.
    #[error("only {owner} itself may name a withdraw_address, not its claimer {claimer}")]
    ClaimerRedirects {
        /// Whose claim it is.
        owner: String,
        /// Who tried.
        claimer: String,
    },
    /// More decimal places of shares than there are.
    #[error("share_places {share_places} is above 18")]
    SharePlaces {
        /// The refused number.
        share_places: u8,
    },
    /// One power must stand for some stake.
    #[error("power_reduction is 0")]
    NoPowerReduction,
    /// A cursor of another list.
    #[error("`{start_after}` is not a cursor of this list")]
    InvalidCursor {
        /// The refused cursor.
        start_after: String,
    },
    /// Pages of an audit that do not belong together.
    #[error(
        "the pages of this audit found {found} points of {denom} where {owed} are owed: they are of \
         different heights"
    )]
    AuditAboveTotal {
        /// The denom.
        denom: String,
        /// Outstanding rewards that the pages found.
        found: Uint256,
        /// Outstanding rewards now.
        owed: Uint256,
    },
    /// Sampled delegations are divided by what the chain knows, which adjustments cannot follow.
    #[error("the source `sync` is for the accounting `f1`: `lazy` takes no sampled delegations")]
    SyncIsForF1,
}
