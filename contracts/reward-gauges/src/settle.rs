//! Settlement: what the gauges of a pool give in an epoch that is over, and its index.
//!
//! Nothing here visits a lock. Changes of the stake were written down by epoch when locks joined
//! or left; an epoch applies its change first and divides afterwards, by those who counted just
//! before its end. Stretches in which nothing can happen are passed in one step.

use accounting::Amounts;
use cosmwasm_std::Storage;
use distribution_math::epochs::share_of_epoch;
use distribution_math::{EpochId, Spread};

use crate::assets;
use crate::books::{Books, OpenPool};
use crate::context::Context;
use crate::events::action;
use crate::ledger::Coins;
use crate::state::{
    BUSY_POOLS, GAUGES, Gauge, GaugeState, HISTORY, OPEN_GAUGES, OVER_GAUGES, PoolId, RunningEpoch,
    STAKE_CHANGES, WAITING_POOLS, id_key,
};
use crate::{ContractError, Fault};

/// How many steps a message may still do. A step is one gauge of one epoch, or one epoch in which
/// the stake changes and no gauge pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps(usize);

impl Steps {
    /// At most that many.
    pub fn new(limit: usize) -> Self {
        Steps(limit)
    }

    /// Takes one, if there is one.
    pub fn take(&mut self) -> bool {
        let is_left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_left
    }
}

/// Settles a pool through an epoch that is over, as far as the steps reach. Whether it came there.
///
/// Cost: one step for each gauge and epoch; nothing for stretches without stake, or without gauges
/// and stake changes.
///
/// # Errors
/// When a record cannot be read.
pub fn settle(
    ctx: &Context,
    books: &mut Books,
    open: &mut OpenPool,
    through: EpochId,
    steps: &mut Steps,
) -> Result<bool, ContractError> {
    while open.pool.settled < through {
        if open.pool.running.is_none() {
            match next_busy_epoch(books.storage, open)? {
                Some(epoch) if epoch <= through => open.pool.settled = epoch.previous(),
                next => {
                    open.pool.settled = through;
                    if next.is_none() || open.pool.is_idle() {
                        rest(books.storage, open)?;
                    }
                    break;
                }
            }
        }
        if !steps.take() {
            return Ok(false);
        }
        step(ctx, books, open)?;
    }
    Ok(true)
}

/// Settles a pool through the last epoch that is over.
///
/// # Errors
/// [`Fault::SettleFirst`] when that takes more steps than there are.
pub fn settle_all(
    ctx: &Context,
    books: &mut Books,
    open: &mut OpenPool,
    steps: &mut Steps,
) -> Result<(), ContractError> {
    if settle(ctx, books, open, ctx.finished(), steps)? {
        return Ok(());
    }
    Err(Fault::SettleFirst {
        denom: assets::named(books.storage, open.id.asset)?,
        duration: ctx.config.duration(open.id.duration),
        settled: open.pool.settled.number(),
        finished: ctx.finished().number(),
    }
    .into())
}

/// Takes a pool whose gauges give nothing away from the cranks: it waits for stake, or for coins.
fn rest(storage: &mut dyn Storage, open: &OpenPool) -> Result<(), ContractError> {
    let pool = open.id.key();
    if BUSY_POOLS.has(storage, &pool) {
        BUSY_POOLS.remove(storage, &pool);
        if !open.pool.is_idle() {
            WAITING_POOLS.save(storage, &pool, &true)?;
        }
    }
    Ok(())
}

/// Lists a settled pool that got a gauge or coins for one: for the cranks, or among those that wait
/// for stake.
///
/// # Errors
/// When a record cannot be read.
pub fn wake(storage: &mut dyn Storage, open: &OpenPool) -> Result<(), ContractError> {
    if open.pool.is_idle() {
        return Ok(());
    }
    let list = match next_busy_epoch(storage, open)? {
        Some(_) => BUSY_POOLS,
        None => WAITING_POOLS,
    };
    Ok(list.save(storage, &open.id.key(), &true)?)
}

/// Lists a pool for the cranks when its gauges waited for somebody to join.
///
/// # Errors
/// None in practice.
pub fn wake_for_stake(storage: &mut dyn Storage, pool: PoolId) -> Result<(), ContractError> {
    let pool = pool.key();
    if WAITING_POOLS.has(storage, &pool) {
        WAITING_POOLS.remove(storage, &pool);
        BUSY_POOLS.save(storage, &pool, &true)?;
    }
    Ok(())
}

