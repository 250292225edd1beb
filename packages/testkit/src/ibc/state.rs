//! What a chain's IBC modules remember, in the chain's storage.

use std::fmt;

use cosmwasm_std::{
    Binary, IbcChannel, IbcEndpoint, IbcOrder, IbcPacket, StdError, StdResult, Storage, Timestamp,
};
use cw_storage_plus::{Item, Map};
use serde::{Deserialize, Serialize};

/// Connections by id.
pub const CONNECTIONS: Map<&str, Connection> = Map::new("ibc_connections");
/// Ends of channels by port and channel.
pub const CHANNELS: Map<(&str, &str), ChannelEnd> = Map::new("ibc_channels");
/// Packets that were sent and neither acknowledged nor timed out, by port, channel and sequence.
pub const SENT: Map<(&str, &str, u64), SentPacket> = Map::new("ibc_sent");
/// Acknowledgements that were written, by port, channel and sequence of the receiving end.
pub const ACKS: Map<(&str, &str, u64), Binary> = Map::new("ibc_acks");
/// Packets that an unordered channel has received.
pub const RECEIPTS: Map<(&str, &str, u64), bool> = Map::new("ibc_receipts");
/// The paths of vouchers by denom.
pub const TRACES: Map<&str, String> = Map::new("ibc_traces");
/// How many connections this chain has had.
pub const CONNECTION_COUNT: Item<u64> = Item::new("ibc_connection_count");
/// How many channels this chain has had.
pub const CHANNEL_COUNT: Item<u64> = Item::new("ibc_channel_count");
/// How many packets this chain has sent.
pub const SENT_COUNT: Item<u64> = Item::new("ibc_sent_count");

/// A connection, and the light client below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The light client of the other chain.
    pub client: Client,
    /// The name of the other chain.
    pub chain: String,
    /// The connection's id there.
    pub counterparty: String,
}

/// A light client: what a chain knows of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// `07-tendermint-N`.
    pub id: String,
    /// The height of the newest block that it knows.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
    /// Whether it is of no use any more.
    pub expired: bool,
}

impl Client {
    /// `Active` or `Expired`.
    pub fn status(&self) -> &'static str {
        if self.expired { "Expired" } else { "Active" }
    }
}

/// An end of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelEnd {
    /// How far the handshake is.
    pub state: ChannelState,
    /// Whether packets keep their order.
    pub order: IbcOrder,
    /// The other end; its channel is empty before it is known.
    pub counterparty: IbcEndpoint,
    /// Below the channel, on this chain.
    pub connection: String,
    /// What both sides have agreed to speak.
    pub version: String,
    /// The sequence of the next packet that is sent.
    pub next_send: u64,
    /// The sequence of the next packet that an ordered channel receives.
    pub next_receive: u64,
    /// The sequence of the next packet whose acknowledgement an ordered channel takes.
    pub next_ack: u64,
}

/// How far the handshake of an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// This end began.
    Init,
    /// This end answered.
    TryOpen,
    /// Packets go.
    Open,
    /// No packets go any more.
    Closed,
}

impl fmt::Display for ChannelState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Init => "STATE_INIT",
            Self::TryOpen => "STATE_TRYOPEN",
            Self::Open => "STATE_OPEN",
            Self::Closed => "STATE_CLOSED",
        })
    }
}

/// A packet of which the sender still waits to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPacket {
    /// How many packets the chain had sent before, over all channels.
    pub number: u64,
    /// The packet.
    pub packet: IbcPacket,
}

impl ChannelEnd {
    /// The end at `endpoint` as contracts see it.
    pub fn shown(&self, endpoint: IbcEndpoint) -> IbcChannel {
        IbcChannel::new(
            endpoint,
            self.counterparty.clone(),
            self.order.clone(),
            self.version.clone(),
            self.connection.clone(),
        )
    }

    /// Refuses an end that is not open.
    ///
    /// # Errors
    /// When it is not open.
    pub fn must_be_open(&self) -> StdResult<()> {
        if self.state == ChannelState::Open {
            return Ok(());
        }
        Err(StdError::msg(format!(
            "channel is not OPEN (got {}): invalid channel state",
            self.state
        )))
    }

    /// Whether packets keep their order.
    pub fn is_ordered(&self) -> bool {
        self.order == IbcOrder::Ordered
    }
}

/// The end of a channel.
///
/// # Errors
/// When there is none.
pub fn channel(storage: &dyn Storage, endpoint: &IbcEndpoint) -> StdResult<ChannelEnd> {
    let IbcEndpoint {
        port_id,
        channel_id,
    } = endpoint;
    CHANNELS
        .may_load(storage, (port_id, channel_id))?
        .ok_or_else(|| {
            StdError::msg(format!(
                "port ID ({port_id}) channel ID ({channel_id}): channel not found"
            ))
        })
}

/// Replaces the end of a channel.
pub fn save_channel(
    storage: &mut dyn Storage,
    endpoint: &IbcEndpoint,
    end: &ChannelEnd,
) -> StdResult<()> {
    CHANNELS.save(storage, (&endpoint.port_id, &endpoint.channel_id), end)
}

/// A connection.
///
/// # Errors
/// When there is none.
pub fn connection(storage: &dyn Storage, id: &str) -> StdResult<Connection> {
    CONNECTIONS
        .may_load(storage, id)?
        .ok_or_else(|| StdError::msg(format!("{id}: connection not found")))
}

/// Counts one more, and returns how many there were.
pub fn count(storage: &mut dyn Storage, counter: &Item<u64>) -> StdResult<u64> {
    let before = counter.may_load(storage)?.unwrap_or_default();
    counter.save(storage, &before.saturating_add(1))?;
    Ok(before)
}

/// The key of a packet at its sender.
pub fn sent_key(packet: &IbcPacket) -> (&str, &str, u64) {
    (&packet.src.port_id, &packet.src.channel_id, packet.sequence)
}

/// The key of a packet at its receiver.
pub fn received_key(packet: &IbcPacket) -> (&str, &str, u64) {
    (
        &packet.dest.port_id,
        &packet.dest.channel_id,
        packet.sequence,
    )
}
