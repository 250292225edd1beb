//! Payouts, and what the chain replies.
//!
//! A payout has left its owner's record when its message is sent. One of an asset whose transfer may
//! call a contract stays a liability in flight until its reply; any other leaves the ledger at once
//! and comes back to it when it fails. A payout that failed is kept for the account whose claim it
//! was, and is paid by that account's next claim. So is one for which a message has no room: a
//! message makes few transfers that may run foreign code. What waits has turns, whomever it is for
//! ([`undelivered`]), and a message sends what has waited longest first. One to the treasury that
//! fails is owed to the treasury again, whoever that is by then.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{
    Coin, DepsMut, Env, Event, Reply, Response, StdError, Storage, SubMsg, Uint256,
};
use distribution_math::{Coins, MathError};
use pool_kit::events::action;
use pool_kit::payout::{self, AssetAmount, Outcome, Payout};
use pool_kit::undelivered;

use crate::ContractError;
use crate::assets;
use crate::context::Context;

/// The most payouts of a message that may run foreign code. Hostile tokens that burn all that a
/// transfer may use, [`payout::TRANSFER_GAS_LIMIT`], leave every message far below 5 000 000 gas.
pub const MAX_CALLS: usize = 4;
/// The most transfers that one account's undelivered payouts add to a message.
const MAX_RETRIES: usize = 16;
/// Reply id of payouts to the treasury.
const TREASURY_REPLY: u64 = 3;

/// What a message may pay an account of one asset: all of it, or it waits.
struct Due {
    account: AddressBytes,
    asset: Asset,
    /// Base units that left a record in this message.
    claimed: Uint256,
    /// The turn of what is undelivered and is paid with it; none when nothing waits.
    turn: Option<u64>,
}

/// The payments of a message. Transfers that nobody can hook are sent before the first transfer that
/// may run foreign code, whomever they go to.
pub struct Payments {
    calls: usize,
    dues: Vec<Due>,
}

impl Payments {
    /// At most four transfers that may run foreign code; what is above waits.
    pub fn few() -> Self {
        Payments::at_least(0)
    }

    /// As [`Payments::few`], but at least `calls` of these transfers: those that the sender named.
    pub fn at_least(calls: usize) -> Self {
        Payments {
            calls: calls.max(MAX_CALLS),
            dues: Vec::new(),
        }
    }

    /// Takes up what has left the records of an account, each asset once, together with what is
    /// undelivered to it of the assets that `retried` accepts. Each account is taken up once.
    pub fn take_up(
        &mut self,
        storage: &dyn Storage,
        account: AddressBytes,
        amounts: Vec<AssetAmount>,
        retried: impl Fn(&Asset) -> bool,
    ) -> Result<(), ContractError> {
        let due = amounts.into_iter().filter(|due| !due.amount.is_zero());
        let mut dues: Vec<Due> = due
            .map(|AssetAmount { asset, amount }| Due {
                account,
                asset,
                claimed: amount,
                turn: None,
            })
            .collect();
        let mut retries = MAX_RETRIES;
        for kept in undelivered::of_account(storage, &account)? {
            if !retried(&kept.asset) {
                continue;
            }
            if let Some(due) = dues.iter_mut().find(|due| due.asset == kept.asset) {
                due.turn = Some(kept.turn);
            } else if retries > 0 {
                retries = retries.saturating_sub(1);
                dues.push(Due {
                    account,
                    asset: kept.asset,
                    claimed: Uint256::zero(),
                    turn: Some(kept.turn),
                });
            }
        }
        self.dues.extend(dues);
        Ok(())
    }

