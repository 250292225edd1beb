//! Locks: made, added to, unlocked, extended, forced open.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage, Uint128, Uint256};
use distribution_math::MAX_UNITS;
use interfaces::address::AddressBytes;
use interfaces::json;
use interfaces::paging::{self, DEFAULT_LIMIT};
use interfaces::payout::AssetAmount;

use crate::accounts::{assert_lock_owner, other_receiver};
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::events::{action, asset_text};
use crate::income;
use crate::ledger::Coins;
use crate::msg::{IdData, NewLock, PageData};
use crate::positions;
use crate::settle::Steps;
use crate::state::{FORCE_UNLOCKERS, LOCKS_OF_OWNER, Lock, id_key, id_of_key};
use crate::withdraw;
use crate::{ContractError, Fault};

/// The longest lock: 10 years.
pub const MAX_DURATION: u64 = 10 * 365 * 24 * 60 * 60;

/// Notes principal as received.
fn take_in(
    storage: &mut dyn Storage,
    paid: &AssetAmount,
    coins: Coins,
) -> Result<crate::state::AssetId, ContractError> {
    let mut record = assets::open(storage, &paid.asset)?;
    record.principal = record
        .principal
        .checked_add(coins)
        .ok()
        .filter(|principal| principal.amount() <= MAX_UNITS)
        .ok_or_else(|| Fault::ReceiptBound {
            asset: paid.asset.to_string(),
            amount: paid.amount,
            reason: "locks of an asset hold at most 10^30 base units".to_string(),
        })?;
    assets::save(storage, &paid.asset, &record)?;
    Ok(record.id)
}

fn assert_min_lock(ctx: &Context, amount: Coins) -> Result<(), ContractError> {
    let min = ctx.config.min_lock.u128().max(1);
    if amount.amount() < min {
        return Err(Fault::BelowMinimumLock {
            amount: amount.amount(),
            min,
        }
        .into());
    }
    Ok(())
}

fn assert_duration(duration: u64) -> Result<(), ContractError> {
    if (1..=MAX_DURATION).contains(&duration) {
        return Ok(());
    }
    Err(Fault::OutOfRange {
        name: "duration",
        value: duration.into(),
        min: 1,
        max: MAX_DURATION.into(),
    }
    .into())
}

/// Refuses a lock that is unlocking, or whose principal is out.
fn assert_locked(id: u64, lock: &Lock) -> Result<(), ContractError> {
    assert_not_withdrawn(id, lock)?;
    match lock.end_time {
        None => Ok(()),
        Some(end_time) => Err(Fault::Unlocking { id, end_time }.into()),
    }
}

/// Refuses a lock whose principal is out.
///
/// # Errors
/// [`Fault::Withdrawn`].
pub fn assert_not_withdrawn(id: u64, lock: &Lock) -> Result<(), ContractError> {
    if lock.is_withdrawn {
        return Err(Fault::Withdrawn { id }.into());
    }
    Ok(())
}

pub(crate) fn execute_lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new: NewLock,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let paid = income::lockable_coin(&ctx, deps.storage, &info)?;
    let sender = ctx.sender(&info)?;
    lock(&ctx, deps.storage, sender, paid, new)
}

/// Makes a lock.
///
/// # Errors
/// For an amount or duration out of bounds.
pub fn lock(
    ctx: &Context,
    storage: &mut dyn Storage,
    owner: AddressBytes,
    paid: AssetAmount,
    new: NewLock,
) -> Result<Response, ContractError> {
    assert_duration(new.duration)?;
    let amount = income::received(&paid)?;
    assert_min_lock(ctx, amount)?;
    let asset = take_in(storage, &paid, amount)?;
    let mut lock = Lock {
        owner,
        receiver: other_receiver(ctx, new.receiver, &owner)?,
        asset,
        amount,
        duration: new.duration,
        end_time: None,
        is_withdrawn: false,
        joined: Vec::new(),
        owed: accounting::Amounts::default(),
    };
    lock.join(ctx, storage)?;
    let id = positions::create(storage, &lock)?;
    let event = action("lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("owner", ctx.show(&owner))
        .add_attribute("receiver", ctx.show(&lock.reward_account()))
        .add_attribute("amount", asset_text(amount, &paid.asset))
        .add_attribute("duration", new.duration.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new()
        .add_event(event)
        .set_data(json::to_binary(&IdData { id })?))
}

pub(crate) fn execute_add_to_lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let paid = income::lockable_coin(&ctx, deps.storage, &info)?;
    let sender = ctx.sender(&info)?;
    add_to_lock(&ctx, deps.storage, sender, paid, id)
}

