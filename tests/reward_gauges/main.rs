//! The behaviour of reward gauges through their JSON messages, one file per behaviour.

// Helpers of tests fail the test by a panic, like the tests themselves.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod authority;
mod bounds;
mod changes;
mod claims;
mod clock;
mod config;
mod cranks;
mod edges;
mod exits;
mod expected;
mod export;
#[path = "../exported.rs"]
mod exported;
mod gauges;
mod histories;
mod hooked;
mod lagging;
mod midway;
mod pages;
mod payouts;
mod principal;
#[path = "../property.rs"]
mod property;
mod queries;
mod reentry;
mod refusals;
mod settling;
mod slots;
mod storage_writes;
mod support;
mod tokens;
