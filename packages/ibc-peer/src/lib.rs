//! A peer for tests and scenario files, where it is called `ibc-peer`: the other end of a channel that
//! sends whatever it is told to.
//!
//! It takes part in every handshake, lets its end be closed by anybody, acknowledges every packet with a
//! success and accepts every callback. It keeps no state. Anybody tells it what to send, so it is of use
//! in tests only.

mod contract;
mod msg;

pub use contract::{
    execute, ibc_channel_close, ibc_channel_connect, ibc_channel_open, ibc_destination_callback,
    ibc_packet_ack, ibc_packet_receive, ibc_packet_timeout, ibc_source_callback, instantiate,
    query,
};
pub use msg::{ExecuteMsg, Packet, QueryMsg, Weights};
