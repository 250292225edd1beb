//! What changes how a validator shares, and what it alone receives.

use distribution_math::{ExchangeRate, Rate};

use super::log::{Change, Moment, Totals, ValidatorState};
use super::pages;
use super::records::{Account, Announcement, ProposerPool, Validator};
use super::view::{self, View};
use crate::books::{Books, ChainRate, Destination, Entry};
use crate::denoms::PerDenom;
use crate::{AccountingError, AccountingFault, Amounts};

/// Reads a validator. A commission rate that the chain announced is asked for first and takes its
/// place in time; what no delegator is there to take becomes the community pool's. What that
/// changes is written already.
pub(super) fn settle(books: &mut Books, validator: &[u8]) -> Result<Validator, AccountingError> {
    let mut account = Account::new(validator);
    let record = settle_with(books, validator, &mut account)?;
    account.close(books.storage)?;
    Ok(record)
}

/// As [`settle`], where the caller goes on with the validator's account and closes it.
pub(super) fn settle_with(
    books: &mut Books,
    validator: &[u8],
    account: &mut Account,
) -> Result<Validator, AccountingError> {
    let mut record = Validator::load(books.storage, validator)?;
    settle_rate(books, validator, &mut record, account)?;
    if record.sharing.units == 0 {
        release_unowned(books, validator, &record, account)?;
    }
    Ok(record)
}

fn settle_rate(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    account: &mut Account,
) -> Result<(), AccountingError> {
    let Some(announcement) = record.sharing.announced.take() else {
        return Ok(());
    };
    let told = books
        .surroundings
        .staking
        .commission_rate(books.storage, validator);
    match told {
        Some(told) => take_rate(books, record, &announcement, told, account)?,
        None if is_of_now(books, record, &announcement) => {
            record.sharing.announced = Some(announcement);
            return Ok(());
        }
        None => postpone(books, validator, record, &announcement)?,
    }
    record.save_sharing(books.storage, validator)
}

/// Whether nothing came in since an announcement, and no power changed.
fn is_of_now(books: &Books, record: &Validator, announcement: &Announcement) -> bool {
    let then = |denom| announcement.denoms.get(denom).received;
    announcement.totals == Totals::of(&books.pool)
        && view::received(books, record)
            .iter()
            .all(|(denom, received)| then(denom) == *received)
}

/// Gives the community pool what a validator without delegations has for it.
fn release_unowned(
    books: &mut Books,
    validator: &[u8],
    record: &Validator,
    account: &mut Account,
) -> Result<(), AccountingError> {
    let mut unowned = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, record, denom)?;
        let mut adjustments = account.operator(books.storage, denom)?;
        let amount = view.unowned_entitlement(&adjustments)?;
        if amount.is_zero() {
            continue;
        }
        unowned.add(denom, amount)?;
        adjustments.unowned_normal = adjustments.unowned_normal.plus(amount)?;
        account.set_operator(denom, adjustments);
    }
    account.take_out(books.storage, &unowned)?;
    books.outstanding_to_community(validator, Destination::NoDelegators, unowned)
}

