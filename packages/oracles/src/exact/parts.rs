//! Fractions added without ever being brought to a common denominator, until that is asked for.

use std::{
    collections::BTreeMap,
    num::{NonZeroU64, NonZeroU128},
};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Zero};

/// Numerators count 10^-54 base units: a share is a product of at most three rates of 18 places
/// (in the fee pool those of the params, the equal share and the commission), so that with this
/// much taken out of every denominator all numerators are whole.
pub(crate) const NUMERATOR_PLACES: u32 = 54;

/// 10 to the power of `places`.
pub(crate) fn pow10(places: u32) -> BigInt {
    BigInt::from(10_u8).pow(places)
}

/// What a share is divided by, besides powers of ten: `total_power^2 * validators * units`.
///
/// A share of a block's fees in the fee pool needs all three. The total power divides twice: once
/// in the part of the votes, which depends on the fraction of the power that signed, and once in
/// the validator's part of them. Where a share is a part of a single division by what all have
/// together (power at a checkpoint, the stake of a gauge's pool) that is the `units`, see
/// [`Self::units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Denominator {
    /// What all that share have together: units of all delegations of a validator, the total
    /// power at a checkpoint, the stake of a pool of gauges.
    pub units: NonZeroU128,
    /// Power of all validators.
    pub total_power: NonZeroU64,
    /// Number of validators with power.
    pub validators: NonZeroU64,
}

impl Denominator {
    /// Divides by nothing.
    pub const ONE: Self = Self {
        units: NonZeroU128::MIN,
        total_power: NonZeroU64::MIN,
        validators: NonZeroU64::MIN,
    };

    /// Divides by these units alone.
    pub const fn units(units: NonZeroU128) -> Self {
        Self { units, ..Self::ONE }
    }

    /// The same without the division by units.
    pub(crate) fn without_units(self) -> Self {
        Self {
            units: NonZeroU128::MIN,
            ..self
        }
    }

    fn block_factor(self) -> BigInt {
        let total_power = u128::from(self.total_power.get());
        BigInt::from(total_power * total_power) * self.validators.get()
    }

    fn units_factor(self) -> BigInt {
        BigInt::from(self.units.get())
    }

    /// The product.
    pub(crate) fn value(self) -> BigInt {
        self.block_factor() * self.units.get()
    }
}

/// A sum of fractions: for each denominator the sum of the numerators, in 10^-54 base units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    numerators: BTreeMap<Denominator, BigInt>,
}

impl Parts {
    /// Nothing.
    pub const ZERO: Self = Self {
        numerators: BTreeMap::new(),
    };

    pub fn add(&mut self, numerator: &BigInt, denominator: Denominator) {
        if !numerator.is_zero() {
            *self.numerators.entry(denominator).or_default() += numerator;
        }
    }

    /// Takes the entry of one denominator out.
    pub fn take(&mut self, denominator: Denominator) -> Option<BigInt> {
        self.numerators.remove(&denominator)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Denominator, &BigInt)> {
        self.numerators.iter().map(|(&key, value)| (key, value))
    }

    /// The whole sum as one fraction, not reduced, in 10^-54 base units.
    ///
    /// Entries that are whole after all are added up first: over all recipients of a block
    /// everything cancels, and nothing is left to bring to a common denominator.
    pub fn quotient(&self) -> Quotient {
        let whole = self.cancel();
        let mut by_units: BTreeMap<NonZeroU128, Vec<Quotient>> = BTreeMap::new();
        for (denominator, numerator) in whole.iter() {
            by_units
                .entry(denominator.units)
                .or_default()
                .push(Quotient {
                    numerator: numerator.clone(),
                    denominator: denominator.block_factor(),
                });
        }
        Quotient::sum(
            by_units
                .into_iter()
                .map(|(units, parts)| {
                    let mut sum = Quotient::sum(parts);
                    sum.denominator *= units.get();
                    sum
                })
                .collect(),
        )
    }

    /// The sum in base units, reduced.
    pub fn value(&self) -> BigRational {
        let exact = self.quotient();
        BigRational::new(exact.numerator, exact.denominator * pow10(NUMERATOR_PLACES))
    }

    /// The same sum with every entry that its denominator's units divide moved to the denominator
    /// without them, and then every one that the rest divides to 1.
    fn cancel(&self) -> Self {
        let mut over_blocks = Self::default();
        for (denominator, numerator) in self.iter() {
            let (quotient, rest) = numerator.div_rem(&denominator.units_factor());
            if rest.is_zero() {
                over_blocks.add(&quotient, denominator.without_units());
            } else {
                over_blocks.add(numerator, denominator);
            }
        }
        let mut whole = Self::default();
        for (denominator, numerator) in over_blocks.iter() {
            let (quotient, rest) = numerator.div_rem(&denominator.value());
            if rest.is_zero() {
                whole.add(&quotient, Denominator::ONE);
            } else {
                whole.add(numerator, denominator);
            }
        }
        whole
    }
}

/// A fraction that is not reduced. The denominator is positive.
#[derive(Clone, Debug)]
pub(crate) struct Quotient {
    pub numerator: BigInt,
    pub denominator: BigInt,
}

impl Quotient {
    /// Adds in a balanced tree, so that large numbers meet only numbers of their size.
    fn sum(mut parts: Vec<Self>) -> Self {
        while parts.len() > 1 {
            parts = parts.chunks(2).map(Self::sum_of_pair).collect();
        }
        parts.pop().unwrap_or(Self {
            numerator: BigInt::ZERO,
            denominator: BigInt::one(),
        })
    }

    fn sum_of_pair(pair: &[Self]) -> Self {
        match pair {
            [a, b] if a.denominator == b.denominator => Self {
                numerator: &a.numerator + &b.numerator,
                denominator: a.denominator.clone(),
            },
            [a, b] => Self {
                numerator: &a.numerator * &b.denominator + &b.numerator * &a.denominator,
                denominator: &a.denominator * &b.denominator,
            },
            rest => rest[0].clone(),
        }
    }
}
