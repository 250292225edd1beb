//! A relayer that takes what waits, or what it is told to.

use serde::{Deserialize, Serialize};

use super::{Message, MessageKind, Relayed, Wire};
use crate::chain::ChainResult;

/// How to relay. The default takes packets and acknowledgements until none wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Relay {
    /// Which messages; others are left alone.
    #[serde(skip_serializing_if = "Only::is_everything")]
    pub only: Only,
    /// How many messages at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// In each round the newest first.
    #[serde(skip_serializing_if = "is_false")]
    pub reverse: bool,
    /// Loses what waits now instead of relaying it.
    #[serde(skip_serializing_if = "is_false")]
    pub drop: bool,
    /// Brings each message twice.
    #[serde(skip_serializing_if = "is_false")]
    pub duplicate: bool,
    /// Also timeouts.
    #[serde(skip_serializing_if = "is_false")]
    pub timeouts: bool,
}

/// What a message must be like: everything that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Only {
    /// The chain that sent the packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The packet's channel, by its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The packet's sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageKind>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Only {
    fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    fn selects(&self, message: &Message) -> bool {
        fn holds<T: PartialEq>(wanted: &Option<T>, is: &T) -> bool {
            wanted.as_ref().is_none_or(|wanted| wanted == is)
        }
        let packet = &message.packet;
        holds(&self.from, &packet.chain)
            && holds(&self.channel, &packet.channel)
            && holds(&self.sequence, &packet.sequence)
            && holds(&self.message, &message.kind)
    }
}

impl Relay {
    fn selects(&self, message: &Message) -> bool {
        let is_timeout = message.kind == MessageKind::Timeout;
        (self.timeouts || !is_timeout) && self.only.selects(message)
    }

    /// What waits now and is selected, in the order in which it is relayed.
    fn round(&self, wire: &Wire) -> ChainResult<Vec<Message>> {
        let mut waiting = wire.waiting()?;
        waiting.retain(|message| self.selects(message));
        if self.reverse {
            waiting.reverse();
        }
        Ok(waiting)
    }

    fn is_reached(&self, done: usize) -> bool {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        limit.is_some_and(|limit| done >= limit)
    }
}

impl Wire {
    /// Relays in rounds: a round takes what waits at its beginning, in the order of
    /// [`waiting`](Self::waiting), and passes over what does not wait any more when its turn comes.
    /// What the contracts send meanwhile waits for the next round. It ends when nothing selected
    /// waits or the limit is reached.
    ///
    /// # Errors
    /// When a chain refuses a message: what was relayed before stays so, and the message waits.
    pub fn relay(&mut self, how: &Relay) -> ChainResult<Vec<Relayed>> {
        let mut relayed = Vec::new();
        loop {
            let before = relayed.len();
            for message in how.round(self)? {
                if how.is_reached(relayed.len()) {
                    return Ok(relayed);
                }
                if how.drop {
                    let dropped = true;
                    self.dropped.insert(message.clone());
                    relayed.push(Relayed {
                        dropped,
                        ..Relayed::nothing(message)
                    });
                } else if self.is_waiting(&message)? {
                    relayed.push(self.relay_message(&message, how.duplicate)?);
                }
            }
            if how.drop || relayed.len() == before {
                return Ok(relayed);
            }
        }
    }

    fn relay_message(&mut self, message: &Message, duplicate: bool) -> ChainResult<Relayed> {
        let packet = self.sent(&message.packet)?;
        let relayed = self.relay_one(message)?;
        if let (true, Some(packet)) = (duplicate, packet) {
            let again = self.deliver(&message.packet.chain, &packet, message.kind)?;
            if !again.no_op {
                let error = format!("a second {:?} was no no-op", message.kind);
                return Err(crate::chain::ChainError::new(error));
            }
        }
        Ok(relayed)
    }
}