/// Adds to a lock; what it earned before is settled with the old amount.
///
/// # Errors
/// For anybody but the owner, another asset, and a lock that is unlocking.
pub fn add_to_lock(
    ctx: &Context,
    storage: &mut dyn Storage,
    sender: AddressBytes,
    paid: AssetAmount,
    id: u64,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut lock = positions::load(storage, id)?;
    assert_lock_owner(ctx, &lock, &sender)?;
    assert_locked(id, &lock)?;
    let held = assets::named(storage, lock.asset)?;
    if held != paid.asset {
        return Err(Fault::OtherAsset {
            id,
            held: held.to_string(),
            sent: paid.asset.to_string(),
        }
        .into());
    }
    let amount = income::received(&paid)?;
    take_in(storage, &paid, amount)?;
    let mut books = Books::open(storage)?;
    lock.accrue_all(ctx, &mut books, &mut default_steps())?;
    lock.grow(ctx, books.storage, amount)?;
    positions::save(books.storage, id, &lock)?;
    let event = action("add_to_lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("amount", asset_text(amount, &paid.asset))
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_events(books.close()?).add_event(event))
}

/// How far a message without a `limit` of its own settles.
pub fn default_steps() -> Steps {
    Steps::new(DEFAULT_LIMIT as usize)
}

/// A lock to act upon with the id that it has: all of a lock, or a part that was split off.
struct Part {
    id: u64,
    lock: Lock,
    event: Option<cosmwasm_std::Event>,
}

