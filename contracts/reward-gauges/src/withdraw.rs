//! Principal out: withdrawn by owners, or returned to them by force unlockers. Nothing here settles:
//! principal that is due needs no gauge, no crank and no reward token.

use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use pool_kit::KitError;
use pool_kit::events::action;
use pool_kit::payout::AssetAmount;

use crate::ContractError;
use crate::accounts;
use crate::assets;
use crate::books::Books;
use crate::bounds;
use crate::context::Context;
use crate::locks;
use crate::payouts::{self, Payments};
use crate::state::{FORCE_UNLOCKERS, Lock};

pub(crate) fn withdraw(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    ids: Vec<u64>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    bounds::named_locks(&ids)?;
    let sender = ctx.chain.sender(&info)?;
    let mut owner = None;
    let mut returned = Vec::new();
    let mut events = Vec::new();
    let mut books = Books::open(&ctx, deps.storage)?;
    for id in ids {
        let mut lock = locks::load(books.storage, id)?;
        accounts::assert_may_withdraw(&ctx, books.storage, &lock, &sender)?;
        lock.assert_not_withdrawn(id)?;
        if *owner.get_or_insert(lock.owner) != lock.owner {
            return Err(ContractError::TooManyReceivers { limit: 1 });
        }
        assert_ended(&ctx, id, &lock)?;
        let principal = take_principal(&mut books, id, &mut lock)?;
        events.push(
            action("withdraw")
                .add_attribute("lock_id", id.to_string())
                .add_attribute("owner", ctx.chain.show(&lock.owner))
                .add_attribute("amount", format!("{}{}", lock.amount, principal.asset)),
        );
        payouts::add(&mut returned, principal)?;
    }
    events.extend(books.close()?);
    let response = Response::new().add_events(events);
    // At least one lock is named.
    let owner = owner.unwrap_or(sender);
    send(&ctx, deps.storage, owner, returned, response)
}

/// Refuses a lock that has not ended.
fn assert_ended(ctx: &Context, id: u64, lock: &Lock) -> Result<(), ContractError> {
    let end_time = lock.end_time.ok_or(ContractError::NotUnlocking { id })?;
    if ctx.now < end_time {
        return Err(ContractError::NotEnded {
            id,
            end_time,
            now: ctx.now,
        });
    }
    Ok(())
}

pub(crate) fn force_unlock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    amount: Option<Uint128>,
) -> Result<Response, ContractError> {
    if !FORCE_UNLOCKERS.load(deps.storage)?.contains(&info.sender) {
        return Err(ContractError::Kit(KitError::Unauthorized {
            sender: info.sender.into_string(),
            role: "a force unlocker",
        }));
    }
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let lock = locks::load(deps.storage, id)?;
    lock.assert_not_withdrawn(id)?;
    let mut part = locks::split(&ctx, deps.storage, id, lock, amount)?;
    let lock = &mut part.lock;
    lock.exit_now(&ctx, deps.storage)?;
    lock.end_time = Some(lock.end_time.unwrap_or(ctx.now).min(ctx.now));
    let mut books = Books::open(&ctx, deps.storage)?;
    let principal = take_principal(&mut books, part.id, lock)?;
    let event = action("force_unlock")
        .add_attribute("lock_id", part.id.to_string())
        .add_attribute("owner", ctx.chain.show(&lock.owner))
        .add_attribute("amount", format!("{}{}", lock.amount, principal.asset))
        .add_attribute("epoch", ctx.epoch.to_string());
    let response = Response::new()
        .add_events(part.event)
        .add_event(event)
        .add_events(books.close()?);
    send(&ctx, deps.storage, lock.owner, vec![principal], response)
}

/// Takes the principal out of a lock and out of the ledger. The record stays for as long as there may
/// be rewards to claim.
fn take_principal(
    books: &mut Books,
    id: u64,
    lock: &mut Lock,
) -> Result<AssetAmount, ContractError> {
    lock.is_withdrawn = true;
    let asset = assets::named(books.storage, lock.asset)?;
    assets::update(books.storage, &asset, |owed| {
        owed.principal.decrease(lock.amount)
    })?;
    locks::save_or_delete(books, id, lock)?;
    Ok(payouts::amount_of(asset, lock.amount))
}

/// Sends principal to its owner, with what is undelivered to the owner of the same assets.
fn send(
    ctx: &Context,
    storage: &mut dyn Storage,
    owner: AddressBytes,
    returned: Vec<AssetAmount>,
    response: Response,
) -> Result<Response, ContractError> {
    let assets: Vec<_> = returned.iter().map(|it| it.asset.clone()).collect();
    // Principal is due now, whatever its asset, and the sender named the locks.
    let mut payments = Payments::at_least(assets.len());
    payments.take_up(storage, owner, returned, |asset| assets.contains(asset))?;
    payments.add_to(ctx, storage, response)
}
