//! A consumer and its provider, with the wire between them, through random histories and through
//! every interleaving of a small world.
//!
//! What must hold is in `testkit::ccv_world`: after every action each coin is somewhere once, holding-pools
//! has exactly what the brute-force ledger says, weights and payments equal it, no unit is under way or
//! paid twice, no coins go before their weights were acknowledged, and no answer of the other chain is
//! refused.

// Clippy takes only functions with `#[test]` for tests; the helpers beside them are tests too.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::use_debug
)]

mod export;
#[path = "../exported.rs"]
mod exported;
mod histories;
#[path = "../property.rs"]
mod property;
mod small_world;
mod strategies;
