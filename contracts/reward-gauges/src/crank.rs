//! Who settles: anyone by message, the chain by its clock. Both do the same steps.
//!
//! Pools in which something can happen take turns: the next crank begins where the last one stopped.
//! A message looks at 100 of them at most, the clock at one.

use accounting::store::Staged;
use cosmwasm_std::{DepsMut, Env, Response, Storage};
use interfaces::asset::Asset;
use interfaces::hooks::{self, IgnoredHook, RawSudo, clock};
use interfaces::json;
use interfaces::paging::{self, MAX_LIMIT};

use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::events::action;
use crate::msg::SettleData;
use crate::settle::{self, Steps};
use crate::state::{BUSY_POOLS, NEXT_POOL, PoolId};
use crate::{ContractError, Fault};

/// Which pools a crank looks at.
pub struct SettleOf {
    /// Those of an asset; all in which something can happen when none.
    pub denom: Option<Asset>,
    /// The one of a duration.
    pub duration: Option<u64>,
    /// Steps.
    pub limit: Option<u32>,
}

pub(crate) fn settle(deps: DepsMut, env: Env, of: SettleOf) -> Result<Response, ContractError> {
    let limit = paging::limit(of.limit)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let mut steps = Steps::new(limit);
    let mut books = Books::open(deps.storage)?;
    let is_done = match of.denom {
        None if of.duration.is_some() => return Err(Fault::DurationWithoutDenom.into()),
        None => settle_busy(&ctx, &mut books, &mut steps, MAX_LIMIT as usize)?,
        Some(denom) => {
            let durations = match of.duration {
                Some(duration) => vec![ctx.duration_id(duration)?],
                None => ctx.config.durations().map(|(id, _)| id).collect(),
            };
            let Some(record) = assets::find(books.storage, &denom)? else {
                return Err(Fault::NotLockable {
                    asset: denom.to_string(),
                }
                .into());
            };
            let mut is_done = true;
            for duration in durations {
                let pool = PoolId {
                    asset: record.id,
                    duration,
                };
                is_done &= settle_pool(&ctx, &mut books, pool, &mut steps)?;
            }
            is_done
        }
    };
    let event = action("settle")
        .add_attribute("epoch", ctx.finished().to_string())
        .add_attribute("done", is_done.to_string());
    Ok(Response::new()
        .add_events(books.close()?)
        .add_event(event)
        .set_data(json::to_binary(&SettleData { done: is_done })?))
}

/// Whether the pool is settled through the last epoch that is over.
fn settle_pool(
    ctx: &Context,
    books: &mut Books,
    pool: PoolId,
    steps: &mut Steps,
) -> Result<bool, ContractError> {
    let mut open = books.take(pool)?;
    let is_done = settle::settle(ctx, books, &mut open, ctx.finished(), steps)?;
    books.put(open);
    Ok(is_done)
}

/// Settles busy pools one after the other, looking at some of them. Whether all of them are settled.
fn settle_busy(
    ctx: &Context,
    books: &mut Books,
    steps: &mut Steps,
    looks: usize,
) -> Result<bool, ContractError> {
    let begin = NEXT_POOL.may_load(books.storage)?;
    let first = match begin {
        Some(pool) if BUSY_POOLS.has(books.storage, &pool.key()) => Some(pool),
        other => busy_behind(books.storage, other)?,
    };
    let Some(first) = first else {
        return Ok(true);
    };
    let mut pool = first;
    let mut is_done = false;
    let mut has_turned = false;
    for _ in 0..looks {
        if !settle_pool(ctx, books, pool, steps)? {
            break;
        }
        let Some(next) = busy_behind(books.storage, Some(pool))? else {
            is_done = true;
            break;
        };
        // The first pool may have left the list meanwhile, so its place counts and not itself.
        let turns = next <= pool;
        is_done = (has_turned && turns) || ((has_turned || turns) && next >= first);
        has_turned |= turns;
        pool = next;
        if is_done {
            break;
        }
    }
    if begin != Some(pool) {
        NEXT_POOL.save(books.storage, &pool)?;
    }
    Ok(is_done)
}

/// The next busy pool behind another one, around the end.
fn busy_behind(
    storage: &dyn Storage,
    pool: Option<PoolId>,
) -> Result<Option<PoolId>, ContractError> {
    let first_behind = |key: Option<&[u8]>| {
        BUSY_POOLS
            .range(storage, &[], key)
            .next()
            .map(|item| {
                PoolId::of_key(&item?.0).ok_or(
                    Fault::CorruptRecord {
                        record: "busy pool",
                    }
                    .into(),
                )
            })
            .transpose()
    };
    if let Some(pool) = pool
        && let Some(next) = first_behind(Some(&pool.key()))?
    {
        return Ok(Some(next));
    }
    first_behind(None)
}

/// What the chain tells through `sudo`: the clock does one step. Everything else, and whatever goes
/// wrong, is an event and changes nothing: an error would jail the contract.
pub(crate) fn sudo(deps: DepsMut, env: Env, msg: &RawSudo) -> Response {
    let payload = match hooks::read(msg) {
        Ok(payload) => payload,
        Err(ignored) => return Response::new().add_event(ignored.event()),
    };
    if !clock::is_end_block(&payload) {
        let reason = "this contract takes the clock alone";
        return Response::new().add_event(IgnoredHook::new(&payload.name, reason).event());
    }
    let mut staged = Staged::new(deps.storage);
    let done = Context::load(&staged, deps.querier, &env).and_then(|ctx| tick(&ctx, &mut staged));
    match done {
        Ok(response) => {
            staged.into_changes().apply(deps.storage);
            response
        }
        Err(error) => {
            Response::new().add_event(IgnoredHook::new(&payload.name, &error.to_string()).event())
        }
    }
}

fn tick(ctx: &Context, storage: &mut dyn Storage) -> Result<Response, ContractError> {
    if ctx.assert_started().is_err() {
        return Ok(Response::new());
    }
    let mut books = Books::open(storage)?;
    settle_busy(ctx, &mut books, &mut Steps::new(1), 1)?;
    Ok(Response::new().add_events(books.close()?))
}
