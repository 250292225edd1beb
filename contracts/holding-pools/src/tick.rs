//! The cursor jobs between a close and the transfer: anyone ticks, or settles a single validator, as the
//! chain's clock does.
//!
//! What is done of a denom is kept whole or not at all: one that cannot be worked on holds up no other.

use ccv::memo::Purpose;
use ccv::packet::CcvPacket;
use ccv::transfer;
use cosmwasm_std::{DepsMut, Env, Response, Storage, SubMsg, WasmMsg};
use pool_kit::events::action;
use pool_kit::{DenomId, paging};

use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{self, Link};
use crate::transport::{self, Outgoing, TokenTransfer, in_seconds};
use crate::unit::{NextJob, Transfer, Unit};
use crate::{ContractError, channel, closing, holdings, probe, recovery, weights};

/// The message `tick`: does at most `limit` units of work (a weight deleted, a validator settled, an
/// entry of a chunk sent, a transfer sent), of which the last job may take more than is left.
///
/// Nothing that the other chain or a client does makes it fail: what cannot be sent is an event and
/// waits for the next due block. The event `tick` says `has_more` when the limit was used up, which
/// another tick finds out.
pub(crate) fn tick(deps: DepsMut, env: Env, limit: Option<u32>) -> Result<Response, ContractError> {
    let limit = paging::limit(limit)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut link = Link::load(books.storage)?;
    let mut left = limit;
    for denom in ctx.config.denoms.ids() {
        let done = books.isolated(denom, &mut |books| work(books, &link, denom, left));
        left = left.saturating_sub(done);
        if left == 0 {
            break;
        }
    }
    if left > 0 {
        probe::ask(&mut books, &mut link)?;
    }
    let event = action("tick")
        .add_attribute("work", limit.saturating_sub(left).to_string())
        .add_attribute("has_more", (left == 0).to_string());
    books.emit(event);
    books.close()
}

/// The message `settle`, by anyone: one step of one closing unit. Chunks and transfers are sent by ticks
/// only, for the gas of a clock call does not carry them.
pub(crate) fn settle(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    for denom in ctx.config.denoms.ids() {
        if books.isolated(denom, &mut |books| settle_one(books, denom)) > 0 {
            break;
        }
    }
    books.close()
}

/// Reply id of the clock's step, which replies only when it fails.
pub const CLOCK_REPLY: u64 = 4;

/// The message `settle`, as it is on the wire.
const SETTLE: &[u8] = br#"{"settle":{}}"#;

/// The chain's clock: sends the message `settle` to this contract while there is something to settle.
/// It writes nothing itself. A clock that runs out of gas may keep what was written so far, and half a
/// step would count twice; a message that fails the chain rolls back, for whatever reason it fails.
pub(crate) fn clock(storage: &dyn Storage, env: &Env) -> Response {
    if !state::is_settling(storage) {
        return Response::new();
    }
    let settle = WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: SETTLE.into(),
        funds: vec![],
    };
    Response::new().add_submessage(SubMsg::reply_on_error(settle, CLOCK_REPLY))
}

/// Does a step of a denom's closing unit, and returns its cost, 0 when there is nothing to settle.
fn settle_one(books: &mut Books, denom: DenomId) -> Result<usize, ContractError> {
    let unit = state::load_unit(books.storage, denom)?;
    let Some(mut unit) = unit.filter(|unit| unit.next_job() == NextJob::Settle) else {
        return Ok(0);
    };
    let cost = settle_step(books, denom, &mut unit, 1)?;
    save(books, denom, &unit)?;
    Ok(cost)
}

/// Does jobs of a denom until nothing is left to do or `limit` is spent, and returns what they cost.
fn work(
    books: &mut Books,
    link: &Link,
    denom: DenomId,
    limit: usize,
) -> Result<usize, ContractError> {
    let Some(mut unit) = state::load_unit(books.storage, denom)? else {
        return Ok(0);
    };
    let before = unit.clone();
    let mut done: usize = 0;
    while done < limit {
        let left = limit.saturating_sub(done);
        let cost = step(books, link, denom, &mut unit, left)?;
        if cost == 0 {
            break;
        }
        done = done.saturating_add(cost);
    }
    if unit != before {
        save(books, denom, &unit)?;
    }
    Ok(done)
}

