//! Money out: payments of validators and of the community pool, what failed of them, and the chain's
//! reply.
//!
//! A payment leaves its owner's record before its message is sent. Coins whose transfer may call a
//! contract stay a liability in flight until the reply; others leave the ledger at once and reply
//! only when they fail. What failed is owed to whom it was for, and anybody sends it again.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use chain_types::text::head;
use cosmwasm_std::{
    CosmosMsg, DepsMut, Env, Event, Reply, Response, StdError, Storage, SubMsg, Uint128,
};
use distribution_math::{Coins, MathError, Points};
use pool_kit::DenomLedger;
use pool_kit::compact::CompactMap;
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payout::{self, TRANSFER_GAS_LIMIT};

use crate::ContractError;
use crate::context::Context;
use crate::ledger::{self, coin};
use crate::target::{self, Share};

// Replies to the owner's transfers in `recovery` have pool-kit's ids, which are others.

/// Reply id of payments whose reply comes only when they failed.
const FAILED_REPLY: u64 = 11;
/// Reply id of payments that stay in flight until their reply.
const IN_FLIGHT_REPLY: u64 = 12;

/// What failed to reach validators, by validator and denom. A record for each denom: how many there
/// are is up to others.
pub const OWED: CompactMap<(&[u8], &str), Coins> = CompactMap::new("owed");

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
enum Payee {
    Validator(AddressBytes),
    CommunityPool,
}

/// A part of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Part {
    payee: Payee,
    amount: Coins,
}

/// A payment of one message. It travels in the message and comes back in the reply; nothing is stored
/// for it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Payment {
    denom: String,
    parts: Vec<Part>,
}

impl Payment {
    /// Whether it stays a liability in flight until its reply.
    fn is_in_flight(&self) -> bool {
        is_in_flight(&self.denom)
    }

    fn message(&self, message: CosmosMsg) -> Result<SubMsg, ContractError> {
        let payload = borsh::to_vec(self).map_err(StdError::msg)?;
        let message = if self.is_in_flight() {
            // Foreign code may burn all it gets. This is enough for each validator, with the call of a
            // fee pool and of the token's hook.
            let limit = TRANSFER_GAS_LIMIT.saturating_mul(self.parts.len() as u64);
            SubMsg::reply_always(message, IN_FLIGHT_REPLY).with_gas_limit(limit)
        } else {
            SubMsg::reply_on_error(message, FAILED_REPLY)
        };
        Ok(message.with_payload(payload))
    }
}

/// Whether a transfer of a denom may call a contract.
fn is_in_flight(denom: &str) -> bool {
    Asset::Native(denom.to_string()).is_hookable()
}

/// Takes points out of a class, for a message that pays them.
fn leave(
    ledger: &mut DenomLedger,
    denom: &str,
    class: Class,
    points: Points,
) -> Result<(), MathError> {
    match is_in_flight(denom) {
        true => ledger.transfer(class, Class::InFlight, points),
        false => ledger.release(class, points),
    }
}

/// Pays validators out of a class. Zero shares are left out.
pub fn pay_validators(
    ctx: &Context,
    ledger: &mut DenomLedger,
    denom: &str,
    from: Class,
    shares: Vec<Share>,
) -> Result<Vec<SubMsg>, ContractError> {
    let shares: Vec<Share> = shares
        .into_iter()
        .filter(|share| !share.amount.is_zero())
        .collect();
    for share in &shares {
        leave(ledger, denom, from, share.amount.points())?;
    }
    let transfers = ctx.config.target.transfers(&ctx.chain, denom, shares)?;
    let message = |transfer: target::Transfer| {
        let parts = transfer.shares.iter().map(|share| Part {
            payee: Payee::Validator(share.validator),
            amount: share.amount,
        });
        let payment = Payment {
            denom: denom.to_string(),
            parts: parts.collect(),
        };
        payment.message(transfer.message)
    };
    transfers.into_iter().map(message).collect()
}

/// Sends the community pool everything that is its, and adds message and event to a response. Where
/// it cannot be sent it stays owed.
pub fn pay_community(
    ctx: &Context,
    ledger: &mut DenomLedger,
    denom: &str,
    response: Response,
) -> Result<Response, ContractError> {
    let points = ledger.class(Class::CommunityPool);
    let amount = Uint128::try_from(points.whole_coins()).map_err(StdError::from)?;
    let amount = Coins::new(amount.u128());
    if amount.is_zero() {
        return Ok(response);
    }
    let part = Part {
        payee: Payee::CommunityPool,
        amount,
    };
    let event = action("fund_community_pool")
        .add_attribute("depositor", &ctx.chain.env.contract.address)
        .add_attribute("amount", coin(amount, denom).to_string());
    let response = response.add_event(event);
    match target::community_transfer(ctx, coin(amount, denom)) {
        Ok(message) => {
            leave(ledger, denom, Class::CommunityPool, points)?;
            let payment = Payment {
                denom: denom.to_string(),
                parts: vec![part],
            };
            Ok(response.add_submessage(payment.message(message)?))
        }
        // The two events are those of a message that the chain refuses: what the first takes from
        // the ledger the second puts back.
        Err(error) => Ok(response.add_event(failed(ctx, denom, &part, &error.to_string()))),
    }
}

