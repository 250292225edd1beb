//! A system's pools and weights against the exact ones.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{CcvLedgerError, ClaimError, ConsumerLedger, PoolBound, floor_points, split::Weight};
use crate::exact::{POINT_PLACES, pow10};

/// An amount that a system has for a validator.
struct Claim<'a> {
    validator: &'a str,
    denom: &'a str,
    exact: &'a BigRational,
    points: &'a BigInt,
    bound: &'a PoolBound,
}

impl Claim<'_> {
    /// Compares integers, which saves reducing fractions in what is called most.
    fn check(&self) -> Result<(), ClaimError> {
        // All in points, times the denominator.
        let denominator = self.exact.denom();
        let excess = self.points * denominator - self.exact.numer() * pow10(POINT_PLACES);
        let above = self.bound.points_above() * denominator;
        let below = self.bound.points_below() * denominator;
        let in_base_units = |it: BigInt| BigRational::new(it, denominator * pow10(POINT_PLACES));
        if excess > BigInt::ZERO && excess >= above {
            return Err(ClaimError::TooMuch {
                recipient: self.validator.to_owned(),
                denom: self.denom.to_owned(),
                excess: Box::new(in_base_units(excess)),
            });
        }
        let shortfall = -excess;
        if shortfall > BigInt::ZERO && shortfall >= below {
            return Err(ClaimError::TooLittle {
                recipient: self.validator.to_owned(),
                denom: self.denom.to_owned(),
                shortfall: Box::new(in_base_units(shortfall)),
                bound: Box::new(in_base_units(below)),
            });
        }
        Ok(())
    }
}

impl ConsumerLedger {
    /// Holds a system's open pool of a validator against the exact one.
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`], [`ClaimError::TooLittle`].
    pub fn check_pool(
        &self,
        denom: &str,
        validator: &str,
        points: &BigInt,
    ) -> Result<(), CcvLedgerError> {
        let claim = Claim {
            validator,
            denom,
            exact: &self.pool(denom, validator),
            points,
            bound: &self.bound(denom, validator),
        };
        Ok(claim.check()?)
    }

    /// Holds the weights of a system's unit against the exact ones: of every validator that has
    /// one in either. A weight that was left out is 0.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`ClaimError::TooMuch`], [`ClaimError::TooLittle`].
    pub fn check_weights(&self, denom: &str, weights: &[Weight]) -> Result<(), CcvLedgerError> {
        let unit = self.unit(denom)?;
        let mut claimed: BTreeMap<&str, BigInt> = BTreeMap::new();
        for name in unit.pools.keys() {
            claimed.insert(name, BigInt::ZERO);
        }
        for weight in weights {
            *claimed.entry(&weight.validator).or_default() += &weight.points;
        }
        for (validator, points) in claimed {
            let pool = unit.pools.get(validator).cloned().unwrap_or_default();
            let claim = Claim {
                validator,
                denom,
                exact: &pool.amount,
                points: &points,
                bound: &PoolBound {
                    held_back: pool.held_back,
                    passed_on: unit.passed_on.clone(),
                },
            };
            claim.check()?;
        }
        Ok(())
    }

    /// Holds all that a system has of the provider's part of a denom (open pools, the carry, what
    /// is pending, and the weights of a unit whose tokens are not counted yet) against the exact
    /// ledger. It must be equal: what is rounded off somewhere is somewhere else.
    ///
    /// # Errors
    /// [`CcvLedgerError::Held`], [`CcvLedgerError::NotConserved`].
    pub fn check_held(&self, denom: &str, points: &BigInt) -> Result<(), CcvLedgerError> {
        let totals = self.totals(denom);
        totals.check()?;
        let expected = floor_points(&totals.held());
        if *points != expected {
            return Err(CcvLedgerError::Held {
                denom: denom.to_owned(),
                found: points.clone(),
                expected,
            });
        }
        Ok(())
    }
}
