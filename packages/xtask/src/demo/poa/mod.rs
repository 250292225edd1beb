//! `cargo demo poa`: a consortium of operators shares fees in two denoms by power. A seeded story of
//! fees, power changes, withdrawals and hand-overs is played on a pool and on the ledger that visits
//! every validator at every checkpoint, and in the end both are shown side by side.

mod outcome;
mod story;
mod tables;

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use testing::poa_pool::{PoaSuite, PoaTwin};

use self::outcome::{Outcome, Played};
use self::story::{DENOMS, Story};
use super::progress::Progress;

/// Blocks, unless it is said.
const BLOCKS: u32 = 1_000;
/// Operators, unless it is said.
const OPERATORS: u32 = 25;
/// Seed, unless it is said.
const SEED: u64 = 1;
/// How often on the way every claim is compared.
const COMPARISONS: u32 = 50;
/// What there is of each denom.
const SUPPLY: u128 = 10u128.pow(36);

/// Arguments of `cargo demo poa`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Blocks to play
    #[arg(long, default_value_t = BLOCKS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub blocks: u32,
    /// Operators in the consortium
    #[arg(long, default_value_t = OPERATORS, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub operators: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
}

/// Plays the story and shows what came of it; the exit code says whether everything holds.
pub fn main(args: &Args) -> ExitCode {
    super::ended(run(args))
}

fn run(args: &Args) -> Result<ExitCode> {
    let outcome = {
        let progress = Progress::new(args.blocks);
        let played = play(args, &progress)?;
        progress.says("last checks");
        Outcome::gather(args, played)?
    };
    super::print(&mut io::stdout().lock(), &tables::text(&outcome))?;
    Ok(super::exit_code(outcome.holds()))
}

/// Plays a story on both sides. The equations of integers are checked in every block.
fn play(args: &Args, progress: &Progress) -> Result<Played> {
    progress.says("the consortium begins");
    let suite = DENOMS
        .iter()
        .fold(PoaSuite::builder(), |builder, denom| {
            builder.balance("fees", SUPPLY, denom)
        })
        .with("denoms", serde_json::json!(DENOMS))
        .build()?;
    let mut twin = PoaTwin::new(suite, &DENOMS);
    let mut story = Story::new(args.operators, args.seed);
    twin.apply(&story.beginning())?;
    progress.says("blocks");
    let begun = Instant::now();
    let every = (args.blocks / COMPARISONS).max(1);
    for block in 1..=args.blocks {
        let done = || format!("block {block}");
        for deed in story.block() {
            twin.apply(&deed)
                .with_context(|| format!("block {block}, {deed:?}"))?;
        }
        twin.check_equations().with_context(done)?;
        if block % every == 0 {
            twin.check_claims().with_context(done)?;
        }
        progress.block();
    }
    twin.check_claims()?;
    Ok(Played {
        twin,
        story,
        elapsed: begun.elapsed(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(seed: u64) -> Outcome {
        let args = Args {
            blocks: 60,
            operators: 7,
            seed,
        };
        let played = play(&args, &Progress::hidden()).unwrap();
        Outcome::gather(&args, played).unwrap()
    }

    #[test]
    fn the_same_seed_tells_the_same_story_and_another_one_another() {
        let text = |seed| {
            let text = tables::text(&outcome(seed));
            // All but the time that it took.
            text.rsplit_once("\n\n").unwrap().0.to_string()
        };
        assert_eq!(text(3), text(3));
        assert_ne!(text(3), text(4));
    }

    #[test]
    fn the_equation_and_the_comparison_are_shown_and_hold() {
        let outcome = outcome(1);
        assert!(outcome.holds());
        let text = tables::text(&outcome);
        assert!(
            text.contains("paid, owed and waiting together: the same integer"),
            "{text}"
        );
        assert!(!text.contains("DOES NOT HOLD"), "{text}");
    }
}
