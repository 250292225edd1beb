//! A wire between embedded chains: connections, channels, packets, and a relayer that may be slow,
//! partial or hostile.
//!
//! [`Wire`] owns the chains. Contracts and accounts send on one of them ([`EmbeddedChain`]), and
//! nothing reaches another before a verb of the wire takes it there:
//!
//! | verb | what happens |
//! |---|---|
//! | [`connect`](Wire::connect) | light clients and a connection between two chains |
//! | [`open`](Wire::open), [`open_transfer`](Wire::open_transfer) | a channel, by the four steps of the handshake, which can be made one by one |
//! | [`close`](Wire::close) | an end is closed, or the closing of the other end confirmed |
//! | [`relay`](Wire::relay) | waiting packets, acknowledgements and timeouts, in rounds |
//! | [`waiting`](Wire::waiting), [`relay_one`](Wire::relay_one) | the same, one by one |
//! | [`receive`](Wire::receive), [`acknowledge`](Wire::acknowledge), [`time_out`](Wire::time_out) | one message, also of what does not wait |
//! | [`expire`](Wire::expire) | the light clients of a chain are of no use any more |
//! | [`snapshot`](Wire::snapshot), [`restore`](Wire::restore) | a moment to come back to |
//!
//! # What is as in ibc-go 10 and wasmd 0.61
//!
//! The order of checks and calls, which changes a failure takes back, sequences, ids, the words of
//! errors, escrow accounts, vouchers, the bytes of transfers and acknowledgements, callbacks. Each
//! chain has its own clock and height. A light client learns the other chain's newest block with
//! each message that its chain gets over the wire, and from nothing else.
//!
//! # What is not
//!
//! There are no proofs, no misbehaviour, no delays and no gas. Where ibc-go proves what is stored on
//! the other chain, the wire looks there. Errors of the transfer module are all acknowledged with
//! the code of contract errors. Acknowledgements that a contract writes later are not there.

mod channels;
mod connections;
mod deliver;
mod ends;
mod message;
mod relay;
mod waiting;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::chain::{ChainError, ChainResult, EmbeddedChain, Snapshot};

pub use connections::Connected;
pub use ends::{End, NewChannel, Opened};
pub use message::{Message, MessageKind, PacketId, Relayed};
pub use relay::{Only, Relay};

/// Chains and what is between them. See the [module](self).
///
/// Everything that chains know of each other is in their storage; the wire itself only remembers
/// which messages were dropped.
pub struct Wire {
    chains: BTreeMap<String, EmbeddedChain>,
    dropped: BTreeSet<Message>,
}

/// A moment of all chains of a wire. Two moments are equal when everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireSnapshot {
    chains: BTreeMap<String, Snapshot>,
    dropped: BTreeSet<Message>,
}

impl WireSnapshot {
    /// The moment of one chain.
    #[must_use]
    pub fn chain(&self, name: &str) -> Option<&Snapshot> {
        self.chains.get(name)
    }

    /// What was dropped before.
    #[must_use]
    pub fn dropped(&self) -> &BTreeSet<Message> {
        &self.dropped
    }
}

impl Wire {
    /// Chains by name, with nothing between them.
    pub fn new<N: Into<String>>(chains: impl IntoIterator<Item = (N, EmbeddedChain)>) -> Self {
        let chains = chains
            .into_iter()
            .map(|(name, chain)| (name.into(), chain))
            .collect();
        Self {
            chains,
            dropped: BTreeSet::new(),
        }
    }

    /// One of the chains.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn chain(&self, name: &str) -> ChainResult<&EmbeddedChain> {
        self.chains.get(name).ok_or_else(|| no_chain(name))
    }

    /// One of the chains, to act on.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn chain_mut(&mut self, name: &str) -> ChainResult<&mut EmbeddedChain> {
        self.chains.get_mut(name).ok_or_else(|| no_chain(name))
    }

    /// The names of the chains, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.chains.keys().map(String::as_str)
    }

    /// This moment, to come back to.
    #[must_use]
    pub fn snapshot(&self) -> WireSnapshot {
        let chains = self.chains.iter();
        WireSnapshot {
            chains: chains
                .map(|(name, chain)| (name.clone(), chain.snapshot()))
                .collect(),
            dropped: self.dropped.clone(),
        }
    }

    /// Goes back to a moment of this wire.
    pub fn restore(&mut self, moment: &WireSnapshot) {
        for (name, chain) in &mut self.chains {
            if let Some(moment) = moment.chains.get(name) {
                chain.restore(moment);
            }
        }
        self.dropped.clone_from(&moment.dropped);
    }
}

fn no_chain(name: &str) -> ChainError {
    ChainError::new(format!("there is no chain {name:?}"))
}
