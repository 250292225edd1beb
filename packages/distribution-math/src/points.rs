//! Points: the unit of every amount inside a contract.

use std::fmt;

use cosmwasm_std::{CheckedMultiplyRatioError, Decimal256, Uint128, Uint256};

use crate::{MathError, Rate};

/// 10^36, below 2^120.
const PER_COIN: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

/// 10^18: the points in 10^-18 base units, the smallest amount that a message or query shows.
const PER_ATOMIC: u128 = 1_000_000_000_000_000_000;

/// The points in one base unit of a denom: 10^36.
///
/// 18 decimals would be too few for a reward index: 10^8 base units divided among 5 * 10^26 staked
/// ones would round to nothing.
pub const POINTS_PER_COIN: Uint256 = Uint256::new(PER_COIN);

/// A whole number of points of one denom. One base unit is 10^36 points.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::Points;
///
/// let owed = Points::from_coins(3).checked_add(Points::new(Uint256::from(1u128))).unwrap();
/// assert_eq!(owed.whole_coins(), Uint256::from(3u128));
/// assert_eq!(owed.fraction(), Points::new(Uint256::from(1u128)));
/// assert_eq!(owed.to_decimal().to_string(), "3"); // rounded down to 18 decimals
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(Uint256);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(Uint256::zero());
    /// One point, the smallest amount: 10^-36 base units.
    pub const ONE: Points = Points(Uint256::one());

    /// Wraps a number of points.
    pub const fn new(points: Uint256) -> Self {
        Points(points)
    }

    /// Converts whole base units. Every `u128` fits: 2^128 * 10^36 is below 2^248.
    pub fn from_coins(coins: u128) -> Self {
        Points(Uint128::from(coins).full_mul(PER_COIN))
    }

    /// Converts whole base units of any size.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] from 2^128 base units on.
    pub fn try_from_coins(coins: Uint256) -> Result<Self, MathError> {
        Uint128::try_from(coins)
            .map(|coins| Points::from_coins(coins.u128()))
            .map_err(|_| MathError::CoinsBound { amount: coins })
    }

    /// Converts base units with 18 decimals, exactly.
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
    /// [`MathError::CoinsBound`] from 2^128 base units on.
    pub fn try_from_decimal(amount: Decimal256) -> Result<Self, MathError> {
        Points::try_from_coins(amount.to_uint_floor())?;
        Points(amount.atomics()).checked_mul(PER_ATOMIC)
    }

    /// The number of points.
    pub const fn value(self) -> Uint256 {
        self.0
    }

    /// Whether the amount is 0.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The amount in whole base units, rounded down: what can be paid.
    pub fn whole_coins(self) -> Uint256 {
        self.0.checked_div(POINTS_PER_COIN).unwrap_or_default()
    }

    /// The amount in whole base units, rounded up: what covers it.
    pub fn ceil_coins(self) -> Uint256 {
        let part_of_a_coin = u128::from(!self.fraction().is_zero());
        self.whole_coins()
            .saturating_add(Uint256::from(part_of_a_coin))
    }

    /// The part of the amount below one base unit, which [`Points::whole_coins`] leaves out.
    pub fn fraction(self) -> Self {
        Points(self.0.checked_rem(POINTS_PER_COIN).unwrap_or_default())
    }

    /// The amount in base units with 18 decimals, rounded down: what is shown.
    pub fn to_decimal(self) -> Decimal256 {
        let atomics = self.0.checked_div(Uint256::new(PER_ATOMIC));
        Decimal256::new(atomics.unwrap_or_default())
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if it exceeds 256 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, MathError> {
        self.0
            .checked_add(other.0)
            .map(Points)
            .map_err(|_| MathError::Overflow {
                operation: "addition",
                left: self.0,
                right: other.0,
            })
    }

    /// The sum, or the largest number of points if it exceeds 256 bits. For showing amounts only:
    /// amounts that were received always fit.
    pub fn saturating_add(self, other: Self) -> Self {
        Points(self.0.saturating_add(other.0))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MathError::Underflow`] if `other` is greater.
    pub fn checked_sub(self, other: Self) -> Result<Self, MathError> {
        self.0
            .checked_sub(other.0)
            .map(Points)
            .map_err(|_| MathError::Underflow {
                left: self.0,
                right: other.0,
            })
    }

    /// The difference, or 0 if `other` is greater.
    pub fn saturating_sub(self, other: Self) -> Self {
        Points(self.0.saturating_sub(other.0))
    }

    /// The amount times `units`, exactly.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if the product exceeds 256 bits.
    pub fn checked_mul(self, units: u128) -> Result<Self, MathError> {
        let units = Uint256::from(units);
        self.0
            .checked_mul(units)
            .map(Points)
            .map_err(|_| MathError::Overflow {
                operation: "multiplication",
                left: self.0,
                right: units,
            })
    }

    /// `floor(points * rate)`, with the product in 512 bits.
    pub fn mul_rate_floor(self, rate: Rate) -> Self {
        // A rate is at most 1, so the result is at most `self` and always fits.
        let product = self
            .0
            .checked_multiply_ratio(rate.atomics(), Rate::ATOMICS_PER_ONE);
        Points(product.unwrap_or_default())
    }

    /// `floor(points * numerator / denominator)`, with the product in 512 bits.
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
    /// [`MathError::DivisionByZero`] if the denominator is 0, [`MathError::Overflow`] if the result
    /// exceeds 256 bits.
    pub fn mul_ratio_floor(
        self,
        numerator: Uint256,
        denominator: Uint256,
    ) -> Result<Self, MathError> {
        self.0
            .checked_multiply_ratio(numerator, denominator)
            .map(Points)
            .map_err(|error| match error {
                CheckedMultiplyRatioError::DivideByZero => {
                    MathError::DivisionByZero { amount: self.0 }
                }
                CheckedMultiplyRatioError::Overflow => MathError::Overflow {
                    operation: "multiplication",
                    left: self.0,
                    right: numerator,
                },
            })
    }

    /// The sum of several amounts.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if it exceeds 256 bits.
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
