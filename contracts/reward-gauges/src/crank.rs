//! Who settles: anyone by message, the chain by its clock. Both do the same steps.
//!
//! Busy pools take turns: the next crank begins where the last one stopped. A message looks at 100 of
//! them at most, the clock at one.

use chain_types::hooks::{self, IgnoredHook, RawSudo, clock};
use cosmwasm_std::{DepsMut, Env, Event, QuerierWrapper, Response, Storage, to_json_binary};
use pool_kit::events::action;
use pool_kit::paging::{self, MAX_LIMIT};
use pool_kit::staged::Staged;

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::ids::PoolId;
use crate::msg::{SettleData, SettleMsg};
use crate::schedule;
use crate::settle::{self, Steps};
use crate::state::{BUSY_POOLS, NEXT_POOL};

pub(crate) fn settle(deps: DepsMut, env: Env, msg: SettleMsg) -> Result<Response, ContractError> {
    let mut steps = Steps::new(paging::limit(msg.limit)?);
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let pools = named_pools(&ctx, deps.storage, &msg)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut done = true;
    match pools {
        None => done = settle_busy(&mut books, &mut steps, MAX_LIMIT as usize)?,
        Some(pools) => {
            for pool in pools {
                done &= settle_pool(&mut books, pool, &mut steps)?;
            }
        }
    }
    let event = action("settle")
        .add_attribute("epoch", ctx.finished().to_string())
        .add_attribute("done", done.to_string());
    Ok(Response::new()
        .add_events(books.close()?)
        .add_event(event)
        .set_data(to_json_binary(&SettleData { done })?))
}

/// The pools that a message names, none when it names no asset.
fn named_pools(
    ctx: &Context,
    storage: &dyn Storage,
    msg: &SettleMsg,
) -> Result<Option<Vec<PoolId>>, ContractError> {
    let Some(lock_asset) = &msg.lock_asset else {
        return match msg.duration {
            Some(_) => Err(ContractError::DurationWithoutLockAsset),
            None => Ok(None),
        };
    };
    let durations = match msg.duration {
        Some(duration) => vec![ctx.config.duration_id(duration)?],
        None => ctx.config.durations().map(|(id, _)| id).collect(),
    };
    let Some(record) = assets::find(storage, lock_asset)? else {
        return Err(ContractError::UnknownAsset {
            asset: lock_asset.to_string(),
        });
    };
    let pools = durations.into_iter();
    Ok(Some(
        pools.map(|duration| record.id.pool(duration)).collect(),
    ))
}

/// Settles a pool. True when it is settled through the last epoch that is over.
fn settle_pool(books: &mut Books, pool: PoolId, steps: &mut Steps) -> Result<bool, ContractError> {
    let mut open = books.take_pool(pool)?;
    let finished = books.ctx.finished();
    let is_done = settle::settle(books, &mut open, finished, steps)?;
    books.put_pool(open);
    Ok(is_done)
}

/// Settles busy pools one after the other, at most `looks` of them. True when all are settled.
fn settle_busy(books: &mut Books, steps: &mut Steps, looks: usize) -> Result<bool, ContractError> {
    let Some(first) = turn(books.storage)? else {
        return Ok(true);
    };
    let mut pool = first;
    let mut is_done = false;
    let mut has_wrapped = false;
    for _ in 0..looks {
        if !settle_pool(books, pool, steps)? {
            break;
        }
        let Some(next) = schedule::next_busy(books.storage, Some(pool))? else {
            is_done = true;
            break;
        };
        // The round is over behind the end of the list at or behind the place of the first pool,
        // which may have left the list meanwhile.
        let wraps = next <= pool;
        is_done = if has_wrapped {
            wraps || next >= first
        } else {
            wraps && next >= first
        };
        has_wrapped |= wraps;
        pool = next;
        if is_done {
            break;
        }
    }
    if NEXT_POOL.may_load(books.storage)? != Some(pool) {
        NEXT_POOL.save(books.storage, &pool)?;
    }
    Ok(is_done)
}

/// What the chain sends by `sudo`: its clock does one step. Everything else, and whatever goes wrong,
/// is the event `hook_ignored` and changes nothing, since an error would jail the contract.
pub(crate) fn sudo(deps: DepsMut, env: Env, msg: &RawSudo) -> Response {
    let payload = match hooks::read(msg) {
        Ok(payload) => payload,
        Err(ignored) => return Response::new().add_event(ignored.event()),
    };
    let ignored = |reason: &str| IgnoredHook::new(&payload.name, reason).event();
    if !clock::is_end_block(&payload) {
        return Response::new().add_event(ignored("this contract takes the clock alone"));
    }
    let mut staged = Staged::new(deps.storage);
    match tick(&mut staged, deps.querier, &env) {
        Ok(events) => {
            staged.into_changes().apply(deps.storage);
            Response::new().add_events(events)
        }
        Err(error) => {
            let _ = pass_over(deps.storage);
            Response::new().add_event(ignored(&error.to_string()))
        }
    }
}

/// Moves the turn on from a pool whose step failed, so that the others are settled. Where that cannot
/// be read either, the turn stays: the clock must not fail.
fn pass_over(storage: &mut dyn Storage) -> Result<(), ContractError> {
    let failed = turn(storage)?;
    match schedule::next_busy(storage, failed)? {
        Some(next) if Some(next) != failed => Ok(NEXT_POOL.save(storage, &next)?),
        _ => Ok(()),
    }
}

/// The busy pool whose turn it is, none when no pool is busy.
fn turn(storage: &dyn Storage) -> Result<Option<PoolId>, ContractError> {
    match NEXT_POOL.may_load(storage)? {
        Some(pool) if BUSY_POOLS.has(storage, &pool.key()) => Ok(Some(pool)),
        other => schedule::next_busy(storage, other),
    }
}

fn tick(
    storage: &mut dyn Storage,
    querier: QuerierWrapper<'_>,
    env: &Env,
) -> Result<Vec<Event>, ContractError> {
    let ctx = Context::load(storage, querier, env)?;
    if ctx.assert_started().is_err() {
        return Ok(Vec::new());
    }
    let mut books = Books::open(&ctx, storage)?;
    settle_busy(&mut books, &mut Steps::new(1), 1)?;
    books.close()
}
