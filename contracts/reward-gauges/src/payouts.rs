//! Payouts, and what the chain replies.
//!
//! A payout has left its owner's record when its message is sent. One of an asset whose transfer may
//! call a contract stays a liability in flight until its reply; any other leaves the ledger at once
//! and comes back to it when it fails. A payout that failed is kept for the account whose claim it
//! was, and is paid by that account's next claim or withdrawal. So is one for which a message has no
//! room: a message makes few transfers that may run foreign code.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{
    Coin, DepsMut, Env, Event, Reply, Response, StdError, Storage, SubMsg, Uint256,
};
use distribution_math::MathError;
use pool_kit::events::action;
use pool_kit::payout::{self, AssetAmount, Outcome, Payout};
use pool_kit::undelivered;

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::ledger::Coins;

/// The most payouts of a message that may run foreign code. Hostile tokens that burn all that a
/// transfer may use, [`payout::TRANSFER_GAS_LIMIT`], leave every message far below 5 000 000 gas.
const MAX_CALLS: usize = 4;
/// The most transfers that one account's undelivered payouts add to a message.
const MAX_RETRIES: usize = 16;

/// The payments of a message. Transfers that nobody can hook are sent before the first transfer that
/// may run foreign code, whomever they go to.
pub struct Payments {
    calls: usize,
    plain: Vec<SubMsg>,
    hookable: Vec<SubMsg>,
    events: Vec<Event>,
}

impl Payments {
    /// At most four transfers that may run foreign code; what is above is kept as undelivered.
    pub fn few() -> Self {
        Payments::at_least(0)
    }

    /// As [`Payments::few`], but at least `calls` of these transfers: those that the sender named.
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
    /// to it of the assets that `retried` accepts, as far as there are calls. What failed longest ago
    /// is retried first.
    pub fn pay(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        account: AddressBytes,
        amounts: Vec<AssetAmount>,
        retried: impl Fn(&Asset) -> bool,
    ) -> Result<(), ContractError> {
        let due = amounts.into_iter().filter(|due| !due.amount.is_zero());
        let (mut sent, late): (Vec<_>, Vec<_>) = due.partition(|due| self.has_room_for(&due.asset));
        let is_late = |asset: &Asset| late.iter().any(|late| late.asset == *asset);
        let wanted = |asset: &Asset| retried(asset) && !is_late(asset);
        let kept = self.take_undelivered(storage, &account, &sent, wanted)?;
        self.emit_kept(ctx, &account, &kept);
        for kept in &kept {
            add(&mut sent, kept.clone())?;
        }
        for payment in sent {
            let kept = kept.iter().find(|kept| kept.asset == payment.asset);
            let kept = kept.map(|kept| kept.amount).unwrap_or_default();
            self.send(ctx, storage, payout_of(account, payment), kept)?;
        }
        for payment in late {
            let reason = format!("a message makes {MAX_CALLS} transfers into contracts");
            let event = keep(ctx, storage, &payout_of(account, payment), &reason)?;
            self.events.push(event);
        }
        Ok(())
    }

    /// Whether one more transfer of an asset can be sent. One that may run foreign code takes one of
    /// the calls.
    fn has_room_for(&mut self, asset: &Asset) -> bool {
        if !asset.is_hookable() {
            return true;
        }
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
        wanted: impl Fn(&Asset) -> bool,
    ) -> Result<Vec<AssetAmount>, ContractError> {
        let mut retries = MAX_RETRIES;
        let mut chosen = Vec::new();
        for AssetAmount { asset, .. } in undelivered::of_account(storage, account)? {
            if !wanted(&asset) {
                continue;
            }
            if !sent.iter().any(|sent| sent.asset == asset) {
                if retries == 0 || !self.has_room_for(&asset) {
                    continue;
                }
                retries = retries.saturating_sub(1);
            }
            chosen.push(asset);
        }
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let is_chosen = |asset: &Asset| chosen.contains(asset);
        Ok(undelivered::take(storage, account, is_chosen)?)
    }

