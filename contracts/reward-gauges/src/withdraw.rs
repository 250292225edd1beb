//! Principal out. Nothing here settles: a principal that is due needs no gauge, no crank and no
//! reward token.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use interfaces::address::AddressBytes;
use interfaces::paging::MAX_LIMIT;
use interfaces::payout::AssetAmount;

use crate::accounts;
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::events::{action, asset_text};
use crate::locking::{amount_of, assert_not_withdrawn};
use crate::payouts::{self, Payments};
use crate::positions;
use crate::state::Lock;
use crate::{ContractError, Fault};

/// Takes the principal out of a lock and of the ledger. The record stays for as long as there may
/// be rewards to claim.
///
/// # Errors
/// When less principal is owed, which the records of locks exclude.
pub fn take_out(
    ctx: &Context,
    books: &mut Books,
    id: u64,
    lock: &mut Lock,
) -> Result<AssetAmount, ContractError> {
    lock.is_withdrawn = true;
    let asset = assets::named(books.storage, lock.asset)?;
    assets::update(books.storage, &asset, |record| {
        record.principal = record.principal.checked_sub(lock.amount)?;
        Ok(())
    })?;
    let returned = amount_of(asset, lock.amount);
    save_or_close(ctx, books, id, lock)?;
    Ok(returned)
}

/// Saves a lock, or deletes it when nothing can be claimed of it any more; what is left below one
/// base unit goes to the treasury then.
///
/// # Errors
/// When less is owed in total, which the records of locks exclude.
pub fn save_or_close(
    ctx: &Context,
    books: &mut Books,
    id: u64,
    lock: &Lock,
) -> Result<(), ContractError> {
    let is_claimed = ctx.config.rewards.coins(&lock.owed).is_empty();
    if !lock.is_over() || !is_claimed {
        return positions::save(books.storage, id, lock);
    }
    positions::delete(books.storage, id, lock);
    if !lock.owed.is_zero() {
        books.to_treasury(&lock.owed)?;
        let event = action("to_treasury")
            .add_attribute("reason", "closed_lock")
            .add_attribute("lock_id", id.to_string());
        books
            .journal
            .push(ctx.config.rewards.tell(event, &lock.owed));
    }
    Ok(())
}

/// Sends principal to its owner, with what is undelivered to the owner of the same assets; without
/// any, with all that is undelivered.
///
/// # Errors
/// None in practice.
pub fn send(
    ctx: &Context,
    storage: &mut dyn Storage,
    owner: AddressBytes,
    returned: Vec<AssetAmount>,
    response: Response,
) -> Result<Response, ContractError> {
    let assets: Vec<_> = returned.iter().map(|paid| paid.asset.clone()).collect();
    // Principal is due now, whatever its asset, and the sender named the locks.
    let mut payments = Payments::at_least(assets.len());
    payments.pay(ctx, storage, owner, returned, |asset| {
        assets.is_empty() || assets.contains(asset)
    })?;
    Ok(payments.add_to(response))
}

pub(crate) fn withdraw(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    ids: Vec<u64>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    assert_few("locks", ids.len())?;
    let sender = ctx.sender(&info)?;
    let mut owner = None;
    let mut returned = Vec::new();
    let mut books = Books::open(deps.storage)?;
    let mut told = Vec::with_capacity(ids.len());
    for id in ids {
        let mut lock = positions::load(books.storage, id)?;
        accounts::assert_may_withdraw(&ctx, books.storage, &lock, &sender)?;
        assert_not_withdrawn(id, &lock)?;
        if *owner.get_or_insert(lock.owner) != lock.owner {
            return Err(Fault::TooManyReceivers { limit: 1 }.into());
        }
        let end_time = lock.end_time.ok_or(Fault::NotUnlocking { id })?;
        if ctx.now < end_time {
            return Err(Fault::NotEnded {
                id,
                end_time,
                now: ctx.now,
            }
            .into());
        }
        let out = take_out(&ctx, &mut books, id, &mut lock)?;
        told.push(
            action("withdraw")
                .add_attribute("lock_id", id.to_string())
                .add_attribute("owner", ctx.show(&lock.owner))
                .add_attribute("amount", asset_text(lock.amount, &out.asset)),
        );
        payouts::add(&mut returned, out)?;
    }
    let journal = books.close()?;
    let response = Response::new().add_events(told).add_events(journal);
    send(
        &ctx,
        deps.storage,
        owner.unwrap_or(sender),
        returned,
        response,
    )
}

/// Refuses a list that is longer than a page.
///
/// # Errors
/// [`Fault::TooMany`].
pub fn assert_few(name: &'static str, count: usize) -> Result<(), ContractError> {
    let limit = MAX_LIMIT as usize;
    if count > limit {
        return Err(Fault::TooMany { name, count, limit }.into());
    }
    Ok(())
}
