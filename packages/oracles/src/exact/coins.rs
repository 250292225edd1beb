//! Whole base units, and what a system may hold or pay.

use num_bigint::BigInt;
use num_integer::Integer;

use super::{POINT_PLACES, pow10};

/// An amount of one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DenomAmount<'a> {
    /// The denom.
    pub denom: &'a str,
    /// Base units.
    pub amount: u128,
}

/// The whole base units that a system may pay a recipient, or have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutRange {
    /// The least.
    pub least: u128,
    /// The most.
    pub most: u128,
}

impl PayoutRange {
    /// Whether so many base units are neither too few nor too many.
    pub const fn contains(&self, coins: u128) -> bool {
        self.least <= coins && coins <= self.most
    }
}

/// The points (10^-36 base units) that a system may hold for a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsRange {
    /// The least.
    pub least: BigInt,
    /// The most.
    pub most: BigInt,
}

impl PointsRange {
    /// The least and the most, rounded down to so many decimal places of a base unit, in units of
    /// the last of them; at most 36 places.
    #[must_use]
    pub fn rounded(&self, places: u32) -> Self {
        let unit = pow10(POINT_PLACES - places);
        PointsRange {
            least: self.least.div_floor(&unit),
            most: self.most.div_floor(&unit),
        }
    }

    /// The whole base units in it; nothing is less than 0 of them.
    pub fn coins(&self) -> PayoutRange {
        let whole = self.rounded(0);
        let coins = |amount: BigInt| u128::try_from(amount).unwrap_or_default();
        PayoutRange {
            least: coins(whole.least),
            most: coins(whole.most),
        }
    }
}
