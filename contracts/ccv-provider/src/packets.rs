//! What arrives over the CCV channel: weights and questions.
//!
//! A refusal is an error, which the chain writes into the acknowledgement; nothing has changed then.
//! Every packet may come again, and weights in any order.

use ccv::ack::{TransferStatus, status_ack, weights_ack};
use ccv::assembly::{Added, Assembly};
use ccv::packet::{CcvPacket, ProbeStatusRequest, StatusRequest};
use ccv::weights::WeightsChunk;
use chain_types::text::head;
use cosmwasm_std::{
    DepsMut, Env, Event, IbcPacketReceiveMsg, IbcReceiveResponse, Storage, Timestamp,
};
use pool_kit::Chain;
use pool_kit::events::action;

use crate::ContractError;
use crate::arrival::PROBES;
use crate::channel;
use crate::state::{self, Consumer, Status};
use crate::unit::{Unit, Waiting, Weights};
use crate::units::{Stream, UnitKey};

/// A packet from a consumer.
pub fn receive(
    deps: DepsMut,
    env: Env,
    msg: IbcPacketReceiveMsg,
) -> Result<IbcReceiveResponse, ContractError> {
    let id = channel::assert_known(deps.storage, &msg.packet.dest.channel_id)?;
    let now = env.block.time;
    Ok(match CcvPacket::read(&msg.packet.data)? {
        CcvPacket::Weights(chunk) => {
            let chain = Chain::new(deps.querier, &env)?;
            let event = weights(&chain, deps.storage, &id, &chunk)?;
            IbcReceiveResponse::new(weights_ack().to_binary()).add_event(event)
        }
        CcvPacket::Status(request) => {
            let status = unit_status(deps.storage, &id, &request, now)?;
            IbcReceiveResponse::new(status_ack(status).to_binary())
        }
        CcvPacket::ProbeStatus(ProbeStatusRequest { nonce, timeout }) => {
            let last = PROBES.may_load(deps.storage, &id)?;
            let status = transfer_status(last, nonce, timeout, now)?;
            IbcReceiveResponse::new(status_ack(status).to_binary())
        }
    })
}

/// What is to be done with weights.
enum Reception {
    /// They are of a unit that is done, or of one whose place a later one has taken.
    OutOfDate,
    /// They are of a unit whose coins wait for them. That it ends is no new business: the denom may have
    /// been unlisted since the coins came, and the consumer may be in removal.
    Awaited,
    /// They are of a unit whose coins have not come.
    Ahead,
}

fn weights(
    chain: &Chain,
    storage: &mut dyn Storage,
    id: &str,
    chunk: &WeightsChunk,
) -> Result<Event, ContractError> {
    let header = chunk.header();
    let key = UnitKey {
        consumer: id,
        denom: header.denom.as_str(),
        epoch: header.epoch,
    };
    let consumer = state::consumer(storage, id)?;
    if consumer.status == Status::Paused {
        return Err(ContractError::NotActive {
            consumer: id.to_string(),
        });
    }
    let mut stream = Stream::load(storage, id, key.denom)?;
    let event = action("weights")
        .add_attribute("consumer", id)
        .add_attribute("epoch", header.epoch.to_string())
        .add_attribute("denom", key.denom)
        .add_attribute("chunk", chunk.chunk().to_string());
    match reception(storage, &stream, key)? {
        Reception::OutOfDate => return Ok(event.add_attribute("result", "out_of_date")),
        Reception::Awaited => {}
        Reception::Ahead => {
            assert_accepts(&consumer, id, key.denom)?;
            if stream.weights_only != Some(key.epoch) {
                stream.remove_weights_only(storage, id, key.denom);
                stream.weights_only = Some(key.epoch);
                stream.save(storage, id, key.denom)?;
            }
        }
    }
    let result = assemble(chain, storage, key, chunk)?;
    Ok(event.add_attribute("result", result))
}

fn reception(
    storage: &dyn Storage,
    stream: &Stream,
    key: UnitKey,
) -> Result<Reception, ContractError> {
    if stream.last_arrived.is_some_and(|last| key.epoch <= last) {
        let awaited = match key.load(storage)? {
            Some(Unit::Waiting(unit)) => unit.weights().is_none(),
            _ => false,
        };
        return Ok(match awaited {
            true => Reception::Awaited,
            false => Reception::OutOfDate,
        });
    }
    let is_replaced = stream.weights_only.is_some_and(|later| key.epoch < later);
    Ok(match is_replaced {
        true => Reception::OutOfDate,
        false => Reception::Ahead,
    })
}

/// Takes a chunk into what has arrived of its unit.
fn assemble(
    chain: &Chain,
    storage: &mut dyn Storage,
    key: UnitKey,
    chunk: &WeightsChunk,
) -> Result<&'static str, ContractError> {
    let (assembly, is_first) = match key.assembly(storage)? {
        None => (Assembly::new(chunk)?, true),
        Some(mut assembly) => match assembly.add(chunk)? {
            Added::Known => return Ok("known"),
            Added::New => (assembly, false),
        },
    };
    key.save_chunk(storage, &chain.addresses, chunk.chunk(), chunk.entries())?;
    key.save_assembly(storage, &assembly)?;
    let is_complete = assembly.is_complete();
    if is_first || is_complete {
        let mut unit = waiting(storage, key)?;
        if is_complete {
            unit.add_weights(Weights {
                total: assembly.header().total,
                chunks: assembly.header().chunks,
            });
        }
        key.save(storage, &Unit::Waiting(unit))?;
    }
    Ok(if is_complete { "complete" } else { "new" })
}

/// The unit as far as it has arrived. Only for units that are not being processed: those that weights
/// or coins are still accepted for.
pub fn waiting(storage: &dyn Storage, key: UnitKey) -> Result<Waiting, ContractError> {
    Ok(match key.load(storage)? {
        Some(Unit::Waiting(unit)) => unit,
        _ => Waiting::default(),
    })
}

/// Refuses what begins a new unit, unless the consumer is active and lists the denom.
pub fn assert_accepts(consumer: &Consumer, id: &str, denom: &str) -> Result<(), ContractError> {
    if consumer.status != Status::Active {
        return Err(ContractError::NotActive {
            consumer: id.to_string(),
        });
    }
    if !consumer.denoms.iter().any(|listed| listed == denom) {
        return Err(ContractError::UnlistedDenom {
            consumer: id.to_string(),
            denom: head(denom, 128).to_string(),
        });
    }
    Ok(())
}

fn unit_status(
    storage: &dyn Storage,
    id: &str,
    request: &StatusRequest,
    now: Timestamp,
) -> Result<TransferStatus, ContractError> {
    let stream = Stream::load(storage, id, request.denom.as_str())?;
    transfer_status(stream.last_arrived, request.epoch, request.timeout, now)
}

/// The status of a transfer that is numbered by an epoch or a nonce. Numbers only grow, and one is
/// under way at a time: a consumer asks about the last one. Whether an earlier one arrived is not
/// known, and nobody has to know.
fn transfer_status(
    last: Option<u32>,
    number: u32,
    timeout: Timestamp,
    now: Timestamp,
) -> Result<TransferStatus, ContractError> {
    match last.filter(|last| number < *last) {
        Some(last) => Err(ContractError::OutOfDate { number, last }),
        None => Ok(TransferStatus::at(now, timeout, last == Some(number))),
    }
}
