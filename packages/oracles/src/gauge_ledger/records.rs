//! The ledger's records of locks and gauges.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;

use super::{LockTerms, settle::PaidEpoch};
use crate::exact::ExactSum;

/// The locks of one denom that count for one duration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PoolKey {
    /// The denom that is locked.
    pub denom: String,
    /// Seconds.
    pub duration: u64,
}

/// A lock from one of its changes to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockVersion {
    /// The time of the change.
    pub since: u64,
    /// The principal; 0 after it is withdrawn.
    pub amount: u128,
    /// Seconds from the begin of unlocking to the end.
    pub duration: u64,
    /// When the principal can be withdrawn; `None` unless the lock is unlocking.
    pub end: Option<u64>,
    /// The durations that the lock has joined.
    pub joined: BTreeSet<u64>,
}

impl LockVersion {
    /// The rule: whether a lock with this version just before an epoch's end counts for a pool in
    /// that epoch.
    pub fn counts(&self, duration: u64, epoch_end: u128) -> bool {
        let lasts = |end: u64| epoch_end + u128::from(duration) <= u128::from(end);
        self.amount > 0
            && self.joined.contains(&duration)
            && duration <= self.duration
            && self.end.is_none_or(lasts)
    }
}

/// A lock and its rewards.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    pub owner: String,
    pub receiver: Option<String>,
    pub denom: String,
    /// In the order of time, never empty.
    pub versions: Vec<LockVersion>,
    /// By number of the denom.
    pub rewards: Vec<Reward>,
    /// The amount that counted in the last epoch, by duration.
    pub counted: BTreeMap<u64, u128>,
    pub terms: LockTerms,
}

impl Lock {
    /// The current version.
    pub fn now(&self) -> &LockVersion {
        &self.versions[self.versions.len() - 1]
    }

    /// The version just before a time; `None` when the lock was made later.
    pub fn just_before(&self, time: u128) -> Option<&LockVersion> {
        let later = |it: &LockVersion| u128::from(it.since) < time;
        self.versions[..self.versions.partition_point(later)].last()
    }

    /// The account that gets its rewards.
    pub fn recipient(&self) -> &str {
        self.receiver.as_deref().unwrap_or(&self.owner)
    }

    /// The rewards in a denom, new when there were none.
    pub fn reward_mut(&mut self, denom: usize) -> &mut Reward {
        if self.rewards.len() <= denom {
            self.rewards.resize_with(denom + 1, Reward::default);
        }
        &mut self.rewards[denom]
    }
}

/// A lock's rewards in one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Reward {
    /// Earned until the lock last accrued; stays with it in a split.
    pub accrued: ExactSum,
    /// Earned since then, all with the same amount of the lock; divided in a split.
    pub since: ExactSum,
    /// Base units paid.
    pub paid: u128,
}

impl Reward {
    /// All that was earned.
    pub fn earned(&self) -> ExactSum {
        let mut sum = self.accrued.clone();
        sum.add_sum(&self.since);
        sum
    }

    pub fn accrue(&mut self) {
        let since = std::mem::take(&mut self.since);
        self.accrued.add_sum(&since);
    }
}

/// A pool that has or had gauges.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    /// Epochs in which gauges distributed coins.
    pub paid: Vec<PaidEpoch>,
}

#[derive(Clone, Debug)]
pub(super) struct Gauge {
    pub creator: String,
    pub pool: PoolKey,
    /// First epoch that is paid.
    pub first: u64,
    /// Number of epochs still to be paid, `None` for a perpetual gauge.
    pub remaining: Option<u64>,
    /// Whether its creator may close it; then only the creator adds to it.
    pub closable: bool,
    /// Closed or evicted.
    pub ended: bool,
    pub pots: Vec<Pot>,
}

/// A gauge's coins of one denom.
#[derive(Clone, Debug)]
pub(super) struct Pot {
    /// Number of the denom.
    pub denom: usize,
    /// Base units that were put into it.
    pub coins: u128,
    /// Points that went to locks.
    pub distributed: BigInt,
    /// Points that it has yet to give.
    pub left: BigInt,
    /// Base units that returned to the creator.
    pub returned: u128,
}

impl Gauge {
    pub fn is_over(&self) -> bool {
        self.ended || self.remaining == Some(0)
    }

    /// Whether it has nothing to give: its schedule pauses until somebody adds to it.
    pub fn is_dormant(&self) -> bool {
        !self.is_over() && self.pots.iter().all(|pot| pot.left == BigInt::ZERO)
    }
}
