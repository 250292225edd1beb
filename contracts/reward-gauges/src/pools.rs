//! One pool in memory: its record, its index, and the gauges in its list.

use cosmwasm_std::Storage;
use distribution_math::EpochId;
use pool_kit::Amounts;

use crate::ContractError;
use crate::ids::{GaugePlace, PoolId, id_key};
use crate::schedule;
use crate::state::{Gauge, HISTORY, OPEN_GAUGES, OVER_GAUGES, OpenGauge, POOLS, Pool};

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

    /// Marks a perpetual gauge that has nothing left.
    pub fn set_dormant(&mut self, id: u64) {
        self.mark(id, true);
    }

    /// Marks a gauge that got coins, and lists the pool for the cranks.
    pub fn wake_gauge(&mut self, storage: &mut dyn Storage, id: u64) -> Result<(), ContractError> {
        self.mark(id, false);
        schedule::list(storage, self.id, &self.pool)
    }

    fn mark(&mut self, id: u64, is_dormant: bool) {
        let mut gauges = self.pool.gauges.iter_mut();
        if let Some(gauge) = gauges.find(|gauge| gauge.id == id) {
            gauge.is_dormant = is_dormant;
        }
    }

    /// Lists a new gauge.
    pub fn add_gauge(
        &mut self,
        storage: &mut dyn Storage,
        gauge: OpenGauge,
    ) -> Result<(), ContractError> {
        OPEN_GAUGES.save(storage, &gauge.place().key(), &true)?;
        self.pool.gauges.push(gauge);
        schedule::list(storage, self.id, &self.pool)
    }

    /// Moves a gauge from the lists of those that go on to the list of those that are over.
    pub fn remove_gauge(
        &mut self,
        storage: &mut dyn Storage,
        id: u64,
        gauge: &Gauge,
    ) -> Result<(), ContractError> {
        self.pool.gauges.retain(|listed| listed.id != id);
        if self.pool.gauges.is_empty() {
            schedule::unlist(storage, self.id);
        }
        let first = gauge.first;
        OPEN_GAUGES.remove(storage, &GaugePlace { first, id }.key());
        Ok(OVER_GAUGES.save(storage, &id_key(id), &true)?)
    }
}

fn index_at(storage: &dyn Storage, pool: PoolId, epoch: EpochId) -> Result<Amounts, ContractError> {
    let index = HISTORY.last_up_to(storage, &[&pool.key()], &epoch.key())?;
    Ok(index.unwrap_or_default())
}
