//! Answers to packets of the CCV channel.

use ccv::ack::{Ack, TransferStatus, read_status_ack, read_weights_ack};
use ccv::packet::{CcvPacket, StatusRequest};
use ccv::weights::WeightsChunk;
use cosmwasm_std::{
    DepsMut, Env, IbcBasicResponse, IbcPacket, IbcPacketAckMsg, IbcPacketTimeoutMsg,
};
use pool_kit::DenomId;

use crate::ContractError;
use crate::books::Books;
use crate::state::{self, Link};
use crate::unit::Unit;
use crate::{guarded, probe, recovery};

/// Why a packet without an acknowledgement was not taken.
const TIMED_OUT: &str = "it timed out";

/// `ibc_packet_ack`. Never fails.
pub(crate) fn acknowledged(deps: DepsMut, env: &Env, msg: &IbcPacketAckMsg) -> IbcBasicResponse {
    let ack = &msg.acknowledgement.data;
    guarded::run_ibc(deps, env, "acknowledgement", &mut |books| {
        answered(books, &msg.original_packet, Some(ack.as_slice()))
    })
}

/// `ibc_packet_timeout`. Never fails. An ordered channel is closed by now.
pub(crate) fn timed_out(deps: DepsMut, env: &Env, msg: &IbcPacketTimeoutMsg) -> IbcBasicResponse {
    guarded::run_ibc(deps, env, "timeout", &mut |books| {
        answered(books, &msg.packet, None)
    })
}

/// A packet was acknowledged, or timed out without. Only answers on the channel of now count: what
/// went over one before is sent again, and the provider knows it already if it has arrived.
fn answered(
    books: &mut Books,
    packet: &IbcPacket,
    ack: Option<&[u8]>,
) -> Result<(), ContractError> {
    let channel = &packet.src.channel_id;
    if Link::load(books.storage)?.channel.as_ref() != Some(channel) {
        return Err(ContractError::UnknownChannel {
            channel: channel.clone(),
        });
    }
    match CcvPacket::read(&packet.data)? {
        CcvPacket::Weights(chunk) => weights_answered(books, &chunk, ack.map(read_weights_ack)),
        CcvPacket::Status(request) => status_answered(books, &request, ack.map(read_status_ack)),
        CcvPacket::ProbeStatus(request) => {
            let status = match ack.map(read_status_ack) {
                Some(Ack::Success(status)) => Some(status),
                _ => None,
            };
            probe::status_answered(books, &request, status)
        }
    }
}

/// The unit under way of a denom, if it is that epoch.
fn unit_of(books: &Books, denom: &str, epoch: u32) -> Result<(DenomId, Unit), ContractError> {
    let id = books.ctx.config.denoms.claimable(denom)?;
    let unit = state::load_unit(books.storage, id)?.filter(|unit| unit.epoch() == epoch);
    let unit = unit.ok_or_else(|| ContractError::NoSuchUnit {
        denom: denom.to_string(),
        epoch,
    })?;
    Ok((id, unit))
}

fn weights_answered(
    books: &mut Books,
    chunk: &WeightsChunk,
    ack: Option<Ack<()>>,
) -> Result<(), ContractError> {
    let header = chunk.header();
    let (denom, mut unit) = unit_of(books, header.denom.as_str(), header.epoch)?;
    let refusal = match ack {
        Some(Ack::Success(())) => None,
        Some(Ack::Refused { reason } | Ack::Unreadable { reason }) => {
            Some(format!("provider: {reason}"))
        }
        None => Some(TIMED_OUT.to_string()),
    };
    let event = match refusal {
        None => {
            unit.chunk_acked(chunk.chunk())?;
            books
                .ctx
                .unit_event("weights_acknowledged", denom, header.epoch)
        }
        Some(reason) => {
            unit.chunk_refused(chunk.chunk())?;
            books.keep_refusal(denom, &reason)?;
            let event = books.ctx.unit_event("weights_refused", denom, header.epoch);
            event.add_attribute("reason", reason)
        }
    };
    books.emit(event.add_attribute("chunk", chunk.chunk().to_string()));
    Ok(state::save_unit(books.storage, denom, &unit)?)
}

/// The provider's answer about a transfer. It counts only for the attempt that is under way still,
/// which its timeout names.
fn status_answered(
    books: &mut Books,
    request: &StatusRequest,
    ack: Option<Ack<TransferStatus>>,
) -> Result<(), ContractError> {
    let (denom, unit) = unit_of(books, request.denom.as_str(), request.epoch)?;
    let is_current = |timeout| timeout == request.timeout;
    let sent = unit.transfer().map(|transfer| transfer.timeout());
    if !sent.is_some_and(is_current) {
        return Err(ContractError::OtherAttempt {
            denom: request.denom.to_string(),
            epoch: request.epoch,
        });
    }
    let status = match ack {
        Some(Ack::Success(status)) => status,
        // It may be asked again later.
        Some(Ack::Refused { .. } | Ack::Unreadable { .. }) | None => TransferStatus::Pending,
    };
    let event = books
        .ctx
        .unit_event("status", denom, request.epoch)
        .add_attribute("status", status.as_str());
    books.emit(event);
    match status {
        TransferStatus::Arrived => recovery::delivered(books, denom, &unit),
        TransferStatus::Expired => recovery::write_off(books, denom, &unit),
        TransferStatus::Pending => Ok(()),
    }
}
