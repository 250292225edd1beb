//! Money out, and what comes back.
//!
//! A payout has left its owner's record when its message is sent. One of an asset whose transfer
//! may call a contract stays a liability in flight until its reply; any other leaves the ledger at
//! once and comes back to it when it fails. A payout that failed is kept for the account whose
//! claim it was, and is paid by that account's next claim or withdrawal.

use cosmwasm_std::{Coin, DepsMut, Env, Reply, Response, Storage, SubMsg};
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::payout::{self, AssetAmount, Outcome, Payout};

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::events::{action, amount_text};
use crate::ledger::Coins;

/// The messages of a payment, and the event of what it brings that was undelivered.
pub struct Paid {
    messages: Vec<SubMsg>,
    event: Option<cosmwasm_std::Event>,
}

impl Paid {
    /// Adds them to a response.
    pub fn add_to(self, response: Response) -> Response {
        response
            .add_submessages(self.messages)
            .add_events(self.event)
    }
}

/// Pays an account what has left its records, each asset once, together with what is undelivered
/// to it of the assets that `retried` names.
///
/// # Errors
/// None in practice.
pub fn pay(
    ctx: &Context,
    storage: &mut dyn Storage,
    account: AddressBytes,
    mut amounts: Vec<AssetAmount>,
    retried: impl Fn(&Asset) -> bool,
) -> Result<Paid, ContractError> {
    let kept = payout::take_undelivered(storage, &account, retried)?;
    for kept in &kept {
        add(&mut amounts, kept.clone())?;
    }
    amounts.retain(|payment| !payment.amount.is_zero());
    let mut payouts = Vec::with_capacity(amounts.len());
    for AssetAmount { asset, amount } in amounts {
        let brought = kept
            .iter()
            .find(|kept| kept.asset == asset)
            .map(|kept| kept.amount)
            .unwrap_or_default();
        let payout = Payout {
            account,
            asset,
            amount,
        };
        if payout.is_in_flight() || !brought.is_zero() {
            assets::update(storage, &payout.asset, |record| {
                let brought = Coins::of_amount(brought)?;
                record.undelivered = record.undelivered.checked_sub(brought)?;
                if payout.is_in_flight() {
                    let sent = Coins::of_amount(amount)?;
                    record.in_flight = record.in_flight.checked_add(sent)?;
                }
                Ok(())
            })?;
        }
        payouts.push(payout);
    }
    let account = ctx.show(&account);
    let event = (!kept.is_empty()).then(|| {
        let texts: Vec<String> = kept
            .iter()
            .map(|kept| amount_text(kept.amount, &kept.asset))
            .collect();
        action("undelivered_paid")
            .add_attribute("account", account.as_str())
            .add_attribute("amount", texts.join(","))
    });
    Ok(Paid {
        messages: payout::messages(payouts, &account)?,
        event,
    })
}

/// Adds an amount to those of the same asset.
///
/// # Errors
/// None in practice.
pub fn add(amounts: &mut Vec<AssetAmount>, more: AssetAmount) -> Result<(), ContractError> {
    match amounts.iter_mut().find(|place| place.asset == more.asset) {
        Some(place) => {
            place.amount = place
                .amount
                .checked_add(more.amount)
                .map_err(cosmwasm_std::StdError::from)?;
        }
        None => amounts.push(more),
    }
    Ok(())
}

/// Coins that are printed by the names of their assets, as payments.
pub fn of_coins(coins: &[Coin]) -> Vec<AssetAmount> {
    coins
        .iter()
        .map(|coin| AssetAmount {
            asset: Asset::of_name(&coin.denom),
            amount: coin.amount,
        })
        .collect()
}

pub(crate) fn replied(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let outcome = payout::outcome(reply)?;
    let (Outcome::Delivered(payout) | Outcome::Failed { payout, .. }) = &outcome;
    let coins = Coins::of_amount(payout.amount)?;
    assets::update(deps.storage, &payout.asset, |record| {
        if payout.is_in_flight() {
            record.in_flight = record.in_flight.checked_sub(coins)?;
        }
        if let Outcome::Failed { .. } = outcome {
            record.undelivered = record.undelivered.checked_add(coins)?;
        }
        Ok(())
    })?;
    let Outcome::Failed { payout, reason } = &outcome else {
        return Ok(Response::new());
    };
    payout::keep_undelivered(deps.storage, payout)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let event = action("payout_failed")
        .add_attribute("account", ctx.show(&payout.account))
        .add_attribute("amount", amount_text(payout.amount, &payout.asset))
        .add_attribute("reason", format!("chain: {reason}"));
    Ok(Response::new().add_event(event))
}
