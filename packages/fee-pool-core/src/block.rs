//! Begin block: what has come in, who signed, and the split.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use distribution_math::{Points, SignedPower};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::{Amounts, DenomId};
use validator_rewards::changes::BlockPowers;
use validator_rewards::last_commit::{BeginBlock, Signatures, unknown_proposer};

use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::state::REPORTERS;
use crate::{ContractError, commission, powers};

/// The message `begin_block` of a block reporter.
pub(crate) fn report<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    let reporters = REPORTERS.load(deps.storage)?;
    if !reporters.block.contains(&info.sender) {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "a block reporter",
        });
    }
    begin_block::<A>(deps, env, block)
}

/// Splits what has come in since the last block: once per height, only when the pool is active.
/// Announced commissions and powers change first: the powers sent with a block are those that earned
/// its fees.
///
/// # Errors
/// Before activation; for powers that break a rule; for changes of powers that come with a block that
/// is not a new one. Nothing is split then, and the fees are part of
/// the next block's.
pub fn begin_block<A: Accounting>(
    deps: DepsMut,
    env: Env,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let signatures = Signatures::read(&block.last_commit)?;
    if let Some(name) = signatures.first_validator() {
        ctx.learn_form(deps.storage, name)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    if let Some(repetition) = books.pool.heights.advance(env.block.height, &block)? {
        return Ok(Response::new().add_event(repetition));
    }
    commission::resolve_announced(&mut books)?;
    let powers = BlockPowers::read(signatures, &ctx.chain.addresses, books.storage)?;
    for changed in &powers.changed {
        powers::set(&mut books, &changed.validator, changed.power)?;
    }
    let power = books.pool.totals.signed(powers.signed);
    split_fees(&mut books, block.proposer(), power)?;
    books.close()
}

/// Receives what belongs to nobody yet and gives all of it to proposer, votes and community pool.
fn split_fees<A: Accounting>(
    books: &mut Books<A>,
    proposer: &str,
    power: SignedPower,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let denoms = &ctx.config.denoms;
    let rates = ctx.config.params.split_rates()?;
    let mut fees = Amounts::default();
    let mut votes = Amounts::default();
    let mut community = Amounts::default();
    let mut to_proposer = Amounts::default();
    for (denom, name) in denoms.active() {
        let received = receive(books, denom, name)?;
        if received.is_zero() {
            continue;
        }
        let split = rates.split(received, power)?;
        A::distribute(books, denom, &split)?;
        books.allocate(denom, Class::CommunityPool, split.community)?;
        fees.add(denom, received)?;
        votes.add(denom, split.by_power)?;
        votes.add(denom, split.equally)?;
        community.add(denom, split.community)?;
        to_proposer.add(denom, split.proposer)?;
    }
    if fees.is_zero() {
        return Ok(());
    }
    let event = action("begin_block")
        .add_attribute("height", ctx.chain.env.block.height.to_string())
        .add_attribute("total_power", power.total().to_string())
        .add_attribute("signed_power", power.signed().to_string())
        .add_attribute("fees", denoms.coins_text(&denoms.coins(&fees)))
        .add_attribute("votes_points", denoms.points_text(&votes))
        .add_attribute("community_pool_points", denoms.points_text(&community));
    books.emit(event);
    reward_proposer(books, proposer, &to_proposer)
}

/// Counts a denom's undistributed balance as received.
fn receive<A: Accounting>(
    books: &mut Books<A>,
    denom: DenomId,
    name: &str,
) -> Result<Points, ContractError> {
    let undistributed = books.undistributed(denom, name)?;
    if let Some(event) = undistributed.receipt_bound(name) {
        books.emit(event);
    }
    if undistributed.receivable == 0 {
        return Ok(Points::ZERO);
    }
    books.update_ledger(denom, |ledger| {
        ledger.receive(undistributed.receivable.into())
    })
}

/// Gives the proposer's part to the proposer, or to the community pool when it is unknown or removed.
fn reward_proposer<A: Accounting>(
    books: &mut Books<A>,
    proposer: &str,
    amounts: &Amounts,
) -> Result<(), ContractError> {
    if amounts.is_zero() {
        return Ok(());
    }
    if let Ok(validator) = books.ctx.validator(proposer) {
        let event = books.ctx.validator_event("proposer_reward", &validator);
        let receipt = books.ctx.config.denoms.add_amounts(event, amounts);
        if A::reward_validator(books, &validator, amounts, receipt)? {
            return Ok(());
        }
    }
    for (denom, amount) in amounts.iter() {
        books.allocate(denom, Class::CommunityPool, *amount)?;
    }
    let event = unknown_proposer(proposer);
    books.emit(books.ctx.config.denoms.add_amounts(event, amounts));
    Ok(())
}
