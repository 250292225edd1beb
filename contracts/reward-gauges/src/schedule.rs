//! What is still to be settled: changes of a pool's stake by epoch, and the lists of pools that
//! cranks visit.
//!
//! A pool with gauges, which all have something to give, is in one of two lists. Cranks visit the *busy* pools:
//! those with stake, or with a stake change to come. The others *wait*: nobody locks what their
//! gauges pay for. Anybody can make such gauges, so they must not cost the cranks anything.

use cosmwasm_std::Storage;
use distribution_math::{Coins, EpochId, MathError};

use crate::ContractError;
use crate::ids::PoolId;
use crate::pools::Pool;
use crate::state::{BUSY_POOLS, STAKE_CHANGES, StakeChange, WAITING_POOLS};

/// Stake that counts from an epoch on.
pub fn join(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    if WAITING_POOLS.has(storage, &pool.key()) {
        WAITING_POOLS.remove(storage, &pool.key());
        BUSY_POOLS.save(storage, &pool.key(), &true)?;
    }
    update(storage, pool, epoch, |change| {
        change.joining.increase(amount)
    })
}

/// Stake that no longer counts from an epoch on.
pub fn leave(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    update(storage, pool, epoch, |change| {
        change.leaving.increase(amount)
    })
}

/// Takes back a [`leave`] in an epoch that is not settled.
pub fn cancel_leave(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    update(storage, pool, epoch, |change| {
        change.leaving.decrease(amount)
    })
}

fn update(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    change: impl FnOnce(&mut StakeChange) -> Result<(), MathError>,
) -> Result<(), ContractError> {
    let (pool, epoch) = (pool.key(), epoch.key());
    let key: (&[u8], &[u8]) = (&pool, &epoch);
    let mut record = STAKE_CHANGES.may_load(storage, key)?.unwrap_or_default();
    change(&mut record)?;
    if record == StakeChange::default() {
        STAKE_CHANGES.remove(storage, key);
        return Ok(());
    }
    Ok(STAKE_CHANGES.save(storage, key, &record)?)
}

/// Takes out the stake change of an epoch, none when there is no change in it.
pub fn take_change(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
) -> Result<Option<StakeChange>, ContractError> {
    let (pool, epoch) = (pool.key(), epoch.key());
    let key: (&[u8], &[u8]) = (&pool, &epoch);
    let change = STAKE_CHANGES.may_load(storage, key)?;
    if change.is_some() {
        STAKE_CHANGES.remove(storage, key);
    }
    Ok(change)
}

/// The first epoch after the last settled one in which something happens: the stake changes, or a
/// gauge pays some stake.
pub fn next_epoch(
    storage: &dyn Storage,
    id: PoolId,
    pool: &Pool,
) -> Result<Option<EpochId>, ContractError> {
    let next = pool.settled.next();
    let paying = pool.gauges().iter().filter(|_| !pool.stake.is_zero());
    let paid = paying.map(|gauge| gauge.first.max(next)).min();
    if paid == Some(next) {
        return Ok(paid);
    }
    let changed = next_change(storage, id, pool.settled)?;
    Ok(paid.into_iter().chain(changed).min())
}

/// The first epoch behind `after` in which a pool's stake changes.
fn next_change(
    storage: &dyn Storage,
    pool: PoolId,
    after: EpochId,
) -> Result<Option<EpochId>, ContractError> {
    let pool = pool.key();
    let mut epochs = STAKE_CHANGES.keys(storage, &[&pool], Some(&after.key()));
    let Some(key) = epochs.next() else {
        return Ok(None);
    };
    let epoch = EpochId::of_key(&key).ok_or(ContractError::CorruptRecord {
        record: "stake change",
    })?;
    Ok(Some(epoch))
}

/// Lists a settled pool that got a gauge: as busy, or as waiting.
pub fn list(storage: &mut dyn Storage, id: PoolId, pool: &Pool) -> Result<(), ContractError> {
    let list = match next_epoch(storage, id, pool)? {
        Some(_) => BUSY_POOLS,
        None => WAITING_POOLS,
    };
    Ok(list.save(storage, &id.key(), &true)?)
}

