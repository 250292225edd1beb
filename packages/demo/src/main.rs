//! `cargo demo`: stories played on the real contracts and on brute-force ledgers at once, and both shown
//! side by side in the end.
//!
//! | module | job |
//! |---|---|
//! | [`hub`] | `cargo demo`: a fee pool on the real state of the Cosmos Hub |
//! | [`poa`] | `cargo demo poa`: a consortium shares fees by power |
//! | [`gauges`] | `cargo demo gauges`: locks and gauges over epochs |
//! | [`ccv`] | `cargo demo ccv`: rewards of a consumer chain reach its provider |
//! | [`rng`] | what is random in a story follows from its seed |
//! | [`amounts`], [`largest`], [`grid`] | what every story shows, as text, lines and tables |
//! | [`tables`], [`progress`], [`terminal`] | the terminal |
//! | [`html`], [`plots`], [`picture`] | the files |

// Stories count steps, blocks and base units of denoms whose supply they have chosen.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod amounts;
mod ccv;
mod gauges;
mod grid;
mod html;
mod hub;
mod largest;
mod picture;
mod plots;
mod poa;
mod progress;
mod rng;
mod tables;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Play a story on the real state of the Cosmos Hub and compare everybody with exact shares
///
/// Starts a fee pool with the validators and delegations of cosmoshub-2 on an embedded chain and plays
/// blocks of fees, votes, absences, stake changes, slashes and claims on it and on a ledger of exact
/// fractions. Prints who earned what, the conservation equation, and how far anybody is from the exact
/// share. The exit code is 0 when every check holds.
#[derive(Parser)]
#[command(
    name = "demo",
    bin_name = "cargo demo",
    args_conflicts_with_subcommands = true
)]
struct Cli {
    /// Another story than that of the hub
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    hub: hub::Args,
}

/// Stories beside that of the hub.
#[derive(Subcommand)]
enum Other {
    /// A consortium of operators shares fees by power, in a PoA fee pool
    Poa(poa::Args),
    /// Play locks, unlocking locks and gauges over epochs and compare every lock with its exact share
    Gauges(gauges::Args),
    /// Fees of a consumer chain reach its provider's validators, by a relayer that delays and loses
    Ccv(ccv::Args),
}

/// Plays the story; the exit code says whether everything holds. An error is printed as one line.
fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.other {
        None => hub::run(&cli.hub, &mut std::io::stdout().lock()),
        Some(Other::Poa(args)) => poa::run(args),
        Some(Other::Gauges(args)) => gauges::run(args),
        Some(Other::Ccv(args)) => ccv::run(args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_of_one_story_are_none_of_another() {
        assert!(Cli::try_parse_from(["demo", "--blocks", "5"]).is_ok());
        assert!(Cli::try_parse_from(["demo", "poa", "--operators", "5"]).is_ok());
        assert!(Cli::try_parse_from(["demo", "--operators", "5"]).is_err());
        assert!(Cli::try_parse_from(["demo", "--blocks", "5", "poa"]).is_err());
    }

    #[test]
    fn help_shows_commands_as_one_types_them() {
        for (args, usage) in [
            (vec!["demo", "--help"], "Usage: cargo demo [OPTIONS]"),
            (vec!["demo", "poa", "--help"], "Usage: cargo demo poa"),
        ] {
            let help = Cli::try_parse_from(args).err().unwrap().to_string();
            assert!(help.contains(usage), "{help}");
        }
    }
}