    fn emit_kept(&mut self, ctx: &Context, account: &AddressBytes, kept: &[AssetAmount]) {
        if kept.is_empty() {
            return;
        }
        let event = action("undelivered_paid")
            .add_attribute("account", ctx.chain.show(account))
            .add_attribute("amount", texts(kept).join(","));
        self.events.push(event);
    }

    /// Adds the message of a payout, of which `kept` was undelivered, and moves its amount in the
    /// ledger.
    fn send(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        payout: Payout,
        kept: Uint256,
    ) -> Result<(), ContractError> {
        let is_in_flight = payout.is_in_flight();
        if is_in_flight || !kept.is_zero() {
            assets::update(storage, &payout.asset, |owed| {
                owed.undelivered.decrease(Coins::of_amount(kept)?)?;
                if is_in_flight {
                    owed.in_flight.increase(Coins::of_amount(payout.amount)?)?;
                }
                Ok::<_, MathError>(())
            })?;
        }
        let to = ctx.chain.show(&payout.account);
        let messages = if is_in_flight {
            &mut self.hookable
        } else {
            &mut self.plain
        };
        messages.extend(payout::messages(&[payout], &to)?);
        Ok(())
    }
}

fn payout_of(account: AddressBytes, payment: AssetAmount) -> Payout {
    Payout {
        account,
        asset: payment.asset,
        amount: payment.amount,
    }
}

/// Keeps a payout for its account, and returns the event that says why.
fn keep(
    ctx: &Context,
    storage: &mut dyn Storage,
    payout: &Payout,
    reason: &str,
) -> Result<Event, ContractError> {
    let coins = Coins::of_amount(payout.amount)?;
    assets::update(storage, &payout.asset, |owed| {
        owed.undelivered.increase(coins)
    })?;
    undelivered::keep(storage, payout)?;
    Ok(action("payout_failed")
        .add_attribute("account", ctx.chain.show(&payout.account))
        .add_attribute("amount", coins.text(&payout.asset))
        .add_attribute("reason", reason))
}

/// Adds an amount to those of the same asset.
pub fn add(amounts: &mut Vec<AssetAmount>, more: AssetAmount) -> Result<(), ContractError> {
    match amounts.iter_mut().find(|sum| sum.asset == more.asset) {
        Some(sum) => {
            let total = sum.amount.checked_add(more.amount);
            sum.amount = total.map_err(StdError::from)?;
        }
        None => amounts.push(more),
    }
    Ok(())
}

/// Coins of an asset as a payment.
pub fn amount_of(asset: Asset, coins: Coins) -> AssetAmount {
    AssetAmount {
        asset,
        amount: coins.amount().into(),
    }
}

/// Coins whose denoms are the names of assets, as payments.
pub fn amounts_of(coins: Vec<Coin>) -> Vec<AssetAmount> {
    let amounts = coins.into_iter().map(|coin| AssetAmount {
        asset: Asset::of_name(&coin.denom),
        amount: coin.amount,
    });
    amounts.collect()
}

/// Amounts as events print them, those of zero left out.
pub fn texts(amounts: &[AssetAmount]) -> Vec<String> {
    let amounts = amounts.iter().filter(|it| !it.amount.is_zero());
    amounts
        .map(|it| format!("{}{}", it.amount, it.asset))
        .collect()
}

/// Acts upon what became of a payout.
pub(crate) fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let outcome = payout::outcome(reply)?;
    let (Outcome::Delivered(payout) | Outcome::Failed { payout, .. }) = &outcome;
    if payout.is_in_flight() {
        let coins = Coins::of_amount(payout.amount)?;
        assets::update(deps.storage, &payout.asset, |owed| {
            owed.in_flight.decrease(coins)
        })?;
    }
    let Outcome::Failed { payout, reason } = &outcome else {
        return Ok(Response::new());
    };
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let event = keep(&ctx, deps.storage, payout, &format!("chain: {reason}"))?;
    Ok(Response::new().add_event(event))
}
