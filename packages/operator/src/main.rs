//! What runs beside a chain: one program that deploys the contracts, tells them of their chain, compares them with it
//! and keeps their paged jobs going.
//!
//! Commands are thin: [`config`] is what the user wrote, [`chain`] speaks to a node, [`signer`] holds
//! the key, [`message`] makes what is sent, [`contracts`] knows the messages of each contract, [`book`]
//! remembers where they are, [`staking`] compares a fee pool with its chain.

mod book;
mod chain;
mod commands;
mod config;
mod contracts;
mod files;
mod message;
mod progress;
mod signer;
mod staking;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::commands::{check, crank, deploy, import, report};
use crate::config::Config;

/// Something could not be done; `check` says 1 when it could and something differs.
const TROUBLE: u8 = 2;

#[derive(Parser)]
#[command(
    name = "operator",
    version,
    about = "Deploys the contracts, tells them of their chain, compares them with it and keeps their jobs going",
    after_help = "Every command reads operator.toml: the node, the chain id, the gas price, the key's file and \
                  the address book. The README shows one."
)]
struct Cli {
    /// The configuration; paths in it start at its folder
    #[arg(
        long,
        global = true,
        default_value = "operator.toml",
        value_name = "FILE"
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Store, instantiate, register and pin contracts as a deploy.toml says
    ///
    /// Goes on where an earlier run stopped: what is on the chain already is not sent again. A contract,
    /// its first messages and its registrations are one transaction, so that none is ever half set up.
    /// Files are sent only when their checksums are those of checksums.txt.
    Deploy(deploy::Args),
    /// Compare contracts with their chain, and with themselves
    ///
    /// Powers, commissions and units against x/staking; what is owed against what is held; all records
    /// against the totals; the last block against the chain's height. Prints a line for everything that
    /// differs. The exit code is 0 when nothing does, 1 when something does, 2 when it could not be checked.
    Check(check::Args),
    /// Bring validators and delegations of the chain into a fee pool that is not active yet
    ///
    /// Sends, in pages, what the pool does not have as the chain has it; an import that was interrupted goes
    /// on by being run again. Ends with the number of differences; the exit code is 1 unless it is 0.
    Import(import::Args),
    /// Keep jobs going that anybody may drive: settle gauges, tick holding pools, process units, retry payments
    ///
    /// Once, or for ever with --every. A message is simulated first, and sent only when it would do something,
    /// so that a round with nothing to do costs nothing.
    Crank(crank::Args),
    /// Tell a fee pool of its chain's blocks and of what changes in staking, for ever
    ///
    /// Follows the newest block. What differs between the chain and the pool goes with it, so nothing is lost
    /// when it was stopped for a while. Several may run: with --behind one stands by until the pool lags.
    Report(report::Args),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("operator: {}", one_line(&format!("{error:#}")));
            ExitCode::from(TROUBLE)
        }
    }
}

async fn run(cli: &Cli) -> Result<ExitCode> {
    let config = Config::read(&cli.config)?;
    match &cli.command {
        Command::Deploy(args) => deploy::main(args, &config).await,
        Command::Check(args) => check::main(args, &config).await,
        Command::Import(args) => import::main(args, &config).await,
        Command::Crank(args) => crank::main(args, &config).await,
        Command::Report(args) => report::main(args, &config).await,
    }
}

/// Errors of nodes and parsers have several lines; a log wants one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_several_lines_becomes_one() {
        assert_eq!(one_line("TOML error\n  |\n1 | x"), "TOML error | 1 | x");
    }

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
