//! Who gets a packet: the contract of the port, or the transfer module with its callbacks.

use cosmwasm_std::{
    Addr, Binary, IbcAcknowledgement, IbcPacket, IbcPacketAckMsg, IbcPacketReceiveMsg,
    IbcPacketTimeoutMsg, StdError, StdResult, Storage,
};
use cw_multi_test::AppResponse;

use super::ack::StandardAck;
use super::contract::{IbcCall, Refusal};
use super::handshake::contract_of;
use super::host::Host;
use super::{callbacks, transfer};
use crate::chain::ABORTED;

/// Code of the errors of contracts in wasmd.
const CONTRACT_FAILED: u8 = 5;

/// Gives a packet to its application. Its data is the acknowledgement, none for one that comes
/// later.
///
/// # Errors
/// Whatever the application says; the caller takes back what it changed and asks [`refused`].
pub fn receive(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    relayer: &Addr,
) -> StdResult<AppResponse> {
    if let Some(contract) = contract_of(host, &packet.dest)? {
        let message = IbcPacketReceiveMsg::new(packet.clone(), relayer.clone());
        return host.call(storage, contract, &IbcCall::PacketReceive(message));
    }
    let (arrived, mut events) = transfer::receive(host, storage, packet)?;
    let ack = StandardAck::transferred().write()?;
    let called = callbacks::destination(host, storage, packet, (arrived, ack.clone()))?;
    events.extend(called.events);
    Ok(AppResponse {
        events,
        data: Some(ack),
    })
}

/// The acknowledgement of a packet that its application refused with an error.
///
/// # Errors
/// The error itself, when a contract panicked: the chain then knows of no receive at all.
pub fn refused(packet: &IbcPacket, error: &StdError) -> StdResult<Binary> {
    let ack = if packet.dest.port_id == transfer::PORT {
        StandardAck::redacted(&format!("code: {CONTRACT_FAILED}"))
    } else if error.is::<Refusal>() {
        StandardAck::Error(error.as_ref().to_string())
    } else if error.as_ref().to_string().starts_with(ABORTED) {
        return Err(StdError::msg(error.as_ref()));
    } else {
        StandardAck::redacted(&format!("error: wasm/{CONTRACT_FAILED}"))
    };
    ack.write()
}

/// Tells the application of an acknowledgement: a transfer that was refused is refunded.
///
/// # Errors
/// The application's: the acknowledgement then cannot be relayed.
pub fn acknowledge(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    ack: &Binary,
    relayer: &Addr,
) -> StdResult<AppResponse> {
    if let Some(contract) = contract_of(host, &packet.src)? {
        let message = IbcPacketAckMsg::new(
            IbcAcknowledgement::new(ack.clone()),
            packet.clone(),
            relayer.clone(),
        );
        return host.call(storage, contract, &IbcCall::PacketAck(message));
    }
    let events = match StandardAck::read(ack) {
        Some(StandardAck::Result(_)) => Vec::new(),
        Some(StandardAck::Error(_)) => transfer::refund(host, storage, packet)?,
        None => {
            return Err(StdError::msg(
                "cannot unmarshal ICS-20 transfer packet acknowledgement: unknown request",
            ));
        }
    };
    Ok(AppResponse { events, data: None })
}

/// Tells the application that a packet timed out: a transfer is refunded.
///
/// # Errors
/// The application's: the timeout then cannot be relayed.
pub fn time_out(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    relayer: &Addr,
) -> StdResult<AppResponse> {
    if let Some(contract) = contract_of(host, &packet.src)? {
        let message = IbcPacketTimeoutMsg::new(packet.clone(), relayer.clone());
        return host.call(storage, contract, &IbcCall::PacketTimeout(message));
    }
    let events = transfer::refund(host, storage, packet)?;
    Ok(AppResponse { events, data: None })
}

/// Calls back the sender of a transfer, in a transaction of its own whose failure changes nothing:
/// `ack` is `None` after a timeout.
///
/// # Errors
/// The contract's, which the chain passes over.
pub fn call_back(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    ack: Option<&Binary>,
    relayer: &Addr,
) -> StdResult<AppResponse> {
    if packet.src.port_id != transfer::PORT {
        return Ok(AppResponse::default());
    }
    callbacks::source(host, storage, packet, ack, relayer)
}
