//! Money out, and what comes back.
//!
//! A payout has left its owner's record when its message is sent. One of an asset whose transfer
//! may call a contract stays a liability in flight until its reply; any other leaves the ledger at
//! once and comes back to it when it fails. A payout that failed is kept for the account whose
//! claim it was, and is paid by that account's next claim or withdrawal. So is one for which a
//! message has no room: those that may run foreign code are few in each.

use cosmwasm_std::{Coin, DepsMut, Env, Event, Reply, Response, Storage, SubMsg, Uint256};
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::payout::{self, AssetAmount, Outcome, Payout};

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::events::{action, amount_text};
use crate::ledger::Coins;

/// The most payouts of a message that may run foreign code, so that hostile tokens that burn what
/// each transfer may use, [`payout::TRANSFER_GAS_LIMIT`], leave every message far below 5 000 000.
const MAX_CALLS: usize = 4;
/// The most transfers that one account's undelivered payouts add to a message.
const MAX_RETRIES: usize = 16;

/// The payments of a message. What nobody can hook is sent before the first transfer that may run
/// foreign code, whomever it goes to.
pub struct Payments {
    calls: usize,
    plain: Vec<SubMsg>,
    hookable: Vec<SubMsg>,
    events: Vec<Event>,
}

impl Payments {
    /// At most four transfers into foreign code; what is above is kept as undelivered.
    pub fn few() -> Self {
        Payments::at_least(0)
    }

    /// As many transfers into foreign code, if that is more than four: of what the sender named.
    pub fn at_least(calls: usize) -> Self {
        Payments {
            calls: calls.max(MAX_CALLS),
            plain: Vec::new(),
            hookable: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Adds messages and events to a response.
    pub fn add_to(self, response: Response) -> Response {
        response
            .add_submessages(self.plain)
            .add_submessages(self.hookable)
            .add_events(self.events)
    }

    /// Pays an account what has left its records, each asset once, together with what is undelivered
    /// to it of the assets that `retried` names, as far as the calls reach. What failed longest ago
    /// is retried first.
    ///
    /// # Errors
    /// None in practice.
    pub fn pay(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        account: AddressBytes,
        amounts: Vec<AssetAmount>,
        retried: impl Fn(&Asset) -> bool,
    ) -> Result<(), ContractError> {
        let mut sent = Vec::with_capacity(amounts.len());
        let mut late = Vec::new();
        for payment in amounts {
            if payment.amount.is_zero() {
                continue;
            }
            if payment.asset.is_hookable() && !self.take_call() {
                late.push(payment);
            } else {
                sent.push(payment);
            }
        }
        let kept = self.take_undelivered(storage, &account, &sent, &late, retried)?;
        self.tell_kept(ctx, &account, &kept);
        for kept in &kept {
            add(&mut sent, kept.clone())?;
        }
        for payment in sent {
            let brought = kept.iter().find(|kept| kept.asset == payment.asset);
            let brought = brought.map(|kept| kept.amount).unwrap_or_default();
            self.send(ctx, storage, account, payment, brought)?;
        }
        for AssetAmount { asset, amount } in late {
            let payout = Payout {
                account,
                asset,
                amount,
            };
            let reason = format!("a message makes {MAX_CALLS} transfers into contracts");
            self.events.push(keep(ctx, storage, &payout, &reason)?);
        }
        Ok(())
    }

    fn take_call(&mut self) -> bool {
        let is_left = self.calls > 0;
        self.calls = self.calls.saturating_sub(1);
        is_left
    }

    /// Takes out what is undelivered of assets that are sent anyway, and as much else as there are
    /// transfers for.
    fn take_undelivered(
        &mut self,
        storage: &mut dyn Storage,
        account: &AddressBytes,
        sent: &[AssetAmount],
        late: &[AssetAmount],
        retried: impl Fn(&Asset) -> bool,
    ) -> Result<Vec<AssetAmount>, ContractError> {
        let mut retries = MAX_RETRIES;
        let mut wanted = Vec::new();
        for AssetAmount { asset, .. } in payout::undelivered(storage, account)? {
            if !retried(&asset) || late.iter().any(|late| late.asset == asset) {
                continue;
            }
            if !sent.iter().any(|sent| sent.asset == asset) {
                if retries == 0 || (asset.is_hookable() && !self.take_call()) {
                    continue;
                }
                retries = retries.saturating_sub(1);
            }
            wanted.push(asset);
        }
        Ok(payout::take_undelivered(storage, account, |asset| {
            wanted.contains(asset)
        })?)
    }

    fn tell_kept(&mut self, ctx: &Context, account: &AddressBytes, kept: &[AssetAmount]) {
        if kept.is_empty() {
            return;
        }
        let texts: Vec<String> = kept
            .iter()
            .map(|kept| amount_text(kept.amount, &kept.asset))
            .collect();
        self.events.push(
            action("undelivered_paid")
                .add_attribute("account", ctx.show(account))
                .add_attribute("amount", texts.join(",")),
        );
    }

    /// Notes a payout, of which `brought` was undelivered, and its message.
    fn send(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        account: AddressBytes,
        payment: AssetAmount,
        brought: Uint256,
    ) -> Result<(), ContractError> {
        let payout = Payout {
            account,
            asset: payment.asset,
            amount: payment.amount,
        };
        let is_in_flight = payout.is_in_flight();
        if is_in_flight || !brought.is_zero() {
            assets::update(storage, &payout.asset, |record| {
                let brought = Coins::of_amount(brought)?;
                record.undelivered = record.undelivered.checked_sub(brought)?;
                if is_in_flight {
                    let sent = Coins::of_amount(payout.amount)?;
                    record.in_flight = record.in_flight.checked_add(sent)?;
                }
                Ok(())
            })?;
        }
        let messages = if is_in_flight {
            &mut self.hookable
        } else {
            &mut self.plain
        };
        messages.extend(payout::messages(vec![payout], &ctx.show(&account))?);
        Ok(())
    }
}

/// Keeps a payout for its account, and tells why.
fn keep(
    ctx: &Context,
    storage: &mut dyn Storage,
    payout: &Payout,
    reason: &str,
) -> Result<Event, ContractError> {
    let coins = Coins::of_amount(payout.amount)?;
    assets::update(storage, &payout.asset, |record| {
        record.undelivered = record.undelivered.checked_add(coins)?;
        Ok(())
    })?;
    payout::keep_undelivered(storage, payout)?;
    Ok(action("payout_failed")
        .add_attribute("account", ctx.show(&payout.account))
        .add_attribute("amount", amount_text(payout.amount, &payout.asset))
        .add_attribute("reason", reason))
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
        Ok(())
    })?;
    let Outcome::Failed { payout, reason } = &outcome else {
        return Ok(Response::new());
    };
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let event = keep(&ctx, deps.storage, payout, &format!("chain: {reason}"))?;
    Ok(Response::new().add_event(event))
}
