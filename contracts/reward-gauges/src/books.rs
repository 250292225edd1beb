//! One message's view of rewards: opened at its start, closed at its end.

use accounting::{Amounts, DenomId, PerDenom};
use cosmwasm_std::{Event, Storage};
use distribution_math::{EpochId, Points};

use crate::ContractError;
use crate::ledger::RewardLedger;
use crate::state::{HISTORY, POOLS, Pool, PoolId, REWARDS};

/// The ledger of rewards and the pools that the message has touched, in memory, and a journal of
/// what happened.
///
/// Load, change, [`Books::close`]: each record is written once, and only when it changed.
pub struct Books<'a> {
    /// Where the other records are.
    pub storage: &'a mut dyn Storage,
    /// Events, in the order of what they tell.
    pub journal: Vec<Event>,
    stored: PerDenom<RewardLedger>,
    rewards: PerDenom<RewardLedger>,
    pools: Vec<OpenPool>,
}

/// A pool in memory.
#[derive(Clone, PartialEq)]
pub struct OpenPool {
    /// Which one.
    pub id: PoolId,
    /// Its record.
    pub pool: Pool,
    /// Points per unit at the end of its last settled epoch.
    pub index: Amounts,
    stored: Pool,
}

impl<'a> Books<'a> {
    /// Reads the ledger.
    ///
    /// # Errors
    /// When the stored bytes are no such record.
    pub fn open(storage: &'a mut dyn Storage) -> Result<Self, ContractError> {
        let stored = REWARDS.may_load(storage)?.unwrap_or_default();
        Ok(Books {
            storage,
            journal: Vec::new(),
            rewards: stored.clone(),
            stored,
            pools: Vec::new(),
        })
    }

    /// The ledger of a reward asset.
    pub fn ledger(&self, asset: DenomId) -> RewardLedger {
        self.rewards.get(asset)
    }

    /// Changes the ledger of a reward asset.
    ///
    /// # Errors
    /// Those of `change`; the ledger is as before then.
    pub fn update<T, E: Into<ContractError>>(
        &mut self,
        asset: DenomId,
        change: impl FnOnce(&mut RewardLedger) -> Result<T, E>,
    ) -> Result<T, ContractError> {
        let mut ledger = self.rewards.get(asset);
        let result = change(&mut ledger).map_err(Into::into)?;
        self.rewards.set(asset, ledger);
        Ok(result)
    }

    /// Moves rewards to the treasury.
    ///
    /// # Errors
    /// When less is owed, which the records of locks and pools exclude.
    pub fn to_treasury(&mut self, amounts: &Amounts) -> Result<(), ContractError> {
        for (asset, points) in amounts.iter() {
            if !points.is_zero() {
                self.update(asset, |ledger| ledger.to_treasury(*points))?;
            }
        }
        Ok(())
    }

    /// Takes a pool out, to be given back with [`Books::put`]; one that was never written is empty.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn take(&mut self, id: PoolId) -> Result<OpenPool, ContractError> {
        if let Some(position) = self.pools.iter().position(|pool| pool.id == id) {
            return Ok(self.pools.swap_remove(position));
        }
        let pool = POOLS.may_load(self.storage, &id.key())?.unwrap_or_default();
        let index = index_at(self.storage, id, pool.settled)?;
        Ok(OpenPool {
            id,
            stored: pool.clone(),
            pool,
            index,
        })
    }

    /// Gives a pool back.
    pub fn put(&mut self, pool: OpenPool) {
        self.pools.push(pool);
    }

    /// Writes what changed.
    ///
    /// # Errors
    /// None in practice.
    pub fn close(self) -> Result<Vec<Event>, ContractError> {
        if self.rewards != self.stored {
            REWARDS.save(self.storage, &self.rewards)?;
        }
        for open in self.pools {
            if open.pool != open.stored {
                POOLS.save(self.storage, &open.id.key(), &open.pool)?;
            }
        }
        Ok(self.journal)
    }
}

impl OpenPool {
    /// Points per unit at the end of an epoch; for one that is not settled, at the end of the last
    /// one that is.
    ///
    /// # Errors
    /// When a record cannot be read.
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

    /// What `units` earned from the end of one epoch to the end of another, exact.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn earned(
        &self,
        storage: &dyn Storage,
        units: u128,
        after: EpochId,
        through: EpochId,
    ) -> Result<Amounts, ContractError> {
        let mut earned = Amounts::default();
        let now = self.index_at(storage, through)?;
        if now.is_zero() {
            return Ok(earned);
        }
        let then = self.index_at(storage, after)?;
        for (asset, index) in now.iter() {
            let points: Points = index.checked_sub(then.get(asset))?.checked_mul(units)?;
            earned.add(asset, points)?;
        }
        Ok(earned)
    }
}

fn index_at(storage: &dyn Storage, pool: PoolId, epoch: EpochId) -> Result<Amounts, ContractError> {
    Ok(HISTORY
        .last_up_to(storage, &[&pool.key()], &epoch.key())?
        .unwrap_or_default())
}
