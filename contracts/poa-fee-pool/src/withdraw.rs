//! Payouts: what operators have earned, and the chain's reply to a payout.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Reply, Response};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payments::{self, Replied};
use pool_kit::payout::{self, Payout};

use crate::ContractError;
use crate::context::Context;
use crate::operator::Operator;
use crate::pool::Pool;

pub fn withdraw_fees(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    withdraw_address: Option<String>,
    denoms: Option<Vec<String>>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.chain.sender(&info)?;
    let to = match withdraw_address {
        None => info.sender.clone(),
        Some(address) => ctx.chain.show(&ctx.account(&address)?),
    };
    let Some(mut operator) = Operator::may_load(deps.storage, &account)? else {
        return Err(ContractError::UnknownOperator {
            operator: info.sender.into_string(),
        });
    };
    let wanted = ctx.config.denoms.selected(denoms.as_deref())?;
    let mut pool = Pool::load(deps.storage)?;
    let allocated = pool.checkpoint(&ctx)?;
    operator.settle(&pool)?;
    let claimed = operator.take_whole_coins(&wanted);
    operator.save(deps.storage, &account)?;

    let denoms = &ctx.config.denoms;
    let payments = if pool.has_undelivered() {
        payments::collect(deps.storage, denoms, &wanted, account, &claimed)?
    } else {
        payments::of_claim(denoms, account, &claimed)?
    };
    // The claim leaves the records before the transfers are sent. A transfer that may call a
    // contract stays a liability in flight until its reply: a call back finds nothing to allocate.
    for payment in &payments {
        pool.denoms.update(payment.denom, |record| {
            record.ledger.pay(Class::Outstanding, payment)
        })?;
    }
    pool.save(deps.storage)?;
    let event = action("withdraw_fees")
        .add_attribute("operator", &info.sender)
        .add_attribute("withdraw_address", &to)
        .add_attribute("amount", denoms.coins_text(&denoms.coins(&claimed)));
    let undelivered_paid = payments::undelivered_paid(denoms, &ctx.chain, &payments);
    let payouts: Vec<Payout> = payments.into_iter().map(|payment| payment.payout).collect();
    Ok(Response::new()
        .add_submessages(payout::messages(&payouts, &to)?)
        .add_events(allocated)
        .add_event(event)
        .add_events(undelivered_paid))
}

/// Takes the chain's reply to a payout: one that failed is kept for the operator's next withdrawal.
pub fn payout_replied(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let replied = Replied::read(&ctx.config.denoms, reply)?;
    let mut pool = Pool::load(deps.storage)?;
    pool.denoms.update(replied.denom, |record| {
        record.ledger.settle(&replied.outcome)
    })?;
    pool.save(deps.storage)?;
    let failed = replied.keep_failed(deps.storage, &ctx.chain)?;
    Ok(Response::new().add_events(failed))
}
