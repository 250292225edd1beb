//! What can be wrong with an operation, or with the system under test.

use std::fmt;

use crate::exact::{ClaimError, NotConserved, ReceivedBound};

/// Why the ledger refused an operation, or how a claim about the system under test fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// A rate is not a decimal in \[0, 1\] of at most 18 places.
    BadFraction {
        /// What was given.
        text: String,
    },
    /// Tax, base and bonus are above 1 in sum.
    BadParams,
    /// The validator has no record.
    UnknownValidator {
        /// Its name.
        validator: String,
    },
    /// The validator is removed, and takes nothing new until it is created again.
    Removed {
        /// Its name.
        validator: String,
    },
    /// An imported amount is not a decimal of at most 18 places.
    BadAmount {
        /// What was given.
        text: String,
    },
    /// What an earlier pool owed is not covered by coins.
    NotCovered {
        /// The denom.
        denom: String,
    },
    /// The ledger is active, and takes no import.
    Active,
    /// The ledger is not active, and neither splits nor pays.
    Inactive,
    /// A block was to be split over a total power of 2^63 or more.
    PowerBound {
        /// The total power.
        total_power: u128,
    },
    /// The units of a validator's delegations would be above 10^34 in sum.
    UnitsBound {
        /// The validator's name.
        validator: String,
    },
    /// The total ever received of a denom would reach 2^128.
    ReceivedBound(ReceivedBound),
    /// A record is not one that may give its remainder to the community pool: it has units, or is
    /// owed a base unit or more.
    NotForfeitable {
        /// Whose record.
        recipient: String,
    },
    /// What the system paid or holds for a recipient is not what it is owed.
    Claim(ClaimError),
    /// The shares do not add up to what was received.
    NotConserved(NotConserved),
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadFraction { text } => write!(
                f,
                "not a rate between 0 and 1 of at most 18 places: {text:?}"
            ),
            Self::BadParams => f.write_str("tax, base and bonus are above 1 in sum"),
            Self::UnknownValidator { validator } => write!(f, "unknown validator {validator}"),
            Self::Removed { validator } => write!(f, "{validator} is removed"),
            Self::BadAmount { text } => {
                write!(f, "not an amount of at most 18 places: {text:?}")
            }
            Self::NotCovered { denom } => write!(f, "what is owed of {denom} is not covered"),
            Self::Active => f.write_str("the ledger is active"),
            Self::Inactive => f.write_str("the ledger is not active"),
            Self::PowerBound { total_power } => {
                write!(f, "total power {total_power} is not below 2^63")
            }
            Self::UnitsBound { validator } => {
                write!(f, "units of {validator} would be above 10^34")
            }
            Self::ReceivedBound(error) => error.fmt(f),
            Self::NotForfeitable { recipient } => write!(
                f,
                "{recipient} has units or is owed a base unit or more, and forfeits nothing"
            ),
            Self::Claim(error) => error.fmt(f),
            Self::NotConserved(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LedgerError {}

impl From<ReceivedBound> for LedgerError {
    fn from(error: ReceivedBound) -> Self {
        Self::ReceivedBound(error)
    }
}

impl From<ClaimError> for LedgerError {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}

impl From<NotConserved> for LedgerError {
    fn from(error: NotConserved) -> Self {
        Self::NotConserved(error)
    }
}
