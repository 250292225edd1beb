//! The PoA fee pool: fees of a proof-of-authority chain for its operators, as a contract.
//!
//! Fees gather in the contract. A checkpoint gives them to the validators by the powers in force
//! until then, at the same cost for any number of validators; operators withdraw whole coins and
//! keep the fraction. The validator set is administered here, and is a cw4 group. The `README.md`
//! beside this crate is its specification.
//!
//! | module | capability |
//! |---|---|
//! | [`contract`] | entry points and dispatch |
//! | [`setup`] | the state at the start, migration |
//! | [`checkpoint`] | what came in, given to the validators |
//! | [`pool`], [`operator`] | the hot records: ledger and index, power and claims |
//! | [`powers`] | changes of power, and who is told |
//! | [`validators`] | creation, metadata, hand-over |
//! | [`ranking`] | operators by power |
//! | [`members`] | the cw4 group |
//! | [`hooks`] | contracts that are told of every change |
//! | [`deposits`] | money in |
//! | [`withdraw`] | money out |
//! | [`query`] | queries |
//! | [`audit`] | invariants and audit |

pub mod audit;
pub mod checkpoint;
pub mod context;
pub mod contract;
pub mod deposits;
pub mod error;
pub mod hooks;
pub mod members;
pub mod msg;
pub mod operator;
pub mod pool;
pub mod powers;
pub mod query;
pub mod ranking;
pub mod setup;
pub mod state;
pub mod validators;
pub mod withdraw;

pub use error::{ContractError, Fault};
