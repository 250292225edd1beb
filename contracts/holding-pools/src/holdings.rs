//! The holding pool of a validator: what it has earned since its last closing.
//!
//! A block adds to one index for all validators, and to the record of the proposer. A record is
//! brought up to date when the power of its validator changes. A closing freezes the index, and a
//! cursor visits the records one after the other and writes their weights. Of a record that changes
//! before the cursor comes, what it had at the frozen index is kept apart for it, and the rest is the new
//! pool: a change costs the same whether or not a unit is being closed.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use distribution_math::{Points, compact};
use pool_kit::compact::CompactMap;
use pool_kit::{Amounts, DenomId, PerDenom};
use validator_rewards::earned::Earned;
use validator_rewards::shared::SharedIndexes;
use validator_rewards::validator_set;

use crate::ContractError;
use crate::books::Books;
use crate::ledger::Class;
use crate::state::{self, Pool};
use crate::unit::Unit;
use crate::walk::Walk;
use crate::weights;

/// By validator: one for everybody who has power, or something in a pool. Others lose theirs when a
/// cursor visits them.
const HOLDINGS: CompactMap<&[u8], Holdings> = CompactMap::new("holdings");

/// The holding pools of a validator, by denom.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Holdings(PerDenom<Holding>);

/// The holding pool of a validator in one denom.
#[derive(Clone, Copy, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
struct Holding {
    /// Earned since the last epoch in which it was settled.
    earned: Earned,
    /// Kept apart for the unit that is being settled, before the cursor comes by; none as long as it
    /// is part of `earned`, and once it is among the weights.
    kept_apart: Option<Points>,
    /// That epoch. A smaller one than the denom's last closed epoch means that the cursor has not
    /// come by yet.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    epoch: u32,
}

/// A validator's points of one denom at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldingPool {
    /// In the unit that is being closed, and not among its weights yet.
    pub closing: Points,
    /// In its holding pool.
    pub open: Points,
}

impl Holding {
    /// An empty pool that begins in an epoch, at the index of its end.
    fn new(epoch: u32, start: SharedIndexes) -> Self {
        Holding {
            earned: Earned {
                total: Points::ZERO,
                start,
            },
            kept_apart: None,
            epoch,
        }
    }

    /// The index at which a unit was closed, if the cursor has not come by for it.
    fn frozen(&self, unit: Option<&Unit>) -> Option<SharedIndexes> {
        let closing = unit.filter(|unit| unit.epoch() > self.epoch);
        closing.and_then(Unit::frozen)
    }

    fn pool(
        &self,
        now: SharedIndexes,
        unit: Option<&Unit>,
        power: u64,
    ) -> Result<HoldingPool, ContractError> {
        let mut holding = *self;
        if let Some(frozen) = self.frozen(unit) {
            holding.keep_apart(frozen, power)?;
        }
        Ok(HoldingPool {
            closing: holding.kept_apart.unwrap_or_default(),
            open: holding.earned.total(now, power)?,
        })
    }

    /// Keeps apart what was earned until the close, if that is not done already.
    fn keep_apart(&mut self, frozen: SharedIndexes, power: u64) -> Result<(), ContractError> {
        if self.kept_apart.is_none() {
            self.kept_apart = Some(self.earned.total(frozen, power)?);
            self.earned = Earned {
                total: Points::ZERO,
                start: frozen,
            };
        }
        Ok(())
    }

    /// Puts what was earned until the close among the weights of the unit. Without room in the unit it
    /// stays in the pool.
    fn weigh(
        &mut self,
        books: &mut Books,
        denom: DenomId,
        unit: &mut Unit,
        validator: &AddressBytes,
        power: u64,
    ) -> Result<(), ContractError> {
        let Some(frozen) = self.frozen(Some(unit)) else {
            return Ok(());
        };
        self.keep_apart(frozen, power)?;
        let weight = self.kept_apart.take().unwrap_or_default();
        if !weights::add(books, denom, unit, validator, weight)? {
            self.earned.total = self.earned.total.checked_add(weight)?;
        }
        self.epoch = unit.epoch();
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.earned.total.is_zero() && self.kept_apart.unwrap_or_default().is_zero()
    }
}

