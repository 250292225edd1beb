//! Claims about the system under test, and the ledger's own.

use num_bigint::BigInt;
use num_traits::Zero;

use super::{
    Denominator, FeeLedger, LedgerError, NotConserved, PayoutRange, Recipient, records::Accounts,
};
use crate::exact::{NUMERATOR_PLACES, Parts, Tolerance, pow10};

impl FeeLedger {
    /// Holds the points (10^-36 base units) that a system keeps for a recipient, as not yet paid,
    /// against the exact share: not above it, and below it by nothing or by less than the bound.
    /// For the community pool the other way round, since it has what the others fall short.
    ///
    /// # Errors
    /// [`ClaimError::TooMuch`](super::ClaimError::TooMuch),
    /// [`ClaimError::TooLittle`](super::ClaimError::TooLittle).
    pub fn check_points(
        &self,
        recipient: Recipient<'_>,
        denom: &str,
        points: &BigInt,
    ) -> Result<(), LedgerError> {
        let tolerance = self.tolerance(recipient);
        Ok(self
            .owed(&recipient, denom)
            .check_points(points, &tolerance)?)
    }

    /// The whole base units that a system may pay a recipient now: from the floor of the exact
    /// share less the bound to the floor of the exact share. For the community pool from the floor
    /// of the exact share to the floor of it and the bound.
    pub fn payout(&self, recipient: Recipient<'_>, denom: &str) -> PayoutRange {
        self.owed(&recipient, denom)
            .payout(&self.tolerance(recipient))
    }

    /// Checks for every denom that all shares ever earned, those of the community pool included,
    /// are exactly what was received; before activation, what was received and is still missing.
    ///
    /// Visits every fraction of every recipient: for the end of a run, or every some hundred
    /// blocks of a long one.
    ///
    /// # Errors
    /// [`LedgerError::NotConserved`].
    pub fn check_conservation(&self) -> Result<(), LedgerError> {
        for (id, denom) in self.received.denoms().enumerate() {
            let mut shares = Parts::default();
            let mut whole = -BigInt::from(self.received.amount(id));
            for account in self.all_accounts().filter_map(|it| it.get(id)) {
                account.earned.add_to(&mut shares);
                // What earlier records were not paid is with the community pool.
                whole += account.paid_before;
            }
            let whole = whole * pow10(NUMERATOR_PLACES) - self.uncovered(id);
            shares.add(&whole, Denominator::ONE);

            let difference = shares.value();
            if !difference.is_zero() {
                return Err(LedgerError::NotConserved(NotConserved {
                    denom: denom.to_owned(),
                    difference: Box::new(difference),
                }));
            }
        }
        Ok(())
    }

    pub(super) fn all_accounts(&self) -> impl Iterator<Item = &Accounts> {
        let others = self.validators.iter().flat_map(|it| {
            let delegations = it.delegations.iter().map(|each| &each.accounts);
            delegations.chain([&it.operator])
        });
        others.chain([&self.community])
    }

    /// How far from its exact share a system may be for a recipient.
    pub(super) fn tolerance(&self, recipient: Recipient<'_>) -> Tolerance {
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
}