/// Has a busy pool in which nothing is left to settle wait for stake.
pub fn rest(storage: &mut dyn Storage, id: PoolId) -> Result<(), ContractError> {
    if BUSY_POOLS.has(storage, &id.key()) {
        BUSY_POOLS.remove(storage, &id.key());
        WAITING_POOLS.save(storage, &id.key(), &true)?;
    }
    Ok(())
}

/// Takes a pool without gauges out of both lists.
pub fn unlist(storage: &mut dyn Storage, id: PoolId) {
    BUSY_POOLS.remove(storage, &id.key());
    WAITING_POOLS.remove(storage, &id.key());
}

/// The busy pool behind another one; behind the last one it is the first. None when no pool is busy.
pub fn next_busy(
    storage: &dyn Storage,
    after: Option<PoolId>,
) -> Result<Option<PoolId>, ContractError> {
    let after = after.map(PoolId::key);
    let after = after.as_ref().map(|key| key.as_slice());
    let mut key = BUSY_POOLS.keys(storage, &[], after).next();
    if key.is_none() && after.is_some() {
        key = BUSY_POOLS.keys(storage, &[], None).next();
    }
    let Some(key) = key else {
        return Ok(None);
    };
    let pool = PoolId::of_key(&key).ok_or(ContractError::CorruptRecord {
        record: "busy pool",
    })?;
    Ok(Some(pool))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;
    use crate::ids::{AssetId, DurationId};
    use crate::pools::{OpenGauge, OpenPool};

    fn pool(asset: u32) -> PoolId {
        AssetId(asset).pool(DurationId(0))
    }

    /// A pool with a gauge, listed for the cranks.
    fn with_gauge(storage: &mut MockStorage, first: u64, stake: u128) -> Pool {
        let mut open = OpenPool::load(storage, pool(1)).unwrap();
        open.pool.stake = Coins::new(stake);
        let mut settled = open.into_settled(EpochId::ZERO).unwrap();
        let first = EpochId::new(first);
        assert!(
            settled
                .give_slot(storage, OpenGauge { id: 1, first })
                .unwrap()
        );
        settled.into_open().pool
    }

    #[test]
    fn busy_pools_follow_each_other_in_a_ring() {
        let mut storage = MockStorage::new();
        assert_eq!(next_busy(&storage, None).unwrap(), None);
        assert_eq!(next_busy(&storage, Some(pool(1))).unwrap(), None);
        for asset in [1, 3] {
            BUSY_POOLS
                .save(&mut storage, &pool(asset).key(), &true)
                .unwrap();
        }
        for (after, next) in [(None, 1), (Some(1), 3), (Some(2), 3), (Some(3), 1)] {
            let found = next_busy(&storage, after.map(pool)).unwrap();
            assert_eq!(found, Some(pool(next)), "{after:?}");
        }
    }

    #[test]
    fn a_pool_without_stake_waits_for_somebody_to_join() {
        let mut storage = MockStorage::new();
        with_gauge(&mut storage, 5, 0);
        assert_eq!(next_busy(&storage, None).unwrap(), None);
        join(&mut storage, pool(1), EpochId::new(2), Coins::new(7)).unwrap();
        assert_eq!(next_busy(&storage, None).unwrap(), Some(pool(1)));
    }

    #[test]
    fn the_next_epoch_is_that_of_a_gauge_with_stake_or_of_a_stake_change() {
        let mut storage = MockStorage::new();
        let pools = [0, 1].map(|stake| with_gauge(&mut storage, 5, stake));
        let next = |storage: &MockStorage, stake: usize| {
            let epoch = next_epoch(storage, pool(1), &pools[stake]).unwrap();
            epoch.map(EpochId::number)
        };
        assert_eq!((next(&storage, 0), next(&storage, 1)), (None, Some(5)));
        leave(&mut storage, pool(1), EpochId::new(9), Coins::new(1)).unwrap();
        assert_eq!((next(&storage, 0), next(&storage, 1)), (Some(9), Some(5)));
        leave(&mut storage, pool(1), EpochId::new(3), Coins::new(1)).unwrap();
        assert_eq!(next(&storage, 1), Some(3));
        cancel_leave(&mut storage, pool(1), EpochId::new(3), Coins::new(1)).unwrap();
        assert_eq!(next(&storage, 1), Some(5));
    }
}
