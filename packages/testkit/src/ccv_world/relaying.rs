//! What a relayer brings, loses or brings twice.

use anyhow::{Result, ensure};
use ccv::packet::CcvPacket;
use cosmwasm_std::IbcPacket;

use super::CcvHarness;
use super::action::Side;
use crate::scenario::RelayedMessage;
use crate::wire::{Message, MessageKind, Only, PacketId, Relay, Relayed};

/// What a chain says to a packet of an ordered channel that is not the next.
const OUT_OF_ORDER: &str = "out of order";

/// Names one message.
fn only(message: &Message) -> Only {
    Only {
        from: Some(message.packet.chain.clone()),
        channel: Some(message.packet.channel.clone()),
        sequence: Some(message.packet.sequence),
        message: Some(message.kind),
    }
}

impl CcvHarness {
    /// The messages that wait, in the relayer's order.
    ///
    /// # Errors
    /// When a record of the wire cannot be read.
    pub fn waiting(&self) -> Result<Vec<Message>> {
        Ok(self.suite.wire().waiting()?)
    }

    pub(super) fn relay_nth(&mut self, nth: usize, duplicate: bool) -> Result<()> {
        let waiting = self.waiting()?;
        match pick(&waiting, nth) {
            Some(message) => self.relay_message(message, duplicate),
            None => Ok(()),
        }
    }

    /// Brings one message. Where order is kept one that is not the next is refused, and waits.
    ///
    /// # Errors
    /// When a chain refuses it for anything else.
    pub fn relay_message(&mut self, message: &Message, duplicate: bool) -> Result<()> {
        let done = self.relay_how(Relay {
            only: only(message),
            timeouts: true,
            duplicate,
            ..Relay::default()
        });
        match done {
            Err(error) if error.to_string().contains(OUT_OF_ORDER) => Ok(()),
            done => done,
        }
    }

    /// Brings packets and acknowledgements until none wait, or once each of those that wait now, the
    /// newest first.
    pub(super) fn relay_all(&mut self, reverse: bool) -> Result<()> {
        if !reverse {
            return self.relay_how(Relay::default());
        }
        for message in self.waiting()?.iter().rev() {
            if message.kind != MessageKind::Timeout && self.waiting()?.contains(message) {
                self.relay_message(message, false)?;
            }
        }
        Ok(())
    }

    /// Brings everything, also what has timed out.
    pub(super) fn relay_everything(&mut self) -> Result<()> {
        self.relay_how(Relay {
            timeouts: true,
            ..Relay::default()
        })
    }

    /// Loses a packet or an acknowledgement. That a packet has timed out anybody can say at any time.
    pub(super) fn drop_nth(&mut self, nth: usize) -> Result<()> {
        let mut waiting = self.waiting()?;
        waiting.retain(|it| it.kind != MessageKind::Timeout);
        let Some(message) = pick(&waiting, nth) else {
            return Ok(());
        };
        self.relay_how(Relay {
            only: only(message),
            drop: true,
            ..Relay::default()
        })
    }

    /// Relays. No chain refuses a message that waits, but for its order.
    fn relay_how(&mut self, how: Relay) -> Result<()> {
        // None is sent while others are relayed: contracts here send in messages of their own.
        let sent = self.suite.sent_packets()?;
        for relayed in self.suite.relay(how)? {
            self.relayed(relayed, &sent)?;
        }
        Ok(())
    }

    /// A transfer of holding-pools is over, and its coins have come back or not.
    fn transfer_is_over(&mut self, packet: &IbcPacket, relayed: &Relayed) -> Result<()> {
        let Some(transfer) = self.suite.own_transfer(packet)? else {
            return Ok(());
        };
        let ack = relayed.ack.clone();
        let is_kept = ack.as_ref().is_some_and(|ack| {
            matches!(ccv::ack::read_transfer_ack(ack), ccv::ack::Ack::Success(()))
        });
        if transfer.epoch.is_some() {
            let answered = (packet.clone(), ack);
            self.model.answered.insert(transfer.denom, answered);
        } else if !is_kept {
            self.model.came_back(&transfer.denom, transfer.amount);
        }
        Ok(())
    }

    /// What the provider answers to a question is so.
    fn check_answer(&self, question: &CcvPacket, relayed: &Relayed) -> Result<()> {
        let ack = relayed
            .ack
            .as_ref()
            .map(|ack| ccv::ack::read_status_ack(ack));
        let Some(ccv::ack::Ack::Success(status)) = ack else {
            return Ok(());
        };
        let now = self.suite.chain(Side::Provider).block().time;
        let expected = self.model.registration.status(question, now);
        ensure!(
            expected == Some(status),
            "{question:?} is answered with {status:?}, and {expected:?} is so"
        );
        Ok(())
    }

    fn relayed(&mut self, relayed: Relayed, sent: &[IbcPacket]) -> Result<()> {
        if relayed.dropped {
            return Ok(());
        }
        let message = relayed.message.clone();
        let found = sent.iter().find(|it| is_packet(it, &message.packet));
        if let Some(packet) = found {
            let callback = relayed.callback_error.as_ref().filter(|_| {
                // Who calls back an account that is no contract gets an error.
                self.suite.is_own_transfer(packet)
            });
            ensure!(callback.is_none(), "ibc_source_callback: {callback:?}");
            let is_first = !relayed.no_op;
            let chunk = match self.suite.read_ccv(packet)? {
                Some(CcvPacket::Weights(chunk)) => Some(chunk),
                Some(question) if is_first && message.kind == MessageKind::Receive => {
                    self.check_answer(&question, &relayed)?;
                    None
                }
                _ => None,
            };
            if is_first && message.kind != MessageKind::Receive {
                self.transfer_is_over(packet, &relayed)?;
            }
            let ack = relayed.ack.as_ref();
            let taken = ack.is_some_and(|ack| {
                matches!(ccv::ack::read_weights_ack(ack), ccv::ack::Ack::Success(()))
            });
            if let Some(chunk) = chunk.filter(|_| taken && message.kind == MessageKind::Acknowledge)
            {
                self.model.chunk_acked(&chunk, &message.packet.channel);
            }
        }
        let sent_by_consumer = message.packet.chain == Side::Consumer.chain();
        let got_by_receiver = message.kind == MessageKind::Receive;
        let side = match sent_by_consumer == got_by_receiver {
            true => Side::Provider,
            false => Side::Consumer,
        };
        let events = RelayedMessage::from(relayed).events.unwrap_or_default();
        self.observe_events(side, &events).map(drop)
    }
}

fn pick(waiting: &[Message], nth: usize) -> Option<&Message> {
    let place = nth.checked_rem(waiting.len())?;
    waiting.get(place)
}

fn is_packet(packet: &IbcPacket, id: &PacketId) -> bool {
    let PacketId {
        chain,
        port,
        channel,
        sequence,
    } = id;
    chain == Side::Consumer.chain()
        && packet.src.port_id == *port
        && packet.src.channel_id == *channel
        && packet.sequence == *sequence
}
