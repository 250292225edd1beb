//! Money out: what the system under test really paid, held against what was owed.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{
    BoundTerms, FeeLedger, LedgerError, Recipient,
    exact_sum::POINT_PLACES,
    parts::pow10,
    records::{Account, Accounts},
};

/// A payout as the caller names it.
struct Payout<'a> {
    recipient: Recipient<'a>,
    denom: &'a str,
    coins: u128,
}

impl Payout<'_> {
    /// Records the payout unless it is more than is owed, plus `tolerance` points.
    fn record(&self, account: &mut Account, tolerance: &BigInt) -> Result<(), LedgerError> {
        let paid = BigInt::from(account.paid) + self.coins;
        let needed = &paid * pow10(POINT_PLACES) - tolerance;
        if account.earned.cmp_points(&needed) == Ordering::Less {
            let owed = account
                .earned
                .minus_points(&(account.paid * pow10(POINT_PLACES)));
            return Err(self.overpaid(owed));
        }
        // What was earned is less than 2^128, and so is what was paid of it.
        account.paid += self.coins;
        Ok(())
    }

    /// A payout to somebody who never earned anything.
    fn of_nothing(&self) -> Result<(), LedgerError> {
        if self.coins == 0 {
            Ok(())
        } else {
            Err(self.overpaid(BigRational::from(BigInt::ZERO)))
        }
    }

    fn overpaid(&self, owed: BigRational) -> LedgerError {
        LedgerError::Overpaid {
            recipient: self.recipient.to_string(),
            denom: self.denom.to_owned(),
            coins: self.coins,
            excess: Box::new(BigRational::from(BigInt::from(self.coins)) - owed),
        }
    }
}

impl FeeLedger {
    /// Records what a delegation was paid. Counts as a settlement of the validator.
    ///
    /// # Errors
    /// [`LedgerError::Overpaid`] when that is more than the exact share. Nothing is recorded then.
    pub fn pay_delegation(
        &mut self,
        delegator: &str,
        validator: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), LedgerError> {
        let payout = Payout {
            recipient: Recipient::Delegation {
                delegator,
                validator,
            },
            denom,
            coins,
        };
        self.note_settlement(validator);
        let denom = self.denom(denom);
        let delegator = self.delegators.get(delegator);
        let accounts = self
            .validator_names
            .get(validator)
            .and_then(|id| self.validators[id].delegation_mut(delegator?))
            .map(|delegation| &mut delegation.accounts);
        match accounts {
            Some(accounts) => payout.record(accounts.get_mut(denom), &BigInt::ZERO),
            None => payout.of_nothing(),
        }
    }

    /// Records what an operator was paid of its commission. Counts as a settlement of the
    /// validator.
    ///
    /// # Errors
    /// [`LedgerError::Overpaid`] when that is more than the exact share. Nothing is recorded then.
    pub fn pay_commission(
        &mut self,
        validator: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), LedgerError> {
        let payout = Payout {
            recipient: Recipient::Commission { validator },
            denom,
            coins,
        };
        self.note_settlement(validator);
        let denom = self.denom(denom);
        match self.validator_names.get(validator) {
            Some(id) => payout.record(self.validators[id].operator.get_mut(denom), &BigInt::ZERO),
            None => payout.of_nothing(),
        }
    }

    /// Records what was spent from the community pool.
    ///
    /// # Errors
    /// [`LedgerError::Overpaid`] when that is more than the exact share. Nothing is recorded then.
    /// The pool has what all others fall short of their exact shares, so it may spend more than
    /// its own by as much as their bounds are in sum.
    pub fn spend_community_pool(&mut self, denom: &str, coins: u128) -> Result<(), LedgerError> {
        let payout = Payout {
            recipient: Recipient::CommunityPool,
            denom,
            coins,
        };
        let tolerance = self.bound_points(Recipient::CommunityPool);
        let denom = self.denom(denom);
        payout.record(self.community.get_mut(denom), &tolerance)
    }

    /// Records that a delegation's record is gone and what was left of it belongs to the community
    /// pool, in all denoms. Nothing happens when there is no record.
    ///
    /// # Errors
    /// [`LedgerError::NotForfeitable`] when there are units, or when in some denom a base unit is
    /// owed even to a system that falls short of the exact share by the whole bound.
    pub fn forfeit(&mut self, delegator: &str, validator: &str) -> Result<(), LedgerError> {
        let Some(delegation) = self
            .delegators
            .get(delegator)
            .zip(self.validator_names.get(validator))
            .and_then(|(delegator, id)| self.validators[id].delegation_mut(delegator))
        else {
            return Ok(());
        };

        let bound = delegation.terms.points();
        if delegation.units > 0 || !below_one_coin(&delegation.accounts, &bound) {
            return Err(LedgerError::NotForfeitable {
                recipient: Recipient::Delegation {
                    delegator,
                    validator,
                }
                .to_string(),
            });
        }

        delegation.terms = BoundTerms::default();
        for (denom, account) in delegation.accounts.iter_mut() {
            let rest = account.restart();
            self.community.get_mut(denom).earned.add_sum(&rest);
        }
        Ok(())
    }
}

/// Whether a system that is below the exact shares by so many points can owe less than one base
/// unit of each denom.
fn below_one_coin(accounts: &Accounts, bound: &BigInt) -> bool {
    accounts.iter().all(|(_, account)| {
        let one_more = (BigInt::from(account.paid) + 1) * pow10(POINT_PLACES) + bound;
        account.earned.cmp_points(&one_more) == Ordering::Less
    })
}
