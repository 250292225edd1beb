//! Commands for developers and operators, behind the aliases of `.cargo/config.toml`.
//!
//! This file reads the arguments and dispatches; each command is a module.

// Commands count steps and files; what users give them is checked where it is read.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod scenario;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "xtask", about = "Commands of the suite")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play scenario files on embedded chains
    Scenario(scenario::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Scenario(args) => scenario::main(&args),
    }
}
