//! The ledger.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;

use super::{
    GaugeId, GaugeLedgerError, LockId, PoolKey, Schedule,
    queries::Dues,
    records::{Gauge, Lock, Pool, Reward},
};
use crate::exact::Received;

/// What every lock has exactly earned of what gauges distribute, and what it was paid.
///
/// Any text can be a name or a denom.
#[derive(Clone, Debug)]
pub struct GaugeLedger {
    pub(super) schedule: Schedule,
    /// The time of the last operation.
    pub(super) now: u64,
    /// The last epoch that was paid.
    pub(super) settled: u64,
    /// Durations that locks can join.
    pub(super) durations: BTreeSet<u64>,
    pub(super) locks: BTreeMap<LockId, Lock>,
    pub(super) gauges: BTreeMap<GaugeId, Gauge>,
    pub(super) pools: BTreeMap<PoolKey, Pool>,
    /// All that was ever received for gauges and the treasury, without principal.
    pub(super) received: Received,
    /// All principal that was ever received.
    pub(super) principal: Received,
    /// Rewards that were paid, by recipient and number of the denom.
    pub(super) dues: BTreeMap<String, BTreeMap<usize, Dues>>,
    /// The treasury's share by number of the denom. Its `since` is not used.
    pub(super) treasury: Vec<Reward>,
    /// Points that a system may hold less than the exact rewards of finished locks.
    pub(super) finished_points: BigInt,
}

impl GaugeLedger {
    /// An empty ledger, at time 0.
    ///
    /// # Errors
    /// [`GaugeLedgerError::NoLength`].
    pub fn new(schedule: Schedule, durations: &[u64]) -> Result<Self, GaugeLedgerError> {
        Ok(Self {
            schedule: schedule.checked()?,
            now: 0,
            settled: 0,
            durations: durations.iter().copied().collect(),
            locks: BTreeMap::new(),
            gauges: BTreeMap::new(),
            pools: BTreeMap::new(),
            received: Received::default(),
            principal: Received::default(),
            dues: BTreeMap::new(),
            treasury: Vec::new(),
            finished_points: BigInt::ZERO,
        })
    }

    pub(super) fn known_lock(&self, id: LockId) -> Result<&Lock, GaugeLedgerError> {
        self.locks.get(&id).ok_or(GaugeLedgerError::UnknownLock(id))
    }

    pub(super) fn known_lock_mut(&mut self, id: LockId) -> Result<&mut Lock, GaugeLedgerError> {
        self.locks
            .get_mut(&id)
            .ok_or(GaugeLedgerError::UnknownLock(id))
    }

    /// The treasury's share of a denom, new when there was none.
    pub(super) fn treasury_mut(&mut self, denom: usize) -> &mut Reward {
        if self.treasury.len() <= denom {
            self.treasury.resize_with(denom + 1, Reward::default);
        }
        &mut self.treasury[denom]
    }
}
