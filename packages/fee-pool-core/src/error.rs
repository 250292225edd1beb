use chain_types::address::AddressError;
use chain_types::staking_query::NoAnswer;
use cosmwasm_std::{Decimal256, StdError, Timestamp, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use pool_kit::KitError;
use thiserror::Error;
use validator_rewards::RewardsError;

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
    /// An address of this chain was expected.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Funds where none belong, or none where some do.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The chain's staking module did not answer.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// A block or a change of powers that breaks a rule.
    #[error(transparent)]
    Rewards(#[from] RewardsError),

    /// The sender has not the role that the message needs.
    #[error("Unauthorized: {sender} is not {role}")]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who may send it.
        role: &'static str,
    },
    /// Fees are not split and claims are not paid before the pool is activated.
    #[error("the pool is not active yet: the owner imports its state and sends activate")]
    NotActive,
    /// What the imported state owes has to be there when claims are paid.
    #[error(
        "the imported state owes {owed}{denom}: beside the coins sent with import and activate so far, \
         {missing}{denom} are missing"
    )]
    ImportNotCovered {
        /// The denom.
        denom: String,
        /// All that is owed.
        owed: Decimal256,
        /// What has to come beside.
        missing: Uint256,
    },
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

    /// A validator that the pool has no record of.
    #[error("validator {validator} is unknown to this pool")]
    UnknownValidator {
        /// The validator.
        validator: String,
    },
    /// A removed validator keeps what it earned and gets nothing new.
    #[error(
        "validator {validator} was removed: until it is created again it gets no new delegations, \
         rewards or commission terms"
    )]
    RemovedValidator {
        /// The validator.
        validator: String,
    },
    /// The terms of a validator are set at its creation.
    #[error(
        "validator {validator} exists already: validator_created is for new validators and for those that \
         were removed"
    )]
    ValidatorExists {
        /// The validator.
        validator: String,
    },
    /// A list that names nothing does nothing.
    #[error("`{list}` is empty: name at least one")]
    EmptyList {
        /// The list.
        list: &'static str,
    },

    /// A rate above 1 or above another rate that limits it.
    #[error("{name} {value} is above {limit}")]
    AboveLimit {
        /// The refused value's name.
        name: &'static str,
        /// The refused value.
        value: Decimal256,
        /// The limit, with its name if it has one.
        limit: String,
    },
    /// A validator without terms has commission 0 until it is created with terms.
    #[error("validator {validator} has no commission terms: it was never created with any")]
    NoCommissionTerms {
        /// The validator.
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
    /// In the block of its announcement a change may be made or not.
    #[error(
        "the chain announced a change of validator {validator} in this block: its terms are read by \
         the next begin_block"
    )]
    AnnouncedInThisBlock {
        /// The validator.
        validator: String,
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
    /// then, or cannot be distinguished from a payout that has not arrived yet.
    #[error(
        "{sent}{denom} were sent, but only {undistributed}{denom} of the balance are undistributed: \
         the token had them split as fees already, or a payout of it is on its way"
    )]
    FundsNotUndistributed {
        /// The denom.
        denom: String,
        /// What came along.
        sent: Uint256,
        /// What of the balance belongs to nobody yet.
        undistributed: Uint256,
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
    /// More decimal places of shares than there are.
    #[error("share_places {share_places} is above 18")]
    SharePlaces {
        /// The refused number.
        share_places: u8,
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
    /// Only the lazy accounting has this query.
    #[error("{query} is a query of lazy-fee-pool; this pool has the accounting F1")]
    LazyOnly {
        /// The query.
        query: &'static str,
    },
}
