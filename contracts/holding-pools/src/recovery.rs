//! The ends of a unit: delivered, written off, released. And the question to the provider what
//! became of a transfer whose callback was lost.

use ccv::packet::{CcvPacket, StatusRequest};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use pool_kit::{DenomId, ownership};

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{self, Link, WRITTEN_OFF, WrittenOff, unit_key};
use crate::transport;
use crate::unit::{Transfer, Unit};

/// The provider may be asked this long after the timeout of a transfer, in seconds: seven days, in
/// which any relayer brings the timeout.
pub const ASK_AFTER: u64 = 7 * 24 * 60 * 60;

/// And again a day after it was asked.
const ASK_AGAIN_AFTER: u64 = 24 * 60 * 60;

/// The message `reconcile`, by anyone: asks the provider about a transfer. The answer comes as an
/// acknowledgement.
pub(crate) fn reconcile(deps: DepsMut, env: Env, denom: &str) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let (id, mut unit) = unit_of(&books, denom)?;
    let transfer = unit.check_sent("reconciled")?;
    // The provider of now knows nothing of it, and would say that it has expired.
    if transfer.receiver() != ctx.config.provider.receiver {
        return Err(ContractError::FormerProvider {
            receiver: transfer.receiver().to_string(),
        });
    }
    check_time(&books, transfer)?;
    let Some(channel) = Link::load(books.storage)?.channel else {
        return Err(ContractError::NoOpenChannel);
    };
    let packet = CcvPacket::Status(StatusRequest {
        epoch: unit.epoch(),
        denom: ctx.wire_denom(id)?,
        timeout: transfer.timeout(),
    });
    let message = transport::packet(&ctx, &channel, &packet)?;
    unit.asked(books.now().saturating_add(ASK_AGAIN_AFTER))?;
    state::save_unit(books.storage, id, &unit)?;
    books.emit(ctx.unit_event("reconcile", id, unit.epoch()));
    Ok(books.close()?.add_message(message))
}

fn check_time(books: &Books, transfer: &Transfer) -> Result<(), ContractError> {
    let (now, from) = (books.now(), transfer.ask_from());
    if now < from {
        return Err(ContractError::TooEarly { now, from });
    }
    Ok(())
}

/// The message `release`, by the owner: gives a unit up whose coins are here. They join the
/// provider's part of the next block. A transfer to a provider that was replaced is written off, when
/// the time has come to ask about it: nobody is left to ask.
pub(crate) fn release(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    denom: &str,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let (id, unit) = unit_of(&books, denom)?;
    if let Some(transfer) = unit.transfer() {
        if transfer.receiver() != ctx.config.provider.receiver {
            check_time(&books, transfer)?;
            write_off(&mut books, id, &unit)?;
            return books.close();
        }
    }
    unit.check_releasable()?;
    books.transfer(id, Class::Unit, Class::ProviderPending, unit.coins()?)?;
    state::remove_unit(books.storage, id);
    emit_end(&mut books, "release", id, &unit);
    books.close()
}

fn unit_of(books: &Books, denom: &str) -> Result<(DenomId, Unit), ContractError> {
    let id = books.ctx.config.denoms.claimable(denom)?;
    let unit = state::load_unit(books.storage, id)?;
    let unit = unit.ok_or_else(|| ContractError::NoUnit {
        denom: denom.to_string(),
    })?;
    Ok((id, unit))
}

/// The provider has the coins of a unit.
///
/// # Errors
/// Unless its coins are under way.
pub fn delivered(books: &mut Books, denom: DenomId, unit: &Unit) -> Result<(), ContractError> {
    unit.check_sent("delivered")?;
    state::remove_unit(books.storage, denom);
    emit_end(books, "tokens_delivered", denom, unit);
    Ok(())
}

/// The coins of a unit have not arrived and cannot any more. Either they came back without a
/// callback and were split as fees, or they come back later: the callback finds the record.
///
/// # Errors
/// Unless its coins are under way.
pub fn write_off(books: &mut Books, denom: DenomId, unit: &Unit) -> Result<(), ContractError> {
    let record = WrittenOff {
        attempt: unit.attempts(),
        channel: unit.check_sent("written off")?.channel().to_string(),
    };
    WRITTEN_OFF.save(books.storage, &unit_key(denom, unit.epoch()), &record)?;
    state::remove_unit(books.storage, denom);
    emit_end(books, "tokens_written_off", denom, unit);
    Ok(())
}

fn emit_end(books: &mut Books, name: &str, denom: DenomId, unit: &Unit) {
    let event = books
        .ctx
        .unit_event(name, denom, unit.epoch())
        .add_attribute("amount", unit.total().whole_coins().to_string());
    books.emit(event);
}
