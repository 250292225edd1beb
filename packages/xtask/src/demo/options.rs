//! Arguments of `cargo demo`.

use std::path::PathBuf;

use accounting::AccountingKind;
use serde_json::json;

/// Blocks, unless it is said.
const BLOCKS: u32 = 2_000;
/// Seed, unless it is said.
const SEED: u64 = 1;
/// Accounting, unless it is said.
const ACCOUNTING: &str = "f1";
/// The name of all accountings.
const BOTH: &str = "both";

/// Arguments of `cargo demo`.
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Another story than that of the hub
    #[command(subcommand)]
    pub other: Option<Other>,
    /// Blocks to play
    #[arg(long, default_value_t = BLOCKS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub blocks: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// How the pool keeps entitlements: f1, lazy, or both side by side
    #[arg(long, default_value = ACCOUNTING, value_parser = accountings)]
    pub accounting: Accountings,
    /// Folder for recipients.csv and report.html
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// State to start with, in the form of packages/testing/data/cosmoshub-2.json, instead of that
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Draw what is printed to an SVG file, as packages/xtask/assets/demo.svg was made
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
}

/// Stories beside that of the hub.
#[derive(clap::Subcommand, Clone, Debug)]
pub enum Other {
    /// A consortium of operators shares fees by power, in a PoA fee pool
    Poa(super::poa::Args),
    /// Play locks, unlocking locks and gauges over epochs and compare every lock with its exact share
    Gauges(super::gauges::Args),
}

/// How the pool keeps entitlements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accountings {
    /// In one way.
    One(AccountingKind),
    /// In both ways, with the same story told to a pool of each.
    Both,
}

impl Accountings {
    fn name(self) -> String {
        match self {
            Accountings::One(kind) => kind_name(kind),
            Accountings::Both => BOTH.to_string(),
        }
    }
}

/// The name of an accounting as messages write it.
pub fn kind_name(kind: AccountingKind) -> String {
    json!(kind).as_str().unwrap_or_default().to_string()
}

impl Args {
    /// The command that plays the same, without where files are written.
    pub fn command(&self) -> String {
        let mut command = "cargo demo".to_string();
        if self.blocks != BLOCKS {
            command.push_str(&format!(" --blocks {}", self.blocks));
        }
        if self.seed != SEED {
            command.push_str(&format!(" --seed {}", self.seed));
        }
        let accounting = self.accounting.name();
        if accounting != ACCOUNTING {
            command.push_str(&format!(" --accounting {accounting}"));
        }
        if let Some(path) = &self.state {
            command.push_str(&format!(" --state {}", path.display()));
        }
        command
    }
}

/// Reads the name of an accounting as messages write it, or `both`; the error lists the names there
/// are.
fn accountings(name: &str) -> Result<Accountings, String> {
    if name == BOTH {
        return Ok(Accountings::Both);
    }
    serde_json::from_value(json!(name))
        .map(Accountings::One)
        .map_err(|error| format!("{error}, or `{BOTH}`"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Demo {
        #[command(flatten)]
        args: Args,
    }

    fn parse(args: &[&str]) -> Result<Args, String> {
        Demo::try_parse_from([&["demo"], args].concat())
            .map(|demo| demo.args)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_options_it_is_two_thousand_blocks_of_the_hub() {
        let args = parse(&[]).unwrap();
        assert_eq!((args.blocks, args.seed), (2_000, 1));
        assert_eq!(args.accounting, Accountings::One(AccountingKind::F1));
        assert!(args.out.is_none() && args.state.is_none() && args.picture.is_none());
    }

    #[test]
    fn an_unknown_accounting_is_refused_with_those_that_exist() {
        let error = parse(&["--accounting", "f2"]).unwrap_err();
        assert!(error.contains("unknown variant `f2`"), "{error}");
        assert!(error.contains("`f1`"), "{error}");
        assert!(error.contains("`both`"), "{error}");
    }

    #[test]
    fn numbers_out_of_range_are_refused_with_the_range() {
        let error = parse(&["--blocks", "0"]).unwrap_err();
        assert!(error.contains("0 is not in 1..=1000000"), "{error}");
        let error = parse(&["--blocks", "many"]).unwrap_err();
        assert!(error.contains("--blocks"), "{error}");
        assert!(parse(&["--seed", "-1"]).is_err());
    }

    #[test]
    fn the_command_says_what_is_not_the_default() {
        assert_eq!(parse(&["--out", "x"]).unwrap().command(), "cargo demo");
        let args = ["--blocks", "7", "--seed", "3", "--state", "s.json"];
        assert_eq!(
            parse(&args).unwrap().command(),
            "cargo demo --blocks 7 --seed 3 --state s.json"
        );
        for name in ["lazy", "both"] {
            assert_eq!(
                parse(&["--accounting", name]).unwrap().command(),
                format!("cargo demo --accounting {name}")
            );
        }
    }

    #[test]
    fn an_unknown_option_is_refused() {
        let error = parse(&["--block", "5"]).unwrap_err();
        assert!(error.contains("--blocks"), "{error}");
    }
}
