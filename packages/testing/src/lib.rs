//! Test support: embedded chains, scenario files, brute-force oracles, suites.

// Its errors are for developers.
#![allow(clippy::use_debug)]

pub mod authority;
pub mod chain;
pub mod codes;
pub mod documents;
pub mod events;
pub mod exact;
pub mod expect;
pub mod fee_pool;
pub mod gauge_ledger;
pub mod hub_state;
pub mod ledger;
pub mod poa_ledger;
pub mod poa_pool;
pub mod puppet;
pub mod reward_gauges;
pub mod scenario;
pub mod suite;
