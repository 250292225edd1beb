//! How far a system's rewards of a lock may be from the exact ones.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::{GaugeLedger, LockId, PoolKey, records::Lock, settle::Member};
use crate::exact::Tolerance;

/// The parts of a lock's bound, in points (10^-36 base units).
///
/// A system that keeps an index of whole points for each unit of stake, and gives the carry of its
/// divisions to the treasury when the stake changes, may hold less than the exact reward by less
/// than this many points:
///
/// * `2 * amount` for each change of the stake of a pool for which the lock counts, with the amount
///   of the lock after the change;
/// * 2 for each settlement of the lock.
///
/// It never holds more than the exact reward, except for a lock that was split off another. A split
/// alone changes no stake, so the carry stays in the index. The parent alone earned that carry, but
/// when a later division pays it out, both parts get some of it. So a part may hold more than its
/// exact reward by less than its own amount for each duration that it had joined, and its parent
/// less by as much.
///
/// How the ledger counts them:
///
/// * The stake of a pool changes when other locks count in an epoch than in the one before, or the
///   same locks with other amounts, even if the sum is the same. The first epoch of a lock is such
///   a change. A split alone is not.
/// * Every epoch in which a pool pays the lock counts as a settlement of it, and so does every
///   operation that changes or pays it.
/// * After a split both parts have the terms of the whole for what they may hold less.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockTerms {
    /// The sum of `2 * amount` over changes of stake.
    pub amounts: BigInt,
    /// Number of settlements.
    pub settlements: u64,
    /// For a lock that was split off: its amount at that time, once for every duration that it had
    /// joined.
    pub split: BigInt,
}

impl LockTerms {
    /// A system holds less than the exact reward by less than so many points.
    pub fn points_below(&self) -> BigInt {
        &self.amounts + BigInt::from(self.settlements) * 2
    }

    /// A system holds more than the exact reward by less than so many points. With 0 it holds no
    /// more.
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
    /// Divides the amounts that counted in the last epoch among the parts of a split lock, so that
    /// the split is not taken for a change of stake. An amount that is not the whole lock's stays.
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
    /// Records the locks that count for a pool in an epoch. Returns whether its stake changed.
    pub(super) fn record_members(&mut self, pool: &PoolKey, members: &[Member]) -> bool {
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

    /// Adds an epoch to the terms of the locks that count in it.
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

    /// How far the treasury's share may be from the exact one: above it by what all locks may hold
    /// less, and below it by what they may hold more.
    pub(super) fn treasury_tolerance(&self) -> Tolerance {
        let terms = || self.locks.values().map(|it| &it.terms);
        Tolerance {
            above: &self.finished_points + terms().map(LockTerms::points_below).sum::<BigInt>(),
            below: terms().map(LockTerms::points_above).sum(),
        }
    }
}
