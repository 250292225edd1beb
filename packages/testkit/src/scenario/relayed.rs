//! What came of a relay.

use serde::Serialize;
use serde_json::Value;

use super::ContractEvent;
use super::outcome::{contract_events, shown};
use crate::wire::{Message, MessageKind, Relayed};

/// A message of a relayer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelayedMessage {
    /// What it says.
    pub message: MessageKind,
    /// The chain that sent the packet.
    pub from: String,
    /// The channel's id there.
    pub channel: String,
    /// The packet's sequence.
    pub sequence: u64,
    /// Whether it was only lost.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// The acknowledgement that was written or brought, as data of a transaction is shown; absent
    /// from a timeout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack: Option<Value>,
    /// Those of contracts, on the chain that got the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<ContractEvent>>,
}

impl From<Relayed> for RelayedMessage {
    fn from(relayed: Relayed) -> Self {
        let Message { packet, kind } = relayed.message;
        let dropped = relayed.dropped;
        let has_ack = !dropped && kind != MessageKind::Timeout;
        Self {
            message: kind,
            from: packet.chain,
            channel: packet.channel,
            sequence: packet.sequence,
            dropped,
            ack: has_ack.then(|| relayed.ack.map_or(Value::Null, shown)),
            events: (!dropped).then(|| contract_events(relayed.events)),
        }
    }
}
