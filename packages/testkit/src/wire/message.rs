//! Names of messages, and what came of them.

use cosmwasm_std::{Binary, Event, IbcPacket};
use serde::{Deserialize, Serialize};

/// Which packet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketId {
    /// The chain that sent it.
    pub chain: String,
    /// From which port.
    pub port: String,
    /// Over which channel, by its id there.
    pub channel: String,
    /// Counted from 1 on each channel.
    pub sequence: u64,
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A packet for its receiver.
    Receive,
    /// The receiver's answer for the sender.
    Acknowledge,
    /// That the packet will never be received, for the sender.
    Timeout,
}

/// One message of a relayer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// Of which packet.
    pub packet: PacketId,
    /// What it says.
    pub kind: MessageKind,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Relayed {
    /// The message.
    pub message: Message,
    /// Whether it was only lost: nothing happened.
    pub dropped: bool,
    /// Whether the chain had had it before: nothing happened.
    pub no_op: bool,
    /// The acknowledgement that was written or brought; none for a timeout.
    pub ack: Option<Binary>,
    /// The events on the chain that got the message.
    pub events: Vec<Event>,
    /// Why a source callback failed, over which the chain passes.
    pub callback_error: Option<String>,
}

impl Relayed {
    pub(super) fn nothing(message: Message) -> Self {
        Self {
            message,
            dropped: false,
            no_op: false,
            ack: None,
            events: Vec::new(),
            callback_error: None,
        }
    }
}

impl PacketId {
    pub(super) fn of(chain: &str, packet: &IbcPacket) -> Self {
        Self {
            chain: chain.to_owned(),
            port: packet.src.port_id.clone(),
            channel: packet.src.channel_id.clone(),
            sequence: packet.sequence,
        }
    }
}
