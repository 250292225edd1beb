//! The fee pool on an embedded chain, driven by its JSON messages, and held against the
//! brute-force ledger.
//!
//! | type | job |
//! |---|---|
//! | [`AccountingKind`] | which of the two fee pools |
//! | [`FeePoolSuite`] | a chain with one pool; verbs that make a test read as prose; records what it does as a scenario file |
//! | [`EventLedger`] | the pool's ledger, rebuilt from its events alone |
//! | [`Operation`] | what may happen to a pool in a random history |
//! | [`Line`] | what one line of an import says |
//! | [`Harness`] | a pool and the brute-force ledger in lockstep |
//!
//! Names are those of scenario files: in messages `@alice` is an account or contract and `@@v1` the
//! operator address with the bytes of account `v1`. A real address of the chain stands for itself, and
//! `@@cosmos1..` for the operator address with the same bytes.

// Test support: what cannot be is a failed test.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod accounting_kind;
mod event_ledger;
mod harness;
mod operation;
mod suite;

pub use accounting_kind::AccountingKind;
pub use event_ledger::{ClassPoints, EventLedger};
pub use harness::{Claim, Comparison, Equation, Harness, Liability};
pub use operation::{Commit, Line, Operation, Terms};
pub use suite::{FeePoolBuilder, FeePoolSuite, coin_text};
