//! F1: entitlement from reward indexes.
//!
//! ```text
//! votes ──▶ power index ──▶ validator earnings ──▶ commission
//!                               │
//! proposer reward ──────────────┘──▶ delegator index ──▶ pending rewards of each delegation
//! ```
//!
//! - The *power index* is points per unit of voting power, with a carry; there is a second one per
//!   active validator for the part that is divided equally. A block changes nothing else but the
//!   proposer's record. The carry joins the votes of the next block; before any power, units or rate
//!   changes it goes to the community pool, because it was earned with those so far.
//! - *Validator earnings* are what a validator has got, by the indexes and by name. A settlement
//!   splits what came in since the last one into commission and the delegators' part.
//! - The *delegator index* of a validator is points per unit of its delegations, with a carry. A
//!   delegation remembers the index at which it was last settled.
//!
//! Slashing changes the exchange rate of shares to tokens for all delegators of a validator alike,
//! so it changes no reward.

mod delegation;
mod records;
mod validator;

use chain_types::address::AddressBytes;
use cosmwasm_std::Event;
use distribution_math::{ExchangeRate, FeeSplit, Rate};
use pool_kit::ledger::Class;
use pool_kit::{Amounts, DenomId};
use validator_rewards::shared::SharedRewards;
use validator_rewards::validator_set::{self, PowerChange};

use crate::ContractError;
use crate::accounting::{Accounting, ImportedAmounts, ValidatorInfo};
use crate::books;
use crate::delegations::{DelegationKey, Page};
use records::{Delegation, Earnings, Sharing};

/// The F1 accounting.
#[derive(Clone, Copy, Debug)]
pub struct F1;

type Books<'a> = books::Books<'a, F1>;

impl Accounting for F1 {
    const CONTRACT_NAME: &'static str = "cw-distribution:fee-pool";
    const HAS_ROUNDING_RESERVE: bool = false;
    type SharedRewards = SharedRewards;
    type Claim = records::Claim;

