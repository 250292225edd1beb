//! Tokens that come from a cw20 contract, with a message of what they are for.

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint256, from_json};
use distribution_math::{Coins, Points};

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::gauges;
use crate::income::Received;
use crate::locking;
use crate::msg::{Cw20Hook, Cw20Receive};

/// Acts upon tokens that a cw20 contract says it sent.
///
/// The contract is believed about its own token alone, and only as far as the balance that it
/// answers then covers all that is owed of the token. A token that takes a fee on transfers, or
/// announces more than it sent, is refused. One that lies about balances as well can be short of
/// nothing but itself.
pub(crate) fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    message: Cw20Receive,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    let asset = Asset::Cw20(info.sender.into_string());
    let amount = Uint256::from(message.amount);
    let sender = ctx.chain.account(&message.sender)?;
    let coins = [Coin::new(amount, asset.to_string())];
    let response = match from_json(&message.msg)? {
        Cw20Hook::Lock(lock) => {
            let received = Received::lockable(&ctx, storage, asset.clone(), amount)?;
            locking::lock(&ctx, storage, sender, received, lock)?
        }
        Cw20Hook::AddToLock { id } => {
            let received = Received::lockable(&ctx, storage, asset.clone(), amount)?;
            locking::add_to_lock(&ctx, storage, sender, received, id)?
        }
        Cw20Hook::CreateGauge(gauge) => {
            if let Some(fee) = &ctx.config.creation_fee {
                return Err(ContractError::CreationFeeInCoins {
                    fee: fee.to_string(),
                });
            }
            gauges::create_gauge(&ctx, storage, sender, &coins, gauge)?
        }
        Cw20Hook::AddToGauge { id } => gauges::add_to_gauge(&ctx, storage, sender, &coins, id)?,
    };
    assert_covered(&ctx, storage, &asset, amount)?;
    Ok(response)
}

/// Refuses tokens with which the contract would owe more than it has.
fn assert_covered(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
    amount: Uint256,
) -> Result<(), ContractError> {
    let owed = assets::liabilities(ctx, storage, asset)?;
    let owed = Points::sum(owed.map(|liability| Points::new(liability.points)))?;
    let owed = Uint256::from(Coins::of_points(owed)?.amount());
    let balance = assets::balance(ctx, asset);
    if balance < owed {
        return Err(ContractError::NotCovered {
            asset: asset.to_string(),
            amount,
            owed,
            balance,
        });
    }
    Ok(())
}
