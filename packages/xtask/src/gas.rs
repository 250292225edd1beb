//! `cargo gas`: the table of what each message costs on wasmd, in `tests/chain/gas_table.json` and
//! as text in `gas_table.md`. A test compares the committed table with what it measures.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args as ClapArgs;

use crate::chain::go;
use crate::process::run;
use crate::wasm;

/// Arguments of `cargo gas`.
#[derive(ClapArgs)]
pub struct Args {
    /// Take the contracts that are in artifacts/ as they are
    #[arg(long)]
    no_build: bool,
}

/// Measures and writes the table; takes about two minutes.
///
/// # Errors
/// When something is missing, a contract does not compile, or a message fails.
pub fn main(args: &Args) -> Result<ExitCode> {
    let mut go = go()?;
    if !args.no_build {
        wasm::build()?;
    }
    run(go.args(["run", "-ldflags=-s -w", "./cmd/gas"]), "")?;
    Ok(ExitCode::SUCCESS)
}
