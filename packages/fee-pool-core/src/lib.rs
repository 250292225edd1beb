//! The fee pool: block fees for every validator and delegator, as a contract.
//!
//! It collects the fees of each block, splits them by proposer, votes and community tax, and pays
//! delegators and operators what they are owed: the job of the Cosmos SDK's x/distribution, on
//! any chain with wasm. `contracts/fee-pool/README.md` is its specification.
//!
//! Two contracts are made of this crate: `fee-pool` with the accounting [`F1`], and `lazy-fee-pool`
//! with [`Lazy`]. Everything is generic over the [`Accounting`]; messages and queries are the same.
//!
//! | module | capability |
//! |---|---|
//! | [`contract`] | what the entry points of both contracts call: dispatch |
//! | [`block`] | begin block: income, signatures, split |
//! | [`powers`] | changes of voting powers, whoever sends them |
//! | [`commission`] | commission terms: created, edited, announced, read from the chain |
//! | [`staking`] | staking events of reporters |
//! | [`tokens`] | units of delegations where the chain gives tokens and not shares |
//! | [`hooks`] | what the chain sends through `sudo` |
//! | [`import`] | the state at the start, and activation |
//! | [`deposits`] | money in |
//! | [`withdraw`] | money out, to delegators and operators |
//! | [`community_pool`] | money out, from the community pool |
//! | [`admin`] | set-up, params, reporters, denoms |
//! | [`query`] | queries |
//! | [`audit`] | invariants and audit |
//!
//! Below the capabilities:
//!
//! | module | job |
//! |---|---|
//! | [`context`] | configuration and chain of one message |
//! | [`aspect`] | before activation: what events have written, newer than the import |
//! | [`rates`] | limits of rates |
//! | [`books`] | one message's view of the pool; everything that moves an amount goes through it |
//! | [`pool`] | the hot record |
//! | [`delegations`] | records of delegations |
//! | [`accounting`] | what an accounting answers for |
//! | [`f1`], [`lazy`] | the two accountings |

pub mod accounting;
pub mod admin;
pub mod answers;
pub mod aspect;
pub mod audit;
pub mod block;
pub mod books;
pub mod commission;
pub mod community_pool;
pub mod context;
pub mod contract;
pub mod delegations;
pub mod deposits;
mod error;
pub mod f1;
pub mod hooks;
pub mod import;
pub mod lazy;
pub mod msg;
pub mod pool;
pub mod powers;
pub mod query;
pub mod rates;
pub mod staking;
pub mod state;
pub mod tokens;
pub mod withdraw;

pub use accounting::Accounting;
pub use error::ContractError;
pub use f1::F1;
pub use lazy::Lazy;
