//! What changes how a validator shares, and what it alone receives.

use distribution_math::{ExchangeRate, Rate};

use super::log::{self, Moment, PowerChange, Totals, ValidatorState};
use super::records::{Announcement, ProposerPool, Validator};
use super::view::{View, Views};
use crate::books::{Books, ChainRate, Destination, Entry};
use crate::{AccountingError, AccountingFault, Amounts};

/// Reads a validator. A commission rate that the chain announced is asked for first and takes its
/// place in time; what no delegator is there to take becomes the community pool's. What that
/// changes is written already.
pub(super) fn settle(books: &mut Books, validator: &[u8]) -> Result<Validator, AccountingError> {
    let mut record = Validator::load(books.storage, validator)?;
    if let Some(announcement) = record.announced.take() {
        let told = books
            .surroundings
            .staking
            .commission_rate(books.storage, validator);
        match told {
            Some(told) => take_rate(books, validator, &mut record, &announcement, told)?,
            None => postpone(books, validator, &mut record, announcement)?,
        }
        record.save(books.storage, validator)?;
    }
    if record.state.units == 0 && release_unowned(books, validator, &mut record)? {
        record.save(books.storage, validator)?;
    }
    Ok(record)
}

/// Gives the community pool what a validator without delegations has for it. Returns whether
/// there was anything.
fn release_unowned(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
) -> Result<bool, AccountingError> {
    let views = Views::of(books, validator)?;
    let mut unowned = Amounts::default();
    for denom in views.denoms() {
        let amount = views.get(record, denom)?.unowned_entitlement()?;
        if amount.is_zero() {
            continue;
        }
        unowned.add(denom, amount)?;
        record.update(denom, |adjustments| {
            adjustments.unowned = adjustments.unowned.plus(amount)?;
            adjustments.validator = adjustments.validator.plus(amount)?;
            Ok(())
        })?;
    }
    let is_any = !unowned.is_zero();
    books.outstanding_to_community(validator, Destination::NoDelegators, unowned)?;
    Ok(is_any)
}

/// The rate that the chain told has been in force since it was announced.
fn take_rate(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    announcement: &Announcement,
    told: ChainRate,
) -> Result<(), AccountingError> {
    let at = |state: ValidatorState| Moment {
        validator: state,
        totals: announcement.totals,
    };
    let change = PowerChange {
        validator: validator.to_vec(),
        before: at(record.state),
        after: at(ValidatorState {
            rate: told.rate,
            ..record.state
        }),
        received: announcement.received.clone(),
        announced: false,
    };
    for (denom, received) in announcement.received.iter() {
        let adjustments = record.denoms.get(denom);
        let then = View::at(change.before, *received, adjustments);
        record
            .denoms
            .set(denom, then.after(&change, denom, adjustments.seen)?);
    }
    record.state.rate = told.rate;
    log::complete(books.storage, announcement.sequence, &change)?;
    books.note(Entry::CommissionRead {
        validator: validator.to_vec(),
        rate: told,
    });
    Ok(())
}

/// Without an answer the old rate was in force until now, and what is asked for next time is the
/// rate from now on.
fn postpone(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    announcement: Announcement,
) -> Result<(), AccountingError> {
    let views = Views::of(books, validator)?;
    if announcement.totals == views.totals() && announcement.received == views.received() {
        record.announced = Some(announcement);
        return Ok(());
    }
    let at = Moment {
        validator: record.state,
        totals: announcement.totals,
    };
    let nothing = PowerChange {
        validator: validator.to_vec(),
        before: at,
        after: at,
        received: announcement.received,
        announced: false,
    };
    log::complete(books.storage, announcement.sequence, &nothing)?;
    announce(books, validator, record)
}

/// Keeps a place in time for a rate that the chain has not told yet.
fn announce(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
) -> Result<(), AccountingError> {
    let entered = enter(books, validator, record, record.state, IsAnnounced(true))?;
    record.announced = Some(Announcement {
        sequence: entered.sequence,
        totals: entered.change.before.totals,
        received: entered.change.received,
    });
    Ok(())
}

/// Whether a change is one of the commission rate that is only announced.
struct IsAnnounced(bool);

/// A change that has entered the log, the running sums and the validator's adjustments.
pub(super) struct Entered {
    pub sequence: u64,
    pub change: PowerChange,
}

/// Changes how a validator shares, and with its power what all validators have. The record is
/// left to the caller to write.
fn enter(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    state: ValidatorState,
    announced: IsAnnounced,
) -> Result<Entered, AccountingError> {
    let views = Views::of(books, validator)?;
    let before = Moment {
        validator: record.state,
        totals: views.totals(),
    };
    change_totals(books, record.state.power, state.power)?;
    let change = PowerChange {
        validator: validator.to_vec(),
        before,
        after: Moment {
            validator: state,
            totals: Totals::of(&books.pool),
        },
        received: views.received(),
        announced: announced.0,
    };
    let mut sums = views.sums().clone();
    let is_sum_changed = sums.add(&change)?;
    for denom in views.denoms() {
        let after = views
            .get(record, denom)?
            .after(&change, denom, sums.get(denom))?;
        record.denoms.set(denom, after);
    }
    record.state = state;
    if is_sum_changed {
        sums.save(books.storage)?;
    }
    let sequence = log::append(books.storage, &change)?;
    Ok(Entered { sequence, change })
}

