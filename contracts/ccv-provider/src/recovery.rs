//! What the owner does about coins that would lie for ever: orphans, and undistributed coins.

use chain_types::asset::Asset;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Uint256};
use distribution_math::Points;
use pool_kit::KitError;
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payout::{self, Payout};

use crate::ContractError;
use crate::context::{Context, assert_owner};
use crate::ledger::{self, coin};
use crate::state;
use crate::unit::Unit;
use crate::units::UnitKey;

/// The message `resolve_orphan`. A transfer that fails reverts it as a whole.
pub fn resolve_orphan(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    key: UnitKey,
    to: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    state::consumer(deps.storage, key.consumer)?;
    let tokens = match key.load(deps.storage)? {
        Some(Unit::Waiting(unit)) if unit.weights().is_none() => unit.tokens().cloned(),
        _ => None,
    };
    let Some(tokens) = tokens else {
        return Err(ContractError::NoOrphan {
            consumer: key.consumer.to_string(),
            epoch: key.epoch,
            denom: key.denom.to_string(),
        });
    };
    let payout = Payout {
        account: ctx.chain.recipient(&to)?,
        asset: Asset::Native(tokens.denom.clone()),
        amount: Uint256::from(tokens.amount.amount()),
    };
    key.end(deps.storage)?;
    let mut ledger = ledger::load(deps.storage, &tokens.denom)?;
    ledger.leave(Class::Outstanding, &payout, tokens.amount.points())?;
    ledger::save(deps.storage, &tokens.denom, &ledger)?;
    let event = action("resolve_orphan")
        .add_attribute("consumer", key.consumer)
        .add_attribute("epoch", key.epoch.to_string())
        .add_attribute("denom", key.denom)
        .add_attribute("recipient", &to)
        .add_attribute("amount", coin(tokens.amount, &tokens.denom).to_string());
    send(&ctx, payout, event)
}

/// The message `sweep`. What units, carries and failed payments are owed is never swept.
pub fn sweep(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    denom: String,
    recipient: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.chain.recipient(&recipient)?;
    let mut ledger = ledger::load(deps.storage, &denom)?;
    let amount = ledger.undistributed(ctx.chain.balance(&denom)?)?.total();
    if amount.is_zero() {
        return Err(KitError::ZeroAmount { denom }.into());
    }
    let payout = Payout {
        account,
        asset: Asset::Native(denom.clone()),
        amount,
    };
    if payout.is_in_flight() {
        // Owed until it has left: a token that calls back finds nothing to sweep.
        ledger.allocate(Class::InFlight, Points::try_from_coins(amount)?)?;
        ledger::save(deps.storage, &denom, &ledger)?;
    }
    let event = action("sweep")
        .add_attribute("recipient", recipient)
        .add_attribute("amount", format!("{amount}{denom}"));
    send(&ctx, payout, event)
}

fn send(ctx: &Context, payout: Payout, event: Event) -> Result<Response, ContractError> {
    let to = ctx.chain.show(&payout.account);
    let messages = payout::messages_or_revert(&[payout], &to)?;
    Ok(Response::new().add_submessages(messages).add_event(event))
}
