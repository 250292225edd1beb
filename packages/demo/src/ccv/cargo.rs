//! What a relayer has in hand.

use anyhow::{Context as _, Result, anyhow};
use ccv::ack::{Ack, read_status_ack, read_transfer_ack, read_weights_ack};
use ccv::memo::{Purpose, TransferMemo};
use ccv::packet::CcvPacket;
use ccv::transfer::{self, TransferData};
use cosmwasm_std::IbcPacket;
use testkit::wire::{Message, MessageKind, Wire};

use super::story::Loss;

/// What a packet is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Some of a unit's weights.
    Weights,
    /// A question what became of a unit's coins.
    Question,
    /// A unit's coins.
    Coins,
}

/// A message, and what is in it.
#[derive(Clone, Debug)]
pub struct Cargo {
    /// The message.
    pub message: Message,
    /// The packet that it is about.
    pub packet: IbcPacket,
    /// What is in the packet.
    pub content: Content,
    /// Of which unit, such as `stake 3`.
    pub unit: String,
}

impl Cargo {
    /// Looks into a message that waits.
    ///
    /// # Errors
    /// When it is about something that no unit has.
    pub fn of(wire: &Wire, message: &Message) -> Result<Self> {
        let packet = wire.sent(&message.packet)?.context("no such packet")?;
        let (content, denom, epoch) = content(&packet)?;
        Ok(Self {
            message: message.clone(),
            packet,
            content,
            unit: unit_name(&denom, epoch),
        })
    }

    /// Whether this is what is to be lost.
    pub fn is(&self, loss: Loss) -> bool {
        let (content, kind) = match loss {
            Loss::Weights => (Content::Weights, MessageKind::Receive),
            Loss::Coins => (Content::Coins, MessageKind::Receive),
            Loss::Answer => (Content::Coins, MessageKind::Acknowledge),
        };
        self.content == content && self.message.kind == kind
    }

    /// Whether it goes over the channel of the weights.
    pub fn is_of_weights_channel(&self) -> bool {
        self.content != Content::Coins
    }

    /// What it is called.
    pub fn name(&self) -> String {
        let packet = match self.content {
            Content::Weights => "weights of",
            Content::Question => "question about",
            Content::Coins => "coins of",
        };
        let unit = &self.unit;
        match self.message.kind {
            MessageKind::Receive => format!("{packet} {unit}"),
            MessageKind::Acknowledge => format!("answer to {packet} {unit}"),
            MessageKind::Timeout => format!("{packet} {unit} timed out"),
        }
    }

    /// What the receiver wrote back; none before it did.
    ///
    /// # Errors
    /// When there is no such channel.
    pub fn answer(&self, wire: &Wire) -> Result<Option<Answer>> {
        let Some(ack) = wire.written_ack(&self.message.packet.chain, &self.packet)? else {
            return Ok(None);
        };
        let done = |()| Answer::Done;
        Ok(match self.content {
            Content::Coins => answer(read_transfer_ack(&ack), done),
            Content::Weights => answer(read_weights_ack(&ack), done),
            Content::Question => answer(read_status_ack(&ack), |it| Answer::Status(it.as_str())),
        })
    }
}

/// What a receiver wrote back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It did what was asked.
    Done,
    /// What became of coins.
    Status(&'static str),
    /// It refused, for this reason.
    Refused(String),
}

fn answer<T>(ack: Ack<T>, success: impl FnOnce(T) -> Answer) -> Option<Answer> {
    match ack {
        Ack::Success(it) => Some(success(it)),
        Ack::Refused { reason } => Some(Answer::Refused(reason)),
        Ack::Unreadable { .. } => None,
    }
}

/// The name of a unit for people.
pub fn unit_name(denom: &str, epoch: u32) -> String {
    format!("{denom} {epoch}")
}

fn content(packet: &IbcPacket) -> Result<(Content, String, u32)> {
    if packet.src.port_id != transfer::PORT {
        let read = CcvPacket::read(&packet.data).map_err(|error| anyhow!("{error}"))?;
        return Ok(match read {
            CcvPacket::Weights(chunk) => {
                let header = chunk.header();
                let denom = header.denom.as_str().to_string();
                (Content::Weights, denom, header.epoch)
            }
            CcvPacket::Status(it) => (Content::Question, it.denom.as_str().to_string(), it.epoch),
            CcvPacket::ProbeStatus(it) => return Err(anyhow!("a probe: {it:?}")),
        });
    }
    let data = TransferData::read(&packet.data).map_err(|error| anyhow!("{error}"))?;
    let memo = TransferMemo::read(&data.memo).map_err(|error| anyhow!("{error}"))?;
    match memo.purpose {
        Purpose::CcvDistribution { epoch, denom, .. } => {
            Ok((Content::Coins, denom.as_str().to_string(), epoch))
        }
        probe @ Purpose::CcvProbe { .. } => Err(anyhow!("a probe: {probe:?}")),
    }
}
