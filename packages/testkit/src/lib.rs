//! Test support: embedded chains, scenario files, and for each contract a suite and a harness.
//!
//! | module | job |
//! |---|---|
//! | [`chain`] | a chain with bank, staking, contracts and hooks, in this process |
//! | [`ibc`], [`wire`] | the IBC modules of a chain, and the wire between chains |
//! | [`suite`] | a chain with one contract under test, driven by its JSON messages |
//! | [`scenario`] | scenario files: read, played, written |
//! | [`codes`] | the contracts that scenario files may name |
//! | [`expect`], [`events`], [`authority`], [`documents`] | what tests check |
//! | [`scripted_contract`] | a contract that does what its caller says |
//! | [`fee_pool`], [`poa_pool`], [`reward_gauges`] | suite and harness of each contract |
//! | [`ccv`] | suite of the two contracts of rewards across chains |
//! | [`ccv_world`] | harness of the two contracts, for histories and searches |
//! | [`ccv_fuzz`] | bytes from another chain against the two contracts |
//! | [`hub_state`] | the state of a real chain, to start a pool with |
//!
//! A *harness* drives a contract and its brute-force ledger (crate `oracles`) in lockstep, and holds
//! them against each other.

// Its errors are for developers.
#![allow(clippy::use_debug)]

pub mod authority;
pub mod ccv;
pub mod ccv_fuzz;
pub mod ccv_world;
pub mod chain;
pub mod codes;
pub mod documents;
pub mod events;
pub mod expect;
pub mod fee_pool;
pub mod hub_state;
pub mod ibc;
pub mod poa_pool;
pub mod reward_gauges;
pub mod scenario;
pub mod scripted_contract;
pub mod suite;
pub mod wire;
