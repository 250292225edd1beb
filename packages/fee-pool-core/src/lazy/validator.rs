//! What changes how a validator shares, and what it alone receives.

use chain_types::address::AddressBytes;
use cosmwasm_std::Event;
use distribution_math::Rate;
use pool_kit::Amounts;
use pool_kit::ledger::Class;

use super::log::{Change, Snapshot, ValidatorState};
use super::records::{self, ProposerPool, Sharing, Validator};
use super::view::View;
use super::{Books, log};
use crate::ContractError;
use crate::books::Reason;
use validator_rewards::validator_set::PowerChange;

/// Reads a validator. What no delegator can claim of its rewards goes to the community pool.
pub(super) fn settle(
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Validator, ContractError> {
    let record = Validator::load(books, validator)?;
    if record.sharing.units == 0 {
        release_unowned(books, validator, &record)?;
    }
    Ok(record)
}

/// Gives the community pool its share of the rewards of a validator without delegations.
fn release_unowned(
    books: &mut Books,
    validator: &AddressBytes,
    record: &Validator,
) -> Result<(), ContractError> {
    let mut operator = records::load_operator(books.storage, validator)?;
    let mut unowned = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let mut adjustments = operator.get(denom);
        let amount = View::now(books, record, denom)?.unowned_entitlement(&adjustments)?;
        if !amount.is_zero() {
            unowned.add(denom, amount)?;
            adjustments.unowned = adjustments.unowned.plus(amount)?;
            operator.set(denom, adjustments);
        }
    }
    if unowned.is_zero() {
        return Ok(());
    }
    records::save_operator(books.storage, validator, &operator)?;
    records::take_out(books.storage, validator, &unowned)?;
    books.outstanding_to_community(Some(validator), Reason::NoDelegators, &unowned)
}

/// Brings the adjustment of all recipients of a validator over a change of its power, and the running
/// sums over the change of the totals.
pub(super) fn before_power_change(
    books: &mut Books,
    change: &PowerChange,
) -> Result<(), ContractError> {
    let validator = &change.validator;
    let mut record = settle(books, validator)?;
    let state = record.state();
    let before = Snapshot::now(&books.pool, state);
    let after = Snapshot {
        validator: ValidatorState {
            power: change.after,
            ..state
        },
        totals: before.totals.with(change.before, change.after),
    };
    let change = Change { before, after };
    for denom in books.pool.denoms.ids() {
        // The view is taken with the sums before this change: to this validator it is its own
        // change, and not one of another validator.
        let view = View::now(books, &record, denom)?;
        let mut pool = books.pool.denoms.get(denom);
        pool.shared.add(&change)?;
        let adjustment = view.validator_after(&change, &pool.shared)?;
        record.adjustment.set(denom, adjustment);
        books.pool.denoms.set(denom, pool);
    }
    log::append(books, validator, &record, &change)?;
    record.save_adjustment(books.storage, validator)
}

/// Changes the units of all delegations, or the commission rate, of a settled validator: brings the
/// adjustments of its recipients over the change, and writes what changed.
fn change_sharing(
    books: &mut Books,
    validator: &AddressBytes,
    record: &mut Validator,
    after: ValidatorState,
) -> Result<Change, ContractError> {
    let before = record.state();
    let change = Change {
        before: Snapshot::now(&books.pool, before),
        after: Snapshot::now(&books.pool, after),
    };
    // The adjustments of operator and community pool depend on nothing else.
    let is_operator_affected = before.rate != after.rate || (before.units > 0) != (after.units > 0);
    let mut operator = if is_operator_affected {
        records::load_operator(books.storage, validator)?
    } else {
        records::Operator::default()
    };
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, record, denom)?;
        record.sharing.unit.set(denom, view.unit_after(&change)?);
        if is_operator_affected {
            let adjustments = view.operator_after(&operator.get(denom), &change)?;
            operator.set(denom, adjustments);
        }
    }
    log::append(books, validator, record, &change)?;
    record.sharing.units = after.units;
    record.sharing.rate = after.rate;
    record.sharing.save(books.storage, validator)?;
    if is_operator_affected {
        records::save_operator(books.storage, validator, &operator)?;
    }
    Ok(change)
}

