//! Comparisons of the system under test with the ledger, and the ledger's own sums.

use num_bigint::BigInt;
use num_traits::Zero;

use super::{GaugeLedger, GaugeLedgerError, LockId, NotConserved};
use crate::exact::{Denominator, NUMERATOR_PLACES, POINT_PLACES, Parts, pow10};

/// The rewards that a system holds for a lock in one denom: earned through the last epoch that is
/// over, and not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockHolding<'a> {
    /// The lock.
    pub lock: LockId,
    /// The denom.
    pub denom: &'a str,
    /// Points (10^-36 base units).
    pub points: &'a BigInt,
}

impl GaugeLedger {
    /// Compares what a system holds for a lock with the exact reward: the difference is within
    /// [`Self::terms`].
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`](super::ClaimError::TooMuch),
    /// [`ClaimError::TooLittle`](super::ClaimError::TooLittle).
    pub fn check_points(&self, holding: &LockHolding<'_>) -> Result<(), GaugeLedgerError> {
        let tolerance = self.terms(holding.lock).tolerance();
        Ok(self.with_owed(holding.lock, holding.denom, |owed| {
            owed.check_points(holding.points, &tolerance)
        })?)
    }

    /// Compares the points that a system holds for the treasury with the exact share: they are
    /// above it by less than all locks together may hold less than theirs, and below it by less
    /// than locks that were split off may hold more.
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`](super::ClaimError::TooMuch),
    /// [`ClaimError::TooLittle`](super::ClaimError::TooLittle).
    pub fn check_treasury(&self, denom: &str, points: &BigInt) -> Result<(), GaugeLedgerError> {
        Ok(self
            .treasury_owed(denom)
            .check_points(points, &self.treasury_tolerance())?)
    }

    /// Checks for every denom that the rewards of all locks, the treasury's share, what gauges have
    /// not distributed add up to exactly what came in and did not return.
    ///
    /// # Errors
    /// [`GaugeLedgerError::NotConserved`].
    pub fn check_conservation(&self) -> Result<(), GaugeLedgerError> {
        for (id, denom) in self.received.denoms().enumerate() {
            let mut shares = Parts::default();
            for reward in self.locks.values().filter_map(|it| it.rewards.get(id)) {
                reward.accrued.add_to(&mut shares);
                reward.since.add_to(&mut shares);
            }
            if let Some(treasury) = self.treasury.get(id) {
                treasury.accrued.add_to(&mut shares);
            }
            let pots = self.gauges.values().flat_map(|it| &it.pots);
            let undistributed: BigInt = pots.filter(|it| it.denom == id).map(|it| &it.left).sum();
            let points = undistributed - self.received.amount(id) * pow10(POINT_PLACES);
            let parts = points * pow10(NUMERATOR_PLACES - POINT_PLACES);
            shares.add(&parts, Denominator::ONE);

            let difference = shares.value();
            if !difference.is_zero() {
                return Err(GaugeLedgerError::NotConserved(NotConserved {
                    denom: denom.to_owned(),
                    difference: Box::new(difference),
                }));
            }
        }
        Ok(())
    }
}
