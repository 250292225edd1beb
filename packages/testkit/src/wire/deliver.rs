//! What a relayer brings to a chain: packets, acknowledgements, timeouts.

use cosmwasm_std::{Binary, IbcEndpoint, IbcPacket, StdError};
use cw_multi_test::AppResponse;

use super::waiting::is_too_late;
use super::{End, Message, MessageKind, PacketId, Relayed, Wire};
use crate::chain::{ChainError, ChainResult};
use crate::ibc::application;
use crate::ibc::packet::{self, Reception};
use crate::ibc::state::{ACKS, ChannelState, SENT, received_key, sent_key};

/// The name of the account that relays, on every chain.
const RELAYER: &str = "relayer";

impl Wire {
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
        Ok(self.channel(end)?.next_send.saturating_sub(1))
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
        let connection = self.channel(&to)?.connection;
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
        if !is_too_late(receiver, packet) && self.channel(&to)?.state != ChannelState::Closed {
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
        let end = self.channel(&from)?;
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
    pub(super) fn ends(&self, chain: &str, packet: &IbcPacket) -> ChainResult<(End, End)> {
        let end = |chain: &str, endpoint: &IbcEndpoint| End {
            chain: chain.to_owned(),
            endpoint: endpoint.clone(),
        };
        let from = end(chain, &packet.src);
        let connection = self.connection(chain, &self.channel(&from)?.connection)?;
        let to = end(&connection.chain, &packet.dest);
        Ok((from, to))
    }
}

fn failed(what: &str, error: impl std::fmt::Display) -> ChainError {
    ChainError::new(format!("{what} failed: {error}"))
}
