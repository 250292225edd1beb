//! ICS-20: coins over channels between the ports `transfer`.

use ccv::denom::DenomTrace;
use cosmwasm_std::{
    Addr, Api, Binary, CanonicalAddr, Coin, Event, IbcEndpoint, IbcPacket, IbcTimeout,
    IbcTransferCallback, StdError, StdResult, Storage, Uint256, from_json,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use ccv::transfer::PORT;

use super::ack::go_json;
use super::host::Host;
use super::state::{CHANNELS, TRACES};
use super::{callbacks, packet};
use crate::chain::NAME_BYTES;

/// What its channels speak.
pub const VERSION: &str = "ics20-1";
/// How long a memo may be, in bytes.
const MAX_MEMO: usize = 32_768;

/// The data of a packet, in the order in which ibc-go writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferData {
    /// The path of the denom, as the sending chain knows it.
    pub denom: String,
    /// In base units.
    pub amount: Uint256,
    /// An address of the sending chain.
    pub sender: String,
    /// An address of the receiving chain.
    pub receiver: String,
    /// Left out when it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
}

impl TransferData {
    /// Reads the data of a packet.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(data: &Binary) -> StdResult<Self> {
        from_json(data)
    }
}

/// A transfer that somebody asks for.
pub struct Transfer {
    /// Whose coins.
    pub sender: Addr,
    /// Over which channel.
    pub channel_id: String,
    /// To whom on the other chain.
    pub receiver: String,
    /// How much.
    pub coin: Coin,
    /// Until when, on the other chain.
    pub timeout: IbcTimeout,
    /// For whoever reads it there.
    pub memo: String,
}

/// Sends coins, and returns the packet's sequence.
///
/// # Errors
/// When the coins are not there, the packet cannot be sent, or its callback could never be made.
pub fn send(
    host: &dyn Host,
    storage: &mut dyn Storage,
    transfer: Transfer,
) -> StdResult<(u64, Vec<Event>)> {
    let Transfer {
        sender,
        channel_id,
        receiver,
        coin,
        timeout,
        memo,
    } = transfer;
    if receiver.trim().is_empty() || memo.len() > MAX_MEMO {
        return Err(StdError::msg("invalid receiver or memo"));
    }
    if coin.amount.is_zero() {
        return Err(StdError::msg(
            "amount must be strictly positive: got 0: invalid token amount",
        ));
    }
    let from = IbcEndpoint {
        port_id: PORT.to_owned(),
        channel_id,
    };
    if !CHANNELS.has(storage, (PORT, &from.channel_id)) {
        // What ibc-go takes for a client of IBC v2.
        return Err(StdError::msg(format!(
            "counterparty not found for client: {}: counterparty not found",
            from.channel_id
        )));
    }
    let trace = trace(storage, &coin.denom)?;
    let events = take(host, storage, &sender, &from, (&trace, coin.clone()))?;
    let data = TransferData {
        denom: trace.to_string(),
        amount: coin.amount,
        sender: sender.into_string(),
        receiver,
        memo,
    };
    let sequence = packet::send(storage, from, timeout, go_json(&data)?.into_bytes().into())?;
    callbacks::check_sent(host, &data)?;
    Ok((sequence, events))
}

/// Takes coins from their sender: vouchers that go back over the channel they came by are
/// destroyed, anything else waits in the channel's escrow.
fn take(
    host: &dyn Host,
    storage: &mut dyn Storage,
    sender: &Addr,
    from: &IbcEndpoint,
    (trace, coin): (&DenomTrace, Coin),
) -> StdResult<Vec<Event>> {
    let escrow = escrow(host.api(), from)?;
    if goes_home(trace, from) {
        host.burn(storage, sender, coin)?;
        return Ok(Vec::new());
    }
    host.pay(storage, sender, &escrow, coin)
}

/// Gives the coins of a packet to its receiver, and says what came.
///
/// # Errors
/// When the receiver is no address of this chain or is blocked, or the escrow has not as much.
pub fn receive(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
) -> StdResult<(IbcTransferCallback, Vec<Event>)> {
    let data = TransferData::read(&packet.data)?;
    let receiver = host.api().addr_validate(&data.receiver)?;
    let sent = read_trace(&data.denom)?;
    let arrived = sent.received(&packet.src, &packet.dest);
    let coin = Coin::new(data.amount, arrived.local_denom());
    let events = if goes_home(&sent, &packet.src) {
        let escrow = escrow(host.api(), &packet.dest)?;
        host.pay(storage, &escrow, &receiver, coin.clone())?
    } else {
        TRACES.save(storage, &coin.denom, &arrived.to_string())?;
        pay_new(host, storage, &receiver, coin.clone())?
    };
    let arrived = IbcTransferCallback {
        sender: data.sender,
        receiver,
        funds: vec![coin],
    };
    Ok((arrived, events))
}

/// Gives the coins of a packet back to its sender.
///
/// # Errors
/// When the sender is blocked.
pub fn refund(
    host: &dyn Host,
    storage: &mut dyn Storage,
    packet: &IbcPacket,
) -> StdResult<Vec<Event>> {
    let data = TransferData::read(&packet.data)?;
    let sender = host.api().addr_validate(&data.sender)?;
    let trace = read_trace(&data.denom)?;
    let coin = Coin::new(data.amount, trace.local_denom());
    if goes_home(&trace, &packet.src) {
        return pay_new(host, storage, &sender, coin);
    }
    let escrow = escrow(host.api(), &packet.src)?;
    host.pay(storage, &escrow, &sender, coin)
}

/// Makes coins and pays them, so that a blocked receiver and hooks count.
fn pay_new(
    host: &dyn Host,
    storage: &mut dyn Storage,
    to: &Addr,
    coin: Coin,
) -> StdResult<Vec<Event>> {
    let module = address(host.api(), &Sha256::digest(PORT))?;
    host.mint(storage, &module, coin.clone())?;
    host.pay(storage, &module, to, coin)
}

/// Whether a coin goes back to the chain from which it came over the channel of this end.
fn goes_home(trace: &DenomTrace, from: &IbcEndpoint) -> bool {
    let hop = format!("{}/{}/", from.port_id, from.channel_id);
    trace.to_string().starts_with(&hop)
}

/// The trace of a denom of this chain.
fn trace(storage: &dyn Storage, denom: &str) -> StdResult<DenomTrace> {
    if !denom.starts_with("ibc/") {
        return read_trace(denom);
    }
    match TRACES.may_load(storage, denom)? {
        Some(path) => read_trace(&path),
        None => Err(StdError::msg(format!("{denom}: denomination not found"))),
    }
}

fn read_trace(path: &str) -> StdResult<DenomTrace> {
    DenomTrace::read(path).map_err(|error| StdError::msg(error.to_string()))
}

/// The account that keeps what left over a channel.
///
/// # Errors
/// When the chain has no such address.
pub fn escrow(api: &dyn Api, end: &IbcEndpoint) -> StdResult<Addr> {
    let mut hash = Sha256::new();
    hash.update(VERSION);
    hash.update([0]);
    hash.update(format!("{}/{}", end.port_id, end.channel_id));
    address(api, &hash.finalize())
}

fn address(api: &dyn Api, hash: &[u8]) -> StdResult<Addr> {
    let bytes: Vec<u8> = hash.iter().take(NAME_BYTES).copied().collect();
    api.addr_humanize(&CanonicalAddr::from(bytes))
}
