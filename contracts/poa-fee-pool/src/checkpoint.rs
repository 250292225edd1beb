//! Checkpoints: what came in is given to the validators by the powers in force until now.

use accounting::Amounts;
use cosmwasm_std::{DepsMut, Env, Event, Response};
use interfaces::events::action;

use crate::ContractError;
use crate::context::Context;
use crate::pool::Pool;

/// Allocates, of every denom that is received, what of the balance is nobody's; O(denoms), whatever
/// the number of validators. Without power fees wait. The caller saves the pool.
///
/// Never fails for an amount: what would bring the total ever received to 2^128 stays where it is,
/// with an event.
///
/// # Errors
/// When the bank does not answer.
pub fn take(ctx: &Context, pool: &mut Pool) -> Result<Vec<Event>, ContractError> {
    let mut events = Vec::new();
    let total_power = pool.total_power;
    if total_power == 0 {
        return Ok(events);
    }
    let mut allocated = Amounts::default();
    for (denom, name) in ctx.config.denoms.active() {
        let balance = ctx.balance(name)?;
        let record = pool.denoms.get(denom);
        let income = record.income(balance)?;
        if !income.coins.beyond_bound.is_zero() {
            events.push(
                action("receipt_bound")
                    .add_attribute("denom", name)
                    .add_attribute("uncollected", income.coins.beyond_bound.to_string()),
            );
        }
        let points = pool.update(denom, |record| record.allocate(&income, total_power))?;
        allocated.add(denom, points)?;
    }
    if !allocated.is_zero() {
        let event = action("checkpoint").add_attribute("total_power", total_power.to_string());
        events.push(ctx.config.denoms.tell(event, &allocated));
    }
    Ok(events)
}

pub(crate) fn run(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut pool = Pool::load(deps.storage)?;
    let events = take(&ctx, &mut pool)?;
    pool.save(deps.storage)?;
    Ok(Response::new().add_events(events))
}
