//! The contract on a chain that tests script: what it accepts, what it pays, and that its ledger holds
//! after every step.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod another_peer;
mod arrivals;
mod chain;
mod consumers;
mod event_ledger;
mod events;
mod fee_pool;
mod handshake;
mod long_texts;
mod metered;
mod payments;
mod processing;
mod storage_gas;
mod targets;
mod weights;
mod world;
