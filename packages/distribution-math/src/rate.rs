//! Fractions between 0 and 1.

use std::fmt;

use cosmwasm_std::{Decimal256, Uint64, Uint256};

use crate::MathError;

/// A fraction in [0, 1] with 18 decimals: a commission rate, a tax, a proposer reward, the fraction
/// of a slash.
///
/// ```
/// use cosmwasm_std::Decimal256;
/// use distribution_math::Rate;
///
/// let commission = Rate::new(Decimal256::percent(10)).unwrap();
/// assert_eq!(commission.complement().to_string(), "0.9");
/// assert!(Rate::new(Decimal256::percent(101)).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u64);

impl Rate {
    /// The number of 10^-18 in 1.
    pub const ATOMICS_PER_ONE: u64 = 1_000_000_000_000_000_000;
    /// 0.
    pub const ZERO: Rate = Rate(0);
    /// 1.
    pub const ONE: Rate = Rate(Self::ATOMICS_PER_ONE);

    /// Converts a decimal.
    ///
    /// # Errors
    /// [`MathError::RateAboveOne`].
    pub fn new(rate: Decimal256) -> Result<Self, MathError> {
        Uint64::try_from(rate.atomics())
            .ok()
            .and_then(|atomics| Rate::from_atomics(atomics.u64()))
            .ok_or(MathError::RateAboveOne { rate })
    }

    /// Converts a number of 10^-18; `None` if it is above 1.
    pub fn from_atomics(atomics: u64) -> Option<Self> {
        (atomics <= Self::ATOMICS_PER_ONE).then_some(Rate(atomics))
    }

    /// The rate as a number of 10^-18.
    pub fn atomics(self) -> u64 {
        self.0
    }

    /// 1 minus the rate, exactly.
    pub fn complement(self) -> Self {
        // A rate is at most 1.
        Rate(Self::ATOMICS_PER_ONE.saturating_sub(self.0))
    }

    /// The rate as a decimal, exactly.
    pub fn to_decimal(self) -> Decimal256 {
        Decimal256::new(Uint256::from(self.0))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_decimal().fmt(f)
    }
}
