//! Changing, claiming and closing a delegation.

use distribution_math::{Points, units};

use super::records::{Claim, Delegation, Sharing};
use super::validator::{release_carries, settle, share_among_delegators};
use crate::books::{Books, Destination};
use crate::{AccountingError, Amounts, DelegationKey, DenomId};

/// New units of a delegation, and how many of its old ones have earned since its last change.
struct UnitsChange {
    units: u128,
    earning: u128,
    /// Whether it was found by a sample. What was earned until then is safe from what later samples
    /// find, so it is written down even when nothing changed.
    is_sample: bool,
}

/// Every recorded unit has earned: whoever told of the change told it in time.
pub(super) fn set_units(
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<(), AccountingError> {
    change_units(books, key, |recorded| UnitsChange {
        units,
        earning: recorded,
        is_sample: false,
    })
}

/// Only units that are recorded and still found have earned: what else was there between two
/// samples cannot be known.
pub(super) fn sync_units(
    books: &mut Books,
    key: DelegationKey,
    found: u128,
) -> Result<(), AccountingError> {
    change_units(books, key, |recorded| UnitsChange {
        units: found,
        earning: recorded.min(found),
        is_sample: true,
    })
}

fn change_units(
    books: &mut Books,
    key: DelegationKey,
    change: impl FnOnce(u128) -> UnitsChange,
) -> Result<(), AccountingError> {
    let validator = key.validator;
    let mut settled = settle(books, validator)?;
    let stored = Delegation::may_load(books.storage, key)?;
    let is_new = stored.is_none();
    let mut delegation = stored.unwrap_or_default();
    let UnitsChange {
        units,
        earning,
        is_sample,
    } = change(delegation.units);
    if units == delegation.units {
        // What the index is divided by stays, and so may its carry.
        if is_sample && units > 0 {
            take_earned(books, &settled.sharing, &mut delegation, earning)?;
            delegation.save(books.storage, key)?;
        }
        return settled.sharing.save(books.storage, validator);
    }

    let total = units::after_change(settled.sharing.units, delegation.units, units)?;
    release_carries(books, validator, &mut settled.sharing)?;

    let not_earned = take_earned(books, &settled.sharing, &mut delegation, earning)?;
    delegation.units = units;
    settled.sharing.units = total;
    share_among_delegators(books, validator, &mut settled, &not_earned)?;

    settled.sharing.save(books.storage, validator)?;
    if is_new {
        delegation.create(books.storage, key)
    } else {
        delegation.save(books.storage, key)
    }
}

/// Adds to a delegation's claim what `earning` of its units have earned since its last change, and
/// returns what the others would have.
fn take_earned(
    books: &Books,
    sharing: &Sharing,
    delegation: &mut Delegation,
    earning: u128,
) -> Result<Amounts, AccountingError> {
    let idle = delegation.units.saturating_sub(earning);
    let mut not_earned = Amounts::default();
    for (denom, _) in books.pool.denoms.iter() {
        let index = sharing.denoms.get(denom).delegators;
        let claim = delegation.denoms.get(denom);
        let earned = index.owed(earning, claim.at)?;
        not_earned.add(denom, index.owed(idle, claim.at)?)?;
        delegation.denoms.set(
            denom,
            Claim {
                unpaid: claim.unpaid.checked_add(earned)?,
                at: index.index(),
            },
        );
    }
    Ok(not_earned)
}

/// What the delegation may claim now, by denom.
pub(super) fn rewards(books: &mut Books, key: DelegationKey) -> Result<Amounts, AccountingError> {
    let settled = settle(books, key.validator)?;
    let mut owed = Amounts::default();
    if let Some(delegation) = Delegation::may_load(books.storage, key)? {
        for (denom, _) in books.pool.denoms.iter() {
            owed.add(denom, delegation.owed(&settled.sharing, denom)?)?;
        }
    }
    // The books know of the settlement, so its record has to: somebody may go on with them.
    settled.sharing.save(books.storage, key.validator)?;
    Ok(owed)
}

pub(super) fn withdraw(
    books: &mut Books,
    key: DelegationKey,
    denoms: &[DenomId],
) -> Result<Amounts, AccountingError> {
    let mut settled = settle(books, key.validator)?;
    let mut paid = Amounts::default();
    let Some(mut delegation) = Delegation::may_load(books.storage, key)? else {
        settled.sharing.save(books.storage, key.validator)?;
        return Ok(paid);
    };

    let mut rest = Amounts::default();
    for (denom, _) in books.pool.denoms.iter() {
        let owed = delegation.owed(&settled.sharing, denom)?;
        let unpaid = if denoms.contains(&denom) {
            owed.fraction()
        } else {
            owed
        };
        let coins = owed.checked_sub(unpaid)?;
        paid.add(denom, coins)?;
        rest.add(denom, unpaid)?;
        let mut shared = settled.sharing.denoms.get(denom);
        shared.outstanding = shared.outstanding.checked_sub(coins)?;
        delegation.denoms.set(
            denom,
            Claim {
                unpaid,
                at: shared.delegators.index(),
            },
        );
        settled.sharing.denoms.set(denom, shared);
    }

    let is_closed = delegation.units == 0
        && rest
            .iter()
            .all(|(_, amount)| *amount < Points::from_coins(1));
    if is_closed {
        for (denom, amount) in rest.iter() {
            let mut shared = settled.sharing.denoms.get(denom);
            shared.outstanding = shared.outstanding.checked_sub(*amount)?;
            settled.sharing.denoms.set(denom, shared);
        }
        books.outstanding_to_community(key.validator, Destination::ClosedDelegation, rest)?;
        Delegation::delete(books.storage, key);
    } else {
        delegation.save(books.storage, key)?;
    }
    settled.sharing.save(books.storage, key.validator)?;
    Ok(paid)
}
