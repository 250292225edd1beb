//! Which messages a relayer could bring now.

use cosmwasm_std::{IbcPacket, Order, StdError};

use super::{Message, MessageKind, PacketId, Wire};
use crate::chain::{ChainResult, EmbeddedChain};
use crate::ibc::packet;
use crate::ibc::state::{ACKS, ChannelEnd, ChannelState, SENT, SentPacket, received_key};

impl Wire {
    /// The messages that a chain would take now: the chains by name, and of each the packets that
    /// it has sent, in that order. No packet has two messages waiting.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn waiting(&self) -> ChainResult<Vec<Message>> {
        let mut waiting = Vec::new();
        for (chain, embedded) in &self.chains {
            let mut sent: Vec<SentPacket> = SENT
                .range(embedded.storage(), None, None, Order::Ascending)
                .map(|record| Ok(record?.1))
                .collect::<Result<_, StdError>>()?;
            sent.sort_by_key(|it| it.number);
            for SentPacket { packet, .. } in sent {
                if let Some(kind) = self.kind_waiting(chain, &packet)? {
                    let packet = PacketId::of(chain, &packet);
                    let message = Message { packet, kind };
                    if !self.dropped.contains(&message) {
                        waiting.push(message);
                    }
                }
            }
        }
        Ok(waiting)
    }

    /// Whether a message would be taken now.
    pub(super) fn is_waiting(&self, message: &Message) -> ChainResult<bool> {
        let chain = &message.packet.chain;
        Ok(match self.sent(&message.packet)? {
            Some(packet) => self.kind_waiting(chain, &packet)? == Some(message.kind),
            None => false,
        })
    }

    /// The message of a sent packet that would be taken now.
    fn kind_waiting(&self, chain: &str, packet: &IbcPacket) -> ChainResult<Option<MessageKind>> {
        let (from, to) = self.ends(chain, packet)?;
        let here = self.channel(&from)?;
        let there = self.channel(&to)?;
        let sender_lives = !self.connection(chain, &here.connection)?.client.expired;
        let receiver = self.chain(&to.chain)?;
        if packet::is_received(receiver.storage(), packet)? {
            let acknowledged = ACKS.has(receiver.storage(), received_key(packet));
            let waits = acknowledged && sender_lives && here.state == ChannelState::Open;
            let kind = MessageKind::Acknowledge;
            let comes = |_: &IbcPacket| true;
            let in_turn = waits && self.turn_comes(chain, packet, (&here, kind), comes)?;
            return Ok(in_turn.then_some(kind));
        }
        if is_too_late(receiver, packet) || there.state == ChannelState::Closed {
            return Ok(sender_lives.then_some(MessageKind::Timeout));
        }
        let receiver_lives = !self
            .connection(&to.chain, &there.connection)?
            .client
            .expired;
        let waits = receiver_lives && there.state == ChannelState::Open;
        let kind = MessageKind::Receive;
        let comes = |next: &IbcPacket| !is_too_late(receiver, next);
        let in_turn = waits && self.turn_comes(chain, packet, (&there, kind), comes)?;
        Ok(in_turn.then_some(kind))
    }

    /// Whether the turn of a packet's message can come: on an ordered channel the message that is
    /// next must be there, must not be lost, and its packet must `come`.
    fn turn_comes(
        &self,
        chain: &str,
        packet: &IbcPacket,
        (end, kind): (&ChannelEnd, MessageKind),
        comes: impl FnOnce(&IbcPacket) -> bool,
    ) -> ChainResult<bool> {
        if !end.is_ordered() {
            return Ok(true);
        }
        let next = PacketId {
            sequence: match kind {
                MessageKind::Acknowledge => end.next_ack,
                _ => end.next_receive,
            },
            ..PacketId::of(chain, packet)
        };
        let Some(sent) = self.sent(&next)? else {
            return Ok(false);
        };
        let message = Message { packet: next, kind };
        Ok(comes(&sent) && !self.dropped.contains(&message))
    }
}

/// Whether the time of a packet has passed on the chain that would receive it.
pub(super) fn is_too_late(receiver: &EmbeddedChain, packet: &IbcPacket) -> bool {
    let block = receiver.block();
    packet::elapsed(&packet.timeout, block.height, block.time).is_some()
}
