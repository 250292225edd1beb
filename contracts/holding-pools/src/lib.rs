//! Holding pools: the consumer side of the distribution of rewards across chains.
//!
//! The fees of a consumer chain belong to the validators of its provider chain, but for a fraction
//! of the consumer's own. Here they are allocated to holding pools, one for each validator, block by
//! block. From time to time all pools of a denom are closed into a *unit*: the weights of the
//! validators go to the provider over a CCV channel, and when it has all of them, the coins follow by
//! an ICS-20 transfer. The `README.md` beside this crate is its specification.
//!
//! | module | job |
//! |---|---|
//! | [`contract`] | entry points and dispatch |
//! | [`msg`], [`query_msg`] | messages; queries and answers |
//! | [`admin`], [`settings`] | set-up and changes; the rules of params and provider |
//! | [`denoms`] | the reward denoms, and coins of others |
//! | [`hooks`], [`fees`], [`powers`] | what the chain sends; the split of a block; changes of power |
//! | [`payouts`] | the consumer's own part |
//! | [`closing`] | due blocks: pools close |
//! | [`tick`] | validators settled, weights and coins sent |
//! | [`transport`] | packets and transfers, and the chain's reply to them |
//! | [`packets`], [`callback`] | the provider's answers: to packets, to transfers |
//! | [`recovery`] | the ends of a unit: delivered, written off, released |
//! | [`channel`], [`probe`] | the CCV channel; whether the way to the provider and back works |
//! | [`query`], [`audit`] | queries; the ledger as anybody can check it |
//!
//! What these have in common, from the outside in:
//!
//! | module | job |
//! |---|---|
//! | [`guarded`] | handlers that must not fail |
//! | [`books`], [`context`] | one message's view of the pools; configuration and chain |
//! | [`mod@unit`], [`chunks`], [`walk`] | the state machine of a unit |
//! | [`holdings`], [`weights`] | what a validator has; what it has in a unit |
//! | [`ledger`] | whose the tokens are |
//! | [`state`] | what is stored |

pub mod admin;
pub mod audit;
pub mod books;
pub mod callback;
pub mod channel;
pub mod chunks;
pub mod closing;
pub mod context;
pub mod contract;
pub mod denoms;
mod error;
pub mod fees;
pub mod guarded;
pub mod holdings;
pub mod hooks;
pub mod ledger;
pub mod msg;
pub mod packets;
pub mod payouts;
pub mod powers;
pub mod probe;
pub mod query;
pub mod query_msg;
pub mod recovery;
pub mod settings;
pub mod state;
pub mod tick;
pub mod transport;
pub mod unit;
pub mod walk;
pub mod weights;

pub use error::ContractError;
