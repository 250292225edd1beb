//! Comparisons with the system under test, and the ledger's own equation.

use num_bigint::BigInt;
use num_traits::Zero;

use super::{NotConserved, PoaLedger, PoaLedgerError, PoaTotals};
use crate::exact::{Denominator, NUMERATOR_PLACES, POINT_PLACES, Parts, pow10};

/// What a system holds for an account in one denom, without undelivered payouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding<'a> {
    /// The account.
    pub account: &'a str,
    /// The denom.
    pub denom: &'a str,
    /// Points (10^-36 base units).
    pub points: &'a BigInt,
}

impl PoaLedger {
    /// Compares what a system allocated to an account at the checkpoints so far, and did not pay, with
    /// the exact `F_i`.
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`](super::ClaimError::TooMuch) and
    /// [`ClaimError::TooLittle`](super::ClaimError::TooLittle) beyond [`Self::bound_terms`].
    pub fn check_allocated(&self, holding: &Holding<'_>) -> Result<(), PoaLedgerError> {
        let owed = self.with_undelivered(&holding.account, holding.denom);
        Ok(owed.check_points(
            &self.points_with_undelivered(holding),
            &self.tolerance(holding.account),
        )?)
    }

    /// Compares what a system would hold for an account after a checkpoint now with the exact amount.
    ///
    /// # Errors
    /// Those of [`Self::check_allocated`].
    pub fn check_withdrawable(&self, holding: &Holding<'_>) -> Result<(), PoaLedgerError> {
        let points = self.points_with_undelivered(holding);
        let tolerance = self.tolerance_of_withdrawal(holding.account);
        Ok(self.with_pending(holding.account, holding.denom, |owed| {
            owed.check_points(&points, &tolerance)
        })?)
    }

    /// Compares a system's totals with the exact ones. No rounding is in either, so they must be equal
    /// to the last point.
    ///
    /// # Errors
    /// [`PoaLedgerError::Total`] for the first that differs.
    pub fn check_totals(&self, denom: &str, found: &PoaTotals) -> Result<(), PoaLedgerError> {
        let expected = self.totals(denom);
        let coins = |coins: u128| coins * pow10(POINT_PLACES);
        let pairs = [
            ("balance", coins(found.balance), coins(expected.balance)),
            ("allocated", found.allocated.clone(), expected.allocated),
            (
                "unallocated",
                found.unallocated.clone(),
                expected.unallocated,
            ),
            (
                "undelivered",
                coins(found.undelivered),
                coins(expected.undelivered),
            ),
        ];
        match pairs
            .into_iter()
            .find(|(_, found, expected)| found != expected)
        {
            None => Ok(()),
            Some((total, found, expected)) => Err(PoaLedgerError::Total {
                total,
                denom: denom.to_owned(),
                found: found.to_string(),
                expected: expected.to_string(),
            }),
        }
    }

    /// Checks for every denom that the entitlements of all accounts add up to exactly `A_total`, that
    /// `A_total` is not above the balance, and that the balance and everything withdrawn add up to
    /// what was received.
    ///
    /// # Errors
    /// [`PoaLedgerError::NotConserved`] for the first denom in which they do not.
    pub fn check_conservation(&self) -> Result<(), PoaLedgerError> {
        for (id, denom) in self.received.denoms().enumerate() {
            let mut shares = Parts::default();
            let mut withdrawn = BigInt::zero();
            for claim in self.accounts.iter().filter_map(|it| it.claim(id)) {
                claim.earned.add_to(&mut shares);
                withdrawn += claim.withdrawn();
            }
            let waiting = self.unallocated_of(id);
            let points = &waiting - self.received.amount(id) * pow10(POINT_PLACES);
            shares.add(
                &(points * pow10(NUMERATOR_PLACES - POINT_PLACES)),
                Denominator::ONE,
            );
            let difference = shares.value();
            let balanced = withdrawn == BigInt::from(self.pots[id].withdrawn);
            if !difference.is_zero() || !balanced || waiting < BigInt::zero() {
                return Err(PoaLedgerError::NotConserved(NotConserved {
                    denom: denom.to_owned(),
                    difference: Box::new(difference),
                }));
            }
        }
        Ok(())
    }

    /// A system's points with the account's undelivered payouts.
    fn points_with_undelivered(&self, holding: &Holding<'_>) -> BigInt {
        let undelivered = self.undelivered(holding.account, holding.denom);
        holding.points + undelivered * pow10(POINT_PLACES)
    }
}
