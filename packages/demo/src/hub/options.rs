//! Arguments of `cargo demo`.

use std::path::PathBuf;

use testkit::fee_pool::AccountingKind;

/// Blocks by default.
const BLOCKS: u32 = 2_000;
/// Seed by default.
const SEED: u64 = 1;
/// Accounting by default.
const ACCOUNTING: &str = "f1";
/// The name of all accountings.
const BOTH: &str = "both";

/// Arguments of `cargo demo`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
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
    /// State of another chain to start with, with any address prefix, in the form of
    /// packages/testkit/data/cosmoshub-2.json (packages/testkit/data/README.md has its keys)
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Draw what is printed to an SVG file, as packages/demo/assets/demo.svg was made
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
}

/// How the pool keeps entitlements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accountings {
    /// In one way.
    One(AccountingKind),
    /// In both ways, with the same story played on a pool of each.
    Both,
}

impl Accountings {
    fn name(self) -> &'static str {
        match self {
            Accountings::One(kind) => kind_name(kind),
            Accountings::Both => BOTH,
        }
    }
}

/// The name of an accounting.
pub fn kind_name(kind: AccountingKind) -> &'static str {
    match kind {
        AccountingKind::F1 => "f1",
        AccountingKind::Lazy => "lazy",
    }
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

/// Reads the name of an accounting, or `both`; the error lists the names there are.
fn accountings(name: &str) -> Result<Accountings, String> {
    if name == BOTH {
        return Ok(Accountings::Both);
    }
    let kinds = [AccountingKind::F1, AccountingKind::Lazy];
    let found = kinds.into_iter().find(|kind| kind_name(*kind) == name);
    found.map(Accountings::One).ok_or_else(|| {
        let [one, other] = kinds.map(kind_name);
        format!("unknown variant `{name}`, expected `{one}` or `{other}`, or `{BOTH}`")
    })
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
