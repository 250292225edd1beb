//! The errors that all oracles have. Amounts are in base units of the denom.

use std::fmt;

use num_rational::BigRational;

use super::decimal::Decimal;

/// What a system paid or holds for a recipient is not what the recipient is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimError {
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
    /// Less was paid than roundings can explain. Nothing was recorded.
    Underpaid {
        /// Who was paid.
        recipient: String,
        /// The denom.
        denom: String,
        /// The payment.
        coins: u128,
        /// The least that had to be paid.
        least: u128,
    },
    /// The system holds a recipient entitled to more than its exact share, or by more than
    /// roundings may give.
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
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
            Self::Underpaid {
                recipient,
                denom,
                coins,
                least,
            } => write!(
                f,
                "{recipient}: paid {coins} {denom}, and at least {least} had to be paid"
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
        }
    }
}

impl std::error::Error for ClaimError {}

/// The shares do not add up to what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotConserved {
    /// The denom.
    pub denom: String,
    /// All shares together less what was received.
    pub difference: Box<BigRational>,
}

impl fmt::Display for NotConserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "shares of {} differ from what was received by {}",
            self.denom,
            Decimal(&self.difference)
        )
    }
}

impl std::error::Error for NotConserved {}

/// The total ever received of a denom would reach 2^128.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedBound {
    /// The denom.
    pub denom: String,
}

impl fmt::Display for ReceivedBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "received {} would reach 2^128 in total", self.denom)
    }
}

impl std::error::Error for ReceivedBound {}
