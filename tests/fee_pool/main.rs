//! The fee pool through its JSON messages: every behaviour with the accounting F1, and what holds
//! both accountings against oracles and each other. `lazy.rs` runs the same behaviours with the lazy accounting.

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
mod carries;
mod export;
#[path = "../exported.rs"]
mod exported;
mod histories;
mod hub_history;
mod independence;
mod lazy_differential;
mod lists;
mod odd_json;
mod payloads;
mod play;
#[path = "../property.rs"]
mod property;
mod stolen_reporter_key;
mod strategies;
mod sudo_never_fails;
mod support;
mod whole_move;

/// Of the pools that [`behaviour`] sets up.
const ACCOUNTING: AccountingKind = AccountingKind::F1;
