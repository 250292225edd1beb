//! `cargo demo gauges`: locks and gauges over epochs. A random story of locks, exits, splits,
//! cancels, forced exits, claims and late settlements follows from a seed. It is played on the
//! contract and on the ledger that visits every lock in every epoch, and in the end the two are
//! compared.

mod options;
mod outcome;
mod plots;
mod story;
mod tables;

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use testkit::reward_gauges::{DAY, Harness};

use crate::progress::Progress;
use crate::terminal::{exit_code, print};

pub use self::options::Args;
use self::outcome::{Outcome, Played};
use self::story::{DURATIONS, Story};

/// How often every lock is compared on the way.
const COMPARISONS: u32 = 3;

/// Plays the story and prints the outcome.
///
/// # Errors
/// When the contract and the ledger differ on the way, or a file cannot be written.
pub fn run(args: &Args) -> Result<ExitCode> {
    let outcome = {
        let progress = Progress::of(args.epochs, "epochs");
        let played = play(args, &progress)?;
        progress.says("last checks");
        Outcome::gather(args, played)?
    };
    print(&mut io::stdout().lock(), &tables::text(&outcome))?;
    if let Some(folder) = &args.out {
        plots::write(&outcome, folder)?;
        println!("written to {}", folder.display());
    }
    Ok(exit_code(outcome.holds()))
}

/// Plays a story on the contract and on the ledger.
fn play(args: &Args, progress: &Progress) -> Result<Played> {
    progress.says("gauges are made");
    let mut harness = Harness::new(DAY, &DURATIONS.map(|days| days * DAY))?;
    let mut story = Story::new(args.locks, args.seed);
    let begun = Instant::now();
    let every = (args.epochs / COMPARISONS).max(1);
    let mut operations = story.gauges();
    for epoch in 1..=args.epochs {
        progress.says("epochs");
        operations.extend(story.epoch(epoch));
        for operation in operations.drain(..) {
            let is_done = harness
                .apply(&operation)
                .with_context(|| format!("epoch {epoch}, {operation:?}"))?;
            if is_done {
                story.count(&operation);
            }
        }
        if epoch % every == 0 && epoch < args.epochs {
            progress.says("every lock is compared");
            harness
                .compare()
                .with_context(|| format!("epoch {epoch}"))?;
        }
        progress.block();
    }
    progress.says("every lock is compared");
    harness.compare()?;
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
            locks: 100,
            epochs: 50,
            seed,
            out: None,
        };
        let played = play(&args, &Progress::hidden()).unwrap();
        Outcome::gather(&args, played).unwrap()
    }

    #[test]
    fn a_seed_always_makes_the_same_story_and_another_seed_another() {
        let text = |seed| {
            let text = tables::text(&outcome(seed));
            // The last paragraph is the time that it took.
            text.rsplit_once("\n\n").unwrap().0.to_string()
        };
        assert_eq!(text(3), text(3));
        assert_ne!(text(3), text(4));
    }

    #[test]
    fn the_equation_and_the_comparison_are_shown_and_hold() {
        let outcome = outcome(1);
        assert!(outcome.holds());
        assert_eq!(outcome.gauges.len(), 10);
        assert_eq!(outcome.pools.len(), 4);
        let text = tables::text(&outcome);
        assert!(
            text.contains("paid, owed and in gauges together: the same integer"),
            "{text}"
        );
        assert!(!text.contains("DOES NOT HOLD"), "{text}");
    }

    #[test]
    fn the_page_has_a_plot_of_the_stakes_and_one_for_each_denom() {
        let folder = std::env::temp_dir().join(format!("gauges-{}", std::process::id()));
        plots::write(&outcome(1), &folder).unwrap();
        let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(page.matches("<svg").count(), 3);
        assert!(page.contains("ulp, 14 days"), "the legend names the pools");
    }

    #[test]
    fn an_equation_that_is_off_by_one_point_is_shown() {
        let mut outcome = outcome(1);
        outcome.denoms[0].received += 1;
        assert!(!outcome.holds());
        assert!(tables::text(&outcome).contains("IT DIFFERS"));
    }
}
