//! Whole coins.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Uint128, Uint256};

use crate::{MathError, Points, compact};

/// A number of base units of one asset, below 2^128.
///
/// ```
/// use distribution_math::Coins;
///
/// let sum = Coins::new(2).checked_add(Coins::new(3)).unwrap();
/// assert_eq!(sum.to_string(), "5");
/// assert_eq!(Coins::of_points(sum.points()).unwrap(), sum);
/// assert!(Coins::new(2).checked_sub(sum).is_err());
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct Coins(
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")] u128,
);

impl Coins {
    /// No base units.
    pub const ZERO: Coins = Coins(0);

    /// A number of base units.
    pub const fn new(amount: u128) -> Self {
        Coins(amount)
    }

    /// How many base units.
    pub const fn amount(self) -> u128 {
        self.0
    }

    /// Whether there are none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The same amount in points.
    pub fn points(self) -> Points {
        Points::from_coins(self.0)
    }

    /// The whole coins in an amount of points, rounded down.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] from 2^128 on.
    pub fn of_points(points: Points) -> Result<Self, MathError> {
        Coins::of_amount(points.whole_coins())
    }

    /// Base units of any size.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] from 2^128 on.
    pub fn of_amount(amount: Uint256) -> Result<Self, MathError> {
        Uint128::try_from(amount)
            .map(|coins| Coins(coins.u128()))
            .map_err(|_| MathError::CoinsBound { amount })
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] from 2^128 on.
    pub fn checked_add(self, coins: Self) -> Result<Self, MathError> {
        Coins::of_amount(Uint256::from(self.0).saturating_add(coins.0.into()))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when there are fewer.
    pub fn checked_sub(self, coins: Self) -> Result<Self, MathError> {
        let left = self.0.checked_sub(coins.0).map(Coins);
        left.ok_or_else(|| MathError::Underflow {
            left: self.0.into(),
            right: coins.0.into(),
        })
    }

    /// Adds coins.
    ///
    /// # Errors
    /// As [`Coins::checked_add`].
    pub fn increase(&mut self, coins: Self) -> Result<(), MathError> {
        *self = self.checked_add(coins)?;
        Ok(())
    }

    /// Takes coins out.
    ///
    /// # Errors
    /// As [`Coins::checked_sub`].
    pub fn decrease(&mut self, coins: Self) -> Result<(), MathError> {
        *self = self.checked_sub(coins)?;
        Ok(())
    }
}

impl fmt::Display for Coins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
