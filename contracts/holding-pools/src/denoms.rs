//! The reward denoms, and coins of others.

use cosmwasm_std::{BankMsg, Coin, DepsMut, Env, MessageInfo, Response};
use pool_kit::events::action;
use pool_kit::{KitError, ownership};

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::fees;
use crate::state::CONFIG;

/// The message `update_reward_denoms`. What has come in of a denom that is removed is taken in now, as
/// the next block would: afterwards no block does.
pub(crate) fn update(
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
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    fees::take_in_removed(&mut books, &remove)?;
    let mut config = ctx.config.clone();
    let changes = config.denoms.update(add, remove)?;
    CONFIG.save(books.storage, &config)?;
    books.emit(action("update_reward_denoms").add_attributes(changes));
    books.close()
}

/// The message `sweep`: coins of a denom that is not received, above what is owed of it. A payment that
/// fails reverts it as a whole.
pub(crate) fn sweep(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    denom: String,
    recipient: &str,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.chain.recipient(recipient)?;
    let denoms = &ctx.config.denoms;
    if denoms.receivable(&denom).is_ok() {
        return Err(ContractError::ReceivedDenom { denom });
    }
    let amount = match denoms.claimable(&denom) {
        Ok(id) => Books::open(&ctx, deps.storage)?
            .undistributed(id, &denom)?
            .total(),
        Err(_) => ctx.chain.balance(&denom)?,
    };
    if amount.is_zero() {
        return Err(KitError::ZeroAmount { denom }.into());
    }
    let coin = Coin { denom, amount };
    let event = action("sweep")
        .add_attribute("recipient", recipient)
        .add_attribute("amount", coin.to_string());
    // A token that calls a contract while it is sent finds nobody else who takes coins of this denom.
    let message = BankMsg::Send {
        to_address: ctx.chain.show(&account).into_string(),
        amount: vec![coin],
    };
    Ok(Response::new().add_event(event).add_message(message))
}
