//! Reward gauges: locks of tokens, and rewards for those who hold them locked, epoch by epoch.
//!
//! A gauge pays all locks of an asset and a minimum duration. A lock that is unlocking goes on
//! earning from every gauge that its remaining time still covers. No message and no settlement ever
//! visits the locks: what an epoch costs depends on its gauges alone. The `README.md` beside this
//! crate is its specification.
//!
//! | module | capability |
//! |---|---|
//! | [`contract`] | entry points and dispatch |
//! | [`income`] | money in: coins and cw20 tokens |
//! | [`locking`] | locks: made, added to, unlocked, extended, forced |
//! | [`positions`] | what a lock does in its pools: joins, exits, earnings |
//! | [`withdraw`] | principal out |
//! | [`claim`] | rewards out |
//! | [`accounts`] | receivers and claimers |
//! | [`gauges`] | gauges: made, added to, closed, evicted; the treasury |
//! | [`settle`] | what the gauges give in an epoch, and the index of a pool |
//! | [`crank`] | who settles: anyone, and the chain's clock |
//! | [`payouts`] | transfers, and what comes back of them |
//! | [`books`], [`ledger`], [`assets`] | what is owed, by class and asset |
//! | [`admin`] | set-up and settings |
//! | [`query`], [`query_gauges`] | queries |
//! | [`audit`] | invariants and audit |
//!
//! The rule that decides which epochs an unlocking lock counts in is
//! [`distribution_math::Epochs::last_counted`].

pub mod accounts;
pub mod admin;
pub mod answer;
pub mod assets;
pub mod audit;
pub mod books;
pub mod claim;
pub mod context;
pub mod contract;
pub mod crank;
pub mod error;
pub mod events;
pub mod gauges;
pub mod income;
pub mod ledger;
pub mod locking;
pub mod msg;
pub mod payouts;
pub mod positions;
pub mod query;
pub mod query_gauges;
pub mod settle;
pub mod state;
pub mod withdraw;

pub use error::{ContractError, Fault};
