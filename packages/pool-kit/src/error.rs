use chain_types::address::AddressError;
use cosmwasm_std::{StdError, Uint256};
use distribution_math::MathError;
use thiserror::Error;

use crate::ownership::OwnershipError;

/// Why something that all contracts of the suite do alike was refused.
#[derive(Error, Debug)]
pub enum KitError {
    /// Host, storage or another module of the chain.
    #[error("{0}")]
    Std(#[from] StdError),
    /// A bound of the arithmetic.
    #[error(transparent)]
    Math(#[from] MathError),
    /// An address of this chain was expected.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A rule of the two-step ownership.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),

    /// More denoms than a contract may ever have.
    #[error("{count} reward denoms ever are above the limit of {limit}")]
    TooManyDenoms {
        /// Denoms there would be, removed ones included.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A denom that is not among the reward denoms.
    #[error("denom `{denom}` is not a reward denom of this pool")]
    UnlistedDenom {
        /// The refused denom.
        denom: String,
    },
    /// A denom that is listed already.
    #[error("denom `{denom}` is listed already")]
    DuplicateDenom {
        /// The refused denom.
        denom: String,
    },
    /// A denom given twice would be counted twice.
    #[error("denom `{denom}` is named twice")]
    RepeatedDenom {
        /// The denom.
        denom: String,
    },
    /// A message that is limited to no denoms does nothing.
    #[error("the list of denoms is empty: name some, or leave it out for all")]
    NoDenoms,
    /// An update that adds and removes nothing.
    #[error("nothing to add or remove: name at least one denom")]
    NothingUpdated,
    /// An amount of zero moves nothing.
    #[error("an amount of 0{denom} moves nothing")]
    ZeroAmount {
        /// The denom.
        denom: String,
    },
    /// A text that cannot be a denom.
    #[error(
        "`{denom}` is not a denom: 3 to 128 characters, a letter first, then letters, digits, / : . _ -"
    )]
    InvalidDenom {
        /// The refused denom, shortened.
        denom: String,
    },
    /// The total ever received of a denom must stay below 2^128.
    #[error("receiving {amount}{denom} would bring the total ever received above 2^128 - 1")]
    ReceiptBound {
        /// The denom.
        denom: String,
        /// The refused amount.
        amount: Uint256,
    },

    /// A page of no entries would never come to an end.
    #[error("limit 0: a page has at least one entry")]
    ZeroLimit,
    /// A cursor of another list.
    #[error("`{start_after}` is not a cursor of this list")]
    InvalidCursor {
        /// The refused cursor, shortened.
        start_after: String,
    },

    /// The sender has not the role that the message needs.
    #[error("Unauthorized: {sender} is not {role}")]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who may send it.
        role: &'static str,
    },
    /// Paying the contract from itself would lose the payment.
    #[error("{address} is this contract: it cannot be a withdraw address or recipient")]
    PaysItself {
        /// The refused address.
        address: String,
    },
    /// Only the account itself says where its claims go.
    #[error("only {owner} itself may name a withdraw_address, not its claimer {claimer}")]
    ClaimerRedirects {
        /// Whose claim it is.
        owner: String,
        /// Who tried.
        claimer: String,
    },
}
