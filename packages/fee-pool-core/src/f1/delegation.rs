//! Changing, claiming and closing a delegation.

use distribution_math::{Points, units};
use pool_kit::{Amounts, DenomId};

use super::Books;
use super::records::{Claim, Delegation};
use super::validator::{release_carries, release_shared_carries, settle};
use crate::ContractError;
use crate::accounting::ImportedAmounts;
use crate::books::Reason;
use crate::delegations::DelegationKey;

/// Settles the validator and the delegation with the old units, then changes them.
pub(super) fn set_units(
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<(), ContractError> {
    let mut sharing = settle(books, &key.validator)?;
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    if units == delegation.units {
        // The units that the index is divided by stay, and so does its carry.
        return sharing.save(books.storage, &key.validator);
    }
    let total = units::after_change(sharing.units, delegation.units, units)?;
    release_shared_carries(books)?;
    release_carries(books, &key.validator, &mut sharing)?;
    for (denom, shared) in sharing.denoms.iter() {
        let claim = Claim {
            pending: delegation.owed(&sharing, denom)?,
            start_index: shared.delegators.index(),
        };
        delegation.denoms.set(denom, claim);
    }
    delegation.units = units;
    sharing.units = total;
    sharing.save(books.storage, &key.validator)?;
    delegation.write(books.storage, key, is_new)
}

/// Replaces what a delegation could claim, see
/// [`Accounting::import_rewards`](crate::accounting::Accounting::import_rewards).
pub(super) fn import(
    books: &mut Books,
    key: DelegationKey,
    change: &ImportedAmounts,
) -> Result<(), ContractError> {
    let mut sharing = settle(books, &key.validator)?;
    sharing.replace_outstanding(change)?;
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    for denom in sharing.denoms.ids() {
        let claim = Claim {
            pending: change.now.get(denom),
            start_index: sharing.denoms.get(denom).delegators.index(),
        };
        delegation.denoms.set(denom, claim);
    }
    sharing.save(books.storage, &key.validator)?;
    delegation.write(books.storage, key, is_new)
}

/// Takes out whole coins of `denoms`, see
/// [`Accounting::withdraw_delegation`](crate::accounting::Accounting::withdraw_delegation).
pub(super) fn withdraw(
    books: &mut Books,
    key: DelegationKey,
    denoms: &[DenomId],
) -> Result<Amounts, ContractError> {
    let mut sharing = settle(books, &key.validator)?;
    let mut paid = Amounts::default();
    let Some(mut delegation) = Delegation::may_load(books.storage, key)? else {
        sharing.save(books.storage, &key.validator)?;
        return Ok(paid);
    };

    let mut left = Amounts::default();
    for denom in sharing.denoms.ids() {
        let owed = delegation.owed(&sharing, denom)?;
        let pending = if denoms.contains(&denom) {
            owed.fraction()
        } else {
            owed
        };
        let coins = owed.checked_sub(pending)?;
        paid.add(denom, coins)?;
        left.add(denom, pending)?;
        let mut shared = sharing.denoms.get(denom);
        shared.outstanding = shared.outstanding.checked_sub(coins)?;
        let claim = Claim {
            pending,
            start_index: shared.delegators.index(),
        };
        delegation.denoms.set(denom, claim);
        sharing.denoms.set(denom, shared);
    }

    let one_coin = Points::from_coins(1);
    if delegation.units == 0 && left.iter().all(|(_, amount)| *amount < one_coin) {
        for (denom, amount) in left.iter() {
            let mut shared = sharing.denoms.get(denom);
            shared.outstanding = shared.outstanding.checked_sub(*amount)?;
            sharing.denoms.set(denom, shared);
        }
        books.outstanding_to_community(Some(&key.validator), Reason::ClosedDelegation, &left)?;
        Delegation::delete(books.storage, key);
    } else {
        delegation.save(books.storage, key)?;
    }
    sharing.save(books.storage, &key.validator)?;
    Ok(paid)
}
