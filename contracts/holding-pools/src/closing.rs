//! Due blocks: pools close, and what was refused or came back may go again.

use distribution_math::Points;
use pool_kit::DenomId;
use pool_kit::events::action;

use crate::ContractError;
use crate::books::Books;
use crate::channel;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{self, Link, Pool, PoolDenom};
use crate::unit::Unit;

/// At a due block, closes the pools of every denom that has no unit under way, and lets the units of
/// the others try again. O(denoms), and one question to the chain.
///
/// While no probe has passed or the CCV channel is not open, everything stays as it is until the
/// next due block.
///
/// # Errors
/// Unreadable records.
pub fn close_if_due(books: &mut Books) -> Result<(), ContractError> {
    if books.height() < next_distribution(books.ctx, &books.pool) {
        return Ok(());
    }
    books.pool.last_transmission = books.height();
    let link = Link::load(books.storage)?;
    let channel = link.channel.as_ref();
    let is_open = channel.is_some_and(|channel| channel::is_open(&books.ctx.chain, channel, None));
    let event = action("distribution_transmission")
        .add_attribute("height", books.height().to_string())
        .add_attribute("active", link.is_active.to_string())
        .add_attribute("channel_open", is_open.to_string());
    books.emit(event);
    if !link.is_active || !is_open {
        return Ok(());
    }
    for denom in books.ctx.config.denoms.ids() {
        books.isolated(denom, &mut |books| {
            close_or_try_again(books, denom)?;
            Ok(1)
        });
    }
    Ok(())
}

fn close_or_try_again(books: &mut Books, denom: DenomId) -> Result<(), ContractError> {
    match state::load_unit(books.storage, denom)? {
        Some(mut unit) => {
            unit.try_again();
            Ok(state::save_unit(books.storage, denom, &unit)?)
        }
        None => close(books, denom),
    }
}

/// The height of the next due block.
pub fn next_distribution(ctx: &Context, pool: &Pool) -> u64 {
    let period = ctx.config.params.blocks_per_distribution_transmission;
    pool.last_transmission.saturating_add(period)
}

/// The points of a denom that would be closed now: all holding pools. What the index could not
/// divide yet belongs to no validator and stays.
pub fn closable(record: &PoolDenom) -> Result<Points, ContractError> {
    let pools = record.ledger.class(Class::HoldingPools);
    Ok(pools.checked_sub(record.shared.carry()?)?)
}

/// Freezes the index of a denom whose pools have at least one coin.
fn close(books: &mut Books, denom: DenomId) -> Result<(), ContractError> {
    let total = closable(&books.pool.denoms.get(denom))?;
    if total.whole_coins().is_zero() {
        return Ok(());
    }
    books.transfer(denom, Class::HoldingPools, Class::Unit, total)?;
    let mut record = books.pool.denoms.get(denom);
    // Each epoch takes a round trip between two chains.
    record.epoch = record.epoch.saturating_add(1);
    let walk = state::next_walk(books.storage, denom)?;
    let unit = Unit::close(record.epoch, total, record.shared.indexes(), walk);
    state::save_unit(books.storage, denom, &unit)?;
    let event = books
        .ctx
        .unit_event("epoch_closed", denom, record.epoch)
        .add_attribute("points", total.to_string());
    books.emit(event);
    books.pool.denoms.set(denom, record);
    Ok(())
}

/// Ends the counting of a unit's weights: what is below a whole coin goes back to the provider's
/// part.
///
/// # Errors
/// Unless the unit is settling.
pub fn finish(books: &mut Books, denom: DenomId, unit: &mut Unit) -> Result<(), ContractError> {
    unit.weights_counted()?;
    let remainder = unit.total().checked_sub(unit.coins()?)?;
    books.transfer(denom, Class::Unit, Class::ProviderPending, remainder)?;
    let event = books
        .ctx
        .unit_event("weights_counted", denom, unit.epoch())
        .add_attribute("validators", unit.validators().to_string())
        .add_attribute("amount", unit.total().whole_coins().to_string())
        .add_attribute("remainder_points", remainder.to_string());
    books.emit(event);
    Ok(())
}
