//! The provider side of rewards across chains: pays what consumer chains send to the validators that
//! earned it there.
//!
//! A consumer's unit comes in two parts: weights over a CCV channel and coins by ICS-20. The
//! contract waits for both, leaves out validators that do not exist any more, and pays the others.
//! The `README.md` beside this crate is its specification.
//!
//! | module | capability |
//! |---|---|
//! | `contract` | entry points and dispatch |
//! | `msg`, `answers`, `error` | messages and queries; answers; why something is refused |
//! | `state`, `context` | configuration and consumers; what every handler needs |
//! | `consumers` | registering, changing and removing consumers |
//! | `peers` | by what packets and coins find their consumer |
//! | `consumer_denoms` | what a consumer may pay in |
//! | `channel` | the handshake, and the end of a channel |
//! | `packets` | weights and questions that arrive over the CCV channel |
//! | `arrival` | coins that arrive by ICS-20 |
//! | `unit` | a unit and its transitions |
//! | `units` | the records of units, their entries and the carry |
//! | `process` | the two passes: which validators exist, and their payment |
//! | `overrides` | which validator an entry of a consumer means |
//! | `target` | where validators live, and the messages that pay them |
//! | `protobuf` | the messages of chain modules that pay |
//! | `payments` | money out, what failed of it, and the reply |
//! | `ledger` | the ledger of each denom of this chain; coins with their denom |
//! | `recovery` | orphans and undistributed coins |
//! | `query`, `unit_view`, `audit` | queries; a unit as they show it; the ledger, as anybody can check it |

pub mod answers;
mod arrival;
mod audit;
mod channel;
mod consumer_denoms;
mod consumers;
mod context;
pub mod contract;
mod error;
mod ledger;
pub mod msg;
mod overrides;
mod packets;
mod payments;
mod peers;
mod process;
mod protobuf;
mod query;
mod recovery;
pub mod state;
mod target;
mod unit;
mod unit_view;
mod units;

pub use error::ContractError;
