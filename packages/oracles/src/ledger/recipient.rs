//! Who can be owed something.

use std::fmt;

/// One of those among whom all that the pool receives is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient<'a> {
    /// The community pool.
    CommunityPool,
    /// The commission of a validator's operator.
    Commission {
        /// The validator's name.
        validator: &'a str,
    },
    /// The delegation of one delegator to one validator.
    Delegation {
        /// The delegator's name.
        delegator: &'a str,
        /// The validator's name.
        validator: &'a str,
    },
}

impl fmt::Display for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommunityPool => f.write_str("community pool"),
            Self::Commission { validator } => write!(f, "commission of {validator}"),
            Self::Delegation {
                delegator,
                validator,
            } => write!(f, "delegation of {delegator} to {validator}"),
        }
    }
}
