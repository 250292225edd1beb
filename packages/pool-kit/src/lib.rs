//! What every contract of the suite does alike.
//!
//! | module | job |
//! |---|---|
//! | [`chain`] | block, bank and addresses around one message |
//! | [`denoms`] | denom ids, values by denom, the list of reward denoms |
//! | [`coins`] | the coins that a message brings, and amounts as events and answers show them |
//! | [`ledger`] | whose the tokens of a denom are, by class |
//! | [`payout`] | a transfer out, and what the chain replies |
//! | [`undelivered`] | payouts that failed, kept for whose claim they were |
//! | [`payments`] | a claim and what is undelivered, paid together out of a ledger |
//! | [`accounts`] | withdraw addresses and claimers |
//! | [`ownership`] | two-step ownership with the JSON of cw-ownable |
//! | [`migration`] | which stored state a contract takes over |
//! | [`paging`] | page sizes of lists |
//! | [`audit`] | `invariants` and `audit`: the ledger, as anybody can check it |
//! | [`events`] | events whose first attribute is their action |
//! | [`compact`] | stored records in a compact binary codec |
//! | [`staged`] | a storage whose changes are applied or dropped as a whole |

pub mod accounts;
pub mod audit;
pub mod chain;
pub mod coins;
pub mod compact;
pub mod denoms;
mod error;
pub mod events;
pub mod ledger;
pub mod migration;
pub mod ownership;
pub mod paging;
pub mod payments;
pub mod payout;
pub mod staged;
pub mod undelivered;

pub use chain::Chain;
pub use denoms::{Amounts, DenomId, Denoms, PerDenom};
pub use error::KitError;
pub use ledger::DenomLedger;
