//! The program on a live node of wasmd. Ignored unless asked for, because they need `wasmd` in `PATH`:
//! `cargo test -p operator --test live -- --ignored`.

mod deploy;
mod node;