/// The next epoch in which something happens: the stake changes, or a gauge pays some stake.
fn next_busy_epoch(
    storage: &dyn Storage,
    open: &OpenPool,
) -> Result<Option<EpochId>, ContractError> {
    let next = open.pool.settled.next();
    let paid = open
        .pool
        .gauges
        .iter()
        .filter(|gauge| open.pool.stake > 0 && !gauge.is_dry)
        .map(|gauge| gauge.first.max(next))
        .min();
    if paid == Some(next) {
        return Ok(paid);
    }
    let changed = next_stake_change(storage, open.id, open.pool.settled)?;
    Ok(match (paid, changed) {
        (Some(paid), Some(changed)) => Some(paid.min(changed)),
        (paid, changed) => paid.or(changed),
    })
}

/// The first epoch behind another one in which a pool's stake changes.
///
/// # Errors
/// When a record cannot be read.
fn next_stake_change(
    storage: &dyn Storage,
    pool: PoolId,
    behind: EpochId,
) -> Result<Option<EpochId>, ContractError> {
    STAKE_CHANGES
        .range(storage, &[&pool.key()], Some(&behind.key()))
        .next()
        .map(|item| {
            let (key, _) = item?;
            EpochId::of_key(&key).ok_or(
                Fault::CorruptRecord {
                    record: "stake change",
                }
                .into(),
            )
        })
        .transpose()
}

/// One step of the epoch behind the last settled one: its stake change when it is the first, then
/// the next gauge that pays, and behind the last one the index.
fn step(ctx: &Context, books: &mut Books, open: &mut OpenPool) -> Result<(), ContractError> {
    let epoch = open.pool.settled.next();
    let mut running = match open.pool.running.take() {
        Some(running) => running,
        None => {
            change_stake(ctx, books, open, epoch)?;
            RunningEpoch::default()
        }
    };
    let mut paying = open
        .pool
        .gauges
        .iter()
        .filter(|gauge| gauge.id > running.done && gauge.first <= epoch && !gauge.is_dry)
        .map(|gauge| gauge.id);
    // Without stake nothing leaves a gauge and the epoch is not counted: the schedule pauses.
    let gauge = paying.next().filter(|_| open.pool.stake > 0);
    let is_last = gauge.is_none() || paying.next().is_none();
    drop(paying);
    if let Some(gauge) = gauge {
        give(ctx, books, open, &mut running, gauge)?;
    }
    if is_last {
        finish(ctx, books, open, &running, epoch)?;
    } else {
        open.pool.running = Some(running);
    }
    Ok(())
}

/// Applies what joins and leaves from an epoch on. What the index could not divide was earned by
/// those who counted until then; it goes to the treasury, so that nobody else is paid from it.
fn change_stake(
    ctx: &Context,
    books: &mut Books,
    open: &mut OpenPool,
    epoch: EpochId,
) -> Result<(), ContractError> {
    let pool = open.id.key();
    let key = (pool.as_slice(), epoch.key());
    let key = (key.0, key.1.as_slice());
    let Some(change) = STAKE_CHANGES.may_load(books.storage, key)? else {
        return Ok(());
    };
    STAKE_CHANGES.remove(books.storage, key);
    open.pool.stake = Coins::new(open.pool.stake)
        .checked_add(change.joining)?
        .checked_sub(change.leaving)?
        .amount();
    let carries = std::mem::take(&mut open.pool.carries);
    if !carries.is_zero() {
        books.to_treasury(&carries)?;
        let event = action("to_treasury").add_attribute("reason", "carry");
        books.journal.push(ctx.config.rewards.tell(event, &carries));
    }
    Ok(())
}

