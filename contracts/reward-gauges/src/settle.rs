//! Settlement: what the gauges of a pool give in an epoch that is over, and how that moves the
//! pool's index.
//!
//! Nothing here goes through the locks. They have recorded their stake changes by epoch. An epoch
//! applies its change first and divides afterwards, by the stake just before its end. Stretches of
//! epochs in which nothing can happen are passed in one step.

use distribution_math::epochs::share_of_epoch;
use distribution_math::{EpochId, RewardIndex};
use pool_kit::Amounts;
use pool_kit::events::action;
use pool_kit::paging::DEFAULT_LIMIT;

use crate::ContractError;
use crate::assets;
use crate::books::{Books, Reason};
use crate::pools::{OpenGauge, OpenPool, RunningEpoch, SettledPool};
use crate::schedule;
use crate::state::{GaugeState, load_gauge, save_gauge};

/// How many steps a message may still do. A step is one gauge in one epoch, or one epoch in which
/// the stake changes and no gauge pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps(usize);

impl Steps {
    /// At most `limit` steps.
    pub fn new(limit: usize) -> Self {
        Steps(limit)
    }

    /// Takes one step; false when none is left.
    fn take(&mut self) -> bool {
        let is_left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_left
    }
}

impl Default for Steps {
    /// Those of a message without a `limit` of its own.
    fn default() -> Self {
        Steps::new(DEFAULT_LIMIT as usize)
    }
}

/// Settles a pool through an epoch that is over, as far as the steps reach. True when it came there.
///
/// Cost: one step for each gauge and epoch; nothing for stretches without stake, or without gauges
/// and stake changes.
pub fn settle(
    books: &mut Books,
    open: &mut OpenPool,
    through: EpochId,
    steps: &mut Steps,
) -> Result<bool, ContractError> {
    while open.pool.settled < through {
        if open.pool.running.is_none() {
            match schedule::next_epoch(books.storage, open.id, &open.pool)? {
                Some(epoch) if epoch <= through => open.pool.settled = epoch.previous(),
                next => {
                    open.pool.settled = through;
                    if next.is_none() {
                        schedule::rest(books.storage, open.id)?;
                    }
                    break;
                }
            }
        }
        if !steps.take() {
            return Ok(false);
        }
        step(books, open)?;
    }
    Ok(true)
}

/// Settles a pool through the last epoch that is over.
///
/// # Errors
/// [`ContractError::SettleFirst`] when that takes more steps than there are.
pub fn settle_all(
    books: &mut Books,
    mut open: OpenPool,
    steps: &mut Steps,
) -> Result<SettledPool, ContractError> {
    let finished = books.ctx.finished();
    settle(books, &mut open, finished, steps)?;
    let (pool, settled) = (open.id, open.pool.settled);
    match open.into_settled(finished) {
        Some(settled) => Ok(settled),
        None => Err(ContractError::SettleFirst {
            lock_asset: assets::named(books.storage, pool.asset)?,
            duration: books.ctx.config.duration(pool.duration),
            settled: settled.number(),
            finished: finished.number(),
        }),
    }
}

/// One step of the epoch behind the last settled one: its stake change if the epoch was not begun,
/// then the next gauge that pays, and behind the last gauge the index.
fn step(books: &mut Books, open: &mut OpenPool) -> Result<(), ContractError> {
    let epoch = open.pool.settled.next();
    let mut running = match open.pool.running.take() {
        Some(running) => running,
        None => {
            apply_stake_change(books, open, epoch)?;
            RunningEpoch::default()
        }
    };
    // Without stake nothing leaves a gauge and the epoch is not counted: the schedule pauses.
    let has_stake = !open.pool.stake.is_zero();
    let mut paying = open
        .pool
        .gauges()
        .iter()
        .filter(|gauge| has_stake && gauge.id > running.last_gauge && gauge.first <= epoch);
    let gauge = paying.next().copied();
    let is_last = paying.next().is_none();
    if let Some(gauge) = gauge {
        give(books, open, &mut running, gauge)?;
    }
    if is_last {
        return finish_epoch(books, open, &running.given);
    }
    open.pool.running = Some(running);
    Ok(())
}

/// Applies what joins and leaves from an epoch on. The remainder of the index's divisions was earned
/// by the stake until then; it goes to the treasury, so that nobody else is paid from it.
fn apply_stake_change(
    books: &mut Books,
    open: &mut OpenPool,
    epoch: EpochId,
) -> Result<(), ContractError> {
    let Some(change) = schedule::take_change(books.storage, open.id, epoch)? else {
        return Ok(());
    };
    open.pool.stake.increase(change.joining)?;
    open.pool.stake.decrease(change.leaving)?;
    let carries = std::mem::take(&mut open.pool.carries);
    books.to_treasury(&carries, Reason::Carry)
}

/// A gauge gives its part of an epoch. One that has nothing left then frees its slot.
fn give(
    books: &mut Books,
    open: &mut OpenPool,
    running: &mut RunningEpoch,
    listed: OpenGauge,
) -> Result<(), ContractError> {
    let id = listed.id;
    let mut gauge = load_gauge(books.storage, id)?;
    let remaining = gauge.remaining();
    let mut given = Amounts::default();
    for (asset, left) in gauge.undistributed()?.iter() {
        let share = share_of_epoch(*left, remaining);
        if share.is_zero() {
            continue;
        }
        given.add(asset, share)?;
        let rewards = &mut books.rewards;
        rewards.update(asset, |ledger| ledger.distribute(share))?;
    }
    gauge.distributed.add_all(&given)?;
    running.given.add_all(&given)?;
    gauge.filled = gauge.filled.saturating_add(1);
    running.last_gauge = id;
    books.emit(|ctx| {
        let event = action("distribute")
            .add_attribute("gauge_id", id.to_string())
            .add_attribute("epoch", open.pool.settled.next().to_string());
        ctx.config.rewards.add_amounts(event, &given)
    });
    if gauge.remaining() == Some(0) {
        books.emit(|_| action("gauge_finished").add_attribute("gauge_id", id.to_string()));
        return open.end_gauge(books.storage, id, gauge, GaugeState::Finished);
    }
    // A perpetual gauge has given all that it had; a finite one has something for each epoch.
    if remaining.is_none() {
        open.free_slot(books.storage, listed);
    }
    Ok(save_gauge(books.storage, id, &gauge)?)
}

/// Divides what the gauges gave in an epoch by the stake, and ends the epoch.
fn finish_epoch(
    books: &mut Books,
    open: &mut OpenPool,
    given: &Amounts,
) -> Result<(), ContractError> {
    open.pool.settled = open.pool.settled.next();
    if given.is_zero() {
        return Ok(());
    }
    let stake = open.pool.stake.amount();
    let before = open.index.clone();
    for (asset, points) in given.iter().filter(|(_, points)| !points.is_zero()) {
        let mut index = RewardIndex::new(before.get(asset), open.pool.carries.get(asset));
        index.add(*points, stake)?;
        open.index.set(asset, index.index());
        open.pool.carries.set(asset, index.carry());
    }
    if open.index != before {
        open.save_index(books.storage)?;
    }
    let lock_asset = assets::named(books.storage, open.id.asset)?;
    let duration = books.ctx.config.duration(open.id.duration);
    books.emit(|ctx| {
        let event = action("epoch_settled")
            .add_attribute("denom", lock_asset.to_string())
            .add_attribute("duration", duration.to_string())
            .add_attribute("epoch", open.pool.settled.to_string())
            .add_attribute("stake", stake.to_string());
        ctx.config.rewards.add_amounts(event, given)
    });
    Ok(())
}
