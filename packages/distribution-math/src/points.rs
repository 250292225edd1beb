//! Points: the unit of every amount inside a contract.

use std::fmt;

use cosmwasm_std::{Decimal256, Uint256};

use crate::{
    MathError, MathFault, Rate,
    wide::{mul_div_floor, narrow},
};

/// Points in one base unit of a denom: 10^36.
///
/// 18 decimals are not enough for a reward index: 10^8 base units shared by 5 * 10^26 staked ones
/// would round to nothing.
pub const POINTS_PER_COIN: Uint256 =
    Uint256::new(1_000_000_000_000_000_000_000_000_000_000_000_000);

/// Points in 10^-18 base units, the smallest amount that a message or query shows.
const POINTS_PER_ATOMIC: Uint256 = Uint256::new(1_000_000_000_000_000_000);

/// A whole number of points of one denom; one base unit is 10^36 points.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::Points;
///
/// let owed = Points::from_coins(3).checked_add(Points::new(Uint256::from(1u128))).unwrap();
/// assert_eq!(owed.whole_coins(), Uint256::from(3u128));
/// assert_eq!(owed.fraction(), Points::new(Uint256::from(1u128)));
/// assert_eq!(owed.to_decimal().to_string(), "3"); // floored to 18 decimals
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(Uint256);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(Uint256::zero());
    /// The smallest amount, 10^-36 base units.
    pub const ONE: Points = Points(Uint256::one());

    /// From a number of points.
    pub const fn new(points: Uint256) -> Self {
        Points(points)
    }

    /// From whole base units. Exact for every `u128`: 2^128 * 10^36 is below 2^248.
    pub fn from_coins(coins: u128) -> Self {
        // Cannot wrap by the bound above.
        Points(Uint256::from(coins).wrapping_mul(POINTS_PER_COIN))
    }

    /// From whole base units of any size.
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] from 2^128 base units upwards.
    pub fn try_from_coins(coins: Uint256) -> Result<Self, MathError> {
        narrow(coins)
            .map(Points::from_coins)
            .ok_or_else(|| MathFault::CoinsBound { amount: coins }.into())
    }

    /// From base units with 18 decimals, exact: how an amount is imported.
    ///
    /// ```
    /// use distribution_math::Points;
    ///
    /// let fees = Points::try_from_decimal("100.7543".parse().unwrap()).unwrap();
    /// assert_eq!(fees.whole_coins().to_string(), "100");
    /// assert_eq!(fees.fraction().to_decimal().to_string(), "0.7543");
    /// ```
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] from 2^128 base units upwards.
    pub fn try_from_decimal(amount: Decimal256) -> Result<Self, MathError> {
        Points::try_from_coins(amount.to_uint_floor())?;
        // Below 2^128 base units, so below 2^248 points.
        Ok(Points(amount.atomics().wrapping_mul(POINTS_PER_ATOMIC)))
    }

    /// The number of points.
    pub const fn value(self) -> Uint256 {
        self.0
    }

    /// Whether there are none.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The whole base units in it, floored: what can be paid.
    pub fn whole_coins(self) -> Uint256 {
        self.0.checked_div(POINTS_PER_COIN).unwrap_or_default()
    }

    /// What [`Points::whole_coins`] leaves: below one base unit.
    pub fn fraction(self) -> Self {
        Points(self.0.checked_rem(POINTS_PER_COIN).unwrap_or_default())
    }

    /// Base units with 18 decimals, floored: how the amount is shown.
    pub fn to_decimal(self) -> Decimal256 {
        Decimal256::new(self.0.checked_div(POINTS_PER_ATOMIC).unwrap_or_default())
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MathFault::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MathError> {
        self.0.checked_add(other.0).map(Points).map_err(|_| {
            MathFault::Overflow {
                operation: "addition",
                left: self.0,
                right: other.0,
            }
            .into()
        })
    }

    /// Sum, the largest number of points when it does not fit: for display only, since a sum of
    /// amounts that a pool has received always fits.
    pub fn saturating_add(self, other: Self) -> Self {
        Points(self.0.saturating_add(other.0))
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MathFault::Underflow`] when `other` is greater.
    pub fn checked_sub(self, other: Self) -> Result<Self, MathError> {
        self.0.checked_sub(other.0).map(Points).map_err(|_| {
            MathFault::Underflow {
                left: self.0,
                right: other.0,
            }
            .into()
        })
    }

    /// Difference, 0 when `other` is greater.
    pub fn saturating_sub(self, other: Self) -> Self {
        Points(self.0.saturating_sub(other.0))
    }

    /// `units` times the amount, exact.
    ///
    /// # Errors
    /// [`MathFault::Overflow`] when that does not fit into 256 bits.
    pub fn checked_mul(self, units: u128) -> Result<Self, MathError> {
        let units = Uint256::from(units);
        self.0.checked_mul(units).map(Points).map_err(|_| {
            MathFault::Overflow {
                operation: "multiplication",
                left: self.0,
                right: units,
            }
            .into()
        })
    }

    /// `floor(points * rate)`, with the product in 512 bits.
    pub fn mul_rate_floor(self, rate: Rate) -> Self {
        // A rate is at most 1, so the result is at most `self`.
        Points(
            mul_div_floor(
                self.0,
                Uint256::from(rate.atomics()),
                Uint256::from(Rate::ATOMICS_PER_ONE),
            )
            .unwrap_or_default(),
        )
    }

    /// `floor(points * numerator / denominator)`, with the product in 512 bits: multiplied first,
    /// divided once.
    ///
    /// ```
    /// use cosmwasm_std::Uint256;
    /// use distribution_math::Points;
    ///
    /// let number = |number: u128| Uint256::from(number);
    /// let third = Points::from_coins(10).mul_ratio_floor(number(1), number(3)).unwrap();
    /// assert_eq!(third.to_decimal().to_string(), "3.333333333333333333");
    /// ```
    ///
    /// # Errors
    /// [`MathFault::DivisionByZero`] for a denominator of 0; [`MathFault::Overflow`] when the
    /// result does not fit into 256 bits.
    pub fn mul_ratio_floor(
        self,
        numerator: Uint256,
        denominator: Uint256,
    ) -> Result<Self, MathError> {
        mul_div_floor(self.0, numerator, denominator).map(Points)
    }

    /// Sum of several amounts.
    ///
    /// # Errors
    /// [`MathFault::Overflow`].
    pub fn sum(amounts: impl IntoIterator<Item = Points>) -> Result<Self, MathError> {
        amounts
            .into_iter()
            .try_fold(Points::ZERO, Points::checked_add)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
