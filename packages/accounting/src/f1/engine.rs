//! The [`Accounting`] of F1: dispatch to the modules that hold the rules.

use distribution_math::{ExchangeRate, FeeSplit, Points, Rate, Spread};

use super::records::{self, Delegation, EARNINGS, Earnings, Sharing};
use super::{F1, delegation, validator as rules};
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::engine::Lists;
use crate::pool::Class;
use crate::{Accounting, AccountingError, Amounts, DelegationKey, DenomId, ValidatorView};

impl Accounting for F1 {
    fn distribute(
        &self,
        books: &mut Books,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<Points, AccountingError> {
        let total_power = u128::from(books.pool.total_power);
        let active_validators = u128::from(books.pool.active_validators);
        books.pool.update(denom, |record| {
            let mut outstanding = Points::ZERO;
            let mut community = split.community;
            let shares = [
                (&mut record.by_power, split.by_power, total_power),
                (&mut record.equally, split.equally, active_validators),
            ];
            for (index, amount, units) in shares {
                if amount.is_zero() {
                    continue;
                }
                let spread = Spread::new(amount, units)?;
                *index = index.checked_add(spread.per_unit)?;
                outstanding = outstanding
                    .checked_add(amount)?
                    .checked_sub(spread.remainder)?;
                community = community.checked_add(spread.remainder)?;
            }
            record.ledger.allocate(Class::Outstanding, outstanding)?;
            record.ledger.allocate(Class::CommunityPool, community)?;
            Ok(community)
        })
    }

    fn reward_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rewards: &Amounts,
    ) -> Result<bool, AccountingError> {
        let Some(mut earnings) = EARNINGS
            .may_load(books.storage, validator)?
            .filter(|earnings| !earnings.removed)
        else {
            return Ok(false);
        };
        for (denom, amount) in rewards.iter() {
            let mut earned = earnings.denoms.get(denom);
            earned.total = earned.total.checked_add(*amount)?;
            earnings.denoms.set(denom, earned);
            books.allocate_outstanding(denom, *amount)?;
        }
        earnings.save(books.storage, validator)?;
        Ok(true)
    }

    fn create_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError> {
        let Some(mut earnings) = EARNINGS.may_load(books.storage, validator)? else {
            // A new record starts at the pool's indexes, not at zero: it earns from now on.
            let mut earnings = Earnings {
                power: 0,
                removed: false,
                denoms: PerDenom::default(),
            };
            earnings.bring_up_to_date(&books.pool)?;
            earnings.save(books.storage, validator)?;
            return Sharing::new(rate).save(books.storage, validator);
        };
        earnings.removed = false;
        earnings.save(books.storage, validator)?;
        self.set_commission_rate(books, validator, rate)
    }

    fn remove_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError> {
        rules::settle_before_units_change(books, validator)?;
        rules::set_power(books, validator, 0)?;
        let mut earnings = Earnings::load(books.storage, validator)?;
        earnings.removed = true;
        earnings.save(books.storage, validator)
    }

    fn set_power(
        &self,
        books: &mut Books,
        validator: &[u8],
        power: u64,
    ) -> Result<(), AccountingError> {
        rules::set_power(books, validator, power)
    }

    fn set_commission_rate(
        &self,
        books: &mut Books,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError> {
        let mut settled = rules::settle(books, validator)?;
        settled.sharing.rate = rate;
        settled.sharing.rate_stale = false;
        settled.sharing.save(books.storage, validator)
    }

    fn mark_commission_stale(
        &self,
        books: &mut Books,
        validator: &[u8],
    ) -> Result<(), AccountingError> {
        let mut settled = rules::settle(books, validator)?;
        settled.sharing.rate_stale = true;
        settled.sharing.save(books.storage, validator)
    }

    fn settle_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError> {
        rules::settle(books, validator)?
            .sharing
            .save(books.storage, validator)
    }

    fn slash(
        &self,
        books: &mut Books,
        validator: &[u8],
        fraction: Rate,
    ) -> Result<(), AccountingError> {
        rules::slash(books, validator, fraction)
    }

    fn set_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        units: u128,
    ) -> Result<(), AccountingError> {
        delegation::set_units(books, key, units)
    }

