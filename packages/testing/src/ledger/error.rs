//! What can be wrong with an operation, or with the system under test.

use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Signed;

use super::parts::pow10;

/// Why the ledger refused an operation, or how a claim about the system under test fails.
///
/// Amounts are in base units of the denom.
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
    /// A block was to be split over a total power of 2^63 or more.
    PowerBound {
        /// The total power.
        total_power: u128,
    },
    /// The units of a validator's delegations would be above 10^30 in sum.
    UnitsBound {
        /// The validator's name.
        validator: String,
    },
    /// The total ever received of a denom would reach 2^128.
    ReceivedBound {
        /// The denom.
        denom: String,
    },
    /// More was paid than the exact share. Nothing was recorded.
    Overpaid {
        /// Who was paid.
        recipient: String,
        /// The denom.
        denom: String,
        /// The payment.
        coins: u128,
        /// By how much the payment is above what was exactly owed.
        excess: Box<BigRational>,
    },
    /// A record is not one that may give its remainder to the community pool: it has units, or is
    /// owed a base unit or more.
    NotForfeitable {
        /// Whose record.
        recipient: String,
    },
    /// The system holds a recipient entitled to more than its exact share.
    TooMuch {
        /// Who.
        recipient: String,
        /// The denom.
        denom: String,
        /// By how much.
        excess: Box<BigRational>,
    },
    /// The system holds a recipient entitled to less than its exact share by more than roundings
    /// may take.
    TooLittle {
        /// Who.
        recipient: String,
        /// The denom.
        denom: String,
        /// By how much.
        shortfall: Box<BigRational>,
        /// How much roundings may take.
        bound: Box<BigRational>,
    },
    /// The shares do not add up to what was received.
    NotConserved {
        /// The denom.
        denom: String,
        /// All shares together less what was received.
        difference: Box<BigRational>,
    },
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
            Self::PowerBound { total_power } => {
                write!(f, "total power {total_power} is not below 2^63")
            }
            Self::UnitsBound { validator } => {
                write!(f, "units of {validator} would be above 10^30")
            }
            Self::ReceivedBound { denom } => {
                write!(f, "received {denom} would reach 2^128 in total")
            }
            Self::Overpaid {
                recipient,
                denom,
                coins,
                excess,
            } => write!(
                f,
                "{recipient}: paid {coins} {denom}, which is {} too much",
                Decimal(excess)
            ),
            Self::NotForfeitable { recipient } => write!(
                f,
                "{recipient} has units or is owed a base unit or more, and forfeits nothing"
            ),
            Self::TooMuch {
                recipient,
                denom,
                excess,
            } => write!(
                f,
                "{recipient}: {} {denom} above the exact share",
                Decimal(excess)
            ),
            Self::TooLittle {
                recipient,
                denom,
                shortfall,
                bound,
            } => write!(
                f,
                "{recipient}: {} {denom} below the exact share, allowed is less than {}",
                Decimal(shortfall),
                Decimal(bound)
            ),
            Self::NotConserved { denom, difference } => write!(
                f,
                "shares of {denom} differ from what was received by {}",
                Decimal(difference)
            ),
        }
    }
}

impl std::error::Error for LedgerError {}

/// Decimal places shown: those of a point.
const SHOWN_PLACES: usize = 36;

/// Shows a rational cut to 36 decimal places, with `..` after it when that is not all.
struct Decimal<'a>(&'a BigRational);

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, rest) = (self.0.numer().abs() * pow10(36)).div_rem(self.0.denom());
        let (whole, places) = digits.div_rem(&pow10(36));
        let sign = if self.0.is_negative() { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        let places = format!("{places:0>SHOWN_PLACES$}");
        let places = places.trim_end_matches('0');
        if !places.is_empty() {
            write!(f, ".{places}")?;
        }
        if rest != BigInt::ZERO {
            f.write_str("..")?;
        }
        Ok(())
    }
}
