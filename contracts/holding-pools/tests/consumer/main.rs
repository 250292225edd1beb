//! The contract through its entry points, on a chain whose IBC stack the test plays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::use_debug
)]

mod closing;
mod handshake;
mod harness;
mod histories;
mod probe;
mod recovery;
mod settling;
mod split;
mod transfers;
