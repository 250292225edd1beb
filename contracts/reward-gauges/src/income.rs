//! Money in: coins of a message, or tokens that a cw20 told of.

use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint256};
use cw_utils::PaymentError;
use distribution_math::Points;
use interfaces::asset::Asset;
use interfaces::payout::AssetAmount;
use interfaces::{bank_query, json};

use crate::assets;
use crate::context::Context;
use crate::gauges;
use crate::ledger::{Coins, Liabilities};
use crate::locking;
use crate::msg::{Cw20Hook, Cw20Receive};
use crate::state::{LOCK_ASSETS, REWARDS};
use crate::{ContractError, Fault};

/// The one coin of a message, of an asset that can be locked.
///
/// # Errors
/// For none, for several, and for another asset.
pub fn lockable_coin(
    ctx: &Context,
    storage: &dyn Storage,
    info: &MessageInfo,
) -> Result<AssetAmount, ContractError> {
    let coin = cw_utils::one_coin(info)?;
    lockable(ctx, storage, Asset::Native(coin.denom), coin.amount)
}

/// An amount of an asset, if that can be locked.
///
/// # Errors
/// [`Fault::NotLockable`], and for an amount of 0.
fn lockable(
    ctx: &Context,
    storage: &dyn Storage,
    asset: Asset,
    amount: Uint256,
) -> Result<AssetAmount, ContractError> {
    assert_lockable(ctx, storage, &asset)?;
    if amount.is_zero() {
        return Err(Fault::ZeroAmount.into());
    }
    Ok(AssetAmount { asset, amount })
}

/// Refuses an asset that cannot be locked.
///
/// # Errors
/// [`Fault::NotLockable`].
pub fn assert_lockable(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
) -> Result<(), ContractError> {
    let is_lockable = match LOCK_ASSETS.load(storage)? {
        Some(listed) => listed.contains(asset),
        None => {
            assets::checked(ctx, asset.clone())?;
            matches!(asset, Asset::Native(_))
        }
    };
    if is_lockable {
        return Ok(());
    }
    Err(Fault::NotLockable {
        asset: asset.to_string(),
    }
    .into())
}

/// The coins of a message, at least one. Reward assets are told apart by their names, so a coin of
/// the bank that bears the name of a cw20 would be booked as the token, and paid out of it.
///
/// # Errors
/// For none, and [`Fault::AmbiguousDenom`].
pub fn some_coins<'a>(ctx: &Context, info: &'a MessageInfo) -> Result<&'a [Coin], ContractError> {
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    for coin in &info.funds {
        assets::checked(ctx, Asset::Native(coin.denom.clone()))?;
    }
    Ok(&info.funds)
}

/// What a cw20 token tells of tokens that it sent. It is believed for its own asset alone, and
/// only as far as its own answer covers everything that is owed of it then: a token that takes a
/// fee on transfers or says more than it did is refused, and one that lies about both can be short
/// of nothing but itself.
pub(crate) fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    message: Cw20Receive,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let token = info.sender;
    let asset = Asset::Cw20(token.to_string());
    let amount = Uint256::from(message.amount);
    let sender = ctx.addresses.account(&message.sender)?;
    let told = Coin::new(amount, asset.to_string());
    let response = match json::read(&message.msg)? {
        Cw20Hook::Lock(lock) => {
            let paid = lockable(&ctx, deps.storage, asset.clone(), amount)?;
            locking::lock(&ctx, deps.storage, sender, paid, lock)?
        }
        Cw20Hook::AddToLock { id } => {
            let paid = lockable(&ctx, deps.storage, asset.clone(), amount)?;
            locking::add_to_lock(&ctx, deps.storage, sender, paid, id)?
        }
        Cw20Hook::CreateGauge(gauge) => {
            if let Some(fee) = &ctx.config.creation_fee {
                return Err(Fault::CreationFeeInCoins {
                    fee: fee.to_string(),
                }
                .into());
            }
            gauges::create_gauge(&ctx, deps.storage, sender, &[told], gauge)?
        }
        Cw20Hook::AddToGauge { id } => {
            gauges::add_to_gauge(&ctx, deps.storage, sender, &[told], id)?
        }
    };
    assert_covered(&ctx, deps.storage, &asset, amount)?;
    Ok(response)
}

/// Refuses tokens with which more would be owed than is here.
fn assert_covered(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
    amount: Uint256,
) -> Result<(), ContractError> {
    let owed = Coins::of_points(liabilities(ctx, storage, asset)?.total()?)?;
    let owed = Uint256::from(owed.amount());
    let balance = balance(ctx, asset);
    if balance < owed {
        return Err(Fault::NotCovered {
            asset: asset.to_string(),
            amount,
            owed,
            balance,
        }
        .into());
    }
    Ok(())
}

/// What is owed of an asset.
///
/// # Errors
/// When a record cannot be read.
pub fn liabilities(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
) -> Result<Liabilities, ContractError> {
    let record = assets::find(storage, asset)?.unwrap_or_default();
    let reward = ctx.config.rewards.claimable(&asset.to_string()).ok();
    let rewards = REWARDS.may_load(storage)?.unwrap_or_default();
    let ledger = reward.map(|id| rewards.get(id));
    Ok(Liabilities::of(&record, ledger.as_ref())?)
}

/// What the contract has of an asset; 0 when the bank or the token does not answer.
pub fn balance(ctx: &Context, asset: &Asset) -> Uint256 {
    let contract = ctx.env.contract.address.as_str();
    match asset {
        Asset::Native(denom) => {
            bank_query::balance(&ctx.querier, contract, denom).unwrap_or_default()
        }
        Asset::Cw20(token) => ctx
            .querier
            .query_wasm_smart::<Cw20Balance>(token, &Cw20Query::Balance { address: contract })
            .map(|answer| answer.balance)
            .unwrap_or_default(),
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Cw20Query<'a> {
    Balance { address: &'a str },
}

#[derive(serde::Deserialize)]
struct Cw20Balance {
    balance: Uint256,
}

/// The points of an amount of coins, for a bound on what a message receives.
///
/// # Errors
/// [`Fault::ReceiptBound`] from 2^128 base units on.
pub fn received(paid: &AssetAmount) -> Result<Coins, ContractError> {
    Points::try_from_coins(paid.amount)
        .and_then(Coins::of_points)
        .map_err(|reason| {
            Fault::ReceiptBound {
                asset: paid.asset.to_string(),
                amount: paid.amount,
                reason: reason.to_string(),
            }
            .into()
        })
}
