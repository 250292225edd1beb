use cosmwasm_std::StdError;
use distribution_math::{MathError, MathFault};
use thiserror::Error;

small_error::small_error! {
    /// Why a pool refused an operation. Nothing is written when one of these comes back.
    AccountingError(AccountingFault)
}

impl AccountingError {
    /// The rule of arithmetic that was broken, if it was one.
    pub fn math(&self) -> Option<&MathFault> {
        match self.fault() {
            AccountingFault::Math(error) => Some(error.fault()),
            _ => None,
        }
    }
}

/// The rules of a pool.
#[derive(Error, Debug)]
pub enum AccountingFault {
    /// A calculation outside the bounds.
    #[error(transparent)]
    Math(#[from] MathError),
    /// Stored bytes that are not what they should be, or a failed query.
    #[error("{0}")]
    Std(#[from] StdError),
    /// A record cannot be read.
    #[error("record {record} cannot be read: {reason}")]
    CorruptRecord {
        /// Which record.
        record: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// The total voting power must stay below 2^63.
    #[error("a total power of {total} is not below 2^63")]
    PowerBound {
        /// The refused total.
        total: u128,
    },
    /// More denoms than a pool may ever have.
    #[error("{count} reward denoms ever are above the limit of {limit}")]
    TooManyDenoms {
        /// Denoms there would be, removed ones included.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A denom that is not among the pool's.
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
    /// Denoms given twice would be counted twice.
    #[error("denom `{denom}` is named twice")]
    RepeatedDenom {
        /// The denom.
        denom: String,
    },
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
        amount: cosmwasm_std::Uint256,
    },
    /// A validator that the pool has no record of.
    #[error("validator is unknown to this pool")]
    UnknownValidator,
    /// Only the lazy accounting knows what was asked for.
    #[error("{what} is of the accounting `lazy`; this pool uses `f1`")]
    LazyOnly {
        /// What was asked for.
        what: &'static str,
    },
    /// The lazy accounting is told of every change of a delegation when it happens.
    #[error("the accounting `lazy` takes no sampled delegations")]
    NoSampling,
    /// A list of votes that names a validator twice.
    #[error("the votes name validator {validator} twice")]
    DuplicateVote {
        /// Hexadecimal bytes of the validator's address.
        validator: String,
    },
    /// More votes than one block may carry.
    #[error("{votes} votes are above the limit of {limit}")]
    TooManyVotes {
        /// Votes given.
        votes: usize,
        /// The limit.
        limit: usize,
    },
}
