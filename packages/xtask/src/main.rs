//! Commands for developers and operators, behind the aliases of `.cargo/config.toml`.
//!
//! This file reads the arguments and dispatches; each command is a module.

// Commands count steps and files; what users give them is checked where it is read.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod chain;
mod ci;
mod cosmwasm2;
mod gas;
mod localnet;
mod npm;
mod process;
mod scenario;
mod schema;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo", about = "Commands of the suite")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play scenario files on embedded chains
    ///
    /// A scenario file is JSON: how chains begin, and the steps that happen on them, each with what is
    /// expected of it. Every file is played on new chains in memory, and a table shows what came of each
    /// step. The exit code is 0 when all files are right and all expectations were met; otherwise it says
    /// which step of which file, what was expected and what came. `cargo chain FILE` plays the same files
    /// on real wasmd.
    Scenario(scenario::Args),
    /// Write the JSON schemas of the contracts to schema/
    Schema(schema::Args),
    /// Run every check of the repository
    Ci(ci::Args),
    /// Build the contracts to artifacts/
    Wasm(wasm::Args),
    /// Run the contracts on real wasmd chains (needs Go)
    Chain(chain::Args),
    /// Measure the gas of every message on wasmd (needs Go)
    Gas(gas::Args),
    /// Run two connected chains on this machine with all that works between them (needs Go)
    ///
    /// A provider with four validators, a consumer, and a relayer; contracts deployed, told of blocks and kept
    /// going by the operator; fees on both chains, of which a part reaches the provider over IBC; claims. It
    /// stops all that it started at its end, when it fails and on Ctrl-C. Its files and logs are in
    /// target/localnet.
    Localnet(localnet::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Scenario(args) => scenario::main(&args),
        Command::Schema(args) => schema::main(&args),
        Command::Ci(args) => ci::main(&args),
        Command::Wasm(args) => wasm::main(&args),
        Command::Chain(args) => chain::main(&args),
        Command::Gas(args) => gas::main(&args),
        Command::Localnet(args) => localnet::main(&args),
    }
}