/// Changes the units of all delegations of a settled validator.
pub(super) fn set_units(
    books: &mut Books,
    validator: &AddressBytes,
    record: &mut Validator,
    units: u128,
) -> Result<Change, ContractError> {
    let state = ValidatorState {
        units,
        ..record.state()
    };
    let change = change_sharing(books, validator, record, state)?;
    let pool = &mut record.proposer_pool;
    if pool.has_delegations != (units > 0) {
        pool.has_delegations = units > 0;
        pool.save(books.storage, validator)?;
    }
    Ok(change)
}

pub(super) fn set_commission_rate(
    books: &mut Books,
    validator: &AddressBytes,
    rate: Rate,
) -> Result<(), ContractError> {
    let mut record = settle(books, validator)?;
    if record.sharing.rate != rate {
        let state = ValidatorState {
            rate,
            ..record.state()
        };
        change_sharing(books, validator, &mut record, state)?;
    }
    Ok(())
}

/// Marks a validator as removed, or as created again.
pub(super) fn set_removed(
    books: &mut Books,
    validator: &AddressBytes,
    removed: bool,
) -> Result<(), ContractError> {
    let mut pool = ProposerPool::load(books, validator)?;
    pool.removed = removed;
    pool.save(books.storage, validator)
}

/// Gives received points to a validator: into its proposer pool, or at once to its operator and
/// the community pool while nobody delegates to it.
pub(super) fn reward(
    books: &mut Books,
    validator: &AddressBytes,
    rewards: &Amounts,
    receipt: Event,
) -> Result<bool, ContractError> {
    let pool = ProposerPool::may_load(books.storage, validator)?;
    let Some(mut pool) = pool.filter(|pool| !pool.removed) else {
        return Ok(false);
    };
    for (denom, amount) in rewards.iter() {
        books.allocate(denom, Class::Outstanding, *amount)?;
    }
    books.emit(receipt);
    if pool.has_delegations {
        pool.received.add_all(rewards)?;
        pool.save(books.storage, validator)?;
    } else {
        reward_without_delegations(books, validator, rewards)?;
    }
    Ok(true)
}

fn reward_without_delegations(
    books: &mut Books,
    validator: &AddressBytes,
    rewards: &Amounts,
) -> Result<(), ContractError> {
    let rate = Sharing::load(books, validator)?.rate;
    let mut operator = records::load_operator(books.storage, validator)?;
    let mut commissions = Amounts::default();
    let mut unowned = Amounts::default();
    for (denom, amount) in rewards.iter() {
        let commission = amount.mul_rate_floor(rate);
        commissions.add(denom, commission)?;
        unowned.add(denom, amount.checked_sub(commission)?)?;
        // The pool did not receive it, so the operator's part of it is a correction.
        let mut adjustments = operator.get(denom);
        adjustments.commission_proposer = adjustments.commission_proposer.minus(commission)?;
        operator.set(denom, adjustments);
    }
    if !commissions.is_zero() {
        records::save_operator(books.storage, validator, &operator)?;
        records::put_in(books.storage, validator, &commissions)?;
    }
    books.outstanding_to_community(Some(validator), Reason::NoDelegators, &unowned)
}

/// Makes the record of a validator, or brings a removed one back.
pub(super) fn create(
    books: &mut Books,
    validator: &AddressBytes,
    rate: Rate,
) -> Result<(), ContractError> {
    if Validator::is_known(books.storage, validator) {
        set_removed(books, validator, false)?;
        return set_commission_rate(books, validator, rate);
    }
    // It shares nothing yet, so the running sums until its first change do not matter to it.
    Validator::create(books.storage, validator, rate)
}
