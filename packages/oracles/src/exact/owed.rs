//! What a recipient is owed of one denom, and whether a system's numbers agree with it.

use std::{cmp::Ordering, fmt::Display};

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{ClaimError, ExactSum, POINT_PLACES, PayoutRange, PointsRange, pow10};

/// How far from the exact share a system may be, in points (10^-36 base units): not at all, or by
/// less than this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tolerance {
    /// Above the exact share.
    pub above: BigInt,
    /// Below the exact share.
    pub below: BigInt,
}

/// What a recipient earned of a denom and was paid of it.
#[derive(Clone, Copy)]
pub(crate) struct Owed<'a> {
    /// Who, for errors.
    pub recipient: &'a dyn Display,
    /// The denom.
    pub denom: &'a str,
    /// All that was earned.
    pub earned: &'a ExactSum,
    /// Base units paid of it.
    pub paid: u128,
}

impl Owed<'_> {
    /// What is owed in base units, less so many points.
    pub fn less_points(&self, points: &BigInt) -> BigRational {
        self.earned.minus_points(&self.beyond_paid(points))
    }

    /// Compares what is owed with so many points.
    pub fn cmp_points(&self, points: &BigInt) -> Ordering {
        self.earned.cmp_points(&self.beyond_paid(points))
    }

    /// What is owed in whole points, rounded down.
    pub fn floor_points(&self) -> BigInt {
        self.earned.floor_points() - self.paid * pow10(POINT_PLACES)
    }

    /// What is owed in whole base units, rounded down. 0 where more was paid than the exact share,
    /// as far as roundings can explain.
    pub fn floor_coins(&self) -> u128 {
        u128::try_from(self.earned.floor_coins() - self.paid).unwrap_or(0)
    }

    /// Holds the points that a system keeps as not yet paid against what is owed: neither above it
    /// nor below it but by less than the tolerance.
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`], [`ClaimError::TooLittle`].
    pub fn check_points(&self, points: &BigInt, tolerance: &Tolerance) -> Result<(), ClaimError> {
        match self.cmp_points(points) {
            Ordering::Equal => Ok(()),
            Ordering::Less => {
                let least_owed = points - &tolerance.above;
                if self.cmp_points(&least_owed) == Ordering::Greater {
                    return Ok(());
                }
                Err(ClaimError::TooMuch {
                    recipient: self.recipient.to_string(),
                    denom: self.denom.to_owned(),
                    excess: Box::new(-self.less_points(points)),
                })
            }
            Ordering::Greater => {
                let most_owed = points + &tolerance.below;
                if self.cmp_points(&most_owed) == Ordering::Less {
                    return Ok(());
                }
                Err(ClaimError::TooLittle {
                    recipient: self.recipient.to_string(),
                    denom: self.denom.to_owned(),
                    shortfall: Box::new(self.less_points(points)),
                    bound: Box::new(BigRational::new(
                        tolerance.below.clone(),
                        pow10(POINT_PLACES),
                    )),
                })
            }
        }
    }

    /// The points that a system may hold as not yet paid: from the floor of what is owed less the
    /// tolerance below to the floor of what is owed and the tolerance above.
    pub fn points(&self, tolerance: &Tolerance) -> PointsRange {
        // The tolerances are whole points, so that flooring first changes nothing.
        let points = self.floor_points();
        PointsRange {
            least: &points - &tolerance.below,
            most: points + &tolerance.above,
        }
    }

    /// The whole base units that a system may pay now: those of [`Self::points`].
    pub fn payout(&self, tolerance: &Tolerance) -> PayoutRange {
        self.points(tolerance).coins()
    }

    /// Checks that a payment is not above what is owed and the tolerance.
    ///
    /// # Errors
    /// [`ClaimError::Overpaid`].
    pub fn check_payment(&self, coins: u128, tolerance: &Tolerance) -> Result<(), ClaimError> {
        let needed = coins * pow10(POINT_PLACES) - &tolerance.above;
        if self.cmp_points(&needed) == Ordering::Less {
            let owed = self.less_points(&BigInt::ZERO);
            return Err(ClaimError::Overpaid {
                recipient: self.recipient.to_string(),
                denom: self.denom.to_owned(),
                coins,
                excess: Box::new(BigRational::from(BigInt::from(coins)) - owed),
            });
        }
        Ok(())
    }

    /// Checks that a payment of all that is owed is neither above nor below what roundings can
    /// explain.
    ///
    /// # Errors
    /// [`ClaimError::Overpaid`], [`ClaimError::Underpaid`].
    pub fn check_full_payment(&self, coins: u128, tolerance: &Tolerance) -> Result<(), ClaimError> {
        self.check_payment(coins, tolerance)?;
        let least = self.payout(tolerance).least;
        if coins < least {
            return Err(ClaimError::Underpaid {
                recipient: self.recipient.to_string(),
                denom: self.denom.to_owned(),
                coins,
                least,
            });
        }
        Ok(())
    }

    /// Points beyond all that was paid.
    fn beyond_paid(&self, points: &BigInt) -> BigInt {
        self.paid * pow10(POINT_PLACES) + points
    }
}
