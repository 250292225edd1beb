//! Pools: their records, and one pool in memory.
//!
//! A pool in which no gauge holds a slot is *idle*: its index stands still, however its stake changes. So locks
//! settle their rewards past its last settled epoch, and nobody has to settle it. That is safe only
//! as long as no gauge ever pays an epoch that a lock has passed in this way. So a pool takes a gauge
//! only as a [`SettledPool`].

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::{Coins, EpochId, compact};
use pool_kit::Amounts;

use crate::ContractError;
use crate::bounds::MAX_GAUGES;
use crate::ids::{GaugePlace, PoolId, id_key};
use crate::schedule;
use crate::state::{Gauge, GaugeState, HISTORY, OPEN_GAUGES, OVER_GAUGES, POOLS, save_gauge};

/// A pool at the end of its last settled epoch, and how far the settlement of the next one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pool {
    /// What counts in the epoch that is being settled, or counted in the last settled one.
    pub stake: Coins,
    /// The last settled epoch.
    pub settled: EpochId,
    /// How far the settlement of the next epoch is, if it was begun.
    pub running: Option<RunningEpoch>,
    /// Remainders of the index's divisions; each joins the next division. Fewer points than there
    /// are base units of stake.
    pub carries: Amounts,
    /// Upcoming and active gauges, by id; at most 16. Only [`SettledPool`] adds to them.
    gauges: Vec<OpenGauge>,
}

impl Pool {
    /// Upcoming and active gauges, by id.
    pub fn gauges(&self) -> &[OpenGauge] {
        &self.gauges
    }

    /// Whether its index cannot change, whatever its stake, until it takes a gauge.
    fn is_idle(&self) -> bool {
        self.running.is_none() && self.gauges.is_empty()
    }
}

/// An epoch whose settlement was begun: its stake change is applied, and some gauges have given
/// their part.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RunningEpoch {
    /// The last gauge that gave its part; 0 when none did.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub last_gauge: u64,
    /// What the gauges gave.
    pub given: Amounts,
}

/// A gauge that holds a slot of its pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenGauge {
    /// Its id.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub id: u64,
    /// The first epoch that it pays.
    pub first: EpochId,
}

impl OpenGauge {
    /// Its place in the order of first epochs.
    pub fn place(&self) -> GaugePlace {
        GaugePlace {
            first: self.first,
            id: self.id,
        }
    }
}

/// A pool in memory.
pub struct OpenPool {
    /// Which one.
    pub id: PoolId,
    /// Its record.
    pub pool: Pool,
    /// Points per base unit of stake at the end of the last settled epoch.
    pub index: Amounts,
    /// The record as it is stored.
    stored: Pool,
}

impl OpenPool {
    /// Reads a pool; one that was never written is empty.
    pub fn load(storage: &dyn Storage, id: PoolId) -> Result<Self, ContractError> {
        let pool = POOLS.may_load(storage, &id.key())?.unwrap_or_default();
        let index = index_at(storage, id, pool.settled)?;
        Ok(OpenPool {
            id,
            stored: pool.clone(),
            pool,
            index,
        })
    }

    /// Writes the record, if it changed.
    pub fn save(&self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        if self.pool != self.stored {
            POOLS.save(storage, &self.id.key(), &self.pool)?;
        }
        Ok(())
    }

    /// The index at the end of an epoch; for an epoch that is not settled, at the end of the last
    /// settled one.
    pub fn index_at(
        &self,
        storage: &dyn Storage,
        epoch: EpochId,
    ) -> Result<Amounts, ContractError> {
        if epoch >= self.pool.settled {
            return Ok(self.index.clone());
        }
        index_at(storage, self.id, epoch)
    }

