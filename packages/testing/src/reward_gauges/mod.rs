//! Reward gauges on an embedded chain, driven by their JSON messages.
//!
//! | type | job |
//! |---|---|
//! | [`GaugesSuite`] | a chain with one gauges contract; verbs that make a test read as prose; records what it does as a scenario file |
//! | [`GaugeEvents`] | the contract's ledger, rebuilt from its events alone |
//! | [`Operation`] | what may happen in a random history |
//! | [`Twin`] | the contract and the brute-force ledger in lockstep, and what the ledger says as expectations of a scenario |
//! | [`token`] | a cw20 token, honest or hostile |
//!
//! Names are those of scenario files: in messages `@alice` is an account or contract.

// Test support: what cannot be is a failed test.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod events;
mod expectations;
mod operation;
mod suite;
pub mod token;
mod twin;

pub use events::GaugeEvents;
pub use operation::{Operation, RewardCoins};
pub use suite::{DAY, GaugesBuilder, GaugesSuite};
pub use twin::{ACCOUNTS, LOCKED, MAKER, PLENTY, REWARDS, TREASURY, Twin};