impl Holdings {
    /// The record of a validator, and for one without an empty record at the indexes of now.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn load(
        storage: &dyn Storage,
        pool: &Pool,
        validator: &AddressBytes,
    ) -> Result<Self, ContractError> {
        let stored = HOLDINGS.may_load(storage, validator.as_slice())?;
        Ok(stored.unwrap_or_else(|| {
            let denoms = &pool.denoms;
            Holdings(denoms.map(|record| Holding::new(record.epoch, record.shared.indexes())))
        }))
    }

    fn save(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        Ok(HOLDINGS.save(storage, validator.as_slice(), self)?)
    }

    /// Whether a validator without power has nothing here, in no denom.
    fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, holding)| holding.is_empty())
    }

    /// The points of a denom now, of a validator with this power; `unit` is the denom's.
    ///
    /// # Errors
    /// Overflow, which the bound on receipts excludes.
    pub fn pool(
        &self,
        pool: &Pool,
        denom: DenomId,
        unit: Option<&Unit>,
        power: u64,
    ) -> Result<HoldingPool, ContractError> {
        let now = pool.denoms.get(denom).shared.indexes();
        self.0.get(denom).pool(now, unit, power)
    }

    /// Keeps apart what belongs to units that are being closed and whose cursor has not come by.
    fn keep_apart(&mut self, books: &Books, power: u64) -> Result<(), ContractError> {
        for (denom, record) in books.pool.denoms.iter() {
            let mut holding = self.0.get(denom);
            if holding.epoch == record.epoch {
                continue;
            }
            let unit = state::load_unit(books.storage, denom)?;
            if let Some(frozen) = holding.frozen(unit.as_ref()) {
                holding.keep_apart(frozen, power)?;
                self.0.set(denom, holding);
            }
        }
        Ok(())
    }
}

/// Brings a validator's record up to date with its power so far, so that the power can change.
///
/// # Errors
/// Unreadable records.
pub fn before_power_change(
    books: &mut Books,
    validator: &AddressBytes,
    power: u64,
) -> Result<(), ContractError> {
    let mut holdings = Holdings::load(books.storage, &books.pool, validator)?;
    holdings.keep_apart(books, power)?;
    for (denom, record) in books.pool.denoms.iter() {
        let mut holding = holdings.0.get(denom);
        holding.earned = holding.earned.up_to(record.shared.indexes(), power)?;
        holdings.0.set(denom, holding);
    }
    holdings.save(books.storage, validator)
}

/// Adds rewards of the proposer to its pools, and says whether it is known: it has a record.
///
/// # Errors
/// Unreadable records.
pub fn reward_proposer(
    books: &mut Books,
    validator: &AddressBytes,
    rewards: &Amounts,
) -> Result<bool, ContractError> {
    let Some(mut holdings) = HOLDINGS.may_load(books.storage, validator.as_slice())? else {
        return Ok(false);
    };
    let power = validator_set::power(books.storage, validator)?;
    holdings.keep_apart(books, power)?;
    for (denom, reward) in rewards.iter() {
        let mut holding = holdings.0.get(denom);
        holding.earned.total = holding.earned.total.checked_add(*reward)?;
        holdings.0.set(denom, holding);
        books.transfer(denom, Class::ProviderPending, Class::HoldingPools, *reward)?;
    }
    holdings.save(books.storage, validator)?;
    Ok(true)
}

/// Settles the next validator of a closing unit, and says whether there was one. A record that says
/// nothing any more, of a validator without power, is deleted: reporters that name ever new validators
/// would otherwise make every walk longer for ever.
///
/// # Errors
/// Unreadable records.
pub fn settle_next(
    books: &mut Books,
    denom: DenomId,
    unit: &mut Unit,
) -> Result<bool, ContractError> {
    let mut walk = unit.walk()?;
    let Some((validator, mut holdings)) = next_of_walk(books.storage, &mut walk)? else {
        return Ok(false);
    };
    let power = validator_set::power(books.storage, &validator)?;
    let mut holding = holdings.0.get(denom);
    let is_settled = holding.epoch == unit.epoch();
    holding.weigh(books, denom, unit, &validator, power)?;
    holdings.0.set(denom, holding);
    if power == 0 && holdings.is_empty() {
        HOLDINGS.remove(books.storage, validator.as_slice());
        let event = books.ctx.validator_event("holdings_removed", &validator);
        books.emit(event);
    } else if !is_settled {
        holdings.save(books.storage, &validator)?;
    }
    walk.pass(validator);
    unit.go_on(walk)?;
    Ok(true)
}

fn next_of_walk(
    storage: &dyn Storage,
    walk: &mut Walk,
) -> Result<Option<(AddressBytes, Holdings)>, ContractError> {
    let mut found = next(storage, walk.last().as_ref())?;
    if found.is_none() && walk.wrap() {
        found = next(storage, None)?;
    }
    Ok(found.filter(|(validator, _)| walk.includes(validator)))
}

/// The first validator behind another one, in the order of their bytes, with its record.
///
/// # Errors
/// Unreadable records.
pub fn next(
    storage: &dyn Storage,
    behind: Option<&AddressBytes>,
) -> Result<Option<(AddressBytes, Holdings)>, ContractError> {
    let behind = behind.map(AddressBytes::as_slice);
    let Some((key, holdings)) = HOLDINGS.range(storage, &[], behind).next().transpose()? else {
        return Ok(None);
    };
    Ok(Some((AddressBytes::new(&key)?, holdings)))
}