    fn distribute(
        books: &mut Books,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<(), ContractError> {
        let totals = books.pool.totals;
        books.pool.denoms.update(denom, |record| {
            let added = record.shared.add(split, &totals)?;
            Ok(record.ledger.allocate(Class::Outstanding, added)?)
        })
    }

    fn reward_validator(
        books: &mut Books,
        validator: &AddressBytes,
        rewards: &Amounts,
        receipt: Event,
    ) -> Result<bool, ContractError> {
        let earnings = Earnings::may_load(books.storage, validator)?;
        let Some(mut earnings) = earnings.filter(|earnings| !earnings.removed) else {
            return Ok(false);
        };
        for (denom, amount) in rewards.iter() {
            let mut earned = earnings.denoms.get(denom);
            earned.total = earned.total.checked_add(*amount)?;
            earnings.denoms.set(denom, earned);
            books.allocate(denom, Class::Outstanding, *amount)?;
        }
        books.emit(receipt);
        earnings.save(books.storage, validator)?;
        Ok(true)
    }

    fn create_validator(
        books: &mut Books,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError> {
        let Some(mut earnings) = Earnings::may_load(books.storage, validator)? else {
            // Without power it earns nothing; a change of its power brings the record up to date.
            Earnings::default().save(books.storage, validator)?;
            return Sharing::new(rate).save(books.storage, validator);
        };
        earnings.removed = false;
        earnings.save(books.storage, validator)?;
        Self::set_commission_rate(books, validator, rate)
    }

    fn remove_validator(books: &mut Books, validator: &AddressBytes) -> Result<(), ContractError> {
        let mut settled = validator::settle(books, validator)?;
        validator::release_carries(books, validator, &mut settled)?;
        settled.save(books.storage, validator)?;
        let mut earnings = Earnings::load(books, validator)?;
        earnings.removed = true;
        earnings.save(books.storage, validator)
    }

    fn before_power_change(books: &mut Books, change: &PowerChange) -> Result<(), ContractError> {
        validator::release_shared_carries(books)?;
        let mut earnings = Earnings::load(books, &change.validator)?;
        earnings.bring_up_to_date(&books.pool, change.before)?;
        earnings.save(books.storage, &change.validator)
    }

    fn set_commission_rate(
        books: &mut Books,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError> {
        let mut sharing = validator::settle(books, validator)?;
        if sharing.rate != rate {
            validator::release_shared_carries(books)?;
        }
        sharing.rate = rate;
        sharing.save(books.storage, validator)
    }

    fn set_exchange_rate(
        books: &mut Books,
        validator: &AddressBytes,
        rate: ExchangeRate,
    ) -> Result<(), ContractError> {
        let mut sharing = Sharing::load(books, validator)?;
        sharing.exchange_rate = Some(rate);
        sharing.save(books.storage, validator)
    }

    fn set_delegation(
        books: &mut Books,
        key: DelegationKey,
        units: u128,
    ) -> Result<(), ContractError> {
        delegation::set_units(books, key, units)
    }

    fn delegation_rewards(books: &mut Books, key: DelegationKey) -> Result<Amounts, ContractError> {
        let sharing = validator::settle_and_save(books, &key.validator)?;
        match Delegation::may_load(books.storage, key)? {
            Some(delegation) => delegation.owed_of_all(&sharing),
            None => Ok(Amounts::default()),
        }
    }

    fn withdraw_delegation(
        books: &mut Books,
        key: DelegationKey,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError> {
        delegation::withdraw(books, key, denoms)
    }

    fn import_rewards(
        books: &mut Books,
        key: DelegationKey,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError> {
        delegation::import(books, key, change)
    }

    fn import_commission(
        books: &mut Books,
        validator: &AddressBytes,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError> {
        let mut sharing = validator::settle(books, validator)?;
        sharing.replace_outstanding(change)?;
        for denom in change.denoms() {
            let mut shared = sharing.denoms.get(denom);
            shared.commission = change.now.get(denom);
            sharing.denoms.set(denom, shared);
        }
        sharing.save(books.storage, validator)
    }

    fn commission(books: &mut Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        let sharing = validator::settle_and_save(books, validator)?;
        Ok(sharing.denoms.map(|shared| shared.commission))
    }

    fn withdraw_commission(
        books: &mut Books,
        validator: &AddressBytes,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError> {
        let mut sharing = validator::settle(books, validator)?;
        let mut paid = Amounts::default();
        for denom in denoms {
            let mut shared = sharing.denoms.get(*denom);
            let fraction = shared.commission.fraction();
            let coins = shared.commission.checked_sub(fraction)?;
            shared.commission = fraction;
            shared.outstanding = shared.outstanding.checked_sub(coins)?;
            sharing.denoms.set(*denom, shared);
            paid.add(*denom, coins)?;
        }
        sharing.save(books.storage, validator)?;
        Ok(paid)
    }

    fn current_rewards(books: &Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        let earnings = Earnings::load(books, validator)?;
        let power = validator_set::power(books.storage, validator)?;
        let sharing = Sharing::load(books, validator)?;
        let mut current = Amounts::default();
        for (denom, record) in books.pool.denoms.iter() {
            let earned = earnings.total(record, denom, power)?;
            let settled = sharing.denoms.get(denom).settled;
            current.add(denom, earned.checked_sub(settled)?)?;
        }
        Ok(current)
    }

    fn outstanding_rewards(
        books: &mut Books,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError> {
        let sharing = validator::settle_and_save(books, validator)?;
        Ok(sharing.denoms.map(|shared| shared.outstanding))
    }

    fn validator(
        books: &Books,
        validator: &AddressBytes,
    ) -> Result<Option<ValidatorInfo>, ContractError> {
        let Some(earnings) = Earnings::may_load(books.storage, validator)? else {
            return Ok(None);
        };
        let sharing = Sharing::load(books, validator)?;
        Ok(Some(ValidatorInfo {
            removed: earnings.removed,
            units: sharing.units,
            commission_rate: sharing.rate,
            exchange_rate: sharing.exchange_rate.unwrap_or(ExchangeRate::ONE),
        }))
    }

    fn takes_rewards(books: &Books, validator: &AddressBytes) -> Result<bool, ContractError> {
        let earnings = Earnings::may_load(books.storage, validator)?;
        Ok(earnings.is_some_and(|earnings| !earnings.removed))
    }

    fn validators(books: &Books, page: Page) -> Result<Vec<AddressBytes>, ContractError> {
        records::validators(books.storage, page)
    }

    fn audit_pool(books: &Books) -> Result<Amounts, ContractError> {
        let mut carries = Amounts::default();
        for (denom, record) in books.pool.denoms.iter() {
            carries.add(denom, record.shared.carry()?)?;
        }
        Ok(carries)
    }

    fn audit_validator(books: &Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        let mut found = Self::current_rewards(books, validator)?;
        for (denom, shared) in Sharing::load(books, validator)?.denoms.iter() {
            found.add(denom, shared.commission)?;
            found.add(denom, shared.delegators.carry())?;
        }
        Ok(found)
    }

    fn audit_delegation(books: &Books, key: DelegationKey) -> Result<Amounts, ContractError> {
        let sharing = Sharing::load(books, &key.validator)?;
        match Delegation::may_load(books.storage, key)? {
            Some(delegation) => delegation.owed_of_all(&sharing),
            None => Ok(Amounts::default()),
        }
    }
}
