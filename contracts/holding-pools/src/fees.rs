//! A block: what has come in, who signed, and the split.

use ccv::split::ConsumerSplit;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use distribution_math::{Points, SignedPower, SplitRates};
use pool_kit::events::action;
use pool_kit::{Amounts, DenomId, Denoms};
use validator_rewards::changes::BlockPowers;
use validator_rewards::last_commit::{BeginBlock, Signatures, unknown_proposer};

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::{closing, holdings, payouts, powers};

/// The message `begin_block` of a block reporter.
pub(crate) fn report(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    powers::assert_reporter(&deps, &info)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    begin_block(&mut books, &block)?;
    books.close()
}

/// The message `deposit`: coins in the balance that belong to nobody are the fees of the next block,
/// so only the denoms are checked.
pub(crate) fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let denoms = &ctx.config.denoms;
    denoms.receivable_coins(&info.funds)?;
    let event = action("deposit")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

/// Splits what has come in since the last block, once per height, and closes pools when that is due.
/// Powers change first: those sent with a block are those that earned its fees.
///
/// O(denoms), and O(1) for each changed power.
///
/// # Errors
/// For powers that break a rule, and for changes of powers that come with a block that is not a new
/// one. Nothing is split then, and the fees are part of the next block's.
pub fn begin_block(books: &mut Books, block: &BeginBlock) -> Result<(), ContractError> {
    let height = books.height();
    if let Some(repetition) = books.pool.heights.advance(height, block)? {
        books.emit(repetition);
        return Ok(());
    }
    let signatures = Signatures::read(&block.last_commit)?;
    let told = BlockPowers::read(signatures, &books.ctx.chain.addresses, books.storage)?;
    powers::apply(books, told.changed)?;
    let power = books.pool.totals.signed(told.signed);
    split_fees(books, block.proposer(), power)?;
    closing::close_if_due(books)
}

/// Amounts of a block, by denom.
#[derive(Default)]
struct BlockAmounts {
    fees: Amounts,
    consumer: Amounts,
    votes: Amounts,
    proposer: Amounts,
}

impl BlockAmounts {
    /// An event with what has come in, and the consumer's part of it.
    fn received(&self, denoms: &Denoms, event: Event) -> Event {
        event
            .add_attribute("fees", denoms.coins_text(&denoms.coins(&self.fees)))
            .add_attribute("consumer", denoms.coins_text(&denoms.coins(&self.consumer)))
    }
}

fn split_fees(books: &mut Books, proposer: &str, power: SignedPower) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let rates = ctx.config.params.split_rates()?;
    let mut amounts = BlockAmounts::default();
    for (denom, listed) in ctx.config.denoms.iter() {
        if listed.active {
            take_in(books, denom, &listed.name, &mut amounts)?;
        }
        split_provider_part(books, denom, &rates, power, &mut amounts)?;
    }
    if !amounts.fees.is_zero() || !amounts.votes.is_zero() {
        let denoms = &ctx.config.denoms;
        let event = action("begin_block")
            .add_attribute("height", books.height().to_string())
            .add_attribute("total_power", power.total().to_string())
            .add_attribute("signed_power", power.signed().to_string());
        let event = amounts.received(denoms, event);
        books.emit(event.add_attribute("votes_points", denoms.points_text(&amounts.votes)));
    }
    reward_proposer(books, proposer, &amounts.proposer)?;
    payouts::pay_consumer(books)
}

/// Receives what belongs to nobody yet: the consumer's part for its fee pool, the rest to the
/// provider's part.
fn take_in(
    books: &mut Books,
    denom: DenomId,
    name: &str,
    amounts: &mut BlockAmounts,
) -> Result<(), ContractError> {
    let undistributed = books.undistributed(denom, name)?;
    if let Some(event) = undistributed.receipt_bound(name) {
        books.emit(event);
    }
    if undistributed.receivable == 0 {
        return Ok(());
    }
    let fraction = books.ctx.config.params.consumer_fraction()?;
    let split = ConsumerSplit::new(undistributed.receivable, fraction)?;
    let consumer = Points::from_coins(split.consumer);
    books.update_ledger(denom, |ledger| {
        ledger.receive(undistributed.receivable);
        ledger.add(Class::ConsumerPending, consumer)?;
        ledger.add(Class::ProviderPending, split.provider)
    })?;
    let fees = Points::from_coins(undistributed.receivable);
    amounts.fees.add(denom, fees)?;
    Ok(amounts.consumer.add(denom, consumer)?)
}

/// Takes in what has come of denoms that are to be removed. Their parts are split and paid by the next
/// block, as all that is pending.
///
/// # Errors
/// When the bank does not answer.
pub fn take_in_removed(books: &mut Books, names: &[String]) -> Result<(), ContractError> {
    let mut amounts = BlockAmounts::default();
    for name in names {
        // What is not received is refused later.
        if let Ok(denom) = books.ctx.config.denoms.receivable(name) {
            take_in(books, denom, name, &mut amounts)?;
        }
    }
    if !amounts.fees.is_zero() {
        let event = amounts.received(&books.ctx.config.denoms, action("fees_taken_in"));
        books.emit(event);
    }
    Ok(())
}

/// Splits the provider's part of a denom among the validators: what has come in now, and what was
/// pending.
///
/// What the split rounds off, and everything while nobody has power, stays pending.
fn split_provider_part(
    books: &mut Books,
    denom: DenomId,
    rates: &SplitRates,
    power: SignedPower,
    amounts: &mut BlockAmounts,
) -> Result<(), ContractError> {
    let part = books.ledger(denom).class(Class::ProviderPending);
    if part.is_zero() || power.total() == 0 {
        return Ok(());
    }
    let split = rates.split(part, power)?;
    let totals = books.pool.totals;
    let votes = books.pool.denoms.update(denom, |record| {
        let votes = record.shared.add(&split, &totals)?;
        let ledger = &mut record.ledger;
        ledger.transfer(Class::ProviderPending, Class::HoldingPools, votes)?;
        Ok::<_, ContractError>(votes)
    })?;
    amounts.votes.add(denom, votes)?;
    Ok(amounts.proposer.add(denom, split.proposer)?)
}

/// Gives the proposer's part, which is pending until now, to the proposer. It stays pending when the
/// proposer is unknown.
fn reward_proposer(
    books: &mut Books,
    proposer: &str,
    rewards: &Amounts,
) -> Result<(), ContractError> {
    if rewards.is_zero() {
        return Ok(());
    }
    let denoms = &books.ctx.config.denoms;
    let known = match books.ctx.validator(proposer) {
        Ok(validator) if holdings::reward_proposer(books, &validator, rewards)? => Some(validator),
        _ => None,
    };
    let event = match known {
        Some(validator) => books.ctx.validator_event("proposer_reward", &validator),
        None => unknown_proposer(proposer),
    };
    books.emit(denoms.add_amounts(event, rewards));
    Ok(())
}
