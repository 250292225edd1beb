//! Names of ends of channels.

use cosmwasm_std::{Addr, Event, IbcEndpoint, IbcOrder};

use crate::ibc::{port_of, transfer};

/// A port of a chain, or the end of a channel there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The chain.
    pub chain: String,
    /// The port, and the channel when it is known.
    pub endpoint: IbcEndpoint,
}

impl End {
    /// The port of a contract.
    pub fn contract(chain: impl Into<String>, contract: &Addr) -> Self {
        Self::port(chain, port_of(contract))
    }

    /// The port of the transfer module.
    pub fn transfer(chain: impl Into<String>) -> Self {
        Self::port(chain, transfer::PORT)
    }

    /// A port.
    pub fn port(chain: impl Into<String>, port_id: impl Into<String>) -> Self {
        Self {
            chain: chain.into(),
            endpoint: IbcEndpoint {
                port_id: port_id.into(),
                channel_id: String::new(),
            },
        }
    }

    /// A channel at this port.
    #[must_use]
    pub fn channel(mut self, channel_id: impl Into<String>) -> Self {
        self.endpoint.channel_id = channel_id.into();
        self
    }
}

/// A channel that is to be.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Who begins.
    pub a: End,
    /// Who answers.
    pub b: End,
    /// Whether packets keep their order.
    pub order: IbcOrder,
    /// What the first wants to speak.
    pub version: String,
    /// The connection's id on the first chain; the newest between the two when it is not named.
    pub connection: Option<String>,
}

impl NewChannel {
    /// A channel between the transfer modules of two chains.
    pub fn transfer(a: impl Into<String>, b: impl Into<String>) -> Self {
        Self {
            a: End::transfer(a),
            b: End::transfer(b),
            order: IbcOrder::Unordered,
            version: transfer::VERSION.to_owned(),
            connection: None,
        }
    }
}

/// A channel that has come to be.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The end of who began.
    pub a: End,
    /// The end of who answered.
    pub b: End,
    /// What both speak.
    pub version: String,
    /// The events of the handshake.
    pub events: Vec<Event>,
}
