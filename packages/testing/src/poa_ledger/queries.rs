//! What everybody is owed and was paid, and what became of all that was received.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::{PayoutRange, PoaBoundTerms, PoaLedger, PointsRange, state::Claim};
use crate::exact::{ExactSum, Owed, POINT_PLACES, Tolerance, pow10};

/// What those have earned who have no claim.
static NOTHING: ExactSum = ExactSum::ZERO;

/// What became of all that was received of one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoaTotals {
    /// `B`: base units received and not withdrawn.
    pub balance: u128,
    /// `A_total`: allocated and not withdrawn, in points (10^-36 base units). Always whole, for an
    /// imported amount is and a checkpoint allocates all that is left of the balance.
    pub allocated: BigInt,
    /// `U`: what the next checkpoint allocates, in points.
    pub unallocated: BigInt,
    /// Base units withdrawn that could not be delivered. They are not in the balance.
    pub undelivered: u128,
}

impl PoaLedger {
    /// `F_i`: allocated to an account at the checkpoints so far and not withdrawn, in base units.
    ///
    /// Below zero by less than the bound where a system paid a whole coin that the exact
    /// entitlement falls short of.
    pub fn allocated(&self, account: &str, denom: &str) -> BigRational {
        self.claim(account, denom)
            .map_or_else(BigRational::zero, |it| {
                let withdrawn = it.withdrawn() * pow10(POINT_PLACES);
                it.earned.minus_points(&withdrawn)
            })
    }

    /// What a checkpoint now would make of [`Self::allocated`].
    pub fn withdrawable(&self, account: &str, denom: &str) -> BigRational {
        let undelivered = self.undelivered(account, denom) * pow10(POINT_PLACES);
        self.with_pending(account, denom, |owed| owed.less_points(&undelivered))
    }

    /// Base units that reached an account.
    pub fn paid(&self, account: &str, denom: &str) -> u128 {
        self.claim(account, denom).map_or(0, |it| it.delivered)
    }

    /// Base units withdrawn for an account that could not be delivered. The next withdrawal pays
    /// them.
    pub fn undelivered(&self, account: &str, denom: &str) -> u128 {
        self.claim(account, denom).map_or(0, |it| it.undelivered)
    }

    /// The points (10^-36 base units) that a system may show an account as withdrawable: what it
    /// may hold for it after a checkpoint and a settlement now, what could not be delivered not
    /// included.
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

    /// The whole base units that a system may pay an account for a withdrawal now, what could not
    /// be delivered before included.
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

    /// Base units ever received of a denom, imported ones included.
    pub fn total_received(&self, denom: &str) -> u128 {
        let id = self.received.known(denom);
        id.map_or(0, |id| self.received.amount(id))
    }

    /// All that operates a validator or did, in the order in which they came up.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.account_names.iter()
    }

    /// All denoms that came up.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.received.denoms()
    }

    /// Whether a denom is taken for fees.
    pub fn collects(&self, denom: &str) -> bool {
        let id = self.received.known(denom);
        id.is_none_or(|id| !self.pots[id].waits)
    }

    /// The power of the validator that somebody operates now; `None` for whoever operates none.
    pub fn power(&self, operator: &str) -> Option<u128> {
        let place = self.validator_of(operator)?;
        Some(self.validators[place].power)
    }

    /// The power of all validators.
    pub fn total_power(&self) -> u128 {
        self.sum_of_powers()
    }

    /// The terms of an account's bound; those of a stranger are 0.
    pub fn bound_terms(&self, account: &str) -> PoaBoundTerms {
        self.account_names
            .get(account)
            .map_or_else(PoaBoundTerms::default, |id| self.accounts[id].terms)
    }

    pub(super) fn tolerance(&self, account: &str) -> Tolerance {
        self.bound_terms(account).tolerance()
    }

    /// [`Self::tolerance`] after the checkpoint and the settlement of a withdrawal.
    pub(super) fn tolerance_of_withdrawal(&self, account: &str) -> Tolerance {
        self.account_names
            .get(account)
            .map_or_else(PoaBoundTerms::default, |id| self.terms_of_withdrawal(id))
            .tolerance()
    }

    /// What an account was allocated and did not get, what could not be delivered included.
    pub(super) fn with_undelivered<'a>(&'a self, account: &'a &str, denom: &'a str) -> Owed<'a> {
        let claim = self.claim(account, denom);
        Owed {
            recipient: account,
            denom,
            earned: claim.map_or(&NOTHING, |it| &it.earned),
            paid: claim.map_or(0, |it| it.delivered),
        }
    }

    /// Asks [`Self::with_undelivered`] with the share of a checkpoint that would be taken now.
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
