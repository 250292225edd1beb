//! Errors of operations, and of claims about the system under test.

use super::{ClaimError, NotConserved, ReceivedBound};

/// Why the ledger refuses an operation, or what is wrong with the system under test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoaLedgerError {
    /// The account never operated a validator.
    #[error("{operator} never operated a validator")]
    UnknownOperator {
        /// The account.
        operator: String,
    },
    /// An account would name two validators.
    #[error("{operator} operates or has operated another validator")]
    OperatorExists {
        /// The account.
        operator: String,
    },
    /// A validator is accepted that is not offered to the account.
    #[error("validator {id} is not offered to {account}")]
    NotOffered {
        /// The validator.
        id: u64,
        /// Who accepts.
        account: String,
    },
    /// The total power would be above 10^30.
    #[error("total power would be above 10^30")]
    PowerBound,
    /// An imported amount is not a decimal of at most 36 places.
    #[error("not an amount of at most 36 places: {text:?}")]
    BadAmount {
        /// The text in its place.
        text: String,
    },
    /// Imported fees are above the balance.
    #[error("fees of {denom} are above the balance")]
    NotCovered {
        /// The denom.
        denom: String,
    },
    /// The total ever received of a denom would reach 2^128.
    #[error(transparent)]
    ReceivedBound(#[from] ReceivedBound),
    /// What the system paid or holds for an account is not what it is owed.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// A system's total differs from the exact one.
    #[error("{total} of {denom} is {found} points, and must be {expected}")]
    Total {
        /// Name of the total.
        total: &'static str,
        /// The denom.
        denom: String,
        /// The system's, in points (10^-36 base units).
        found: String,
        /// The exact one, in points.
        expected: String,
    },
    /// The entitlements do not add up to what is allocated.
    #[error(transparent)]
    NotConserved(#[from] NotConserved),
}
