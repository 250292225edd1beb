//! Money in: fees, rewards for named validators, the community pool.

use std::collections::BTreeSet;

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Uint256};
use cw_utils::PaymentError;
use distribution_math::{MathError, Points};
use pool_kit::coins::ReceivableCoin;
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::{Amounts, KitError};
use validator_rewards::RewardsError;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::msg::ValidatorAllocation;

/// The funds of a message that needs some, all of them receivable.
fn funds(ctx: &Context, info: &MessageInfo) -> Result<Vec<ReceivableCoin>, ContractError> {
    if info.funds.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    Ok(ctx.config.denoms.receivable_coins(&info.funds)?)
}

/// Counts funds as received that no block has split yet; the caller allocates the points.
fn receive<A: Accounting>(
    books: &mut Books<A>,
    funds: &[ReceivableCoin],
) -> Result<Amounts, ContractError> {
    assert_undistributed(books, funds)?;
    count_as_received(books, funds)
}

/// Counts funds as received; the caller allocates the points.
///
/// # Errors
/// [`KitError::ReceiptBound`].
pub(crate) fn count_as_received<A: Accounting>(
    books: &mut Books<A>,
    funds: &[ReceivableCoin],
) -> Result<Amounts, ContractError> {
    let mut received = Amounts::default();
    for ReceivableCoin { denom, coin } in funds {
        let points = books.update_ledger(*denom, |ledger| ledger.receive(coin.amount));
        let points = points.map_err(|error| match error {
            ContractError::Math(MathError::CoinsBound { .. }) => receipt_bound(coin),
            error => error,
        })?;
        received.add(*denom, points)?;
    }
    Ok(received)
}

fn receipt_bound(coin: &Coin) -> ContractError {
    let error = KitError::ReceiptBound {
        denom: coin.denom.clone(),
        amount: coin.amount,
    };
    error.into()
}

/// Funds are in the balance before their message runs. A token that calls a contract when it arrives
/// can have had them split as fees by then: they would be counted twice.
fn assert_undistributed<A: Accounting>(
    books: &Books<A>,
    funds: &[ReceivableCoin],
) -> Result<(), ContractError> {
    let may_call = |coin: &ReceivableCoin| Asset::Native(coin.coin.denom.clone()).is_hookable();
    if !funds.iter().any(may_call) {
        return Ok(());
    }
    for ReceivableCoin { denom, coin } in funds {
        let undistributed = books.undistributed(*denom, &coin.denom)?.total();
        if undistributed < coin.amount {
            return Err(ContractError::FundsNotUndistributed {
                denom: coin.denom.clone(),
                sent: coin.amount,
                undistributed,
            });
        }
    }
    Ok(())
}

/// The message `deposit`: the funds are fees of the current block.
pub(crate) fn deposit<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let funds = funds(&ctx, &info)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    for ReceivableCoin { denom, coin } in &funds {
        // They are in the balance now, which the next block splits: as far as there is room.
        let undistributed = books.undistributed(*denom, &coin.denom)?;
        if !undistributed.beyond_bound.is_zero() {
            return Err(receipt_bound(coin));
        }
    }
    books.emit(
        action("deposit")
            .add_attribute("sender", info.sender)
            .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds)),
    );
    books.close()
}

/// The message `fund_community_pool`.
pub(crate) fn fund_community_pool<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let funds = funds(&ctx, &info)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    for (denom, points) in receive(&mut books, &funds)?.iter() {
        books.allocate(denom, Class::CommunityPool, *points)?;
    }
    books.emit(
        action("fund_community_pool")
            .add_attribute("sender", info.sender)
            .add_attribute("amount", ctx.config.denoms.coins_text(&info.funds)),
    );
    books.close()
}

/// The message `deposit_validator_rewards`: the funds go to named validators and their delegators.
pub(crate) fn deposit_validator_rewards<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    allocations: Vec<ValidatorAllocation>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let funds = funds(&ctx, &info)?;
    assert_funds_match(&ctx, &info.funds, &allocations)?;

    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    // Allocated below: the allocations add up to the funds.
    receive(&mut books, &funds)?;
    let mut rewarded = BTreeSet::new();
    for allocation in &allocations {
        let validator = ctx.validator(&allocation.validator)?;
        if !rewarded.insert(validator) {
            return Err(RewardsError::RepeatedValidator {
                validator: ctx.show_validator(&validator),
            }
            .into());
        }
        if allocation.amount.is_empty() {
            return Err(ContractError::EmptyList { list: "amount" });
        }
        let mut rewards = Amounts::default();
        for coin in ctx.config.denoms.receivable_coins(&allocation.amount)? {
            rewards.add(coin.denom, Points::try_from_coins(coin.coin.amount)?)?;
        }
        let event = action("deposit_validator_rewards")
            .add_attribute("depositor", &info.sender)
            .add_attribute("validator", ctx.show_validator(&validator));
        let receipt = ctx.config.denoms.add_amounts(event, &rewards);
        if !A::reward_validator(&mut books, &validator, &rewards, receipt)? {
            return Err(match A::validator(&books, &validator)? {
                Some(_) => ctx.removed_validator(&validator),
                None => ctx.unknown_validator(&validator),
            });
        }
    }
    books.close()
}

/// Refuses funds that are not allocated, and allocations that are not among the funds.
fn assert_funds_match(
    ctx: &Context,
    funds: &[Coin],
    allocations: &[ValidatorAllocation],
) -> Result<(), ContractError> {
    let allocated: Vec<&Coin> = allocations
        .iter()
        .flat_map(|allocation| &allocation.amount)
        .collect();
    for coin in &allocated {
        ctx.config.denoms.receivable(&coin.denom)?;
    }
    let sum = |coins: &[&Coin], denom: &str| {
        coins
            .iter()
            .filter(|coin| coin.denom == denom)
            // A sum beyond 256 bits cannot have been sent.
            .fold(Uint256::zero(), |sum, coin| sum.saturating_add(coin.amount))
    };
    let funds: Vec<&Coin> = funds.iter().collect();
    for (_, denom) in ctx.config.denoms.active() {
        let (allocated, sent) = (sum(&allocated, denom), sum(&funds, denom));
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
