//! What comes from a chain and goes to it.
//!
//! | module | what it fixes |
//! |---|---|
//! | [`address`] | accounts and validators as raw bytes, and how they are written |
//! | [`asset`] | native coins and cw20 tokens, and whose transfers may call a contract |
//! | [`cw4`] | what a cw4 group answers, and what it sends to its hooks |
//! | [`hooks`] | what a chain sends through `sudo`, in two dialects; reading it never fails |
//! | [`staking_event`] | a change in staking, as a reporter sends it |
//! | [`staking_query`] | queries of the chain's staking module |
//! | [`text`] | texts cut to a length |
//!
//! Two kinds of input are treated differently on purpose. What people and reporters send is read
//! strictly: a mistake is an error that names the value and the rule. What a chain sends by itself
//! is read leniently and never ends in an error, because there an error fails somebody's staking
//! transaction or halts the chain.

pub mod address;
pub mod asset;
pub mod cw4;
pub mod hooks;
pub mod staking_event;
pub mod staking_query;
pub mod text;
