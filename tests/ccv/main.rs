//! Rewards that go from a consumer chain to its provider: what no scenario file can say.
//! `README.md` says which claim is held where.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod consumer;
mod corpus;
mod provider;