    /// Adds messages and events to a response: everything that nobody can hook, and of the rest what
    /// has waited longest, as far as there are calls.
    pub fn add_to(
        self,
        ctx: &Context,
        storage: &mut dyn Storage,
        response: Response,
    ) -> Result<Response, ContractError> {
        let Payments { calls, dues } = self;
        let (mut hookable, plain): (Vec<Due>, Vec<Due>) =
            dues.into_iter().partition(|due| due.asset.is_hookable());
        // What nobody waits for comes last, in the order of the message.
        hookable.sort_by_key(|due| due.turn.unwrap_or(u64::MAX));
        let late = hookable.split_off(calls.min(hookable.len()));
        let mut response = response;
        for due in plain.into_iter().chain(hookable) {
            response = send(ctx, storage, due, response)?;
        }
        for due in late.into_iter().filter(|due| !due.claimed.is_zero()) {
            let reason = format!("a message makes {MAX_CALLS} transfers into contracts");
            let payout = payout_of(due.account, due.asset, due.claimed);
            response = response.add_event(keep(ctx, storage, &payout, &reason)?);
        }
        Ok(response)
    }
}

/// Adds the message of a due payment to a response, and moves its amount in the ledger.
fn send(
    ctx: &Context,
    storage: &mut dyn Storage,
    due: Due,
    response: Response,
) -> Result<Response, ContractError> {
    let mut payout = payout_of(due.account, due.asset, due.claimed);
    let to = ctx.chain.show(&payout.account);
    let mut response = response;
    let mut kept = Coins::ZERO;
    if due.turn.is_some() {
        for taken in undelivered::take(storage, &payout.account, |it| *it == payout.asset)? {
            kept.increase(Coins::of_amount(taken.amount)?)?;
        }
        payout.amount = payout
            .amount
            .checked_add(kept.amount().into())
            .map_err(StdError::from)?;
        let event = action("undelivered_paid")
            .add_attribute("account", &to)
            .add_attribute("amount", format!("{}{}", kept, payout.asset));
        response = response.add_event(event);
    }
    let is_in_flight = payout.is_in_flight();
    if is_in_flight || !kept.is_zero() {
        let sent = Coins::of_amount(payout.amount)?;
        assets::update(storage, &payout.asset, |owed| {
            owed.undelivered.decrease(kept)?;
            if is_in_flight {
                owed.in_flight.increase(sent)?;
            }
            Ok::<_, MathError>(())
        })?;
    }
    Ok(response.add_submessage(payout.message(&to)?))
}

/// The message of a payout to the treasury, and its amount's way in the ledger: it has left the
/// treasury's dues.
///
/// # Errors
/// Unreadable records.
pub fn to_treasury(
    ctx: &Context,
    storage: &mut dyn Storage,
    account: AddressBytes,
    due: AssetAmount,
) -> Result<SubMsg, ContractError> {
    let payout = payout_of(account, due.asset, due.amount);
    if payout.is_in_flight() {
        let coins = Coins::of_amount(payout.amount)?;
        assets::update(storage, &payout.asset, |owed| {
            owed.in_flight.increase(coins)
        })?;
    }
    let mut message = payout.message(&ctx.chain.show(&account))?;
    message.id = TREASURY_REPLY;
    Ok(message)
}

fn payout_of(account: AddressBytes, asset: Asset, amount: Uint256) -> Payout {
    Payout {
        account,
        asset,
        amount,
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
        .add_attribute("amount", format!("{}{}", coins, payout.asset))
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
    let is_treasurys = reply.id == TREASURY_REPLY;
    let outcome = if is_treasurys {
        payout::read(reply)?
    } else {
        payout::outcome(reply)?
    };
    let (Outcome::Delivered(payout) | Outcome::Failed { payout, .. }) = &outcome;
    let coins = Coins::of_amount(payout.amount)?;
    if payout.is_in_flight() {
        assets::update(deps.storage, &payout.asset, |owed| {
            owed.in_flight.decrease(coins)
        })?;
    }
    let Outcome::Failed { payout, reason } = &outcome else {
        return Ok(Response::new());
    };
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let reason = format!("chain: {reason}");
    if !is_treasurys {
        let event = keep(&ctx, deps.storage, payout, &reason)?;
        return Ok(Response::new().add_event(event));
    }
    assets::update(deps.storage, &payout.asset, |owed| {
        owed.treasury.increase(coins)
    })?;
    let event = action("treasury_payout_failed")
        .add_attribute("treasury", ctx.chain.show(&payout.account))
        .add_attribute("amount", format!("{}{}", coins, payout.asset))
        .add_attribute("reason", reason);
    Ok(Response::new().add_event(event))
}
