//! Settling a validator: splitting what it earned between its operator and its delegators.

use chain_types::address::AddressBytes;
use distribution_math::RewardSplit;
use pool_kit::Amounts;
use validator_rewards::validator_set;

use super::Books;
use super::records::{Earnings, Sharing};
use crate::ContractError;
use crate::books::Reason;

/// Splits what a validator earned since its last settlement, at the rate in force since then. The
/// caller saves the record: the ledger in the books counts on it.
pub(super) fn settle(
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Sharing, ContractError> {
    let earnings = Earnings::load(books, validator)?;
    let power = validator_set::power(books.storage, validator)?;
    let mut sharing = Sharing::load(books, validator)?;
    let mut commission = Amounts::default();
    let mut delegators = Amounts::default();
    let mut no_delegators = Amounts::default();
    let mut remainder = Amounts::default();
    for (denom, record) in books.pool.denoms.iter() {
        let total = earnings.total(record, denom, power)?;
        let mut shared = sharing.denoms.get(denom);
        let reward = total.checked_sub(shared.settled)?;
        if reward.is_zero() {
            continue;
        }
        let split = RewardSplit::new(reward, sharing.rate)?;
        shared.settled = total;
        shared.commission = shared.commission.checked_add(split.commission)?;
        shared.outstanding = shared.outstanding.checked_add(split.commission)?;
        commission.add(denom, split.commission)?;
        remainder.add(denom, split.remainder)?;
        if sharing.units == 0 {
            no_delegators.add(denom, split.delegators)?;
        } else {
            shared.delegators.add(split.delegators, sharing.units)?;
            shared.outstanding = shared.outstanding.checked_add(split.delegators)?;
            delegators.add(denom, split.delegators)?;
        }
        sharing.denoms.set(denom, shared);
    }
    books.emit_amounts("rewards", validator, &delegators);
    books.emit_amounts("commission", validator, &commission);
    books.outstanding_to_community(Some(validator), Reason::Remainder, &remainder)?;
    books.outstanding_to_community(Some(validator), Reason::NoDelegators, &no_delegators)?;
    Ok(sharing)
}

/// Settles a validator and saves its record.
pub(super) fn settle_and_save(
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Sharing, ContractError> {
    let sharing = settle(books, validator)?;
    sharing.save(books.storage, validator)?;
    Ok(sharing)
}

/// Gives the carries of a validator's delegator indexes to the community pool, because the units that
/// they would have been divided by are about to change.
pub(super) fn release_carries(
    books: &mut Books,
    validator: &AddressBytes,
    sharing: &mut Sharing,
) -> Result<(), ContractError> {
    let mut carries = Amounts::default();
    for denom in sharing.denoms.ids() {
        let mut shared = sharing.denoms.get(denom);
        let carry = shared.delegators.take_carry();
        shared.outstanding = shared.outstanding.checked_sub(carry)?;
        carries.add(denom, carry)?;
        sharing.denoms.set(denom, shared);
    }
    books.outstanding_to_community(Some(validator), Reason::Carry, &carries)
}

/// Gives the carries of the indexes that all validators share to the community pool, because a power,
/// units or a rate are about to change: whoever joins would otherwise be paid from what others earned.
pub(super) fn release_shared_carries(books: &mut Books) -> Result<(), ContractError> {
    let mut carries = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let mut record = books.pool.denoms.get(denom);
        carries.add(denom, record.shared.take_carry()?)?;
        books.pool.denoms.set(denom, record);
    }
    books.outstanding_to_community(None, Reason::Carry, &carries)
}
