//! The program on a live node of wasmd. Ignored unless asked for, because they need `wasmd` in `PATH`:
//! `cargo test -p operator --test live -- --ignored`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod crank;
mod deploy;
mod import;
mod node;
mod pool;
mod process;
mod proof;
mod readme;
mod report;
mod rpc;
