//! `cargo gas`: the table of what each message costs on wasmd, in `tests/chain/gas_table.json`, as
//! text in `gas_table.md`, and its main rows in the README. A test compares the committed table with
//! what it measures.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args as ClapArgs;

use crate::chain::{INSTALL_GO, go};
use crate::process::run;
use crate::wasm;

/// Arguments of `cargo gas`.
#[derive(ClapArgs)]
pub struct Args {
    /// Measure these contracts only, and keep the other rows as they are
    #[arg(value_name = "CONTRACT")]
    contracts: Vec<String>,
    /// Take the contracts that are in artifacts/ as they are
    #[arg(long)]
    no_build: bool,
    /// Measure nothing, and write the tables for people from the committed figures
    #[arg(long)]
    tables: bool,
}

/// Measures and writes the table; takes about three minutes.
///
/// # Errors
/// When something is missing, a contract does not compile, or a message fails.
pub fn main(args: &Args) -> Result<ExitCode> {
    let mut go = go()?;
    if !args.no_build && !args.tables {
        wasm::build()?;
    }
    go.args(["run", "-ldflags=-s -w", "./cmd/gas"]);
    if args.tables {
        go.arg("-tables");
    }
    run(go.args(&args.contracts), INSTALL_GO)?;
    Ok(ExitCode::SUCCESS)
}