/// A gauge gives its part of an epoch.
fn give(
    ctx: &Context,
    books: &mut Books,
    open: &mut OpenPool,
    running: &mut RunningEpoch,
    id: u64,
) -> Result<(), ContractError> {
    let mut gauge = load_gauge(books.storage, id)?;
    let epoch = open.pool.settled.next();
    let remaining = gauge.remaining();
    let mut given = accounting::PerDenom::default();
    let mut is_dry = remaining.is_none();
    let coins: Vec<_> = gauge
        .coins
        .iter()
        .map(|(asset, put)| (asset, *put))
        .collect();
    for (asset, put) in coins {
        let distributed = gauge.distributed.get(asset);
        let rest = put.checked_sub(distributed)?;
        let share = Coins::new(share_of_epoch(rest.amount(), remaining));
        is_dry = is_dry && share == rest;
        if share.is_zero() {
            continue;
        }
        gauge
            .distributed
            .set(asset, distributed.checked_add(share)?);
        given.set(asset, share);
        running
            .given
            .set(asset, running.given.get(asset).checked_add(share)?);
        books.update(asset, |ledger| ledger.distribute(share))?;
    }
    gauge.filled = gauge.filled.saturating_add(1);
    running.done = id;
    books.journal.push(
        action("distribute")
            .add_attribute("gauge_id", id.to_string())
            .add_attribute("epoch", epoch.to_string())
            .add_attribute("amount", ctx.coins_text(&given)),
    );
    if gauge.remaining() == Some(0) {
        return finish_gauge(books, open, id, &mut gauge);
    }
    if is_dry {
        for listed in open.pool.gauges.iter_mut().filter(|gauge| gauge.id == id) {
            listed.is_dry = true;
        }
    }
    Ok(GAUGES.save(books.storage, &id_key(id), &gauge)?)
}

/// Ends a gauge that has nothing more to give.
///
/// # Errors
/// None in practice.
pub fn finish_gauge(
    books: &mut Books,
    open: &mut OpenPool,
    id: u64,
    gauge: &mut Gauge,
) -> Result<(), ContractError> {
    gauge.state = GaugeState::Finished;
    unlist(books.storage, open, id, gauge)?;
    books
        .journal
        .push(action("gauge_finished").add_attribute("gauge_id", id.to_string()));
    Ok(GAUGES.save(books.storage, &id_key(id), gauge)?)
}

/// Divides what the gauges gave in an epoch among those who counted in it.
fn finish(
    ctx: &Context,
    books: &mut Books,
    open: &mut OpenPool,
    running: &RunningEpoch,
    epoch: EpochId,
) -> Result<(), ContractError> {
    open.pool.settled = epoch;
    let mut given = Amounts::default();
    let mut has_changed = false;
    for (asset, coins) in running.given.iter() {
        if coins.is_zero() {
            continue;
        }
        given.add(asset, coins.points())?;
        let total = coins.points().checked_add(open.pool.carries.get(asset))?;
        let spread = Spread::new(total, open.pool.stake)?;
        open.index.add(asset, spread.per_unit)?;
        open.pool.carries.set(asset, spread.remainder);
        has_changed |= !spread.per_unit.is_zero();
    }
    if has_changed {
        let pool = open.id.key();
        HISTORY.save(
            books.storage,
            (pool.as_slice(), epoch.key().as_slice()),
            &open.index,
        )?;
    }
    if !given.is_zero() {
        let denom = assets::named(books.storage, open.id.asset)?;
        books.journal.push(
            action("epoch_settled")
                .add_attribute("denom", denom.to_string())
                .add_attribute(
                    "duration",
                    ctx.config.duration(open.id.duration).to_string(),
                )
                .add_attribute("epoch", epoch.to_string())
                .add_attribute("stake", open.pool.stake.to_string())
                .add_attribute("amount", ctx.coins_text(&running.given)),
        );
    }
    Ok(())
}

/// A gauge by its id.
///
/// # Errors
/// [`Fault::UnknownGauge`].
pub fn load_gauge(storage: &dyn Storage, id: u64) -> Result<Gauge, ContractError> {
    GAUGES
        .may_load(storage, &id_key(id))?
        .ok_or(Fault::UnknownGauge { id }.into())
}

/// Takes a gauge that is over out of the lists of those that go on.
///
/// # Errors
/// None in practice.
pub fn unlist(
    storage: &mut dyn Storage,
    open: &mut OpenPool,
    id: u64,
    gauge: &Gauge,
) -> Result<(), ContractError> {
    open.pool.gauges.retain(|listed| listed.id != id);
    if open.pool.gauges.is_empty() {
        BUSY_POOLS.remove(storage, &open.id.key());
        WAITING_POOLS.remove(storage, &open.id.key());
    }
    OPEN_GAUGES.remove(
        storage,
        (gauge.first.key().as_slice(), id_key(id).as_slice()),
    );
    Ok(OVER_GAUGES.save(storage, &id_key(id), &true)?)
}
