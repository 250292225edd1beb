//! The [`Accounting`] of the lazy scheme: dispatch to the modules that hold the rules.

use distribution_math::{ExchangeRate, FeeSplit, Points, Rate};

use super::log::LoggedChange;
use super::records::{self, Account, Delegation, ProposerPool, Validator};
use super::view::View;
use super::{Lazy, RecipientAdjustments, adjustments, delegation, pages, validator as rules};
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::engine::Lists;
use crate::pool::Class;
use crate::{
    Accounting, AccountingError, AccountingFault, Amounts, DelegationKey, DenomId, ValidatorView,
};

impl Accounting for Lazy {
    fn distribute(
        &self,
        books: &mut Books,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<Points, AccountingError> {
        books.pool.update(denom, |record| {
            record.by_power = record.by_power.checked_add(split.by_power)?;
            record.equally = record.equally.checked_add(split.equally)?;
            let votes = split.by_power.checked_add(split.equally)?;
            record.ledger.allocate(Class::Outstanding, votes)?;
            record
                .ledger
                .allocate(Class::CommunityPool, split.community)?;
            Ok(split.community)
        })
    }

    fn reward_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rewards: &Amounts,
    ) -> Result<bool, AccountingError> {
        rules::reward(books, validator, rewards)
    }

    fn create_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError> {
        rules::create(books, validator, rate)
    }

    fn remove_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError> {
        rules::set_power(books, validator, 0)?;
        rules::set_removed(books, validator, true)
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
        rules::set_commission_rate(books, validator, rate)
    }

    fn mark_commission_stale(
        &self,
        books: &mut Books,
        validator: &[u8],
    ) -> Result<(), AccountingError> {
        rules::mark_commission_stale(books, validator)
    }

    fn settle_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError> {
        rules::settle(books, validator).map(|_| ())
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
        _books: &mut Books,
        _key: DelegationKey,
        _found: u128,
    ) -> Result<(), AccountingError> {
        Err(AccountingFault::NoSampling.into())
    }

    fn delegation_rewards(
        &self,
        books: &mut Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError> {
        let validator = rules::settle(books, key.validator)?;
        delegation::rewards(books, key, &validator)
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
        let record = rules::settle(books, validator)?;
        commission(books, validator, &record)
    }

    fn withdraw_commission(
        &self,
        books: &mut Books,
        validator: &[u8],
        denoms: &[DenomId],
    ) -> Result<Amounts, AccountingError> {
        let mut account = Account::new(validator);
        let record = rules::settle_with(books, validator, &mut account)?;
        let mut paid = Amounts::default();
        let mut taken = PerDenom::default();
        for denom in books.pool.denoms.ids() {
            if !denoms.contains(&denom) {
                continue;
            }
            let view = View::now(books, &record, denom)?;
            let adjustments = account.operator(books.storage, denom)?;
            let entitlement = view.commission_entitlement(&adjustments)?;
            let owed = entitlement.total()?;
            let coins = owed.checked_sub(owed.fraction())?;
            taken.set(denom, entitlement.taking(coins));
            paid.add(denom, coins)?;
        }
        if !paid.is_zero() {
            for (denom, taken) in taken.iter().filter(|(denom, _)| denoms.contains(denom)) {
                let mut adjustments = account.operator(books.storage, denom)?;
                adjustments.proposer = adjustments.proposer.plus(taken.proposer)?;
                adjustments.normal = adjustments.normal.plus(taken.global)?;
                account.set_operator(denom, adjustments);
            }
            account.take_out(books.storage, &paid)?;
        }
        account.close(books.storage)?;
        Ok(paid)
    }

    /// Nothing waits to be split: whatever is received is an entitlement at once.
    fn current_rewards(&self, books: &Books, validator: &[u8]) -> Result<Amounts, AccountingError> {
        ProposerPool::load(books.storage, validator)?;
        Ok(Amounts::default())
    }

    fn outstanding_rewards(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Amounts, AccountingError> {
        let record = Validator::load(books.storage, validator)?;
        let taken = records::load_taken(books.storage, validator)?;
        let mut outstanding = Amounts::default();
        for denom in books.pool.denoms.ids() {
            let view = View::now(books, &record, denom)?;
            outstanding.add(denom, view.validator_entitlement(taken.get(denom))?)?;
        }
        Ok(outstanding)
    }

    fn validator(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Option<ValidatorView>, AccountingError> {
        let Some(record) = Validator::may_load(books.storage, validator)? else {
            return Ok(None);
        };
        Ok(Some(ValidatorView {
            power: record.power.power,
            removed: record.proposer_pool.removed,
            units: record.sharing.units,
            commission_rate: record.sharing.rate,
            commission_stale: record.sharing.announced.is_some(),
            exchange_rate: record.sharing.exchange_rate.unwrap_or(ExchangeRate::ONE),
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
        let record = Validator::load(books.storage, validator)?;
        let mut found = commission(books, validator, &record)?;
        let operator = records::load_operator(books.storage, validator)?;
        for denom in books.pool.denoms.ids() {
            let view = View::now(books, &record, denom)?;
            found.add(denom, view.unowned_entitlement(&operator.get(denom))?)?;
        }
        Ok(found)
    }

    fn audit_delegation(
        &self,
        books: &Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError> {
        let validator = Validator::load(books.storage, key.validator)?;
        delegation::rewards(books, key, &validator)
    }

    fn keeps_a_reserve(&self) -> bool {
        true
    }

    fn delegation_adjustments(
        &self,
        books: &mut Books,
        key: DelegationKey,
    ) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
        adjustments::of_delegation(books, key)
    }

    fn commission_adjustments(
        &self,
        books: &mut Books,
        validator: &[u8],
    ) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
        adjustments::of_commission(books, validator)
    }

    fn power_changes(
        &self,
        books: &Books,
        start_after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<LoggedChange>, AccountingError> {
        pages::page(books.storage, start_after, limit)
    }
}

fn commission(
    books: &Books,
    validator: &[u8],
    record: &Validator,
) -> Result<Amounts, AccountingError> {
    let operator = records::load_operator(books.storage, validator)?;
    let mut owed = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, record, denom)?;
        let entitlement = view.commission_entitlement(&operator.get(denom))?;
        owed.add(denom, entitlement.total()?)?;
    }
    Ok(owed)
}
