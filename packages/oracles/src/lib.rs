//! Brute-force ledgers: what everybody is exactly owed, computed in the slowest and plainest way.
//!
//! Each of them visits every recipient in every block or epoch and keeps exact rationals. No contract
//! is used here, and nothing of a contract's arithmetic: the ledgers have none of its ways to be
//! wrong, so its results are held against theirs.
//!
//! | module | ledger of |
//! |---|---|
//! | [`ledger`] | the fee pool |
//! | [`poa_ledger`] | the PoA fee pool |
//! | [`gauge_ledger`] | the reward gauges |
//! | [`ccv_ledger`] | the holding pools of a consumer and the shares on its provider |
//! | [`exact`] | sums of fractions, which all of them are made of |

// Its errors are for developers.
#![allow(clippy::use_debug)]

pub mod ccv_ledger;
pub mod exact;
pub mod gauge_ledger;
pub mod ledger;
pub mod poa_ledger;
