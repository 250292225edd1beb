//! A consumer with holding pools, a provider with ccv-provider and a fee pool, the wire between
//! them, and the ledgers of crate `oracles` beside them.
//!
//! | file | job |
//! |---|---|
//! | `action` | what may happen |
//! | `suite` | the two chains, and each verb as a step of a scenario |
//! | `setup` | the steps from two empty chains to an active consumer |
//! | `harness` | does an action and tells the ledgers |
//! | `route` | transfer channels, and what their coins are called on the provider |
//! | `owners` | what owners and operators decide |
//! | `reconnecting` | light clients that expire, and new connections |
//! | `relaying` | what a relayer brings, loses or brings twice |
//! | `model` | the ledgers, driven by the contracts' events |
//! | `passes` | what the two passes over a unit must pay, page by page |
//! | `registration` | what the provider knows of the consumer |
//! | `wired` | what the wire itself says: packets, coins between the chains |
//! | `moment` | a moment to come back to |
//! | `direct` | entry points called directly, on a copy of a contract's storage |
//! | `liabilities` | what a contract owes, and that its records add up to it |
//! | `checks` | what must hold after every action |
//! | `settle` | everything is delivered |
//! | `answers` | what the contracts say now, as expectations of a scenario |
//!
//! The ledgers never see what the contracts store: they hear of events, and what they come to is held
//! against balances, queries and packets.

// Test support: what cannot be is a failed test, and its sums are small.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod action;
mod answers;
mod checks;
mod direct;
mod harness;
mod liabilities;
mod model;
mod moment;
mod owners;
mod passes;
mod reconnecting;
mod registration;
mod relaying;
mod route;
mod settle;
mod setup;
mod suite;
mod wired;

pub use action::{BlockOf, CcvAction, Lister, NewPower, Side};
pub(crate) use direct::Direct;
pub use harness::CcvHarness;
pub use liabilities::{Liabilities, check_audit};
pub use model::CcvModel;
pub use moment::CcvMoment;
pub use setup::World;
pub use suite::CcvSuite;
