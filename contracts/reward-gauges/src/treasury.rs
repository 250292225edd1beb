//! The treasury: creation fees in, fees and fractions out.

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, DepsMut, Env, Event, Response, Storage};
use pool_kit::PerDenom;
use pool_kit::events::action;

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::income::Received;
use crate::ledger::{Coins, RewardLedger};
use crate::payouts::{self, Payments};

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
    let paid = coins.iter_mut().find(|coin| coin.denom == fee.denom);
    let sent = paid.as_ref().map(|coin| coin.amount).unwrap_or_default();
    let (Some(paid), Ok(left)) = (paid, sent.checked_sub(fee.amount)) else {
        return Err(ContractError::CreationFee {
            fee: fee.to_string(),
            sent,
        });
    };
    paid.amount = left;
    coins.retain(|coin| !coin.amount.is_zero());
    let received = Received::new(Asset::Native(fee.denom.clone()), fee.amount)?;
    let Received { asset, coins } = received;
    assets::update(storage, &asset, |owed| owed.fees.increase(coins))?;
    let event = action("creation_fee").add_attribute("amount", fee.to_string());
    Ok(Some(event))
}

pub(crate) fn withdraw_treasury(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let treasury = ctx.chain.account(ctx.config.treasury.as_str())?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut fractions = PerDenom::default();
    for asset in ctx.config.rewards.ids() {
        let coins = books.rewards.update(asset, RewardLedger::take_treasury)?;
        fractions.set(asset, coins);
    }
    let mut due = payouts::amounts_of(ctx.coins(&fractions));
    for denom in &ctx.config.fee_denoms {
        let asset = Asset::Native(denom.clone());
        let mut fees = Coins::ZERO;
        assets::update(books.storage, &asset, |owed| {
            fees = std::mem::take(&mut owed.fees);
            Ok::<_, ContractError>(())
        })?;
        payouts::add(&mut due, payouts::amount_of(asset, fees))?;
    }
    let texts = payouts::texts(&due);
    let amount = if texts.is_empty() {
        ctx.config.rewards.coins_text(&[])
    } else {
        texts.join(",")
    };
    let event = action("withdraw_treasury")
        .add_attribute("treasury", ctx.config.treasury.as_str())
        .add_attribute("amount", amount);
    let response = Response::new().add_events(books.close()?).add_event(event);
    let mut payments = Payments::few();
    payments.pay(&ctx, deps.storage, treasury, due, |_| true)?;
    Ok(payments.add_to(response))
}
