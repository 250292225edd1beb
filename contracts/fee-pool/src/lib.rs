//! The fee pool: block fees for every validator and delegator, as a contract.
//!
//! It collects the fees of each block, splits them by proposer, votes and community tax, and pays
//! delegators and operators what they are owed: the job of the Cosmos SDK's x/distribution, on
//! any chain with wasm. The `README.md` beside this crate is its specification.
//!
//! | module | capability |
//! |---|---|
//! | [`contract`] | entry points and dispatch |
//! | [`block`] | begin block: income, votes, split |
//! | [`import`] | the state at the start, and activation |
//! | [`registry`] | validators: creation, power, commission terms |
//! | [`staking`] | staking events of reporters |
//! | [`hooks`] | what the chain tells through `sudo` |
//! | [`sampling`] | delegations read from the chain's staking module |
//! | [`deposits`] | money in |
//! | [`withdraw`] | money out |
//! | [`accounts`] | withdraw addresses and claimers |
//! | [`admin`] | params, reporters, denoms |
//! | [`query`] | queries |
//! | [`audit`] | invariants and audit |
//! | [`adjustments`] | what the lazy accounting makes an entitlement of |
//!
//! Amounts move in the `accounting` package only; this crate brings messages, authority and
//! tokens.

pub mod accounts;
pub mod adjustments;
pub mod admin;
pub mod audit;
pub mod block;
pub mod context;
pub mod contract;
pub mod deposits;
pub mod error;
pub mod events;
pub mod hooks;
pub mod import;
pub mod msg;
pub mod query;
pub mod registry;
pub mod sampling;
pub mod staking;
pub mod state;
pub mod withdraw;

pub use error::{ContractError, Fault};
