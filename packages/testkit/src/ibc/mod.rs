//! The IBC modules of an embedded chain, as ibc-go 10 and wasmd 0.61 have them.
//!
//! | file | job |
//! |---|---|
//! | `state` | what is stored: connections with their clients, ends of channels, packets, acks |
//! | `handshake` | ends are opened and closed |
//! | `packet` | packets are sent, received, acknowledged, timed out |
//! | `transfer` | ICS-20: escrow, vouchers, refunds |
//! | `callbacks` | contracts that a transfer's memo names |
//! | `application` | who gets a packet: a contract or the transfer module |
//! | `module` | what contracts send and ask |
//! | `contract` | contracts with IBC entry points |
//! | `ack` | acknowledgements as ibc-go writes and checks them |
//! | `host` | what all of these need of the chain around them |
//!
//! There are no proofs: what one chain would prove to the other is read from the other chain by
//! [`crate::wire`], which joins two chains.

mod ack;
pub(crate) mod application;
mod callbacks;
mod contract;
pub(crate) mod handshake;
pub(crate) mod host;
mod module;
pub(crate) mod packet;
pub(crate) mod state;
pub(crate) mod transfer;

pub(crate) use ack::must_be_canonical;
pub(crate) use contract::PortQuerier;
pub use contract::{IbcCall, IbcContract, IbcEntryPoints, port_of};
pub use module::IbcModule;
pub use state::{ChannelEnd, ChannelState};
