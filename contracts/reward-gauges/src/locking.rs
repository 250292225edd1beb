//! Locks that are made, added to and extended.

use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage, to_json_binary};
use pool_kit::Amounts;
use pool_kit::events::action;

use crate::ContractError;
use crate::accounts::{assert_lock_owner, other_receiver};
use crate::assets;
use crate::books::Books;
use crate::bounds::{self, MAX_LOCKED};
use crate::context::Context;
use crate::ids::AssetId;
use crate::income::{self, Received};
use crate::locks;
use crate::msg::{IdData, NewLock};
use crate::state::Lock;

pub(crate) fn execute_lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new: NewLock,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let received = income::lockable_coin(&ctx, deps.storage, &info)?;
    let sender = ctx.chain.sender(&info)?;
    lock(&ctx, deps.storage, sender, received, new)
}

/// Makes a lock.
///
/// # Errors
/// For an amount or duration out of bounds.
pub fn lock(
    ctx: &Context,
    storage: &mut dyn Storage,
    owner: AddressBytes,
    received: Received,
    new: NewLock,
) -> Result<Response, ContractError> {
    bounds::lock_duration(new.duration)?;
    locks::assert_min_lock(ctx, received.coins)?;
    let mut lock = Lock {
        owner,
        receiver: other_receiver(ctx, new.receiver, &owner)?,
        asset: add_principal(storage, &received)?,
        amount: received.coins,
        duration: new.duration,
        end_time: None,
        is_withdrawn: false,
        positions: Vec::new(),
        owed: Amounts::default(),
    };
    lock.join(ctx, storage)?;
    let id = locks::create(storage, &lock)?;
    let event = action("lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("owner", ctx.chain.show(&owner))
        .add_attribute("receiver", ctx.chain.show(&lock.reward_account()))
        .add_attribute("amount", format!("{}{}", received.coins, received.asset))
        .add_attribute("duration", new.duration.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new()
        .add_event(event)
        .set_data(to_json_binary(&IdData { id })?))
}

/// Adds received coins to the principal that is owed.
fn add_principal(storage: &mut dyn Storage, received: &Received) -> Result<AssetId, ContractError> {
    let Received { asset, coins } = received;
    assets::update(storage, asset, |owed| {
        let is_counted = owed.principal.increase(*coins).is_ok();
        if is_counted && owed.principal.amount() <= MAX_LOCKED {
            return Ok(());
        }
        Err(ContractError::ReceiptBound {
            asset: asset.to_string(),
            amount: coins.amount().into(),
            reason: "locks of an asset hold at most 10^30 base units".to_string(),
        })
    })
}

pub(crate) fn execute_add_to_lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let received = income::lockable_coin(&ctx, deps.storage, &info)?;
    let sender = ctx.chain.sender(&info)?;
    add_to_lock(&ctx, deps.storage, sender, received, id)
}

/// Adds to a lock. What it earned before is settled with the old amount.
///
/// # Errors
/// For anybody but the owner, another asset, and a lock that is unlocking.
pub fn add_to_lock(
    ctx: &Context,
    storage: &mut dyn Storage,
    sender: AddressBytes,
    received: Received,
    id: u64,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut lock = locks::load(storage, id)?;
    assert_lock_owner(ctx, &lock, &sender)?;
    lock.assert_locked(id)?;
    let held = assets::named(storage, lock.asset)?;
    if held != received.asset {
        return Err(ContractError::OtherAsset {
            id,
            held: held.to_string(),
            sent: received.asset.to_string(),
        });
    }
    add_principal(storage, &received)?;
    let mut books = Books::open(ctx, storage)?;
    lock.accrue_all(&mut books)?;
    lock.grow(ctx, books.storage, received.coins)?;
    locks::save(books.storage, id, &lock)?;
    let event = action("add_to_lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("amount", format!("{}{}", received.coins, received.asset))
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
    let sender = ctx.chain.sender(&info)?;
    let mut lock = locks::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    lock.assert_locked(id)?;
    bounds::lock_duration(duration)?;
    if duration <= lock.duration {
        return Err(ContractError::NotLonger {
            id,
            duration: lock.duration,
            requested: duration,
        });
    }
    let mut books = Books::open(&ctx, deps.storage)?;
    lock.accrue_all(&mut books)?;
    lock.duration = duration;
    lock.join(&ctx, books.storage)?;
    locks::save(books.storage, id, &lock)?;
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
    let mut lock = locks::load(deps.storage, id)?;
    lock.assert_locked(id)?;
    let joined = lock.join(&ctx, deps.storage)?;
    locks::save(deps.storage, id, &lock)?;
    let event = action("refresh")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("sender", info.sender)
        .add_attribute("joined", joined.to_string())
        .add_attribute("epoch", ctx.epoch.to_string());
    Ok(Response::new().add_event(event))
}
