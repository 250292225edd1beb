//! `cargo demo poa`: a consortium of operators shares fees in two denoms by power. A seeded story of
//! fees, power changes, withdrawals and hand-overs is played on a pool and on the ledger that visits
//! every validator at every checkpoint, and in the end both are shown side by side.

mod options;
mod outcome;
mod story;
mod tables;

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use testkit::poa_pool::{PoaHarness, PoaSuite};

use crate::progress::Progress;
use crate::terminal::{exit_code, print};

pub use self::options::Args;
use self::outcome::{Outcome, Played};
use self::story::{DENOMS, SUPPLY, Story};

/// How often on the way every claim is compared.
const COMPARISONS: u32 = 50;

/// Plays the story and prints what came of it.
///
/// # Errors
/// When something does not hold in the middle of the story.
pub fn run(args: &Args) -> Result<ExitCode> {
    let outcome = {
        let progress = Progress::new(args.blocks);
        let played = play(args, &progress)?;
        progress.says("last checks");
        Outcome::gather(args, played)?
    };
    print(&mut io::stdout().lock(), &tables::text(&outcome))?;
    Ok(exit_code(outcome.holds()))
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
    let mut harness = PoaHarness::new(suite, &DENOMS);
    let mut story = Story::new(args.operators, args.seed);
    harness.apply(&story.beginning())?;
    progress.says("blocks");
    let begun = Instant::now();
    let every = (args.blocks / COMPARISONS).max(1);
    for block in 1..=args.blocks {
        let done = || format!("block {block}");
        for action in story.block() {
            harness
                .apply(&action)
                .with_context(|| format!("block {block}, {action:?}"))?;
        }
        harness.check_equations().with_context(done)?;
        if block % every == 0 {
            harness.check_claims().with_context(done)?;
        }
        progress.block();
    }
    harness.check_claims()?;
    Ok(Played {
        harness,
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
