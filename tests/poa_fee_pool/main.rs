//! The PoA fee pool's behaviour through its JSON messages, one file per behaviour.

// Clippy takes only functions with `#[test]` for tests; the helpers beside them are tests too.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod authority;
mod bounds;
mod candidates;
mod checkpoints;
mod cw4_group;
mod cw4_json;
mod denoms;
mod expected;
mod export;
#[path = "../exported.rs"]
mod exported;
mod histories;
mod hooks;
mod import;
mod listener;
mod lists;
mod names;
mod operators;
mod ownership;
mod payouts;
mod play;
mod powers;
#[path = "../property.rs"]
mod property;
mod reentrancy;
mod reentrant_hooks;
mod storage_writes;
mod strategies;
mod support;
mod withdrawals;