/// Puts what nobody can hook before the rest, so that no foreign code runs while coins are neither
/// owed nor sent. For responses that pay in several denoms.
pub fn in_order(mut response: Response) -> Response {
    response
        .messages
        .sort_by_key(|message| message.id == IN_FLIGHT_REPLY);
    response
}

/// The message `retry_payment`.
pub fn retry(
    deps: DepsMut,
    env: Env,
    validator: Option<String>,
    denom: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut ledger = ledger::load(deps.storage, &denom)?;
    let event = action("retry_payment").add_attribute("denom", &denom);
    let response = match validator {
        None => {
            if ledger.class(Class::CommunityPool).is_zero() {
                return Err(nothing_owed("the community pool", &denom));
            }
            pay_community(&ctx, &mut ledger, &denom, Response::new().add_event(event))?
        }
        Some(name) => {
            let validator = ctx.validator(&name)?;
            let key = (validator.as_slice(), denom.as_str());
            let Some(amount) = OWED.may_load(deps.storage, key)? else {
                return Err(nothing_owed(&name, &denom));
            };
            OWED.remove(deps.storage, key);
            let share = Share { validator, amount };
            let messages =
                pay_validators(&ctx, &mut ledger, &denom, Class::Undelivered, vec![share])?;
            let event = event
                .add_attribute("validator", ctx.config.target.show(&ctx.chain, &validator))
                .add_attribute("amount", coin(amount, &denom).to_string());
            Response::new().add_submessages(messages).add_event(event)
        }
    };
    ledger::save(deps.storage, &denom, &ledger)?;
    Ok(response)
}

fn nothing_owed(payee: &str, denom: &str) -> ContractError {
    ContractError::NothingOwed {
        payee: head(payee, 128).to_string(),
        denom: head(denom, 128).to_string(),
    }
}

/// Takes the chain's reply to a payment, or to a transfer of the owner's.
pub fn replied(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    if ![IN_FLIGHT_REPLY, FAILED_REPLY].contains(&reply.id) {
        return sent(deps, reply);
    }
    let payment: Payment = borsh::from_slice(&reply.payload).map_err(StdError::msg)?;
    let denom = payment.denom.as_str();
    let mut ledger = ledger::load(deps.storage, denom)?;
    if payment.is_in_flight() {
        for part in &payment.parts {
            ledger.release(Class::InFlight, part.amount.points())?;
        }
    }
    let mut response = Response::new();
    if let Some(reason) = reply.result.into_result().err() {
        let ctx = Context::load(deps.storage, deps.querier, &env)?;
        for part in &payment.parts {
            let class = match part.payee {
                Payee::CommunityPool => Class::CommunityPool,
                Payee::Validator(validator) => {
                    keep(deps.storage, &validator, denom, part.amount)?;
                    Class::Undelivered
                }
            };
            ledger.allocate(class, part.amount.points())?;
            response = response.add_event(failed(&ctx, denom, part, &reason));
        }
    }
    ledger::save(deps.storage, denom, &ledger)?;
    Ok(response)
}

/// A transfer of the owner's was in flight, and arrived: one that fails reverts its message.
fn sent(deps: DepsMut, reply: Reply) -> Result<Response, ContractError> {
    let outcome = payout::outcome(reply)?;
    let (payout::Outcome::Delivered(payout) | payout::Outcome::Failed { payout, .. }) = &outcome;
    let denom = payout.asset.to_string();
    let mut ledger = ledger::load(deps.storage, &denom)?;
    ledger.settle(&outcome)?;
    ledger::save(deps.storage, &denom, &ledger)?;
    Ok(Response::new())
}

/// Adds to what is owed to a validator.
fn keep(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    denom: &str,
    amount: Coins,
) -> Result<(), ContractError> {
    let key = (validator.as_slice(), denom);
    let owed = OWED.may_load(storage, key)?.unwrap_or_default();
    Ok(OWED.save(storage, key, &owed.checked_add(amount)?)?)
}

fn failed(ctx: &Context, denom: &str, part: &Part, reason: &str) -> Event {
    let payee = match part.payee {
        Payee::CommunityPool => "community_pool".to_string(),
        Payee::Validator(validator) => ctx.config.target.show(&ctx.chain, &validator),
    };
    action("payment_failed")
        .add_attribute("payee", payee)
        .add_attribute("amount", coin(part.amount, denom).to_string())
        .add_attribute("reason", head(reason, 128))
}
