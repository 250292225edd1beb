//! Claims about the system under test, and the ledger's own.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Zero;

use super::{
    FeeLedger, LedgerError, Recipient,
    exact_sum::POINT_PLACES,
    parts::{Denominator, NUMERATOR_PLACES, Parts, pow10},
    records::Accounts,
};

/// The whole base units that a system may pay a recipient, or have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutRange {
    /// The least.
    pub least: u128,
    /// The most.
    pub most: u128,
}

/// How far from the exact share a system may be, in points (10^-36 base units).
struct Tolerance {
    above: BigInt,
    below: BigInt,
}

impl FeeLedger {
    /// Holds the points (10^-36 base units) that a system keeps for a recipient, as not yet paid,
    /// against the exact share: not above it, and below it by nothing or by less than the bound.
    /// For the community pool the other way round, since it has what the others fall short.
    ///
    /// # Errors
    /// [`LedgerError::TooMuch`], [`LedgerError::TooLittle`].
    pub fn check_points(
        &self,
        recipient: Recipient<'_>,
        denom: &str,
        points: &BigInt,
    ) -> Result<(), LedgerError> {
        let tolerance = self.tolerance(recipient);
        let off = || self.unpaid_less(recipient, denom, points);
        match self.cmp_unpaid(recipient, denom, points) {
            Ordering::Equal => Ok(()),
            Ordering::Less => {
                let least_owed = points - tolerance.above;
                if self.cmp_unpaid(recipient, denom, &least_owed) == Ordering::Greater {
                    return Ok(());
                }
                Err(LedgerError::TooMuch {
                    recipient: recipient.to_string(),
                    denom: denom.to_owned(),
                    excess: Box::new(-off()),
                })
            }
            Ordering::Greater => {
                let most_owed = points + &tolerance.below;
                if self.cmp_unpaid(recipient, denom, &most_owed) == Ordering::Less {
                    return Ok(());
                }
                Err(LedgerError::TooLittle {
                    recipient: recipient.to_string(),
                    denom: denom.to_owned(),
                    shortfall: Box::new(off()),
                    bound: Box::new(BigRational::new(tolerance.below, pow10(POINT_PLACES))),
                })
            }
        }
    }

    /// The whole base units that a system may pay a recipient now: from the floor of the exact
    /// share less the bound to the floor of the exact share. For the community pool from the floor
    /// of the exact share to the floor of it and the bound.
    pub fn payout(&self, recipient: Recipient<'_>, denom: &str) -> PayoutRange {
        let tolerance = self.tolerance(recipient);
        let points = self.floor_points(recipient, denom);
        // The bounds are whole points, so that flooring to points first changes nothing.
        let coins = |points: BigInt| {
            u128::try_from(points.div_floor(&pow10(POINT_PLACES))).unwrap_or_default()
        };
        PayoutRange {
            least: coins(&points - tolerance.below),
            most: coins(points + tolerance.above),
        }
    }

    /// Checks for every denom that all shares ever earned, those of the community pool included,
    /// are exactly what was received.
    ///
    /// Visits every fraction of every recipient: for the end of a run, or every some hundred
    /// blocks of a long one.
    ///
    /// # Errors
    /// [`LedgerError::NotConserved`].
    pub fn check_conservation(&self) -> Result<(), LedgerError> {
        for (id, denom) in self.denoms.iter().enumerate() {
            let mut shares = Parts::default();
            let mut whole = -BigInt::from(self.received[id]);
            for account in self.all_accounts().filter_map(|it| it.get(id)) {
                account.earned.add_to(&mut shares);
                // What earlier records were not paid is with the community pool.
                whole += account.paid_before;
            }
            shares.add(&(whole * pow10(NUMERATOR_PLACES)), Denominator::ONE);

            let difference = shares.value();
            if !difference.is_zero() {
                return Err(LedgerError::NotConserved {
                    denom: denom.to_owned(),
                    difference: Box::new(difference),
                });
            }
        }
        Ok(())
    }

    fn all_accounts(&self) -> impl Iterator<Item = &Accounts> {
        let others = self.validators.iter().flat_map(|it| {
            let delegations = it.delegations.iter().map(|each| &each.accounts);
            delegations.chain([&it.operator])
        });
        others.chain([&self.community])
    }

    fn tolerance(&self, recipient: Recipient<'_>) -> Tolerance {
        let bound = self.bound_points(recipient);
        if recipient == Recipient::CommunityPool {
            Tolerance {
                above: bound,
                below: BigInt::zero(),
            }
        } else {
            Tolerance {
                above: BigInt::zero(),
                below: bound,
            }
        }
    }

    /// Compares what is exactly owed with so many points.
    fn cmp_unpaid(&self, recipient: Recipient<'_>, denom: &str, points: &BigInt) -> Ordering {
        match self.account(recipient, denom) {
            Some(it) => it
                .earned
                .cmp_points(&(it.paid * pow10(POINT_PLACES) + points)),
            None => BigInt::zero().cmp(points),
        }
    }
}
