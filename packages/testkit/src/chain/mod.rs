//! An embedded chain for tests and scenario files: `cw-multi-test` with what real chains have and
//! it lacks.
//!
//! [`EmbeddedChain`] is built by [`ChainBuilder`] and driven by verbs: store a code, instantiate,
//! execute, sudo, query, migrate, send, advance. What differs from a plain `cw_multi_test::App`:
//!
//! - **Addresses** come from names ([`AddressFormat`]): the first 20 bytes of SHA-256 of the name,
//!   under the chain's own bech32 prefix; the operator address has the same bytes under
//!   `<prefix>valoper`. Addresses that are not normalised are refused, as the VM does.
//! - **Bank** is [`TestBank`]: it can refuse transfers to an address and call a contract in the
//!   middle of a transfer.
//! - **Staking** is [`TestStaking`]: it answers staking queries from a table that the test sets;
//!   it moves no tokens.
//! - **Modules** that contracts pay by protobuf are [`TestModules`]: x/distribution and x/protocolpool.
//! - **IBC** is [`IbcModule`](crate::ibc::IbcModule): packets of contracts and transfers, which
//!   [`Wire`](crate::wire::Wire) takes to another chain.
//! - **Panics** of a contract are errors of that call, as an abort in the VM is, so a sub-message
//!   that panics is contained by its reply.
//! - **Errors** are the contract's own text without the trail of wrappers ([`ChainError`]).
//!
//! Bank faults and the staking table live in chain storage: what a failed transaction changed is
//! rolled back. Height and time move only by [`EmbeddedChain::advance`]; all calls between two
//! advances happen in the same block.
//!
//! ```
//! use cosmwasm_std::{Uint256, coin};
//! use testkit::chain::EmbeddedChain;
//!
//! # fn main() -> Result<(), testkit::chain::ChainError> {
//! let mut chain =
//!     EmbeddedChain::builder("cosmos").balance("alice", [coin(100, "uatom")]).build()?;
//! let (alice, bob) = (chain.account("alice"), chain.account("bob"));
//!
//! chain.send(&alice, &bob, &[coin(30, "uatom")])?;
//! chain.advance(1, 5)?;
//!
//! assert_eq!(chain.balance(&bob, "uatom")?, Uint256::from(30u128));
//! assert_eq!(chain.block().height, 2);
//! # Ok(())
//! # }
//! ```

mod address;
mod api;
mod bank;
mod builder;
mod contained;
mod control;
mod embedded;
mod error;
mod ibc;
mod modules;
mod staking;
mod storage;
mod transactions;

#[cfg(test)]
pub(crate) mod tests;

pub use address::{AddressFormat, NAME_BYTES, name_bytes};
pub use api::ChainApi;
pub use bank::{HOOKED_DENOMS, HookMoment, TestBank, TransferHook};
pub use builder::{ChainBuilder, GENESIS_HEIGHT, GENESIS_TIME};
pub use contained::ABORTED;
pub use embedded::{ChainApp, EmbeddedChain};
pub use error::{ChainError, ChainResult};
pub use modules::TestModules;
pub use staking::{NoDistribution, TestStaking, ValidatorTerms};
pub use storage::{ChainStorage, Snapshot};
pub use transactions::{Instantiated, NewContract};
