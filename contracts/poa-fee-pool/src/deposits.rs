//! Money in: fees, and what candidates pay.

use accounting::{AccountingError, AccountingFault, ReceivableCoin};
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint256};
use cw_utils::PaymentError;
use interfaces::events::action;

use crate::context::Context;
use crate::pool::Pool;
use crate::{ContractError, Fault};

pub(crate) fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    assert_collectable(&ctx, deps.storage, &info.funds)?;
    let event = action("deposit")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

/// Takes what a candidate pays: exactly the creation fee, or nothing.
///
/// # Errors
/// For any other funds, and when the fee's denom is not received any more.
pub fn take_creation_fee(
    ctx: &Context,
    storage: &dyn Storage,
    funds: &[Coin],
) -> Result<(), ContractError> {
    let Some(fee) = &ctx.config.creation_fee else {
        return match funds {
            [] => Ok(()),
            _ => Err(PaymentError::NonPayable {}.into()),
        };
    };
    if funds != [fee.clone()] {
        return Err(Fault::CreationFee {
            fee: fee.clone(),
            sent: ctx.config.denoms.coins_text(funds),
        }
        .into());
    }
    assert_collectable(ctx, storage, funds)
}

/// Refuses funds that a checkpoint would not take. They are in the balance already; it takes them
/// from there.
///
/// # Errors
/// For a denom that is not received, a coin given twice or of nothing, and for what would bring the
/// total ever received to 2^128.
pub fn assert_collectable(
    ctx: &Context,
    storage: &dyn Storage,
    funds: &[Coin],
) -> Result<(), ContractError> {
    let pool = Pool::load(storage)?;
    for ReceivableCoin { denom, coin } in ctx.config.denoms.receivable_coins(funds)? {
        let balance = ctx.balance(&coin.denom)?;
        let income = pool.denoms.get(denom).income(balance)?;
        if !income.coins.beyond_bound.is_zero() {
            return Err(receipt_bound(coin.denom, coin.amount).into());
        }
    }
    Ok(())
}

/// The refusal of what would bring the total ever received of a denom to 2^128.
pub fn receipt_bound(denom: String, amount: Uint256) -> AccountingError {
    AccountingFault::ReceiptBound { denom, amount }.into()
}
