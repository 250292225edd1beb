//! Money out: what operators have earned, and what comes back.

use accounting::payments::{self, Replied};
use accounting::pool::Class;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Reply, Response};
use interfaces::events::action;
use interfaces::payout;

use crate::context::Context;
use crate::operator::Operator;
use crate::pool::Pool;
use crate::{ContractError, Fault, checkpoint};

pub(crate) fn withdraw_fees(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    withdraw_address: Option<String>,
    denoms: Option<Vec<String>>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.sender(&info)?;
    let to = match withdraw_address {
        None => info.sender.clone(),
        Some(address) => ctx.show(&ctx.account(&address)?),
    };
    let Some(mut operator) = Operator::may_load(deps.storage, &account)? else {
        return Err(Fault::UnknownOperator {
            operator: info.sender.into_string(),
        }
        .into());
    };
    let wanted = ctx.config.denoms.selected(denoms.as_deref())?;
    let mut pool = Pool::load(deps.storage)?;
    let allocated = checkpoint::take(&ctx, &mut pool)?;
    operator.settle(&pool)?;
    let claimed = operator.take_whole_coins(&wanted);
    operator.save(deps.storage, &account)?;

    let denoms = &ctx.config.denoms;
    let payments = if pool.has_undelivered() {
        payments::collect(deps.storage, denoms, &wanted, account, &claimed)?
    } else {
        payments::of_claim(denoms, account, &claimed)?
    };
    for payment in &payments {
        pool.update(payment.denom, |record| {
            record.ledger.pay(Class::Outstanding, payment)
        })?;
    }
    pool.save(deps.storage)?;
    let event = action("withdraw_fees")
        .add_attribute("operator", &info.sender)
        .add_attribute("withdraw_address", &to)
        .add_attribute("amount", denoms.coins_text(&denoms.coins(&claimed)));
    let paid = payments::undelivered_paid(denoms, &ctx.addresses, &payments);
    let payouts = payments.into_iter().map(|payment| payment.payout).collect();
    Ok(Response::new()
        .add_submessages(payout::messages(payouts, &to)?)
        .add_events(allocated)
        .add_event(event)
        .add_events(paid))
}

pub(crate) fn payout_replied(
    deps: DepsMut,
    env: Env,
    reply: Reply,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let replied = Replied::read(&ctx.config.denoms, reply)?;
    let mut pool = Pool::load(deps.storage)?;
    pool.update(replied.denom, |record| {
        record.ledger.settle(&replied.outcome)
    })?;
    pool.save(deps.storage)?;
    let failed = replied.keep_failed(deps.storage, &ctx.addresses)?;
    Ok(Response::new().add_events(failed))
}