fn change_totals(books: &mut Books, before: u64, after: u64) -> Result<(), AccountingError> {
    // On the way from one set of powers to the next the total may pass its bound of 2^63, which is
    // checked when the books are closed; never 2^64, since both sets stay below it.
    let total = u128::from(books.pool.total_power)
        .saturating_sub(before.into())
        .saturating_add(after.into());
    books.pool.total_power =
        u64::try_from(total).map_err(|_| AccountingFault::PowerBound { total })?;
    let active = |power: u64| u32::from(power > 0);
    books.pool.active_validators = books
        .pool
        .active_validators
        .saturating_add(active(after))
        .saturating_sub(active(before));
    Ok(())
}

pub(super) fn set_power(
    books: &mut Books,
    validator: &[u8],
    power: u64,
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    if record.state.power == power {
        return Ok(());
    }
    let state = ValidatorState {
        power,
        ..record.state
    };
    enter(books, validator, &mut record, state, IsAnnounced(false))?;
    record.save(books.storage, validator)?;
    if power > 0 {
        // Who votes is there, whatever was said before.
        set_removed(books, validator, false)?;
    }
    Ok(())
}

/// Marks a validator as removed, or as back.
pub(super) fn set_removed(
    books: &mut Books,
    validator: &[u8],
    removed: bool,
) -> Result<(), AccountingError> {
    let mut pool = ProposerPool::load(books.storage, validator)?;
    if pool.removed != removed {
        pool.removed = removed;
        pool.save(books.storage, validator)?;
    }
    Ok(())
}

/// Changes the units of all delegations of a settled validator.
pub(super) fn set_units(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    units: u128,
) -> Result<PowerChange, AccountingError> {
    let state = ValidatorState {
        units,
        ..record.state
    };
    let entered = enter(books, validator, record, state, IsAnnounced(false))?;
    record.save(books.storage, validator)?;
    let mut pool = ProposerPool::load(books.storage, validator)?;
    if pool.delegated != (units > 0) {
        pool.delegated = units > 0;
        pool.save(books.storage, validator)?;
    }
    Ok(entered.change)
}

pub(super) fn set_commission_rate(
    books: &mut Books,
    validator: &[u8],
    rate: Rate,
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    record.announced = None;
    if record.state.rate != rate {
        let state = ValidatorState {
            rate,
            ..record.state
        };
        enter(books, validator, &mut record, state, IsAnnounced(false))?;
    }
    record.save(books.storage, validator)
}

pub(super) fn mark_commission_stale(
    books: &mut Books,
    validator: &[u8],
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    if record.announced.is_none() {
        announce(books, validator, &mut record)?;
        record.save(books.storage, validator)?;
    }
    Ok(())
}

/// Gives received points to a validator: into its proposer pool, or at once to its operator and
/// the community pool while nobody delegates to it.
pub(super) fn reward(
    books: &mut Books,
    validator: &[u8],
    rewards: &Amounts,
) -> Result<bool, AccountingError> {
    let Some(mut pool) =
        ProposerPool::may_load(books.storage, validator)?.filter(|pool| !pool.removed)
    else {
        return Ok(false);
    };
    for (denom, amount) in rewards.iter() {
        books.allocate_outstanding(denom, *amount)?;
    }
    if pool.delegated {
        pool.received.add_all(rewards)?;
        pool.save(books.storage, validator)?;
        return Ok(true);
    }
    let mut record = settle(books, validator)?;
    let mut unowned = Amounts::default();
    for (denom, amount) in rewards.iter() {
        let commission = amount.mul_rate_floor(record.state.rate);
        unowned.add(denom, amount.checked_sub(commission)?)?;
        if commission.is_zero() {
            continue;
        }
        // The pool did not receive it, so what it is worth to the operator is a correction.
        record.update(denom, |adjustments| {
            adjustments.commission_proposer = adjustments.commission_proposer.minus(commission)?;
            adjustments.validator = adjustments.validator.minus(commission)?;
            Ok(())
        })?;
    }
    record.save(books.storage, validator)?;
    books.outstanding_to_community(validator, Destination::NoDelegators, unowned)?;
    Ok(true)
}

/// Makes a record of a validator, or brings a removed one back.
pub(super) fn create(
    books: &mut Books,
    validator: &[u8],
    rate: Rate,
) -> Result<(), AccountingError> {
    if Validator::may_load(books.storage, validator)?.is_some() {
        set_removed(books, validator, false)?;
        return set_commission_rate(books, validator, rate);
    }
    // It shares nothing yet: what the sums were until its first change does not matter to it.
    Validator::new(rate).save(books.storage, validator)?;
    ProposerPool::default().save(books.storage, validator)
}

pub(super) fn slash(
    books: &mut Books,
    validator: &[u8],
    fraction: Rate,
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    let rate = record.exchange_rate.unwrap_or(ExchangeRate::ONE);
    match rate.slashed(fraction) {
        Some(rate) => record.exchange_rate = Some(rate),
        None => books.note(Entry::ExchangeRateBound {
            validator: validator.to_vec(),
        }),
    }
    record.save(books.storage, validator)
}
