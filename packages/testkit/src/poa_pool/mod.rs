//! The PoA fee pool on an embedded chain, driven by its JSON messages.
//!
//! | type | job |
//! |---|---|
//! | [`PoaSuite`] | a chain with one pool, a method for each message; records its steps as a scenario file |
//! | [`PoaEventLedger`] | every operator's claim, rebuilt from the pool's events alone |
//! | [`PoaAction`] | what may happen to a pool in a random history |
//! | [`PoaHarness`] | a pool and its brute-force ledger, driven by the same actions and compared |
//! | [`PoaInvariants`] | the pool's ledger as its queries show it |
//!
//! Tests and the demo share these; what only tests use is in `tests/poa_fee_pool`.

// A panic or an overflow here fails the test that caused it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod action;
mod checks;
mod event_ledger;
mod harness;
mod invariants;
mod suite;

pub use action::{Income, NamedPower, PoaAction, PoaHandOver, PoaWithdrawal};
pub use event_ledger::PoaEventLedger;
pub use harness::PoaHarness;
pub use invariants::{PoaClasses, PoaInvariants};
pub use suite::{PoaBuilder, PoaSuite};
