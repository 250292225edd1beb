//! Money in: fees, rewards for named validators, the community pool.

use accounting::pool::Class;
use accounting::{Amounts, Books};
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Uint256};
use cw_utils::PaymentError;
use distribution_math::{MathError, Points};

use crate::ContractError;
use crate::context::{Context, ReceivableCoin};
use crate::events::{self, action};
use crate::msg::ValidatorAllocation;

/// Notes coins as received.
///
/// # Errors
/// When the total ever received would reach 2^128.
fn receive(books: &mut Books, coin: &ReceivableCoin) -> Result<Points, ContractError> {
    let amount = coin.coin.amount;
    books
        .pool
        .update(coin.denom, |record| Ok(record.ledger.receive(amount)?))
        .map_err(|error| match error {
            accounting::AccountingError::Math(MathError::CoinsBound { .. }) => {
                accounting::AccountingError::ReceiptBound {
                    denom: coin.coin.denom.clone(),
                    amount,
                }
                .into()
            }
            error => error.into(),
        })
}

/// The funds of a message that needs some, all of them receivable.
fn funds(ctx: &Context, info: &MessageInfo) -> Result<Vec<ReceivableCoin>, ContractError> {
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    ctx.receivable(&info.funds)
}

pub(crate) fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    // They are in the balance now, which the next block splits.
    funds(&ctx, &info)?;
    let event = action("deposit")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", events::coins_text(&ctx, &info.funds));
    Ok(Response::new().add_event(event))
}

pub(crate) fn fund_community_pool(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let funds = funds(&ctx, &info)?;
    let mut books = ctx.open(deps.storage)?;
    for coin in &funds {
        let points = receive(&mut books, coin)?;
        books.pool.update(coin.denom, |record| {
            Ok(record.ledger.allocate(Class::CommunityPool, points)?)
        })?;
    }
    books.close()?;
    let event = action("fund_community_pool")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", events::coins_text(&ctx, &info.funds));
    Ok(Response::new().add_event(event))
}

pub(crate) fn deposit_validator_rewards(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    allocations: Vec<ValidatorAllocation>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let funds = funds(&ctx, &info)?;
    assert_funds_match(&ctx, &info.funds, &allocations)?;

    let mut books = ctx.open(deps.storage)?;
    for coin in &funds {
        // Each is allocated below: the allocations add up to the funds.
        receive(&mut books, coin)?;
    }
    let mut told = Vec::with_capacity(allocations.len());
    for allocation in &allocations {
        let validator = ctx.validator(&allocation.validator)?.bytes;
        let bytes = validator.as_slice();
        let mut rewards = Amounts::default();
        for coin in ctx.receivable(&allocation.amount)? {
            rewards.add(coin.denom, Points::try_from_coins(coin.coin.amount)?)?;
        }
        if !ctx.engine().reward_validator(&mut books, bytes, &rewards)? {
            let validator = ctx.show_validator(bytes);
            return Err(match ctx.engine().validator(&books, bytes)? {
                Some(_) => ContractError::RemovedValidator { validator },
                None => ContractError::UnknownValidator { validator },
            });
        }
        let event = action("deposit_validator_rewards")
            .add_attribute("depositor", info.sender.as_str())
            .add_attribute("validator", ctx.show_validator(bytes));
        told.push(events::with_amounts(&ctx, event, &rewards));
    }
    let entries = books.close()?;
    Ok(Response::new()
        .add_events(told)
        .add_events(events::journal(&ctx, entries)))
}

/// Both ways: what is allocated was sent, and what was sent is allocated.
fn assert_funds_match(
    ctx: &Context,
    funds: &[Coin],
    allocations: &[ValidatorAllocation],
) -> Result<(), ContractError> {
    let coins = || {
        allocations
            .iter()
            .flat_map(|allocation| allocation.amount.iter())
    };
    for coin in coins() {
        ctx.config.denoms.receivable(&coin.denom)?;
    }
    let sum = |coins: &mut dyn Iterator<Item = &Coin>, denom: &str| {
        coins
            .filter(|coin| coin.denom == denom)
            .try_fold(Uint256::zero(), |sum, coin| sum.checked_add(coin.amount))
    };
    for (_, denom) in ctx.config.denoms.active() {
        // A sum beyond 256 bits cannot have been sent.
        let allocated = sum(&mut coins(), denom).unwrap_or(Uint256::MAX);
        let sent = sum(&mut funds.iter(), denom).unwrap_or(Uint256::MAX);
        if allocated != sent {
            return Err(ContractError::FundsMismatch {
                denom: denom.to_string(),
                allocated,
                sent,
            });
        }
    }
    Ok(())
}