    /// What `units` earned from the end of the epoch `after` to the end of the epoch `through`,
    /// exactly.
    pub fn earned(
        &self,
        storage: &dyn Storage,
        units: u128,
        after: EpochId,
        through: EpochId,
    ) -> Result<Amounts, ContractError> {
        let mut earned = Amounts::default();
        let end = self.index_at(storage, through)?;
        if end.is_zero() {
            return Ok(earned);
        }
        let start = self.index_at(storage, after)?;
        for (asset, index) in end.iter() {
            let points = index.checked_sub(start.get(asset))?.checked_mul(units)?;
            earned.add(asset, points)?;
        }
        Ok(earned)
    }

    /// Records the index at the end of the last settled epoch.
    pub fn save_index(&self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        let (pool, epoch) = (self.id.key(), self.pool.settled.key());
        Ok(HISTORY.save(storage, (&pool, &epoch), &self.index)?)
    }

    /// The epoch through which a lock can settle what it earned up to the end of the epoch `through`:
    /// the last settled one, and `through` itself in an idle pool, where nothing can be earned.
    pub fn known_through(&self, through: EpochId) -> EpochId {
        if self.pool.is_idle() {
            return through.max(self.pool.settled);
        }
        self.pool.settled
    }

    /// Whether a lock can settle what it earned through an epoch.
    pub fn is_known_through(&self, through: EpochId) -> bool {
        self.known_through(through) >= through
    }

    /// The pool as one that takes gauges, none when it is not settled through `finished`, the last
    /// epoch that is over.
    pub fn into_settled(self, finished: EpochId) -> Option<SettledPool> {
        let is_settled = self.pool.settled >= finished && self.pool.running.is_none();
        is_settled.then_some(SettledPool(self))
    }

    /// Takes a gauge that gives nothing more, or nothing for now, off its slot. A pool without
    /// gauges is no longer visited by cranks.
    pub fn free_slot(&mut self, storage: &mut dyn Storage, gauge: OpenGauge) {
        self.pool.gauges.retain(|listed| *listed != gauge);
        if self.pool.gauges.is_empty() {
            schedule::unlist(storage, self.id);
        }
        OPEN_GAUGES.remove(storage, &gauge.place().key());
    }

    /// Ends a gauge and lists it among those that are over.
    pub fn end_gauge(
        &mut self,
        storage: &mut dyn Storage,
        id: u64,
        mut gauge: Gauge,
        state: GaugeState,
    ) -> Result<(), ContractError> {
        let first = gauge.first;
        self.free_slot(storage, OpenGauge { id, first });
        gauge.state = state;
        save_gauge(storage, id, &gauge)?;
        Ok(OVER_GAUGES.save(storage, &id_key(id), &true)?)
    }
}

/// A pool that is settled through the last epoch that is over. No lock has settled its rewards in it
/// any further, so a gauge that it takes now pays no epoch that a lock has passed.
pub struct SettledPool(OpenPool);

impl SettledPool {
    /// Gives a gauge a slot, and lists the pool for the cranks. False when all slots are taken.
    pub fn give_slot(
        &mut self,
        storage: &mut dyn Storage,
        gauge: OpenGauge,
    ) -> Result<bool, ContractError> {
        let SettledPool(open) = self;
        if open.pool.gauges.len() >= MAX_GAUGES {
            return Ok(false);
        }
        open.pool.gauges.push(gauge);
        // A gauge that sleeps comes back with the id that it had; an epoch goes through them by id.
        open.pool.gauges.sort_by_key(|gauge| gauge.id);
        OPEN_GAUGES.save(storage, &gauge.place().key(), &true)?;
        schedule::list(storage, open.id, &open.pool)?;
        Ok(true)
    }

    /// The pool, which takes no gauge any more.
    pub fn into_open(self) -> OpenPool {
        self.0
    }
}

fn index_at(storage: &dyn Storage, pool: PoolId, epoch: EpochId) -> Result<Amounts, ContractError> {
    let index = HISTORY.last_up_to(storage, &[&pool.key()], &epoch.key())?;
    Ok(index.unwrap_or_default())
}
