//! An exact amount that is cheap to add to and cheap to compare.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Zero;

use super::parts::{Denominator, NUMERATOR_PLACES, Parts, pow10};

/// Decimal places of a point: 1 base unit is 10^36 points.
pub(crate) const POINT_PLACES: u32 = 36;

/// Binary places that the bounds keep below 10^-54 base units: they are within 2^-259 base units
/// of each fraction.
const GUARD_BITS: u32 = 80;

/// An amount in base units, as an exact sum of fractions.
///
/// The fractions are kept apart by [`Denominator`]. Blocks with the same powers and units have the
/// same denominator, so such a stretch of blocks only adds integers to one entry.
///
/// Beside the entries stands a lower bound of their sum: each entry floored at 2^-80 of 10^-54
/// base units, and the number of entries for which the floor took anything. The value is at least
/// the lower bound, and above it by at most that many units of 2^-80. Comparisons and floors are
/// decided by the two bounds when both give the same answer, which they do unless the value is
/// within about 10^-75 base units of the point of decision: then nearly always on it, and only then
/// the fractions are brought to a common denominator. All answers are exact.
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    /// All entries but the current one.
    closed: Parts,
    /// Lower bound of `closed`.
    low: BigInt,
    /// Entries in `closed` that are above their floor.
    inexact: u64,
    /// The entry that was added to last: most additions meet it again.
    current: Option<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    numerator: BigInt,
    denominator: Denominator,
}

/// A lower bound in units of 2^-80 of 10^-54 base units.
struct Floor {
    value: BigInt,
    /// 1 when the floor took anything, else 0.
    inexact: u64,
}

/// Two values in units of 2^-80 of 10^-54 base units with the exact one between them, or on them.
struct Bounds {
    low: BigInt,
    high: BigInt,
}

impl Entry {
    fn floor(&self) -> Floor {
        let (value, rest) =
            (&self.numerator << GUARD_BITS).div_mod_floor(&self.denominator.value());
        Floor {
            value,
            inexact: u64::from(!rest.is_zero()),
        }
    }
}

impl ExactSum {
    /// Nothing.
    pub const ZERO: Self = Self {
        closed: Parts::ZERO,
        low: BigInt::ZERO,
        inexact: 0,
        current: None,
    };

    /// Adds `numerator / (10^54 * denominator)` base units. The numerator may be negative.
    pub fn add(&mut self, numerator: BigInt, denominator: Denominator) {
        if numerator.is_zero() {
            return;
        }
        match &mut self.current {
            Some(entry) if entry.denominator == denominator => entry.numerator += numerator,
            _ => self.open(numerator, denominator),
        }
    }

    /// Adds whole base units, or takes them away.
    pub fn add_coins(&mut self, coins: impl Into<BigInt>) {
        self.add(coins.into() * pow10(NUMERATOR_PLACES), Denominator::ONE);
    }

    /// Adds another sum.
    pub fn add_sum(&mut self, other: &Self) {
        for (denominator, numerator) in other.entries() {
            self.add(numerator.clone(), denominator);
        }
    }

    /// Takes another sum away.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (denominator, numerator) in other.entries() {
            self.add(-numerator, denominator);
        }
    }

    /// `amount / whole` of a sum whose every fraction is `whole` times something.
    pub(crate) fn part(&self, amount: u128, whole: u128) -> Self {
        let mut part = Self::default();
        for (denominator, numerator) in self.entries() {
            let (one, rest) = numerator.div_rem(&whole.into());
            debug_assert!(rest.is_zero(), "{numerator} is not a multiple of {whole}");
            part.add(one * amount, denominator);
        }
        part
    }

    /// The value in base units, reduced.
    ///
    /// Brings all fractions to a common denominator, which is slow for a sum over many different
    /// ones. Where a comparison or a floor will do, ask for that.
    pub fn value(&self) -> BigRational {
        self.parts().value()
    }

    /// Compares the value with whole base units.
    pub fn cmp_coins(&self, coins: &BigInt) -> Ordering {
        self.cmp_scaled(coins, 0)
    }

    /// Compares the value with whole points (10^-36 base units).
    pub fn cmp_points(&self, points: &BigInt) -> Ordering {
        self.cmp_scaled(points, POINT_PLACES)
    }

    /// The value in whole base units, rounded down.
    pub fn floor_coins(&self) -> BigInt {
        self.floor_scaled(0)
    }

    /// The value in whole points (10^-36 base units), rounded down.
    pub fn floor_points(&self) -> BigInt {
        self.floor_scaled(POINT_PLACES)
    }

    /// The value in whole parts of 10^-54 base units, rounded down.
    pub fn floor_parts(&self) -> BigInt {
        self.floor_scaled(NUMERATOR_PLACES)
    }

    /// The value less so many points, in base units, reduced. As slow as [`Self::value`].
    pub fn minus_points(&self, points: &BigInt) -> BigRational {
        let mut parts = self.parts();
        parts.add(
            &(-points * pow10(NUMERATOR_PLACES - POINT_PLACES)),
            Denominator::ONE,
        );
        parts.value()
    }

    /// Adds the entries to a plain collection.
    pub(crate) fn add_to(&self, parts: &mut Parts) {
        for (denominator, numerator) in self.entries() {
            parts.add(numerator, denominator);
        }
    }

    fn entries(&self) -> impl Iterator<Item = (Denominator, &BigInt)> {
        let current = self.current.iter();
        let current = current.map(|entry| (entry.denominator, &entry.numerator));
        self.closed.iter().chain(current)
    }

    fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        self.add_to(&mut parts);
        parts
    }

    /// Makes another denominator the current one, with what was added to it before.
    fn open(&mut self, numerator: BigInt, denominator: Denominator) {
        if let Some(entry) = self.current.take() {
            let floor = entry.floor();
            self.low += floor.value;
            self.inexact += floor.inexact;
            self.closed.add(&entry.numerator, entry.denominator);
        }
        let mut entry = Entry {
            numerator,
            denominator,
        };
        if let Some(before) = self.closed.take(denominator) {
            let before = Entry {
                numerator: before,
                denominator,
            };
            let floor = before.floor();
            self.low -= floor.value;
            self.inexact -= floor.inexact;
            entry.numerator += before.numerator;
        }
        self.current = Some(entry);
    }

    fn bounds(&self) -> Bounds {
        let mut low = self.low.clone();
        let mut inexact = self.inexact;
        if let Some(entry) = &self.current {
            let floor = entry.floor();
            low += floor.value;
            inexact += floor.inexact;
        }
        let high = &low + inexact;
        Bounds { low, high }
    }

    /// Compares the value with `amount * 10^-places` base units.
    fn cmp_scaled(&self, amount: &BigInt, places: u32) -> Ordering {
        let amount = amount * pow10(NUMERATOR_PLACES - places);
        let bounds = self.bounds();
        let guarded = &amount << GUARD_BITS;
        let low = bounds.low.cmp(&guarded);
        if low == bounds.high.cmp(&guarded) {
            return low;
        }
        let exact = self.parts().quotient();
        exact.numerator.cmp(&(amount * exact.denominator))
    }

    /// The value in 10^-places base units, rounded down.
    fn floor_scaled(&self, places: u32) -> BigInt {
        let unit = pow10(NUMERATOR_PLACES - places);
        let bounds = self.bounds();
        let guarded = &unit << GUARD_BITS;
        let low = bounds.low.div_floor(&guarded);
        if low == bounds.high.div_floor(&guarded) {
            return low;
        }
        let exact = self.parts().quotient();
        exact.numerator.div_floor(&(unit * exact.denominator))
    }
}
