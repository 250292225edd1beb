//! What a lock does in its pools: joining, leaving, coming back, earning.
//!
//! A lock writes down once what it changes: so much stake from an epoch on. No finished epoch is
//! ever touched: joins and exits begin with the current epoch at the earliest, and
//! [`Epochs::last_counted`](distribution_math::Epochs::last_counted) is never below the last
//! finished one.

use cosmwasm_std::Storage;
use distribution_math::{EpochId, MathError};

use crate::books::Books;
use crate::context::Context;
use crate::ledger::Coins;
use crate::settle::{self, Steps};
use crate::state::{
    Joined, LAST_LOCK, LOCKS, LOCKS_OF_OWNER, LOCKS_OF_RECEIVER, Lock, PoolId, STAKE_CHANGES,
    StakeChange, id_key,
};
use crate::{ContractError, Fault};

/// Reads a lock.
///
/// # Errors
/// [`Fault::UnknownLock`].
pub fn load(storage: &dyn Storage, id: u64) -> Result<Lock, ContractError> {
    LOCKS
        .may_load(storage, &id_key(id))?
        .ok_or(Fault::UnknownLock { id }.into())
}

/// Writes a lock.
///
/// # Errors
/// None in practice.
pub fn save(storage: &mut dyn Storage, id: u64, lock: &Lock) -> Result<(), ContractError> {
    Ok(LOCKS.save(storage, &id_key(id), lock)?)
}

/// Gives a new lock its id and lists it by its owner and receiver.
///
/// # Errors
/// None in practice.
pub fn create(storage: &mut dyn Storage, lock: &Lock) -> Result<u64, ContractError> {
    let id = LAST_LOCK
        .may_load(storage)?
        .unwrap_or_default()
        .saturating_add(1);
    LAST_LOCK.save(storage, &id)?;
    let key = id_key(id);
    LOCKS_OF_OWNER.save(storage, (lock.owner.as_slice(), &key), &true)?;
    if let Some(receiver) = &lock.receiver {
        LOCKS_OF_RECEIVER.save(storage, (receiver.as_slice(), &key), &true)?;
    }
    save(storage, id, lock)?;
    Ok(id)
}

/// Deletes a lock with everything that names it.
pub fn delete(storage: &mut dyn Storage, id: u64, lock: &Lock) {
    let key = id_key(id);
    LOCKS.remove(storage, &key);
    LOCKS_OF_OWNER.remove(storage, (lock.owner.as_slice(), &key));
    if let Some(receiver) = &lock.receiver {
        LOCKS_OF_RECEIVER.remove(storage, (receiver.as_slice(), &key));
    }
}

/// Changes what joins and leaves a pool in an epoch.
fn change(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    change: impl FnOnce(&mut StakeChange) -> Result<(), MathError>,
) -> Result<(), ContractError> {
    let pool = pool.key();
    let epoch = epoch.key();
    let key = (pool.as_slice(), epoch.as_slice());
    let mut record = STAKE_CHANGES.may_load(storage, key)?.unwrap_or_default();
    change(&mut record)?;
    if record == StakeChange::default() {
        STAKE_CHANGES.remove(storage, key);
        return Ok(());
    }
    Ok(STAKE_CHANGES.save(storage, key, &record)?)
}

fn joins(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    settle::wake_for_stake(storage, pool)?;
    change(storage, pool, epoch, |record| {
        record.joining = record.joining.checked_add(amount)?;
        Ok(())
    })
}

fn leaves(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    change(storage, pool, epoch, |record| {
        record.leaving = record.leaving.checked_add(amount)?;
        Ok(())
    })
}

/// Takes back a [`leaves`] of an epoch that is not over.
fn stays(
    storage: &mut dyn Storage,
    pool: PoolId,
    epoch: EpochId,
    amount: Coins,
) -> Result<(), ContractError> {
    change(storage, pool, epoch, |record| {
        record.leaving = record.leaving.checked_sub(amount)?;
        Ok(())
    })
}