/// Writes a unit. One that has nothing to send is over.
fn save(books: &mut Books, denom: DenomId, unit: &Unit) -> Result<(), ContractError> {
    if unit.is_void() {
        // All of it went to the provider's part as the remainder.
        state::remove_unit(books.storage, denom);
        return Ok(());
    }
    Ok(state::save_unit(books.storage, denom, unit)?)
}

/// Does the next job of a unit and returns its cost, 0 when there is nothing to do.
fn step(
    books: &mut Books,
    link: &Link,
    denom: DenomId,
    unit: &mut Unit,
    limit: usize,
) -> Result<usize, ContractError> {
    match (unit.next_job(), link.active_channel()) {
        (NextJob::Settle, _) => settle_step(books, denom, unit, limit),
        (NextJob::SendChunk(chunk), Some(channel)) => {
            send_chunk(books, channel, denom, unit, chunk)
        }
        (NextJob::SendTokens, Some(_)) => send_tokens(books, denom, unit),
        (NextJob::SendChunk(_) | NextJob::SendTokens, None) | (NextJob::Wait, _) => Ok(0),
    }
}

/// Settles a validator. When all are settled deletes weights of the epoch before, at most `limit`, and
/// ends the counting when no more are left.
fn settle_step(
    books: &mut Books,
    denom: DenomId,
    unit: &mut Unit,
    limit: usize,
) -> Result<usize, ContractError> {
    if holdings::settle_next(books, denom, unit)? {
        return Ok(1);
    }
    let deleted = weights::clear(books.storage, denom, unit.epoch(), limit);
    if deleted < limit {
        closing::finish(books, denom, unit)?;
    }
    Ok(deleted.max(1))
}

fn send_chunk(
    books: &mut Books,
    channel: &str,
    denom: DenomId,
    unit: &mut Unit,
    place: u32,
) -> Result<usize, ContractError> {
    let chunk = weights::chunk(books.ctx, books.storage, denom, unit, place)?;
    let entries = chunk.entries().len();
    let epoch = unit.epoch();
    let outgoing = Outgoing::Chunk {
        denom,
        epoch,
        chunk: place,
    };
    let packet = CcvPacket::Weights(chunk);
    let message = transport::packet_or_reply(books.ctx, channel, &packet, outgoing)?;
    unit.chunk_sent(place)?;
    books.send(message);
    let event = books.ctx.unit_event("weights_sent", denom, epoch);
    books.emit(
        event
            .add_attribute("chunk", place.to_string())
            .add_attribute("chunks", unit.chunks().to_string()),
    );
    Ok(entries)
}

fn send_tokens(books: &mut Books, denom: DenomId, unit: &mut Unit) -> Result<usize, ContractError> {
    let ctx = books.ctx;
    let epoch = unit.epoch();
    let transfer_channel = &ctx.config.provider.transfer_channel;
    // MsgTransfer takes the name of a channel that it does not know for a client of IBC v2.
    if !channel::is_open(&ctx.chain, transfer_channel, Some(transfer::PORT)) {
        unit.hold()?;
        let reason = format!("transfer channel {transfer_channel} is not open");
        transport::not_sent(books, denom, epoch, "tokens", &reason)?;
        return Ok(1);
    }
    let timeout = in_seconds(ctx, ctx.config.params.transfer_timeout_seconds);
    let ask_from = timeout.seconds().saturating_add(recovery::ASK_AFTER);
    let coins = unit.coins()?;
    let attempt = unit.send(Transfer::new(&ctx.config.provider, timeout, ask_from))?;
    let transfer = TokenTransfer {
        denom: ctx.denom_name(denom),
        coins,
        timeout,
        purpose: Purpose::CcvDistribution {
            epoch,
            denom: ctx.wire_denom(denom)?,
            attempt,
        },
    };
    let outgoing = Outgoing::Tokens {
        denom,
        epoch,
        coins,
    };
    let message = transfer.message(ctx, outgoing)?;
    books.transfer(denom, Class::Unit, Class::InFlight, coins)?;
    books.send(message);
    let event = ctx.unit_event("tokens_sent", denom, epoch);
    books.emit(
        event
            .add_attribute("attempt", attempt.to_string())
            .add_attribute("amount", coins.whole_coins().to_string())
            .add_attribute("timeout", timeout.nanos().to_string()),
    );
    Ok(1)
}
