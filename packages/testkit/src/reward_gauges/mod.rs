//! Reward gauges on an embedded chain, driven by their JSON messages.
//!
//! | type | job |
//! |---|---|
//! | [`GaugesSuite`] | a chain with one contract, a method for each frequent message; records its steps as a scenario file |
//! | [`GaugeEvents`] | the contract's ledger, rebuilt from its events alone |
//! | [`Operation`] | what may happen in a random history |
//! | [`Harness`] | the contract and its brute-force ledger, driven by the same operations and compared |
//! | [`token`] | a cw20 token, honest or hostile |
//!
//! Names are those of scenario files: in messages `@alice` is an account or contract. Tests and the
//! demo share these; what only tests use is in `tests/reward_gauges`.

// A panic or an overflow here fails the test that caused it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod events;
mod harness;
mod operation;
mod suite;
pub mod token;

pub use events::GaugeEvents;
pub use harness::{ACCOUNTS, HOOKABLE, Harness, LOCKED, MAKER, PLENTY, REWARDS, TREASURY};
pub use operation::{Operation, RewardCoins};
pub use suite::{DAY, GaugesBuilder, GaugesSuite};
