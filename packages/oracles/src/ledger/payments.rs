//! Money out: what the system under test really paid, held against what was owed.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::{BoundTerms, FeeLedger, LedgerError, Recipient, records::Accounts};
use crate::exact::{POINT_PLACES, pow10};

impl FeeLedger {
    /// Records what a delegation was paid. Counts as a settlement of the validator.
    ///
    /// # Errors
    /// [`ClaimError::Overpaid`](super::ClaimError::Overpaid) when that is more than the exact share. Nothing is recorded then.
    pub fn pay_delegation(
        &mut self,
        delegator: &str,
        validator: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), LedgerError> {
        self.count_settlement_of(validator);
        let recipient = Recipient::Delegation {
            delegator,
            validator,
        };
        self.pay(recipient, denom, coins)
    }

    /// Records what an operator was paid of its commission. Counts as a settlement of the
    /// validator.
    ///
    /// # Errors
    /// [`ClaimError::Overpaid`](super::ClaimError::Overpaid) when that is more than the exact share. Nothing is recorded then.
    pub fn pay_commission(
        &mut self,
        validator: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), LedgerError> {
        self.count_settlement_of(validator);
        self.pay(Recipient::Commission { validator }, denom, coins)
    }

    /// Records what was spent from the community pool.
    ///
    /// # Errors
    /// [`ClaimError::Overpaid`](super::ClaimError::Overpaid) when that is more than the exact share. Nothing is recorded then.
    /// The pool has what all others fall short of their exact shares, so it may spend more than
    /// its own by as much as their bounds are in sum.
    pub fn spend_community_pool(&mut self, denom: &str, coins: u128) -> Result<(), LedgerError> {
        self.pay(Recipient::CommunityPool, denom, coins)
    }

    /// Records a payout that is not above what is owed and the tolerance.
    fn pay(
        &mut self,
        recipient: Recipient<'_>,
        denom: &str,
        coins: u128,
    ) -> Result<(), LedgerError> {
        self.active()?;
        self.owed(&recipient, denom)
            .check_payment(coins, &self.tolerance(recipient))?;
        let id = self.received.denom(denom);
        // Whoever has no accounts is owed nothing, and was just paid nothing.
        if let Some(accounts) = self.accounts_mut(recipient) {
            // What was earned is less than 2^128, and so is what was paid of it.
            accounts.get_mut(id).paid += coins;
        }
        Ok(())
    }

    fn accounts_mut(&mut self, recipient: Recipient<'_>) -> Option<&mut Accounts> {
        match recipient {
            Recipient::CommunityPool => Some(&mut self.community),
            Recipient::Commission { validator } => {
                let id = self.validator_names.get(validator)?;
                Some(&mut self.validators[id].operator)
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let id = self.validator_names.get(validator)?;
                let delegator = self.delegators.get(delegator)?;
                let delegation = self.validators[id].delegation_mut(delegator)?;
                Some(&mut delegation.accounts)
            }
        }
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
