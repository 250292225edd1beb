//! Changing, claiming and closing a delegation.

use distribution_math::{Points, units};

use super::records::{Account, Delegation, Validator};
use super::scenario::{DelegationFromGlobalPool, DelegationFromProposerPool, DistributionScenario};
use super::validator::{set_units as set_validator_units, settle, settle_with};
use super::view::View;
use crate::books::{Books, Destination};
use crate::{AccountingError, Amounts, DelegationKey, DenomId};

/// A delegation's shares of a denom's pools while its units change.
struct Changing {
    global: DelegationFromGlobalPool,
    proposer: DelegationFromProposerPool,
}

/// Brings up to date with the old units, changes, and corrects for the own change with the new
/// ones.
pub(super) fn set_units(
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<(), AccountingError> {
    let mut validator = settle(books, key.validator)?;
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    if units == delegation.units {
        return Ok(());
    }
    let total = units::after_change(validator.sharing.units, delegation.units, units)?;

    let changing = bring_up_to_date(books, &validator, &delegation)?;
    let change = set_validator_units(books, key.validator, &mut validator, total)?;
    for (denom, changing) in books.pool.denoms.ids().zip(changing) {
        let Changing {
            mut global,
            mut proposer,
        } = changing;
        let view = View::now(books, &validator, denom)?;
        global.units = units;
        proposer.units = units;
        global.update_adjustment_for_power_change(&change.of_global_pool(view.received()))?;
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(view.received()))?;
        delegation
            .denoms
            .set(denom, view.normal(&global, &proposer)?);
    }
    delegation.units = units;
    if is_new {
        delegation.create(books.storage, key)
    } else {
        delegation.save(books.storage, key)
    }
}

/// In the order of the denoms.
fn bring_up_to_date(
    books: &Books,
    validator: &Validator,
    delegation: &Delegation,
) -> Result<Vec<Changing>, AccountingError> {
    let denoms = books.pool.denoms.ids();
    let mut changing = Vec::with_capacity(denoms.len());
    for denom in denoms {
        let view = View::now(books, validator, denom)?;
        let adjustments = delegation.denoms.get(denom);
        changing.push(Changing {
            global: view.delegation(delegation.units, &adjustments)?,
            proposer: view.delegation_proposer(delegation.units, &adjustments)?,
        });
    }
    Ok(changing)
}

/// What the delegation may claim now, by denom. The validator is settled, or its rate is not known
/// yet and the old one counts.
pub(super) fn rewards(
    books: &Books,
    key: DelegationKey,
    validator: &Validator,
) -> Result<Amounts, AccountingError> {
    let mut owed = Amounts::default();
    let Some(delegation) = Delegation::may_load(books.storage, key)? else {
        return Ok(owed);
    };
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, validator, denom)?;
        let entitlement =
            view.delegation_entitlement(delegation.units, &delegation.denoms.get(denom))?;
        owed.add(denom, entitlement.total()?)?;
    }
    Ok(owed)
}

pub(super) fn withdraw(
    books: &mut Books,
    key: DelegationKey,
    denoms: &[DenomId],
) -> Result<Amounts, AccountingError> {
    let mut account = Account::new(key.validator);
    let validator = settle_with(books, key.validator, &mut account)?;
    let mut paid = Amounts::default();
    let Some(mut delegation) = Delegation::may_load(books.storage, key)? else {
        account.close(books.storage)?;
        return Ok(paid);
    };
    let mut rest = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, &validator, denom)?;
        let mut adjustments = delegation.denoms.get(denom);
        let entitlement = view.delegation_entitlement(delegation.units, &adjustments)?;
        let owed = entitlement.total()?;
        let unpaid = if denoms.contains(&denom) {
            owed.fraction()
        } else {
            owed
        };
        let coins = owed.checked_sub(unpaid)?;
        let taken = entitlement.taking(coins);
        adjustments.proposer = adjustments.proposer.plus(taken.proposer)?;
        adjustments.global = adjustments.global.plus(taken.global)?;
        delegation.denoms.set(denom, adjustments);
        paid.add(denom, coins)?;
        rest.add(denom, unpaid)?;
    }

    let is_closed = delegation.units == 0
        && rest
            .iter()
            .all(|(_, amount)| *amount < Points::from_coins(1));
    let mut gone = paid.clone();
    if is_closed {
        gone.add_all(&rest)?;
        Delegation::delete(books.storage, key);
    } else if !paid.is_zero() {
        delegation.save(books.storage, key)?;
    }
    account.take_out(books.storage, &gone)?;
    account.close(books.storage)?;
    if is_closed {
        books.outstanding_to_community(key.validator, Destination::ClosedDelegation, rest)?;
    }
    Ok(paid)
}
