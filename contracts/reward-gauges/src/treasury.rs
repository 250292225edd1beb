//! The treasury: creation fees in, fees and fractions out. What it is owed is a class of the ledger,
//! not of an account: whoever is the treasury gets it, also what could not be paid to the one before.

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, DepsMut, Env, Event, Response, Storage};
use distribution_math::Coins;
use pool_kit::events::action;

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::ids::AssetId;
use crate::income::Received;
use crate::ledger::RewardLedger;
use crate::payouts::{self, MAX_CALLS};
use crate::state::TREASURY_TURN;

/// Takes the creation fee, if there is one, out of the coins that came with a message.
///
/// # Errors
/// [`ContractError::CreationFee`] when they do not cover it.
pub fn take_fee(
    ctx: &Context,
    storage: &mut dyn Storage,
    coins: &mut Vec<Coin>,
) -> Result<Option<Event>, ContractError> {
    let Some(fee) = &ctx.config.creation_fee else {
        return Ok(None);
    };
    let all_sent: Vec<String> = coins.iter().map(Coin::to_string).collect();
    let paid = coins.iter_mut().find(|coin| coin.denom == fee.denom);
    let sent = paid.as_ref().map(|coin| coin.amount).unwrap_or_default();
    let (Some(paid), Ok(left)) = (paid, sent.checked_sub(fee.amount)) else {
        return Err(ContractError::CreationFee {
            fee: fee.to_string(),
            sent: match all_sent.join(",") {
                nothing if nothing.is_empty() => "nothing".to_string(),
                sent => sent,
            },
        });
    };
    paid.amount = left;
    coins.retain(|coin| !coin.amount.is_zero());
    let received = Received::new(Asset::Native(fee.denom.clone()), fee.amount)?;
    let Received { asset, coins } = received;
    assets::update(storage, &asset, |owed| owed.treasury.increase(coins))?;
    let event = action("creation_fee").add_attribute("amount", fee.to_string());
    Ok(Some(event))
}

/// An asset of which the treasury may be owed something.
struct Owed {
    id: AssetId,
    asset: Asset,
}

/// The reward assets and those of fees, at most 16: first those that nobody can hook, then the
/// others, beginning behind the one that was tried last. So none of these waits for more than a few
/// messages, whatever the others do.
fn assets_in_turn(ctx: &Context, storage: &mut dyn Storage) -> Result<Vec<Owed>, ContractError> {
    let rewards = ctx.config.rewards.iter();
    let mut names: Vec<&str> = rewards.map(|(_, denom)| denom.name.as_str()).collect();
    for denom in &ctx.config.fee_denoms {
        if !names.contains(&denom.as_str()) {
            names.push(denom);
        }
    }
    let mut owed = Vec::new();
    for name in names {
        let asset = Asset::of_name(name);
        let id = assets::number(storage, &asset)?;
        owed.push(Owed { id, asset });
    }
    let last = TREASURY_TURN.may_load(storage)?.unwrap_or_default();
    owed.sort_by_key(|owed| (owed.asset.is_hookable(), owed.id <= last, owed.id));
    Ok(owed)
}

/// Takes out what the treasury is owed of an asset, in whole coins.
fn take(books: &mut Books, asset: &Asset) -> Result<Coins, ContractError> {
    let mut due = Coins::ZERO;
    if let Ok(reward) = books.ctx.config.rewards.claimable(&asset.to_string()) {
        due = books.rewards.update(reward, RewardLedger::take_treasury)?;
    }
    let mut kept = Coins::ZERO;
    if let Some(record) = assets::find(books.storage, asset)? {
        kept = record.owed.treasury;
    }
    if !kept.is_zero() {
        assets::update(books.storage, asset, |owed| owed.treasury.decrease(kept))?;
    }
    due.increase(kept)?;
    Ok(due)
}

pub(crate) fn withdraw_treasury(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let treasury = ctx.chain.account(ctx.config.treasury.as_str())?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut messages = Vec::new();
    let mut sent = Vec::new();
    let mut calls = MAX_CALLS;
    for Owed { id, asset } in assets_in_turn(&ctx, books.storage)? {
        let is_hookable = asset.is_hookable();
        if is_hookable && calls == 0 {
            break;
        }
        let coins = take(&mut books, &asset)?;
        if coins.is_zero() {
            continue;
        }
        if is_hookable {
            calls = calls.saturating_sub(1);
            TREASURY_TURN.save(books.storage, &id)?;
        }
        let due = payouts::amount_of(asset, coins);
        sent.push(due.clone());
        messages.push(payouts::to_treasury(&ctx, books.storage, treasury, due)?);
    }
    let texts = payouts::texts(&sent);
    let amount = if texts.is_empty() {
        ctx.config.rewards.coins_text(&[])
    } else {
        texts.join(",")
    };
    let event = action("withdraw_treasury")
        .add_attribute("treasury", ctx.config.treasury.as_str())
        .add_attribute("amount", amount);
    Ok(Response::new()
        .add_events(books.close()?)
        .add_event(event)
        .add_submessages(messages))
}
