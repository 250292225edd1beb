//! The PoA fee pool: shares the fees of a proof-of-authority chain among its operators, by power.
//!
//! Fees gather in the contract. A checkpoint allocates them to the validators by the powers in
//! force until then, at the same cost for any number of validators; operators withdraw whole coins
//! and keep the fraction. The validator set is administered here and is a cw4 group. The
//! `README.md` beside this crate is its specification.
//!
//! | module | capability |
//! |---|---|
//! | `contract` | entry points and dispatch |
//! | `msg`, `error` | messages, queries, answers; why a message is refused |
//! | `state`, `context` | configuration and JSON records; what every handler needs |
//! | `setup` | instantiate, with the state of an earlier pool |
//! | `pool` | the hot record: ledger and index of each denom; a checkpoint |
//! | `operator` | the hot record of an operator: power and claims |
//! | `registry` | validators by id: who operates each, and which accounts name it |
//! | `ranking` | validators by power |
//! | `fees` | fees coming in: checkpoints, deposits, denoms |
//! | `powers` | changes of power in batches |
//! | `validators` | creation, profiles, hand-over |
//! | `group` | the cw4 group: members and hooks |
//! | `withdraw` | payouts, withdraw addresses, claimers |
//! | `query`, `audit` | queries; the ledger, as anybody can check it |

mod audit;
mod context;
pub mod contract;
mod error;
mod fees;
mod group;
pub mod msg;
mod operator;
mod pool;
mod powers;
mod query;
mod ranking;
mod registry;
mod setup;
pub mod state;
mod validators;
mod withdraw;

pub use error::ContractError;
