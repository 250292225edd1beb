//! Fees coming in: deposits, creation fees, the denoms that are received, and checkpoints.

use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage};
use cw_utils::PaymentError;
use pool_kit::coins::ReceivableCoin;
use pool_kit::events::action;
use pool_kit::{KitError, ownership};

use crate::ContractError;
use crate::context::Context;
use crate::pool::Pool;
use crate::state::CONFIG;

pub fn checkpoint(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut pool = Pool::load(deps.storage)?;
    let events = pool.checkpoint(&ctx)?;
    pool.save(deps.storage)?;
    Ok(Response::new().add_events(events))
}

pub fn deposit(deps: DepsMut, env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    assert_receivable(&ctx, deps.storage, &info.funds)?;
    let event = action("deposit")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

pub fn update_denoms(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    if add.is_empty() && remove.is_empty() {
        return Err(KitError::NothingUpdated.into());
    }
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    // No later checkpoint takes a denom that is removed: what came in of it is allocated now, by
    // the powers that earned it.
    let mut pool = Pool::load(deps.storage)?;
    let allocated = pool.checkpoint(&ctx)?;
    pool.save(deps.storage)?;
    let changes = ctx.config.denoms.update(add, remove)?;
    CONFIG.save(deps.storage, &ctx.config)?;
    let event = action("update_denoms").add_attributes(changes);
    Ok(Response::new().add_events(allocated).add_event(event))
}

/// Refuses any funds but exactly the creation fee, and a fee whose denom is not received any more.
/// Where there is no creation fee, refuses all funds.
pub fn assert_creation_fee(
    ctx: &Context,
    storage: &dyn Storage,
    funds: &[Coin],
) -> Result<(), ContractError> {
    match &ctx.config.creation_fee {
        None if funds.is_empty() => Ok(()),
        None => Err(ContractError::NoCreationFee {
            sent: ctx.config.denoms.coins_text(funds),
        }),
        Some(fee) if funds != [fee.clone()] => Err(ContractError::CreationFee {
            fee: fee.clone(),
            sent: ctx.config.denoms.coins_text(funds),
        }),
        Some(_) => assert_receivable(ctx, storage, funds),
    }
}

/// Refuses funds that the next checkpoint would not allocate: of a denom that is not received, a
/// denom named twice, an amount of 0, and what would bring the total ever received to 2^128. The
/// funds are in the balance already, and the checkpoint takes them from there.
pub fn assert_receivable(
    ctx: &Context,
    storage: &dyn Storage,
    funds: &[Coin],
) -> Result<(), ContractError> {
    let pool = Pool::load(storage)?;
    for ReceivableCoin { denom, coin } in ctx.config.denoms.receivable_coins(funds)? {
        let balance = ctx.chain.balance(&coin.denom)?;
        let unallocated = pool.denoms.get(denom).unallocated(balance)?;
        if !unallocated.coins.beyond_bound.is_zero() {
            return Err(KitError::ReceiptBound {
                denom: coin.denom,
                amount: coin.amount,
            }
            .into());
        }
    }
    Ok(())
}
