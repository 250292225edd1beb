//! One message's view of rewards: opened at its start, closed at its end.

use cosmwasm_std::{Event, Storage};
use pool_kit::events::action;
use pool_kit::{Amounts, PerDenom};

use crate::ContractError;
use crate::context::Context;
use crate::ids::PoolId;
use crate::ledger::RewardLedger;
use crate::pools::OpenPool;
use crate::state::REWARDS;

/// Why something goes to the treasury.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The remainder of an index's divisions when the stake changes.
    Carry,
    /// Less than one base unit of a lock whose record is deleted.
    ClosedLock {
        /// The lock.
        id: u64,
    },
    /// Less than one base unit that a gauge which ended early had not given.
    ClosedGauge {
        /// The gauge.
        id: u64,
    },
}

/// The open books of a message: the ledger of rewards and the pools that it has read in memory, the
/// storage of all other records, and the events of the message.
///
/// Load, change, [`Books::close`]: each record is written once, and only if it changed.
pub struct Books<'a> {
    /// Configuration and chain.
    pub ctx: &'a Context<'a>,
    /// Where the other records are.
    pub storage: &'a mut dyn Storage,
    /// The ledger of rewards, by reward asset.
    pub rewards: PerDenom<RewardLedger>,
    /// The ledger as it is stored.
    stored: PerDenom<RewardLedger>,
    pools: Vec<OpenPool>,
    /// None for a query: events of a thousand steps would fill its memory, and nobody sees them.
    events: Option<Vec<Event>>,
}

impl<'a> Books<'a> {
    /// Reads the ledger.
    pub fn open(ctx: &'a Context<'a>, storage: &'a mut dyn Storage) -> Result<Self, ContractError> {
        let stored = REWARDS.may_load(storage)?.unwrap_or_default();
        Ok(Books {
            ctx,
            storage,
            rewards: stored.clone(),
            stored,
            pools: Vec::new(),
            events: Some(Vec::new()),
        })
    }

    /// Reads the ledger, for a query: without events.
    pub fn open_to_read(
        ctx: &'a Context<'a>,
        storage: &'a mut dyn Storage,
    ) -> Result<Self, ContractError> {
        let books = Books::open(ctx, storage)?;
        Ok(Books {
            events: None,
            ..books
        })
    }

    /// Writes what changed and returns the events.
    pub fn close(self) -> Result<Vec<Event>, ContractError> {
        if self.rewards != self.stored {
            REWARDS.save(self.storage, &self.rewards)?;
        }
        for pool in self.pools {
            pool.save(self.storage)?;
        }
        Ok(self.events.unwrap_or_default())
    }

    /// Writes an event, made by `event` if anybody can see it.
    pub fn emit(&mut self, event: impl FnOnce(&Context) -> Event) {
        let ctx = self.ctx;
        if let Some(events) = &mut self.events {
            events.push(event(ctx));
        }
    }

    /// Takes a pool out, to be changed and given back with [`Books::put_pool`].
    pub fn take_pool(&mut self, id: PoolId) -> Result<OpenPool, ContractError> {
        match self.pools.iter().position(|pool| pool.id == id) {
            Some(position) => Ok(self.pools.swap_remove(position)),
            None => OpenPool::load(self.storage, id),
        }
    }

    /// Gives a pool back.
    pub fn put_pool(&mut self, pool: OpenPool) {
        self.pools.push(pool);
    }

    /// Moves rewards, or what is left in a gauge, to the treasury, with an event. Nothing happens when
    /// the amounts are all zero.
    pub fn to_treasury(&mut self, amounts: &Amounts, reason: Reason) -> Result<(), ContractError> {
        if amounts.is_zero() {
            return Ok(());
        }
        for (asset, points) in amounts.iter().filter(|(_, points)| !points.is_zero()) {
            let rewards = &mut self.rewards;
            rewards.update(asset, |ledger| match reason {
                Reason::Carry | Reason::ClosedLock { .. } => ledger.to_treasury(*points),
                Reason::ClosedGauge { .. } => ledger.rest_to_treasury(*points),
            })?;
        }
        self.emit(|ctx| {
            let event = action("to_treasury");
            let event = match reason {
                Reason::Carry => event.add_attribute("reason", "carry"),
                Reason::ClosedLock { id } => event
                    .add_attribute("reason", "closed_lock")
                    .add_attribute("lock_id", id.to_string()),
                Reason::ClosedGauge { id } => event
                    .add_attribute("reason", "closed_gauge")
                    .add_attribute("gauge_id", id.to_string()),
            };
            ctx.config.rewards.add_amounts(event, amounts)
        });
        Ok(())
    }
}
