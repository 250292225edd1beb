//! How far from its exact reward a lock's may be.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::{GaugeLedger, LockId, PoolKey, records::Lock, settle::Member};
use crate::exact::Tolerance;

/// The parts of a lock's bound, in points (10^-36 base units).
///
/// A system that keeps an index of whole points for each unit of stake, and gives the remainder of
/// its divisions to the treasury before the stake changes, may fall short of the exact reward by
/// less than this many points:
///
/// * `2 * amount` for each change of the stake of a pool that the lock counts for, with the amount
///   of the lock after it;
/// * 2 for each settlement of the lock.
///
/// It never exceeds the exact reward, but for a lock that was split off another: since a split alone
/// changes no stake, the remainder of that time stays in the index's carry, and what it is made up
/// with later is divided among both parts, though it fell short of the parent's rewards alone. So a
/// part may exceed its exact reward by less than its own amount for each duration that it had
/// joined, and its parent falls short of its own by as much.
///
/// How the ledger counts them:
///
/// * The stake of a pool changes where an epoch has other locks than the one before it, or the same
///   with other amounts, also when their sum is the same. The first epoch of a lock is such a
///   change. A split alone is none.
/// * Every epoch in which a pool pays the lock counts as a settlement of it, and so does every
///   operation that changes or pays it.
/// * A split leaves both parts with the terms of the whole for what they fall short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockTerms {
    /// `2 * amount` of every change of stake.
    pub amounts: BigInt,
    /// Number of settlements.
    pub settlements: u64,
    /// Of a lock that was split off: its amount then for every duration that it had joined.
    pub split: BigInt,
}

impl LockTerms {
    /// A system holds less than the exact reward by less than so many points.
    pub fn points_below(&self) -> BigInt {
        &self.amounts + BigInt::from(self.settlements) * 2
    }

    /// A system holds more than the exact reward by less than so many points; 0: it holds no more.
    pub fn points_above(&self) -> BigInt {
        self.split.clone()
    }

    pub(super) fn tolerance(&self) -> Tolerance {
        Tolerance {
            above: self.points_above(),
            below: self.points_below(),
        }
    }
}

impl Lock {
    /// What counted of a split lock in the last epoch counted for both of its parts, unless what
    /// counted then was another amount.
    pub fn split_counted(&mut self, child: &mut Self, part: u128) {
        let whole = self.now().amount;
        child.counted.clear();
        for (&duration, counted) in &mut self.counted {
            if *counted == whole {
                *counted -= part;
                child.counted.insert(duration, part);
            }
        }
    }
}

impl GaugeLedger {
    /// Keeps who counts for a pool in an epoch, and says whether that is a change of its stake.
    pub(super) fn note_members(&mut self, pool: &PoolKey, members: &[Member]) -> bool {
        let amounts: BTreeMap<LockId, u128> =
            members.iter().map(|it| (it.lock, it.amount)).collect();
        let mut changed = false;
        for (id, lock) in &mut self.locks {
            let amount = amounts.get(id).copied().unwrap_or_default();
            let counted = lock.counted.entry(pool.duration).or_default();
            if lock.denom == pool.denom && *counted != amount {
                *counted = amount;
                changed = true;
            }
        }
        changed
    }

    /// Counts an epoch with stake for all that count in it.
    pub(super) fn count_epoch(&mut self, members: &[Member], changed: bool, paid: bool) {
        for member in members {
            if let Some(lock) = self.locks.get_mut(&member.lock) {
                if changed {
                    lock.terms.amounts += BigInt::from(member.amount) * 2;
                }
                lock.terms.settlements += u64::from(paid);
            }
        }
    }

    /// How far from its exact share the treasury's may be: above it by as much as all locks fall
    /// short, and below it by as much as they may exceed theirs.
    pub(super) fn treasury_tolerance(&self) -> Tolerance {
        let terms = || self.locks.values().map(|it| &it.terms);
        Tolerance {
            above: &self.finished_points + terms().map(LockTerms::points_below).sum::<BigInt>(),
            below: terms().map(LockTerms::points_above).sum(),
        }
    }
}