/// The rate that the chain told has been in force since it was announced.
fn take_rate(
    books: &mut Books,
    record: &mut Validator,
    announcement: &Announcement,
    told: ChainRate,
    account: &mut Account,
) -> Result<(), AccountingError> {
    let before = record.state();
    let after = ValidatorState {
        rate: told.rate,
        ..before
    };
    let at = |validator| Moment {
        validator,
        totals: announcement.totals,
    };
    let change = Change {
        before: at(before),
        after: at(after),
    };
    share_otherwise(books, record, &change, Some(announcement), account)?;
    books
        .log
        .tell(books.storage, announcement.sequence, told.rate)?;
    books.note(Entry::CommissionRead {
        validator: account.validator().to_vec(),
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
    announcement: &Announcement,
) -> Result<(), AccountingError> {
    books
        .log
        .tell(books.storage, announcement.sequence, record.sharing.rate)?;
    announce(books, validator, record)
}

/// Keeps a place in time for a rate that the chain has not told yet.
fn announce(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
) -> Result<(), AccountingError> {
    let now = Moment::now(&books.pool, record.state());
    let mut denoms = PerDenom::default();
    for denom in books.pool.denoms.ids() {
        denoms.set(denom, View::at(books, record, now, denom)?.announced());
    }
    record.sharing.announced = Some(Announcement {
        sequence: pages::append_announced(books, validator, record, &now)?,
        totals: now.totals,
        denoms,
    });
    Ok(())
}

/// Brings the adjustments of a validator's recipients over a change of its delegations' units or of
/// its commission rate: from right before it, which is now or at an announcement.
fn share_otherwise(
    books: &mut Books,
    record: &mut Validator,
    change: &Change,
    announcement: Option<&Announcement>,
    account: &mut Account,
) -> Result<(), AccountingError> {
    let (before, after) = (change.before.validator, change.after.validator);
    let is_owned = |state: ValidatorState| state.units > 0;
    // What the operator and the community pool have depends on nothing else.
    let is_operator_affected = before.rate != after.rate || is_owned(before) != is_owned(after);
    let ids = books.pool.denoms.ids();
    let ids = announcement.map_or(ids, |then| then.denoms.ids());
    for denom in ids {
        let view = match announcement {
            Some(then) => {
                let unit = record.sharing.unit.get(denom);
                View::at_announcement(change.before, &then.denoms.get(denom), unit)
            }
            None => View::at(books, record, change.before, denom)?,
        };
        record.sharing.unit.set(denom, view.unit_after(change)?);
        if is_operator_affected {
            let adjustments = account.operator(books.storage, denom)?;
            account.set_operator(denom, view.operator_after(&adjustments, change)?);
        }
    }
    record.sharing.units = after.units;
    record.sharing.rate = after.rate;
    Ok(())
}

/// Changes the units of all delegations, or the commission rate, of a settled validator.
fn change_sharing(
    books: &mut Books,
    record: &mut Validator,
    state: ValidatorState,
    mut account: Account,
) -> Result<Change, AccountingError> {
    let validator = account.validator();
    let change = Change {
        before: Moment::now(&books.pool, record.state()),
        after: Moment::now(&books.pool, state),
    };
    share_otherwise(books, record, &change, None, &mut account)?;
    pages::append(books, validator, record, &change)?;
    record.save_sharing(books.storage, validator)?;
    account.close(books.storage)?;
    Ok(change)
}

/// Changes a settled validator's power, and with it what all validators have.
fn change_power(
    books: &mut Books,
    validator: &[u8],
    record: &mut Validator,
    power: u64,
) -> Result<(), AccountingError> {
    let state = record.state();
    let before = Moment::now(&books.pool, state);
    change_totals(books, state.power, power)?;
    let change = Change {
        before,
        after: Moment::now(&books.pool, ValidatorState { power, ..state }),
    };
    books.log.keep_sums(books.storage)?;
    for denom in books.pool.denoms.ids() {
        // First, with the sums as they were before: the change is added to them right behind, and
        // is no change of another validator's power to this one.
        let view = View::at(books, record, before, denom)?;
        let received = view.received();
        let sums = books.log.add(books.storage, &change, denom, received)?;
        let normal = view.validator_after(&change, &sums)?;
        record.power.normal.set(denom, normal);
    }
    pages::append(books, validator, record, &change)?;
    record.power.power = power;
    record.save_power(books.storage, validator)?;
    // It is of right before: nothing came in since, and its moment had the old power.
    if let Some(announcement) = record.sharing.announced.take() {
        postpone(books, validator, record, &announcement)?;
        record.save_sharing(books.storage, validator)?;
    }
    Ok(())
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
    if record.power.power == power {
        return Ok(());
    }
    change_power(books, validator, &mut record, power)?;
    if power > 0 && record.proposer_pool.removed {
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
) -> Result<Change, AccountingError> {
    let state = ValidatorState {
        units,
        ..record.state()
    };
    let change = change_sharing(books, record, state, Account::new(validator))?;
    let pool = &mut record.proposer_pool;
    if pool.delegated != (units > 0) {
        pool.delegated = units > 0;
        pool.save(books.storage, validator)?;
    }
    Ok(change)
}

pub(super) fn set_commission_rate(
    books: &mut Books,
    validator: &[u8],
    rate: Rate,
) -> Result<(), AccountingError> {
    let mut account = Account::new(validator);
    let mut record = settle_with(books, validator, &mut account)?;
    let was_announced = record.sharing.announced.take().is_some();
    if record.sharing.rate != rate {
        let state = ValidatorState {
            rate,
            ..record.state()
        };
        change_sharing(books, &mut record, state, account)?;
        return Ok(());
    }
    if was_announced {
        record.save_sharing(books.storage, validator)?;
    }
    account.close(books.storage)
}

pub(super) fn mark_commission_stale(
    books: &mut Books,
    validator: &[u8],
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    if record.sharing.announced.is_none() {
        announce(books, validator, &mut record)?;
        record.save_sharing(books.storage, validator)?;
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
    let mut account = Account::new(validator);
    let record = settle_with(books, validator, &mut account)?;
    let mut commissions = Amounts::default();
    let mut unowned = Amounts::default();
    for (denom, amount) in rewards.iter() {
        let commission = amount.mul_rate_floor(record.sharing.rate);
        unowned.add(denom, amount.checked_sub(commission)?)?;
        commissions.add(denom, commission)?;
    }
    if !commissions.is_zero() {
        for (denom, _) in rewards.iter() {
            // The pool did not receive it, so what it is worth to the operator is a correction.
            let mut adjustments = account.operator(books.storage, denom)?;
            adjustments.proposer = adjustments.proposer.minus(commissions.get(denom))?;
            account.set_operator(denom, adjustments);
        }
        account.put_in(books.storage, &commissions)?;
    }
    account.close(books.storage)?;
    books.outstanding_to_community(validator, Destination::NoDelegators, unowned)?;
    Ok(true)
}

/// Makes a record of a validator, or brings a removed one back.
pub(super) fn create(
    books: &mut Books,
    validator: &[u8],
    rate: Rate,
) -> Result<(), AccountingError> {
    if Validator::is_known(books.storage, validator) {
        set_removed(books, validator, false)?;
        return set_commission_rate(books, validator, rate);
    }
    // It shares nothing yet: what the sums were until its first change does not matter to it.
    Validator::create(books.storage, validator, rate)
}

pub(super) fn slash(
    books: &mut Books,
    validator: &[u8],
    fraction: Rate,
) -> Result<(), AccountingError> {
    let mut record = settle(books, validator)?;
    let rate = record.sharing.exchange_rate.unwrap_or(ExchangeRate::ONE);
    match rate.slashed(fraction) {
        Some(rate) => record.sharing.exchange_rate = Some(rate),
        None => books.note(Entry::ExchangeRateBound {
            validator: validator.to_vec(),
        }),
    }
    record.save_sharing(books.storage, validator)
}
