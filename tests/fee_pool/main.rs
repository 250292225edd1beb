//! The fee pool's behaviour through its JSON messages, one file per behaviour.

// Helpers outside of test functions are tests as well.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod authority;
mod bad_input;
mod blocks;
mod carries;
mod commission;
mod cw4_group;
mod events;
mod export;
mod histories;
mod hooks_source;
mod import_and_activation;
mod independence;
mod lazy_audit;
mod lazy_differential;
mod lazy_hub;
mod lazy_queries;
mod lists;
mod odd_json;
mod ownership_and_params;
mod payloads;
mod payouts;
mod play;
mod property;
mod queries;
mod reentrancy;
mod reference_case;
mod stolen_reporter_key;
mod storage_writes;
mod strategies;
mod sudo_never_fails;
mod support;
mod sync_source;
mod withdrawals;
