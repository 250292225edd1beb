//! Contracts that a transfer's memo names: the callbacks middleware of ibc-go with wasmd.

use cosmwasm_std::{
    Addr, Api, Binary, IbcAckCallbackMsg, IbcAcknowledgement, IbcDestinationCallbackMsg, IbcPacket,
    IbcSourceCallbackMsg, IbcTimeoutCallbackMsg, IbcTransferCallback, StdError, StdResult, Storage,
};
use cw_multi_test::AppResponse;
use serde_json::Value;

use super::contract::IbcCall;
use super::host::Host;
use super::transfer::TransferData;

/// The key of a memo that names the contract to call on the sending chain.
const SOURCE: &str = "src_callback";
/// The key of a memo that names the contract to call on the receiving chain.
const DESTINATION: &str = "dest_callback";

/// The address that a memo names, if it names any.
///
/// # Errors
/// When it asks for a callback without a good address, gas limit or data.
fn requested(memo: &str, key: &str) -> StdResult<Option<String>> {
    let memo: Option<Value> = serde_json::from_str(memo).ok();
    let callback = memo.as_ref().and_then(|memo| memo.get(key)?.as_object());
    let Some(callback) = callback else {
        return Ok(None);
    };
    let text = |key: &str| match callback.get(key) {
        None => Some(""),
        Some(value) => value.as_str(),
    };
    let is_number = |text: &str| text.is_empty() || text.parse::<u64>().is_ok();
    let is_hex =
        |text: &str| text.len().is_multiple_of(2) && text.chars().all(|it| it.is_ascii_hexdigit());
    let address = text("address").filter(|it| !it.trim().is_empty());
    match (address, text("gas_limit"), text("calldata")) {
        (Some(address), Some(gas), Some(data)) if is_number(gas) && is_hex(data) => {
            Ok(Some(address.to_owned()))
        }
        _ => Err(StdError::msg("invalid callback data")),
    }
}

/// Only the contract that sends a packet may ask for calls back to itself.
fn sender_only(api: &dyn Api, address: &str, data: &TransferData) -> StdResult<Addr> {
    let contract = api.addr_validate(address)?;
    if contract.as_str() != data.sender {
        return Err(StdError::msg(format!(
            "contract address {contract} does not match packet sender {}: \
             execute wasm contract failed",
            data.sender
        )));
    }
    Ok(contract)
}

/// Refuses to send a transfer whose callbacks could never be made.
///
/// # Errors
/// When its memo asks for a source callback that is malformed or of somebody else.
pub fn check_sent(host: &dyn Host, data: &TransferData) -> StdResult<()> {
    if !host.has_callbacks() {
        return Ok(());
    }
    match requested(&data.memo, SOURCE)? {
        Some(address) => sender_only(host.api(), &address, data).map(drop),
        None => Ok(()),
    }
}

/// Calls the contract that a transfer's memo names at its destination, after the coins came.
///
/// # Errors
/// The contract's; the transfer is then refused.
pub fn destination(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    arrived: (IbcTransferCallback, Binary),
) -> StdResult<AppResponse> {
    let data = TransferData::read(&packet.data)?;
    if !host.has_callbacks() {
        return Ok(AppResponse::default());
    }
    let Some(address) = requested(&data.memo, DESTINATION)? else {
        return Ok(AppResponse::default());
    };
    let contract = host.api().addr_validate(&address)?;
    let (transfer, ack) = arrived;
    let call = IbcDestinationCallbackMsg {
        packet: packet.clone(),
        ack: IbcAcknowledgement::new(ack),
        transfer: Some(transfer),
    };
    host.call(storage, contract, &IbcCall::DestinationCallback(call))
}

/// Calls the contract that a transfer's memo names at its source: `ack` is `None` after a timeout.
///
/// # Errors
/// The contract's; the caller takes back what the call changed, and nothing else.
pub fn source(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
    ack: Option<&Binary>,
    relayer: &Addr,
) -> StdResult<AppResponse> {
    let data = TransferData::read(&packet.data)?;
    if !host.has_callbacks() {
        return Ok(AppResponse::default());
    }
    let Some(address) = requested(&data.memo, SOURCE)? else {
        return Ok(AppResponse::default());
    };
    let contract = sender_only(host.api(), &address, &data)?;
    let (packet, relayer) = (packet.clone(), relayer.clone());
    let call = match ack {
        Some(ack) => IbcSourceCallbackMsg::Acknowledgement(IbcAckCallbackMsg::new(
            IbcAcknowledgement::new(ack.clone()),
            packet,
            relayer,
        )),
        None => IbcSourceCallbackMsg::Timeout(IbcTimeoutCallbackMsg::new(packet, relayer)),
    };
    host.call(storage, contract, &IbcCall::SourceCallback(call))
}
