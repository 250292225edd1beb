//! What the contracts of the suite share with each other and with the chains they run on.
//!
//! | module | what it fixes |
//! |---|---|
//! | [`address`] | accounts and validators as raw bytes, and how they are written |
//! | [`asset`] | native coins and cw20 tokens, and whose transfers may call back |
//! | [`audit`] | the ledger that every contract shows: what it holds and what it owes |
//! | [`bank_query`] | what a contract asks the chain's bank module |
//! | [`cw4`] | what a cw4 group answers, and what it tells its hooks |
//! | [`events`] | events whose first attribute is their action |
//! | [`hooks`] | what a chain tells through `sudo`, in two dialects, never failing |
//! | [`json`] | reading and writing JSON with little code |
//! | [`memory`] | the memory of a contract's calls |
//! | [`migration`] | which stored state a contract takes over |
//! | [`ownership`] | two-step ownership with the JSON of cw-ownable |
//! | [`paging`] | page sizes of lists |
//! | [`payout`] | money out: what stays owed until it has arrived |
//! | [`staking_event`] | what a reporter tells of staking |
//! | [`staking_query`] | what a contract asks the chain's staking module |
//!
//! Two kinds of input meet here and are treated differently on purpose. What people and reporters
//! send is read strictly: a mistake is an error that names the value and the rule. What a chain
//! sends by itself is read leniently and never ends in an error, because there an error fails a
//! stranger's transaction or halts the chain.

// For what `ReadJson` derives here.
extern crate self as interfaces;

pub mod address;
pub mod asset;
pub mod audit;
pub mod bank_query;
mod chain_query;
pub mod cw4;
pub mod events;
pub mod hooks;
pub mod json;
pub mod memory;
pub mod migration;
pub mod ownership;
pub mod paging;
pub mod payout;
pub mod staking_event;
pub mod staking_query;
mod text;
