//! Claims, payments and totals.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::{
    PayoutRange, PoaBoundTerms, PoaLedger, PointsRange,
    state::{Claim, Validator},
};
use crate::exact::{ExactSum, Owed, POINT_PLACES, Tolerance, pow10};

/// The earnings of an account without a claim.
static NOTHING: ExactSum = ExactSum::ZERO;

/// Totals of one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoaTotals {
    /// `B`: base units received and not withdrawn.
    pub balance: u128,
    /// `A_total`: allocated and not withdrawn, in points (10^-36 base units). Always whole: imported
    /// amounts are, and a checkpoint allocates all of the balance.
    pub allocated: BigInt,
    /// `U`: what the next checkpoint allocates, in points.
    pub unallocated: BigInt,
    /// Base units of payouts that failed. They are no part of `balance`.
    pub undelivered: u128,
}

impl PoaLedger {
    /// `F_i`: allocated to an account at the checkpoints so far and not withdrawn, in base units.
    ///
    /// It is below zero, by less than the bound, after a system paid a whole coin that the exact
    /// entitlement was a little short of.
    pub fn allocated(&self, account: &str, denom: &str) -> BigRational {
        self.claim(account, denom)
            .map_or_else(BigRational::zero, |it| {
                let withdrawn = it.withdrawn() * pow10(POINT_PLACES);
                it.earned.minus_points(&withdrawn)
            })
    }

    /// [`Self::allocated`] after a checkpoint now.
    pub fn withdrawable(&self, account: &str, denom: &str) -> BigRational {
        let undelivered = self.undelivered(account, denom) * pow10(POINT_PLACES);
        self.with_pending(account, denom, |owed| owed.less_points(&undelivered))
    }

    /// Base units that an account was paid.
    pub fn paid(&self, account: &str, denom: &str) -> u128 {
        self.claim(account, denom).map_or(0, |it| it.delivered)
    }

    /// Base units of an account's payouts that failed. Its next withdrawal pays them.
    pub fn undelivered(&self, account: &str, denom: &str) -> u128 {
        self.claim(account, denom).map_or(0, |it| it.undelivered)
    }

    /// The points (10^-36 base units) that a system may show an account as withdrawable: what it may
    /// hold for it after a checkpoint and a settlement now, without undelivered payouts.
    pub fn withdrawable_points(&self, account: &str, denom: &str) -> PointsRange {
        let tolerance = self.tolerance_of_withdrawal(account);
        let undelivered = self.undelivered(account, denom) * pow10(POINT_PLACES);
        let PointsRange { least, most } =
            self.with_pending(account, denom, |owed| owed.points(&tolerance));
        PointsRange {
            least: least - &undelivered,
            most: most - undelivered,
        }
    }

    /// The whole base units that a system may pay an account for a withdrawal now, undelivered payouts
    /// included.
    pub fn payout(&self, account: &str, denom: &str) -> PayoutRange {
        let tolerance = self.tolerance_of_withdrawal(account);
        self.with_pending(account, denom, |owed| owed.payout(&tolerance))
    }

    /// The totals of a denom.
    pub fn totals(&self, denom: &str) -> PoaTotals {
        let Some(id) = self.received.known(denom) else {
            return PoaTotals::default();
        };
        let claims = self.accounts.iter().filter_map(|it| it.claim(id));
        PoaTotals {
            balance: self.balance_of(id),
            allocated: self.pots[id].allocated.clone(),
            unallocated: self.unallocated_of(id),
            undelivered: claims.map(|it| it.undelivered).sum(),
        }
    }

    /// Operators and former operators, in the order in which they became operators.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.account_names.iter()
    }

    /// All denoms that were ever named.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.received.denoms()
    }

    /// Whether a denom is received as fees.
    pub fn collects(&self, denom: &str) -> bool {
        let id = self.received.known(denom);
        id.is_none_or(|id| !self.pots[id].waits)
    }

    /// The power of the validator that an account operates now; `None` when it operates none.
    pub fn power(&self, operator: &str) -> Option<u128> {
        let place = self.validator_of(operator)?;
        Some(self.validators[place].power)
    }

    /// The number of the validator that an account operates or has operated: 1 for the first.
    pub fn id(&self, name: &str) -> Option<u64> {
        let place = self.validator_named(name)?;
        Some(place as u64 + 1)
    }

    /// The operator of the validator that an account operates or has operated.
    pub fn operator(&self, name: &str) -> Option<&str> {
        let validator = &self.validators[self.validator_named(name)?];
        self.account_names.iter().nth(validator.operator)
    }

    /// The number of the first validator that is offered to an account.
    pub fn offered_id(&self, account: &str) -> Option<u64> {
        let offered = |it: &Validator| it.offered_to.as_deref() == Some(account);
        let place = self.validators.iter().position(offered)?;
        Some(place as u64 + 1)
    }

    /// The account that a validator is offered to.
    pub fn offered_to(&self, name: &str) -> Option<&str> {
        let validator = &self.validators[self.validator_named(name)?];
        validator.offered_to.as_deref()
    }

    /// The power of all validators.
    pub fn total_power(&self) -> u128 {
        self.sum_of_powers()
    }

    /// The terms of an account's bound; 0 for an unknown account.
    pub fn bound_terms(&self, account: &str) -> PoaBoundTerms {
        self.account_names
            .get(account)
            .map_or_else(PoaBoundTerms::default, |id| self.accounts[id].terms)
    }

    pub(super) fn tolerance(&self, account: &str) -> Tolerance {
        self.bound_terms(account).tolerance()
    }

    /// [`Self::tolerance`] after the checkpoint and the settlement of a withdrawal now.
    pub(super) fn tolerance_of_withdrawal(&self, account: &str) -> Tolerance {
        self.account_names
            .get(account)
            .map_or_else(PoaBoundTerms::default, |id| self.terms_of_withdrawal(id))
            .tolerance()
    }

    /// What an account was allocated and not paid, undelivered payouts included.
    pub(super) fn with_undelivered<'a>(&'a self, account: &'a &str, denom: &'a str) -> Owed<'a> {
        let claim = self.claim(account, denom);
        Owed {
            recipient: account,
            denom,
            earned: claim.map_or(&NOTHING, |it| &it.earned),
            paid: claim.map_or(0, |it| it.delivered),
        }
    }

    /// [`Self::with_undelivered`] after a checkpoint now.
    pub(super) fn with_pending<T>(
        &self,
        account: &str,
        denom: &str,
        ask: impl FnOnce(Owed<'_>) -> T,
    ) -> T {
        let owed = self.with_undelivered(&account, denom);
        let mut earned = owed.earned.clone();
        let validator = self.validator_of(account).map(|it| &self.validators[it]);
        let shares = self.received.known(denom).and_then(|id| self.shares(id));
        if let Some((validator, shares)) = validator.zip(shares) {
            shares.give(validator, &mut earned);
        }
        ask(Owed {
            earned: &earned,
            ..owed
        })
    }

    fn claim(&self, account: &str, denom: &str) -> Option<&Claim> {
        let account = &self.accounts[self.account_names.get(account)?];
        account.claim(self.received.known(denom)?)
    }
}
