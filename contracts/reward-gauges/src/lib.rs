//! Reward gauges: locks of tokens, and rewards for those who hold them locked, epoch by epoch.
//!
//! A gauge pays all locks of an asset for at least some duration. A lock that is unlocking goes on
//! earning from every gauge that its remaining time still covers. No message and no settlement goes
//! through the locks: what an epoch costs depends on its gauges alone. The `README.md` beside this
//! crate is its specification.
//!
//! | module | job |
//! |---|---|
//! | [`contract`] | entry points and dispatch |
//! | [`msg`], [`query_msg`], [`answers`] | messages, queries, answers |
//! | [`admin`] | set-up and settings |
//! | [`locking`], [`unlocking`] | locks: made, added to, extended; unlocked and kept after all |
//! | [`withdraw`] | principal out |
//! | [`claim`] | rewards out |
//! | [`accounts`] | receivers and claimers |
//! | [`gauges`], [`treasury`] | gauges: made, added to, closed, evicted; fees and fractions |
//! | [`crank`] | who settles: anyone, and the chain's clock |
//! | [`income`], [`cw20`] | coins of a message, tokens of a cw20 |
//! | [`payouts`] | transfers, and what the chain replies |
//! | [`query`], [`audit`] | queries; the ledger as anybody can check it |
//!
//! What these have in common, from the outside in:
//!
//! | module | job |
//! |---|---|
//! | [`locks`] | records of locks |
//! | [`positions`] | what a lock changes in the stake of its pools |
//! | [`earnings`] | what a lock earned |
//! | [`settle`] | what gauges give in an epoch, and the index of a pool |
//! | [`books`] | one message's view of rewards |
//! | [`pools`] | one pool: its record, index and gauges |
//! | [`schedule`] | what is still to be settled: stake changes by epoch, busy pools |
//! | [`assets`] | assets by number and name, and what is held and owed of them |
//! | [`context`] | configuration, chain and epoch of one message |
//! | [`state`], [`ids`] | what is stored, and under which keys |
//! | [`ledger`] | what is owed, in numbers |
//! | [`bounds`] | the limits of the contract |
//!
//! The rule that decides in which epochs an unlocking lock counts is
//! [`distribution_math::Epochs::last_counted`].

pub mod accounts;
pub mod admin;
pub mod answers;
pub mod assets;
pub mod audit;
pub mod books;
pub mod bounds;
pub mod claim;
pub mod context;
pub mod contract;
pub mod crank;
pub mod cw20;
pub mod earnings;
mod error;
pub mod gauges;
pub mod ids;
pub mod income;
pub mod ledger;
pub mod locking;
pub mod locks;
pub mod msg;
pub mod payouts;
pub mod pools;
pub mod positions;
pub mod query;
pub mod query_msg;
pub mod schedule;
pub mod settle;
pub mod state;
pub mod treasury;
pub mod unlocking;
pub mod withdraw;

pub use error::ContractError;