impl Lock {
    /// The pool of one of the places.
    fn pool(&self, joined: &Joined) -> PoolId {
        PoolId {
            asset: self.asset,
            duration: joined.duration,
        }
    }

    /// Joins every pool whose duration it has and which it has not joined, from the current epoch
    /// on. How many those were.
    ///
    /// # Errors
    /// None in practice.
    pub fn join(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<usize, ContractError> {
        let before = self.joined.len();
        for (duration, seconds) in ctx.config.durations() {
            let is_joined = self.joined.iter().any(|joined| joined.duration == duration);
            if is_joined || seconds > self.duration {
                continue;
            }
            let joined = Joined {
                duration,
                cursor: ctx.finished(),
                last: None,
            };
            joins(storage, self.pool(&joined), ctx.epoch, self.amount)?;
            self.joined.push(joined);
        }
        Ok(self.joined.len().saturating_sub(before))
    }

    /// Adds to a lock that is not unlocking and whose rewards are settled.
    ///
    /// # Errors
    /// None in practice.
    pub fn grow(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        amount: Coins,
    ) -> Result<(), ContractError> {
        for joined in &self.joined {
            joins(storage, self.pool(joined), ctx.epoch, amount)?;
        }
        self.amount = self.amount.checked_add(amount)?;
        Ok(())
    }

    /// Begins to unlock: the lock counts in each pool for as long as its remaining time covers the
    /// pool's duration.
    ///
    /// # Errors
    /// None in practice.
    pub fn begin_exit(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<u64, ContractError> {
        let end_time = ctx.now.saturating_add(self.duration);
        self.end_time = Some(end_time);
        for position in 0..self.joined.len() {
            let Some(mut joined) = self.joined.get(position).copied() else {
                continue;
            };
            let minimum = ctx.config.duration(joined.duration);
            let last = ctx.config.epochs.last_counted(end_time, minimum);
            leaves(storage, self.pool(&joined), last.next(), self.amount)?;
            joined.last = Some(last);
            self.put(position, joined);
        }
        Ok(end_time)
    }

    /// Stops unlocking; the rewards are settled. The lock stays where it still counts, and comes
    /// back where it does not, from the current epoch on.
    ///
    /// # Errors
    /// None in practice.
    pub fn return_from_exit(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<(), ContractError> {
        self.end_time = None;
        for position in 0..self.joined.len() {
            let Some(mut joined) = self.joined.get(position).copied() else {
                continue;
            };
            let Some(last) = joined.last.take() else {
                continue;
            };
            if last.next() >= ctx.epoch {
                stays(storage, self.pool(&joined), last.next(), self.amount)?;
            } else {
                joins(storage, self.pool(&joined), ctx.epoch, self.amount)?;
                joined.cursor = ctx.finished();
            }
            self.put(position, joined);
        }
        Ok(())
    }

    /// Leaves every pool now. What was earned in epochs that are over stays earned.
    ///
    /// # Errors
    /// None in practice.
    pub fn exit_now(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<(), ContractError> {
        for position in 0..self.joined.len() {
            let Some(mut joined) = self.joined.get(position).copied() else {
                continue;
            };
            let pool = self.pool(&joined);
            match joined.last {
                None => leaves(storage, pool, ctx.epoch, self.amount)?,
                Some(last) if last >= ctx.epoch => {
                    leaves(storage, pool, ctx.epoch, self.amount)?;
                    stays(storage, pool, last.next(), self.amount)?;
                }
                Some(_) => {}
            }
            let finished = ctx.finished();
            joined.last = Some(joined.last.map_or(finished, |last| last.min(finished)));
            self.put(position, joined);
        }
        Ok(())
    }

    /// Takes a part off as a lock of its own, with the same owner, receiver, times and places.
    /// What is owed stays here; no stake changes.
    ///
    /// # Errors
    /// When the part is more than there is.
    pub fn split(&mut self, part: Coins) -> Result<Lock, ContractError> {
        self.amount = self.amount.checked_sub(part)?;
        Ok(Lock {
            amount: part,
            owed: accounting::Amounts::default(),
            ..self.clone()
        })
    }

    /// Settles its pools as far as the steps reach and takes what it earned there into `owed`. A
    /// cursor passes the settled epoch only in a pool whose index cannot move until then.
    ///
    /// Cost: O(pools * reward assets), and the settlement's steps.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn accrue(
        &mut self,
        ctx: &Context,
        books: &mut Books,
        steps: &mut Steps,
    ) -> Result<(), ContractError> {
        self.accrue_through(ctx, books, ctx.finished(), steps)
    }

    /// [`Lock::accrue`] through an epoch that counts as over.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn accrue_through(
        &mut self,
        ctx: &Context,
        books: &mut Books,
        through: EpochId,
        steps: &mut Steps,
    ) -> Result<(), ContractError> {
        for position in 0..self.joined.len() {
            let Some(mut joined) = self.joined.get(position).copied() else {
                continue;
            };
            if joined.last.is_some_and(|last| joined.cursor >= last) {
                continue;
            }
            let mut open = books.take(self.pool(&joined))?;
            // An idle pool gives nothing in any of these epochs, so they need no settlement.
            let settled = if open.pool.is_idle() {
                through.max(open.pool.settled)
            } else {
                settle::settle(ctx, books, &mut open, through, steps)?;
                open.pool.settled
            };
            let paid = self.settled_epoch(&joined, settled);
            if paid > joined.cursor {
                let earned =
                    open.earned(books.storage, self.amount.amount(), joined.cursor, paid)?;
                self.owed.add_all(&earned)?;
                joined.cursor = paid;
                self.put(position, joined);
            }
            books.put(open);
        }
        Ok(())
    }

    /// [`Lock::accrue`], through the last finished epoch in every pool. Pools that cannot pay need
    /// no step, however long ago they were settled.
    ///
    /// # Errors
    /// [`Fault::SettleFirst`] when that takes more steps than there are.
    pub fn accrue_all(
        &mut self,
        ctx: &Context,
        books: &mut Books,
        steps: &mut Steps,
    ) -> Result<(), ContractError> {
        for joined in &self.joined {
            let mut open = books.take(self.pool(joined))?;
            if !open.pool.is_idle() {
                settle::settle_all(ctx, books, &mut open, steps)?;
            }
            books.put(open);
        }
        self.accrue(ctx, books, steps)
    }

    /// What it earned in epochs that are settled and not in `owed` yet.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn pending(&self, books: &mut Books) -> Result<accounting::Amounts, ContractError> {
        let mut pending = accounting::Amounts::default();
        for joined in &self.joined {
            let open = books.take(self.pool(joined))?;
            let paid = self.settled_epoch(joined, open.pool.settled);
            if paid > joined.cursor {
                let earned =
                    open.earned(books.storage, self.amount.amount(), joined.cursor, paid)?;
                pending.add_all(&earned)?;
            }
            books.put(open);
        }
        Ok(pending)
    }

    /// Whether everything that it earned through an epoch is in `owed`.
    pub fn is_settled(&self, through: EpochId) -> bool {
        self.joined.iter().all(|joined| {
            let last = joined.last.map_or(through, |last| last.min(through));
            joined.cursor >= last
        })
    }

    fn settled_epoch(&self, joined: &Joined, settled: EpochId) -> EpochId {
        joined.last.map_or(settled, |last| last.min(settled))
    }

    /// Whether its principal is out and it can earn nothing more.
    pub fn is_over(&self) -> bool {
        self.is_withdrawn
            && self
                .joined
                .iter()
                .all(|joined| joined.last.is_some_and(|last| joined.cursor >= last))
    }

    fn put(&mut self, position: usize, joined: Joined) {
        if let Some(place) = self.joined.get_mut(position) {
            *place = joined;
        }
    }
}
