//! The lazy accounting: its formulas, its running sums and its log against exact rationals.

// Helpers outside of test functions are tests as well.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod alike;
mod corrections;
mod cost;
mod extremes;
mod history;
mod invariants;
mod log;
mod numbers;
mod oracle;
mod pool;
mod precision;
mod storage_gas;
mod walker;
mod walks;
