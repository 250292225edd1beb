//! Rates between 0 and 1.

use std::{fmt, str::FromStr};

use num_bigint::BigInt;

use super::LedgerError;

/// Decimal places of a rate.
const PLACES: usize = 18;

/// A rate in \[0, 1\] with at most 18 decimal places, kept exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fraction {
    /// The rate times 10^18.
    atomics: u64,
}

impl Fraction {
    /// 0.
    pub const ZERO: Self = Self { atomics: 0 };
    /// 1.
    pub const ONE: Self = Self {
        atomics: 1_000_000_000_000_000_000,
    };

    /// The rate of so many 10^-18, `None` above 1.
    pub const fn from_atomics(atomics: u64) -> Option<Self> {
        if atomics <= Self::ONE.atomics {
            Some(Self { atomics })
        } else {
            None
        }
    }

    /// The rate times 10^18.
    pub const fn atomics(self) -> u64 {
        self.atomics
    }

    /// 1 minus the rate.
    pub const fn complement(self) -> Self {
        Self {
            atomics: Self::ONE.atomics - self.atomics,
        }
    }

    /// The rate times 10^18, for products.
    pub(super) fn scaled(self) -> BigInt {
        BigInt::from(self.atomics)
    }
}

impl FromStr for Fraction {
    type Err = LedgerError;

    /// Reads `"0.02"`, `"1"` or `"1.000000000000000000"`.
    ///
    /// # Errors
    /// [`LedgerError::BadFraction`] for anything but digits with at most one point between them,
    /// for more than 18 places, and above 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || LedgerError::BadFraction {
            text: text.to_owned(),
        };
        let (whole, places) = match text.split_once('.') {
            Some((whole, places)) if !places.is_empty() => (whole, places),
            Some(_) => return Err(bad()),
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(places) || places.len() > PLACES {
            return Err(bad());
        }
        format!("{whole}{places:0<PLACES$}")
            .parse()
            .ok()
            .and_then(Self::from_atomics)
            .ok_or_else(bad)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.atomics / Self::ONE.atomics;
        let places = format!("{:0PLACES$}", self.atomics % Self::ONE.atomics);
        match places.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            places => write!(f, "{whole}.{places}"),
        }
    }
}
