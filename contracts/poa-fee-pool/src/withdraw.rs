//! Payouts: what operators have earned, where to and by whom, and the chain's reply to a payout.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Reply, Response};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payments::{self, Replied};
use pool_kit::payout::{self, Payout};
use pool_kit::{Chain, accounts};

use crate::ContractError;
use crate::context::Context;
use crate::operator::Operator;
use crate::pool::Pool;

/// What a withdrawal asks for.
pub struct Withdrawal {
    pub withdraw_address: Option<String>,
    pub operator: Option<String>,
    pub denoms: Option<Vec<String>>,
}

pub fn withdraw_fees(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    withdrawal: Withdrawal,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = match &withdrawal.operator {
        Some(operator) => ctx.chain.account(operator)?,
        None => ctx.chain.sender(&info)?,
    };
    let withdraw_address = withdrawal.withdraw_address.as_deref();
    let payee = accounts::authorise(
        &ctx.chain,
        deps.storage,
        account,
        &info.sender,
        withdraw_address,
    )?;
    let Some(mut operator) = Operator::may_load(deps.storage, &account)? else {
        return Err(ContractError::UnknownOperator {
            operator: ctx.chain.show(&account).into_string(),
        });
    };
    let wanted = ctx.config.denoms.selected(withdrawal.denoms.as_deref())?;
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
        .add_attribute("id", operator.validator.to_string())
        .add_attribute("operator", ctx.chain.show(&account))
        .add_attribute("withdraw_address", &payee.to)
        .add_attribute("amount", denoms.coins_text(&denoms.coins(&claimed)));
    let undelivered_paid = payments::undelivered_paid(denoms, &ctx.chain, &payments);
    let payouts: Vec<Payout> = payments.into_iter().map(|payment| payment.payout).collect();
    Ok(Response::new()
        .add_submessages(payout::messages(&payouts, &payee.to)?)
        .add_events(allocated)
        .add_event(event)
        .add_events(undelivered_paid))
}

pub fn set_withdraw_address(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    withdraw_address: String,
) -> Result<Response, ContractError> {
    let chain = Chain::new(deps.querier, &env)?;
    let event = accounts::set_withdraw_address(&chain, deps.storage, &info, &withdraw_address)?;
    Ok(Response::new().add_event(event))
}

pub fn set_claimer(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claimer: Option<String>,
) -> Result<Response, ContractError> {
    let chain = Chain::new(deps.querier, &env)?;
    let event = accounts::set_claimer(&chain, deps.storage, &info, claimer.as_deref())?;
    Ok(Response::new().add_event(event))
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
