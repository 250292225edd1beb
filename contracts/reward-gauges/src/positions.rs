//! What a lock changes in the stake of its pools: joining, leaving, coming back.
//!
//! A lock records each change once: how much stake, from which epoch on. No epoch that is over is
//! ever touched: joins and exits begin with the current epoch at the earliest, and
//! [`Epochs::last_counted`](distribution_math::Epochs::last_counted) is never below the last epoch
//! that is over.

use cosmwasm_std::Storage;

use crate::ContractError;
use crate::context::Context;
use crate::schedule;
use crate::state::{Lock, Position};
use distribution_math::Coins;

impl Lock {
    /// Joins every pool whose duration it covers and which it has not joined, from the current epoch
    /// on. Returns how many those were.
    pub fn join(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<usize, ContractError> {
        let before = self.positions.len();
        for (duration, seconds) in ctx.config.durations() {
            let mut joined = self.positions.iter();
            if seconds > self.duration || joined.any(|position| position.duration == duration) {
                continue;
            }
            schedule::join(storage, self.asset.pool(duration), ctx.epoch, self.amount)?;
            self.positions.push(Position {
                duration,
                cursor: ctx.finished(),
                last: None,
            });
        }
        Ok(self.positions.len().saturating_sub(before))
    }

    /// Adds to a lock that is not unlocking and whose rewards are settled.
    pub fn grow(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        amount: Coins,
    ) -> Result<(), ContractError> {
        for position in &self.positions {
            let pool = self.asset.pool(position.duration);
            schedule::join(storage, pool, ctx.epoch, amount)?;
        }
        Ok(self.amount.increase(amount)?)
    }

    /// Begins to unlock and returns when that ends: the lock counts in each pool for as long as its
    /// remaining time covers the pool's duration.
    pub fn begin_exit(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<u64, ContractError> {
        let end_time = ctx.now.saturating_add(self.duration);
        self.end_time = Some(end_time);
        for position in &mut self.positions {
            let pool = self.asset.pool(position.duration);
            let minimum = ctx.config.duration(position.duration);
            let last = ctx.config.epochs.last_counted(end_time, minimum);
            schedule::leave(storage, pool, last.next(), self.amount)?;
            position.last = Some(last);
        }
        Ok(end_time)
    }

    /// Stops unlocking; the rewards are settled. The lock stays in the pools where it still counts,
    /// and comes back to the others from the current epoch on.
    pub fn cancel_exit(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<(), ContractError> {
        self.end_time = None;
        for position in &mut self.positions {
            let Some(last) = position.last.take() else {
                continue;
            };
            let pool = self.asset.pool(position.duration);
            if last.next() >= ctx.epoch {
                schedule::cancel_leave(storage, pool, last.next(), self.amount)?;
            } else {
                schedule::join(storage, pool, ctx.epoch, self.amount)?;
                position.cursor = ctx.finished();
            }
        }
        Ok(())
    }

    /// Leaves every pool now. What was earned in epochs that are over stays earned.
    pub fn exit_now(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<(), ContractError> {
        for position in &mut self.positions {
            let pool = self.asset.pool(position.duration);
            match position.last {
                None => schedule::leave(storage, pool, ctx.epoch, self.amount)?,
                Some(last) if last >= ctx.epoch => {
                    schedule::leave(storage, pool, ctx.epoch, self.amount)?;
                    schedule::cancel_leave(storage, pool, last.next(), self.amount)?;
                }
                Some(_) => {}
            }
            position.last = Some(position.counts_through(ctx.finished()));
        }
        Ok(())
    }
}
