//! Who is owed what of a stream of block fees: the ledger of a pool, its validator set, and the
//! accountings that answer for every validator and delegator.
//!
//! Contracts bring messages, authority and tokens; everything that moves an amount from one
//! owner to another is here, once, for messages and queries alike.
//!
//! ```text
//!            ┌──────────────── Books: one message's view of the pool ───────────────┐
//!  fees ───▶ │ Pool (ledger, block, totals)   Accounting        journal of movements │ ───▶ events
//!            └───────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! | module | job |
//! |---|---|
//! | [`books`] | opens and closes the pool around one message; the journal of what moved |
//! | [`pool`] | the hot record: ledger by class, voting totals, block heights |
//! | [`engine`] | the [`Accounting`] trait, one implementation per accounting |
//! | [`f1`] | entitlement from indexes: power index, validator earnings, delegator index |
//! | [`lazy`] | entitlement from shares of everything ever received: simple pools and adjustments |
//! | [`validator_set`] | powers in pages with hashes, so that a list of votes costs what changed |
//! | [`denoms`] | denom ids and amounts by denom |
//! | [`funds`] | coins a pool takes, and how its amounts are shown |
//! | [`payments`] | money out of a ledger, and what the chain's reply makes of it |
//! | [`store`] | compact records, and changes that are kept or dropped as a whole |

pub mod books;
pub mod denoms;
pub mod engine;
mod error;
pub mod f1;
pub mod funds;
pub mod lazy;
pub mod payments;
pub mod pool;
pub mod store;
pub mod validator_set;

pub use books::{Books, ChainRate, ChainStaking, Destination, Entry, NoStaking};
pub use denoms::{Amounts, DenomId, Denoms, PerDenom};
pub use engine::{Accounting, AccountingKind, DelegationKey, ValidatorView};
pub use error::{AccountingError, AccountingFault};
pub use funds::ReceivableCoin;
pub use pool::{DenomLedger, Pool};
