//! The PoA fee pool on an embedded chain, driven by its JSON messages.
//!
//! | type | job |
//! |---|---|
//! | [`PoaSuite`] | a chain with one pool; verbs that make a test read as prose; records what it does as a scenario file |
//! | [`PoaEventLedger`] | every operator's claim, rebuilt from the pool's events alone |
//! | [`PoaDeed`] | what may happen to a pool in a random history |
//! | [`PoaTwin`] | a pool and the brute-force ledger in lockstep |
//! | [`PoaInvariants`] | the pool's ledger as its queries show it |

// Test support: what cannot be is a failed test.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod event_ledger;
mod invariants;
mod suite;
mod twin;

pub use event_ledger::PoaEventLedger;
pub use invariants::{PoaClasses, PoaInvariants};
pub use suite::{PoaBuilder, PoaSuite};
pub use twin::{Income, NamedPower, PoaDeed, PoaTwin, PoaWithdrawal};