/// Splits a part off a lock, unless it is all of it. The caller saves the part.
fn part(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    mut lock: Lock,
    amount: Option<Uint128>,
) -> Result<Part, ContractError> {
    let amount = amount.map_or(lock.amount, |amount| Coins::new(amount.u128()));
    if amount.is_zero() {
        return Err(Fault::ZeroAmount.into());
    }
    if amount > lock.amount {
        return Err(Fault::AboveLock {
            id,
            held: lock.amount.amount(),
            requested: amount.amount(),
        }
        .into());
    }
    if amount == lock.amount {
        return Ok(Part {
            id,
            lock,
            event: None,
        });
    }
    let part = lock.split(amount)?;
    assert_min_lock(ctx, part.amount)?;
    assert_min_lock(ctx, lock.amount)?;
    positions::save(storage, id, &lock)?;
    let part_id = positions::create(storage, &part)?;
    let event = action("split_lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("new_lock_id", part_id.to_string())
        .add_attribute("amount", amount.amount().to_string());
    Ok(Part {
        id: part_id,
        lock: part,
        event: Some(event),
    })
}

/// Begins to unlock and tells of it.
fn unlock(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    lock: &mut Lock,
) -> Result<cosmwasm_std::Event, ContractError> {
    let end_time = lock.begin_exit(ctx, storage)?;
    positions::save(storage, id, lock)?;
    let asset = assets::named(storage, lock.asset)?;
    Ok(action("begin_unlock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("owner", ctx.show(&lock.owner))
        .add_attribute("amount", asset_text(lock.amount, &asset))
        .add_attribute("end_time", end_time.to_string()))
}

pub(crate) fn begin_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    amount: Option<Uint128>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.sender(&info)?;
    let lock = positions::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    assert_locked(id, &lock)?;
    let mut part = part(&ctx, deps.storage, id, lock, amount)?;
    let event = unlock(&ctx, deps.storage, part.id, &mut part.lock)?;
    Ok(Response::new()
        .add_events(part.event)
        .add_event(event)
        .set_data(json::to_binary(&IdData { id: part.id })?))
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
    let sender = ctx.sender(&info)?;
    let page = locks_of(deps.storage, &sender, start_after, limit)?;
    let mut response = Response::new();
    for id in page.ids {
        let mut lock = positions::load(deps.storage, id)?;
        if assert_locked(id, &lock).is_ok() {
            response = response.add_event(unlock(&ctx, deps.storage, id, &mut lock)?);
        }
    }
    Ok(tell_next(response, page.next).set_data(json::to_binary(&PageData { next: page.next })?))
}

/// One page of an account's locks.
pub struct LockPage {
    /// Their ids.
    pub ids: Vec<u64>,
    /// Where the next page starts after, none behind the last.
    pub next: Option<u64>,
}

/// An account's locks by id, behind `start_after`.
///
/// # Errors
/// When a record cannot be read.
pub fn locks_of(
    storage: &dyn Storage,
    owner: &AddressBytes,
    start_after: Option<u64>,
    limit: usize,
) -> Result<LockPage, ContractError> {
    let start = start_after.map(id_key);
    let start = start.as_ref().map(|key| key.as_slice());
    let mut ids = Vec::new();
    for item in LOCKS_OF_OWNER
        .range(storage, &[owner.as_slice()], start)
        .take(limit.saturating_add(1))
    {
        ids.extend(id_of_key(&item?.0));
    }
    let has_more = ids.len() > limit;
    ids.truncate(limit);
    Ok(LockPage {
        next: ids.last().copied().filter(|_| has_more),
        ids,
    })
}

/// The event that tells where the next page starts.
pub fn tell_next(response: Response, next: Option<u64>) -> Response {
    match next {
        Some(next) => {
            response.add_event(action("next_page").add_attribute("next", next.to_string()))
        }
        None => response,
    }
}

pub(crate) fn cancel_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.sender(&info)?;
    let mut lock = positions::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    assert_not_withdrawn(id, &lock)?;
    if lock.end_time.is_none() {
        return Err(Fault::NotUnlocking { id }.into());
    }
    let mut books = Books::open(deps.storage)?;
    lock.accrue_all(&ctx, &mut books, &mut default_steps())?;
    lock.return_from_exit(&ctx, books.storage)?;
    positions::save(books.storage, id, &lock)?;
    let event = action("cancel_unlock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_events(books.close()?).add_event(event))
}

pub(crate) fn extend_lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    duration: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.sender(&info)?;
    let mut lock = positions::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    assert_locked(id, &lock)?;
    assert_duration(duration)?;
    if duration <= lock.duration {
        return Err(Fault::NotLonger {
            id,
            duration: lock.duration,
            requested: duration,
        }
        .into());
    }
    let mut books = Books::open(deps.storage)?;
    lock.accrue_all(&ctx, &mut books, &mut default_steps())?;
    lock.duration = duration;
    lock.join(&ctx, books.storage)?;
    positions::save(books.storage, id, &lock)?;
    let event = action("extend_lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("duration", duration.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_events(books.close()?).add_event(event))
}

pub(crate) fn refresh(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let mut lock = positions::load(deps.storage, id)?;
    assert_locked(id, &lock)?;
    let joined = lock.join(&ctx, deps.storage)?;
    positions::save(deps.storage, id, &lock)?;
    let event = action("refresh")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("sender", info.sender)
        .add_attribute("joined", joined.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_event(event))
}

pub(crate) fn force_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    amount: Option<Uint128>,
) -> Result<Response, ContractError> {
    if !FORCE_UNLOCKERS.load(deps.storage)?.contains(&info.sender) {
        return Err(Fault::Unauthorized {
            sender: info.sender.into_string(),
            role: "a force unlocker",
        }
        .into());
    }
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let lock = positions::load(deps.storage, id)?;
    assert_not_withdrawn(id, &lock)?;
    let mut part = part(&ctx, deps.storage, id, lock, amount)?;
    part.lock.exit_now(&ctx, deps.storage)?;
    part.lock.end_time = Some(part.lock.end_time.unwrap_or(ctx.now).min(ctx.now));
    let asset = assets::named(deps.storage, part.lock.asset)?;
    let event = action("force_unlock")
        .add_attribute("lock_id", part.id.to_string())
        .add_attribute("owner", ctx.show(&part.lock.owner))
        .add_attribute("amount", asset_text(part.lock.amount, &asset))
        .add_attribute("epoch", ctx.epoch.to_string());
    let owner = part.lock.owner;
    let mut books = Books::open(deps.storage)?;
    let returned = withdraw::take_out(&ctx, &mut books, part.id, &mut part.lock)?;
    let told = books.close()?;
    let response = Response::new()
        .add_events(part.event)
        .add_event(event)
        .add_events(told);
    withdraw::send(&ctx, deps.storage, owner, vec![returned], response)
}

/// Base units as an amount of an asset.
pub fn amount_of(asset: interfaces::asset::Asset, coins: Coins) -> AssetAmount {
    AssetAmount {
        asset,
        amount: Uint256::from(coins.amount()),
    }
}
