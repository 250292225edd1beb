//! Changing, claiming and closing a delegation.

use distribution_math::{Points, units};
use pool_kit::{Amounts, DenomId};

use super::Books;
use super::records::{self, Delegation, Validator};
use super::scenario::{DelegationFromGlobalPool, DelegationFromProposerPool, DistributionScenario};
use super::validator::{self, settle};
use super::view::View;
use crate::ContractError;
use crate::accounting::ImportedAmounts;
use crate::books::Reason;
use crate::delegations::DelegationKey;

/// A delegation's shares of a denom's pools while its units change.
struct Changing {
    denom: DenomId,
    global: DelegationFromGlobalPool,
    proposer: DelegationFromProposerPool,
}

/// Brings the adjustments up to date with the old units, changes the units, and corrects the
/// adjustments for this change with the new units.
pub(super) fn set_units(
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<(), ContractError> {
    let mut validator = settle(books, &key.validator)?;
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    if units == delegation.units {
        return Ok(());
    }
    let total = units::after_change(validator.sharing.units, delegation.units, units)?;

    let changing = bring_up_to_date(books, &validator, &delegation)?;
    let change = validator::set_units(books, &key.validator, &mut validator, total)?;
    for Changing {
        denom,
        mut global,
        mut proposer,
    } in changing
    {
        let view = View::now(books, &validator, denom)?;
        global.units = units;
        proposer.units = units;
        global.update_adjustment_for_power_change(&change.of_global_pool(view.received()))?;
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(view.received()))?;
        let stored = view.relative_to_unit(&global, &proposer)?;
        delegation.denoms.set(denom, stored);
    }
    delegation.units = units;
    delegation.write(books.storage, key, is_new)
}

/// Replaces what a delegation could claim, see
/// [`Accounting::import_rewards`](crate::accounting::Accounting::import_rewards). No pool received it,
/// so it is a correction of the entitlement to the proposer pool.
pub(super) fn import(
    books: &mut Books,
    key: DelegationKey,
    change: &ImportedAmounts,
) -> Result<(), ContractError> {
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    for denom in change.denoms() {
        let mut adjustments = delegation.denoms.get(denom);
        let before = adjustments.proposer.plus(change.before.get(denom))?;
        adjustments.proposer = before.minus(change.now.get(denom))?;
        delegation.denoms.set(denom, adjustments);
    }
    records::take_out(books.storage, &key.validator, &change.before)?;
    records::put_in(books.storage, &key.validator, &change.now)?;
    delegation.write(books.storage, key, is_new)
}

fn bring_up_to_date(
    books: &Books,
    validator: &Validator,
    delegation: &Delegation,
) -> Result<Vec<Changing>, ContractError> {
    let mut changing = Vec::new();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, validator, denom)?;
        let adjustments = delegation.denoms.get(denom);
        changing.push(Changing {
            denom,
            global: view.delegation(delegation.units, &adjustments)?,
            proposer: view.delegation_proposer(delegation.units, &adjustments)?,
        });
    }
    Ok(changing)
}

/// What the delegation may claim now, by denom.
pub(super) fn rewards(
    books: &Books,
    key: DelegationKey,
    validator: &Validator,
) -> Result<Amounts, ContractError> {
    let mut owed = Amounts::default();
    let Some(delegation) = Delegation::may_load(books.storage, key)? else {
        return Ok(owed);
    };
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, validator, denom)?;
        let adjustments = delegation.denoms.get(denom);
        let entitlement = view.delegation_entitlement(delegation.units, &adjustments)?;
        owed.add(denom, entitlement.total()?)?;
    }
    Ok(owed)
}

/// Takes out whole coins of `denoms`, see
/// [`Accounting::withdraw_delegation`](crate::accounting::Accounting::withdraw_delegation).
pub(super) fn withdraw(
    books: &mut Books,
    key: DelegationKey,
    denoms: &[DenomId],
) -> Result<Amounts, ContractError> {
    let validator = settle(books, &key.validator)?;
    let mut paid = Amounts::default();
    let Some(mut delegation) = Delegation::may_load(books.storage, key)? else {
        return Ok(paid);
    };
    let mut left = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, &validator, denom)?;
        let mut adjustments = delegation.denoms.get(denom);
        let entitlement = view.delegation_entitlement(delegation.units, &adjustments)?;
        let owed = entitlement.total()?;
        let pending = if denoms.contains(&denom) {
            owed.fraction()
        } else {
            owed
        };
        let coins = owed.checked_sub(pending)?;
        let taken = entitlement.taking(coins);
        adjustments.proposer = adjustments.proposer.plus(taken.proposer)?;
        adjustments.global = adjustments.global.plus(taken.global)?;
        delegation.denoms.set(denom, adjustments);
        paid.add(denom, coins)?;
        left.add(denom, pending)?;
    }

    let one_coin = Points::from_coins(1);
    if delegation.units == 0 && left.iter().all(|(_, amount)| *amount < one_coin) {
        let mut gone = paid.clone();
        gone.add_all(&left)?;
        records::take_out(books.storage, &key.validator, &gone)?;
        Delegation::delete(books.storage, key);
        books.outstanding_to_community(Some(&key.validator), Reason::ClosedDelegation, &left)?;
    } else if !paid.is_zero() {
        records::take_out(books.storage, &key.validator, &paid)?;
        delegation.save(books.storage, key)?;
    }
    Ok(paid)
}
