//! Every behaviour of the fee pool with the lazy accounting, by the tests that `main.rs` runs
//! with F1; and what only the lazy one shows.

// Helpers outside of test functions are tests as well.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use testkit::fee_pool::AccountingKind;

mod behaviour;
mod lazy_audit;
mod lazy_hub;
mod lazy_queries;
mod support;

/// Of the pools that [`behaviour`] sets up.
const ACCOUNTING: AccountingKind = AccountingKind::Lazy;
