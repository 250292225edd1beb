//! What can be wrong with an operation, or with the system under test.

use super::{ClaimError, NotConserved, ReceivedBound};

/// Why the ledger refused an operation, or how a claim about the system under test fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoaLedgerError {
    /// Nobody's validator.
    #[error("{operator} operates no validator")]
    UnknownOperator {
        /// Who should have one.
        operator: String,
    },
    /// An operator would have two validators.
    #[error("{operator} operates a validator already")]
    OperatorExists {
        /// Who has one.
        operator: String,
    },
    /// The powers would be above 10^30 in sum.
    #[error("total power would be above 10^30")]
    PowerBound,
    /// An imported amount is not a decimal of at most 36 places.
    #[error("not an amount of at most 36 places: {text:?}")]
    BadAmount {
        /// What was given.
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
        /// Which total.
        total: &'static str,
        /// The denom.
        denom: String,
        /// What the system has, in points (10^-36 base units).
        found: String,
        /// What it must have.
        expected: String,
    },
    /// The entitlements do not add up to what is allocated.
    #[error(transparent)]
    NotConserved(#[from] NotConserved),
}
