//! Locks that begin to unlock, and that stop it.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, Uint128, to_json_binary};
use pool_kit::events::action;
use pool_kit::paging;

use crate::ContractError;
use crate::accounts::assert_lock_owner;
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::locks::{self, LockPage};
use crate::msg::{IdData, PageData};
use crate::state::{LOCKS_OF_OWNER, Lock};

pub(crate) fn begin_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    amount: Option<Uint128>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.chain.sender(&info)?;
    let lock = locks::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    lock.assert_locked(id)?;
    let mut part = locks::split(&ctx, deps.storage, id, lock, amount)?;
    let event = unlock(&ctx, deps.storage, part.id, &mut part.lock)?;
    Ok(Response::new()
        .add_events(part.event)
        .add_event(event)
        .set_data(to_json_binary(&IdData { id: part.id })?))
}

/// Begins to unlock a lock, saves it, and returns the event.
fn unlock(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    lock: &mut Lock,
) -> Result<Event, ContractError> {
    let end_time = lock.begin_exit(ctx, storage)?;
    locks::save(storage, id, lock)?;
    let asset = assets::named(storage, lock.asset)?;
    Ok(action("begin_unlock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("owner", ctx.chain.show(&lock.owner))
        .add_attribute("amount", format!("{}{}", lock.amount, asset))
        .add_attribute("end_time", end_time.to_string()))
}

pub(crate) fn begin_unlock_all(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let limit = paging::limit(limit)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.chain.sender(&info)?;
    let LockPage { ids, next } =
        LockPage::of(&LOCKS_OF_OWNER, deps.storage, &sender, start_after, limit);
    let mut events = Vec::new();
    for id in ids {
        let mut lock = locks::load(deps.storage, id)?;
        if lock.assert_locked(id).is_ok() {
            events.push(unlock(&ctx, deps.storage, id, &mut lock)?);
        }
    }
    Ok(Response::new()
        .add_events(events)
        .add_events(locks::next_page(next))
        .set_data(to_json_binary(&PageData { next })?))
}

pub(crate) fn cancel_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.chain.sender(&info)?;
    let mut lock = locks::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    lock.assert_not_withdrawn(id)?;
    if lock.end_time.is_none() {
        return Err(ContractError::NotUnlocking { id });
    }
    let mut books = Books::open(&ctx, deps.storage)?;
    lock.accrue_all(&mut books)?;
    lock.cancel_exit(&ctx, books.storage)?;
    locks::save(books.storage, id, &lock)?;
    let event = action("cancel_unlock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_events(books.close()?).add_event(event))
}
