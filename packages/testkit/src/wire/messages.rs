//! What a relayer brings to a chain: packets, acknowledgements, timeouts.

use cosmwasm_std::{Binary, Event, IbcEndpoint, IbcPacket, Order, StdError};
use cw_multi_test::AppResponse;
use serde::{Deserialize, Serialize};

use super::{End, Wire};
use crate::chain::{ChainError, ChainResult, EmbeddedChain};
use crate::ibc::application;
use crate::ibc::packet::{self, Reception};
use crate::ibc::state::{ACKS, ChannelEnd, ChannelState, SENT, SentPacket, received_key, sent_key};

/// The name of the account that relays, on every chain.
const RELAYER: &str = "relayer";

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
    fn of(chain: &str, packet: &IbcPacket) -> Self {
        Self {
            chain: chain.to_owned(),
            port: packet.src.port_id.clone(),
            channel: packet.src.channel_id.clone(),
            sequence: packet.sequence,
        }
    }
}

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
        let here = self.end(&from)?;
        let there = self.end(&to)?;
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

    /// A packet that was sent and neither acknowledged nor timed out.
    ///
    /// # Errors
    /// When there is no such chain.
    pub fn sent(&self, id: &PacketId) -> ChainResult<Option<IbcPacket>> {
        let storage = self.chain(&id.chain)?.storage();
        let sent = SENT.may_load(storage, (&id.port, &id.channel, id.sequence))?;
        Ok(sent.map(|it| it.packet))
    }

    /// The sequence of the last packet that an end has sent, 0 before the first.
    ///
    /// # Errors
    /// When there is no such end.
    pub fn last_sequence(&self, end: &End) -> ChainResult<u64> {
        Ok(self.end(end)?.next_send.saturating_sub(1))
    }

    /// The acknowledgement that the receiver of a packet has written.
    ///
    /// # Errors
    /// When there is no such channel.
    pub fn written_ack(&self, chain: &str, packet: &IbcPacket) -> ChainResult<Option<Binary>> {
        let (_, to) = self.ends(chain, packet)?;
        Ok(ACKS.may_load(self.chain(&to.chain)?.storage(), received_key(packet))?)
    }

    /// Relays one message.
    ///
    /// # Errors
    /// When it is none of a packet that still waits for something, or the chain refuses it.
    pub fn relay_one(&mut self, message: &Message) -> ChainResult<Relayed> {
        let chain = message.packet.chain.as_str();
        let gone = || ChainError::new("packet commitment not found");
        let packet = self.sent(&message.packet)?.ok_or_else(gone)?;
        self.deliver(chain, &packet, message.kind)
    }

    /// Brings a packet's message to the chain that is to get it.
    pub(super) fn deliver(
        &mut self,
        chain: &str,
        packet: &IbcPacket,
        kind: MessageKind,
    ) -> ChainResult<Relayed> {
        match kind {
            MessageKind::Receive => self.receive(chain, packet),
            MessageKind::Timeout => self.time_out(chain, packet),
            MessageKind::Acknowledge => {
                let missing = || ChainError::new("packet acknowledgement verification failed");
                let ack = self.written_ack(chain, packet)?.ok_or_else(missing)?;
                self.acknowledge(chain, packet, &ack)
            }
        }
    }

    /// Brings a packet that `chain` has sent to its receiver. An error of the receiver goes into the
    /// acknowledgement.
    ///
    /// # Errors
    /// When the packet was not sent so, comes too late or out of order, its channel is not open,
    /// the receiver's client has expired, or the receiver panics.
    pub fn receive(&mut self, chain: &str, packet: &IbcPacket) -> ChainResult<Relayed> {
        let (_, to) = self.ends(chain, packet)?;
        let connection = self.end(&to)?.connection;
        self.update_client(&to.chain, &connection)?;
        let id = PacketId::of(chain, packet);
        if self.sent(&id)?.as_ref() != Some(packet) {
            return Err(failed(
                "receive packet verification",
                "packet commitment verification failed",
            ));
        }
        let mut relayed = Relayed::nothing(Message {
            packet: id,
            kind: MessageKind::Receive,
        });
        let receiver = self.chain_mut(&to.chain)?;
        let before = receiver.snapshot();
        let reception = receiver
            .ibc(|host, storage| packet::receive(storage, host.block(), packet))
            .map_err(|error| failed("receive packet verification", ChainError::from(error)))?;
        if matches!(reception, Reception::NoOp) {
            relayed.no_op = true;
            return Ok(relayed);
        }
        let relayer = receiver.account(RELAYER);
        let done =
            receiver.ibc(|host, storage| application::receive(host, storage, packet, &relayer));
        let ack = match done {
            Ok(AppResponse { events, data }) => {
                relayed.events = events;
                Ok(data)
            }
            Err(error) => application::refused(packet, &error).map(Some),
        };
        let written = ack.and_then(|ack| {
            if let Some(ack) = &ack {
                receiver.ibc(|_, storage| packet::write_ack(storage, packet, ack))?;
            }
            Ok(ack)
        });
        match written {
            Ok(ack) => relayed.ack = ack,
            Err(error) => {
                receiver.restore(&before);
                return Err(failed("receive packet callback", ChainError::from(error)));
            }
        }
        Ok(relayed)
    }

    /// Brings the receiver's acknowledgement to the chain that has sent a packet.
    ///
    /// # Errors
    /// When the receiver has not written it so, it comes out of order, it is not as ibc-go writes
    /// it, the channel is not open, the client has expired, or the sender refuses it.
    pub fn acknowledge(
        &mut self,
        chain: &str,
        packet: &IbcPacket,
        ack: &Binary,
    ) -> ChainResult<Relayed> {
        let mut relayed = self.begin_answer(chain, packet, MessageKind::Acknowledge)?;
        if relayed.no_op {
            return Ok(relayed);
        }
        let is_written = self.written_ack(chain, packet)?.as_ref() == Some(ack);
        let sender = self.chain_mut(chain)?;
        let relayer = sender.account(RELAYER);
        let done = sender.ibc(|host, storage| {
            packet::acknowledge(storage, packet, ack)?;
            if !is_written {
                let error = "packet acknowledgement verification failed";
                return Err(StdError::msg(error));
            }
            application::acknowledge(host, storage, packet, ack, &relayer)
        });
        relayed.events = done
            .map_err(|error| failed("acknowledge packet", ChainError::from(error)))?
            .events;
        relayed.ack = Some(ack.clone());
        self.call_back(chain, packet, &mut relayed)?;
        Ok(relayed)
    }

    /// Tells the chain that has sent a packet that it will never be received: its time has passed
    /// on the other chain, or the other end is closed.
    ///
    /// # Errors
    /// When neither is so or it was received, the client has expired, or the sender refuses it.
    pub fn time_out(&mut self, chain: &str, packet: &IbcPacket) -> ChainResult<Relayed> {
        let mut relayed = self.begin_answer(chain, packet, MessageKind::Timeout)?;
        if relayed.no_op {
            return Ok(relayed);
        }
        let what = "timeout packet";
        let (_, to) = self.ends(chain, packet)?;
        let receiver = self.chain(&to.chain)?;
        if packet::is_received(receiver.storage(), packet)? {
            return Err(failed(what, "packet already received"));
        }
        if !is_too_late(receiver, packet) && self.end(&to)?.state != ChannelState::Closed {
            return Err(failed(
                what,
                "packet timeout not reached: timeout not reached",
            ));
        }
        let sender = self.chain_mut(chain)?;
        let relayer = sender.account(RELAYER);
        let done = sender.ibc(|host, storage| {
            packet::time_out(storage, packet)?;
            application::time_out(host, storage, packet, &relayer)
        });
        relayed.events = done
            .map_err(|error| failed(what, ChainError::from(error)))?
            .events;
        self.call_back(chain, packet, &mut relayed)?;
        Ok(relayed)
    }

    /// What every answer to a sender begins with: it is of no use when the sender has had one.
    fn begin_answer(
        &mut self,
        chain: &str,
        packet: &IbcPacket,
        kind: MessageKind,
    ) -> ChainResult<Relayed> {
        let (from, _) = self.ends(chain, packet)?;
        let end = self.end(&from)?;
        self.update_client(chain, &end.connection)?;
        let message = Message {
            packet: PacketId::of(chain, packet),
            kind,
        };
        let mut relayed = Relayed::nothing(message);
        if kind == MessageKind::Acknowledge {
            end.must_be_open()?;
        }
        relayed.no_op = !SENT.has(self.chain(chain)?.storage(), sent_key(packet));
        Ok(relayed)
    }

    /// The source callback, whose failure changes nothing.
    fn call_back(
        &mut self,
        chain: &str,
        packet: &IbcPacket,
        relayed: &mut Relayed,
    ) -> ChainResult<()> {
        let sender = self.chain_mut(chain)?;
        let relayer = sender.account(RELAYER);
        let ack = relayed.ack.as_ref();
        let done = sender
            .ibc(|host, storage| application::call_back(host, storage, packet, ack, &relayer));
        match done {
            Ok(response) => relayed.events.extend(response.events),
            Err(error) => relayed.callback_error = Some(ChainError::from(error).to_string()),
        }
        Ok(())
    }

    /// The two ends of a packet that `chain` has sent.
    fn ends(&self, chain: &str, packet: &IbcPacket) -> ChainResult<(End, End)> {
        let end = |chain: &str, endpoint: &IbcEndpoint| End {
            chain: chain.to_owned(),
            endpoint: endpoint.clone(),
        };
        let from = end(chain, &packet.src);
        let connection = self.connection(chain, &self.end(&from)?.connection)?;
        let to = end(&connection.chain, &packet.dest);
        Ok((from, to))
    }
}

/// Whether the time of a packet has passed on the chain that would receive it.
fn is_too_late(receiver: &EmbeddedChain, packet: &IbcPacket) -> bool {
    let block = receiver.block();
    packet::elapsed(&packet.timeout, block.height, block.time).is_some()
}

fn failed(what: &str, error: impl std::fmt::Display) -> ChainError {
    ChainError::new(format!("{what} failed: {error}"))
}