    fn sync_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        found: u128,
    ) -> Result<(), AccountingError> {
        delegation::sync_units(books, key, found)
    }

    fn delegation_rewards(
        &self,
        books: &mut Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError> {
        delegation::rewards(books, key)
    }

    fn withdraw_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        denoms: &[DenomId],
    ) -> Result<Amounts, AccountingError> {
        delegation::withdraw(books, key, denoms)
    }

    fn commission(&self, books: &mut Books, validator: &[u8]) -> Result<Amounts, AccountingError> {
        let settled = rules::settle(books, validator)?;
        let mut commission = Amounts::default();
        for (denom, shared) in settled.sharing.denoms.iter() {
            commission.add(denom, shared.commission)?;
        }
        // The books know of the settlement, so its record has to: somebody may go on with them.
        settled.sharing.save(books.storage, validator)?;
        Ok(commission)
    }

    fn withdraw_commission(
        &self,
        books: &mut Books,
        validator: &[u8],
        denoms: &[DenomId],
    ) -> Result<Amounts, AccountingError> {
        let mut settled = rules::settle(books, validator)?;
        let mut paid = Amounts::default();
        for denom in denoms {
            let mut shared = settled.sharing.denoms.get(*denom);
            let rest = shared.commission.fraction();
            let coins = shared.commission.checked_sub(rest)?;
            shared.commission = rest;
            shared.outstanding = shared.outstanding.checked_sub(coins)?;
            paid.add(*denom, coins)?;
            settled.sharing.denoms.set(*denom, shared);
        }
        settled.sharing.save(books.storage, validator)?;
        Ok(paid)
    }

    fn current_rewards(&self, books: &Books, validator: &[u8]) -> Result<Amounts, AccountingError> {
        let earnings = Earnings::load(books.storage, validator)?;
        let sharing = Sharing::load(books.storage, validator)?;
        let mut current = Amounts::default();
        for (denom, record) in books.pool.denoms.iter() {
            let settled = sharing.denoms.get(denom).settled;
            current.add(denom, earnings.total(record, denom)?.checked_sub(settled)?)?;
        }
        Ok(current)
    }

    fn outstanding_rewards(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Amounts, AccountingError> {
        let mut outstanding = self.current_rewards(books, validator)?;
        for (denom, shared) in Sharing::load(books.storage, validator)?.denoms.iter() {
            outstanding.add(denom, shared.outstanding)?;
        }
        Ok(outstanding)
    }

    fn validator(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Option<ValidatorView>, AccountingError> {
        let Some(earnings) = EARNINGS.may_load(books.storage, validator)? else {
            return Ok(None);
        };
        let sharing = Sharing::load(books.storage, validator)?;
        Ok(Some(ValidatorView {
            power: earnings.power,
            removed: earnings.removed,
            units: sharing.units,
            commission_rate: sharing.rate,
            commission_stale: sharing.rate_stale,
            exchange_rate: sharing.exchange_rate.unwrap_or(ExchangeRate::ONE),
        }))
    }

    fn delegation_units(
        &self,
        books: &Books,
        key: DelegationKey,
    ) -> Result<Option<u128>, AccountingError> {
        Ok(Delegation::may_load(books.storage, key)?.map(|delegation| delegation.units))
    }

    fn lists(&self) -> &'static Lists {
        &records::LISTS
    }

    fn audit_validator(&self, books: &Books, validator: &[u8]) -> Result<Amounts, AccountingError> {
        let mut found = self.current_rewards(books, validator)?;
        for (denom, shared) in Sharing::load(books.storage, validator)?.denoms.iter() {
            found.add(denom, shared.commission)?;
            found.add(denom, shared.delegators.carry())?;
        }
        Ok(found)
    }

    fn audit_delegation(
        &self,
        books: &Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError> {
        let sharing = Sharing::load(books.storage, key.validator)?;
        let mut found = Amounts::default();
        if let Some(delegation) = Delegation::may_load(books.storage, key)? {
            for (denom, _) in books.pool.denoms.iter() {
                found.add(denom, delegation.owed(&sharing, denom)?)?;
            }
        }
        Ok(found)
    }
}
