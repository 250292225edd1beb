//! Money in: fees, rewards for named validators, the community pool.

use accounting::pool::Class;
use accounting::{AccountingError, AccountingFault, Amounts, Books, ReceivableCoin};
use cosmwasm_std::{Coin, MessageInfo, Response, Storage, Uint256};
use cw_utils::PaymentError;
use distribution_math::{MathFault, Points};
use interfaces::asset::Asset;

use crate::context::Context;
use crate::events::{self, action};
use crate::msg::ValidatorAllocation;
use crate::{ContractError, Fault};

/// Notes funds as received.
///
/// # Errors
/// When the total ever received would reach 2^128, and for funds that are somebody's already.
fn receive(
    ctx: &Context,
    books: &mut Books,
    funds: &[ReceivableCoin],
) -> Result<Amounts, ContractError> {
    assert_free(ctx, books, funds)?;
    let mut received = Amounts::default();
    for ReceivableCoin { denom, coin } in funds {
        let points = books
            .pool
            .update(*denom, |record| Ok(record.ledger.receive(coin.amount)?))
            .map_err(|error| match error.math() {
                Some(MathFault::CoinsBound { .. }) => receipt_bound(coin),
                _ => error,
            })?;
        received.add(*denom, points)?;
    }
    Ok(received)
}

fn receipt_bound(coin: &Coin) -> AccountingError {
    AccountingFault::ReceiptBound {
        denom: coin.denom.clone(),
        amount: coin.amount,
    }
    .into()
}

/// Funds are in the balance before their message is looked at. A token that calls a contract when
/// it arrives can have them split as fees by then: they would be counted twice.
fn assert_free(
    ctx: &Context,
    books: &Books,
    funds: &[ReceivableCoin],
) -> Result<(), ContractError> {
    let may_call = |coin: &ReceivableCoin| Asset::Native(coin.coin.denom.clone()).is_hookable();
    if !funds.iter().any(may_call) {
        return Ok(());
    }
    for ReceivableCoin { denom, coin } in funds {
        let free = ctx.undistributed(books, *denom, &coin.denom)?.total();
        if free < coin.amount {
            return Err(Fault::FundsNotFree {
                denom: coin.denom.clone(),
                sent: coin.amount,
                free,
            }
            .into());
        }
    }
    Ok(())
}

/// The funds of a message that needs some, all of them receivable.
fn funds(ctx: &Context, info: &MessageInfo) -> Result<Vec<ReceivableCoin>, ContractError> {
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    Ok(ctx.config.denoms.receivable_coins(&info.funds)?)
}

pub(crate) fn deposit(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
) -> Result<Response, ContractError> {
    let funds = funds(ctx, info)?;
    let books = ctx.open(storage)?;
    for ReceivableCoin { denom, coin } in &funds {
        // They are in the balance now, which the next block splits: as far as there is room.
        let free = ctx.undistributed(&books, *denom, &coin.denom)?;
        if !free.beyond_bound.is_zero() {
            return Err(receipt_bound(coin).into());
        }
    }
    let event = action("deposit")
        .add_attribute("sender", info.sender.as_str())
        .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds));
    Ok(events::response(event))
}

pub(crate) fn fund_community_pool(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    let funds = funds(ctx, info)?;
    let mut books = ctx.open(storage)?;
    for (denom, points) in receive(ctx, &mut books, &funds)?.iter() {
        books.pool.update(denom, |record| {
            Ok(record.ledger.allocate(Class::CommunityPool, *points)?)
        })?;
    }
    books.close()?;
    let event = action("fund_community_pool")
        .add_attribute("sender", info.sender.as_str())
        .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds));
    Ok(events::response(event))
}

pub(crate) fn deposit_validator_rewards(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    allocations: Vec<ValidatorAllocation>,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    let funds = funds(ctx, info)?;
    assert_funds_match(ctx, &info.funds, &allocations)?;

    let mut books = ctx.open(storage)?;
    // Allocated below: the allocations add up to the funds.
    receive(ctx, &mut books, &funds)?;
    let mut told = Vec::with_capacity(allocations.len());
    for allocation in &allocations {
        let validator = ctx.validator(&allocation.validator)?.bytes;
        let bytes = validator.as_slice();
        let mut rewards = Amounts::default();
        for coin in ctx.config.denoms.receivable_coins(&allocation.amount)? {
            rewards.add(coin.denom, Points::try_from_coins(coin.coin.amount)?)?;
        }
        if !ctx.engine().reward_validator(&mut books, bytes, &rewards)? {
            let validator = ctx.show_validator(bytes);
            return Err(match ctx.engine().validator(&books, bytes)? {
                Some(_) => Fault::RemovedValidator { validator }.into(),
                None => Fault::UnknownValidator { validator }.into(),
            });
        }
        let event = action("deposit_validator_rewards")
            .add_attribute("depositor", info.sender.as_str())
            .add_attribute("validator", ctx.show_validator(bytes));
        told.push(ctx.config.denoms.tell(event, &rewards));
    }
    let entries = books.close()?;
    Ok(Response::new()
        .add_events(told)
        .add_events(events::journal(ctx, entries)))
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
            return Err(Fault::FundsMismatch {
                denom: denom.to_string(),
                allocated,
                sent,
            }
            .into());
        }
    }
    Ok(())
}
