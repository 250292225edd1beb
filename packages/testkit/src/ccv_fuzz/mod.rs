//! Bytes from another chain against the entry points of `holding-pools` and `ccv-provider`: what a
//! fuzzer calls with what it makes up, and a test with the corpus that is committed.
//!
//! | file | job |
//! |---|---|
//! | `targets` | what each kind of input is given to, and what must hold |
//! | `stage` | moments of a consumer and its provider, which inputs may come at |
//!
//! An input is text where it can be: its first byte chooses the moment, the rest is one or two parts
//! with a line break between them.

// Test support: what cannot be is a failed test, and its sums are small.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod stage;
mod targets;

pub use targets::{TARGETS, acks, callbacks, memos, packets};
