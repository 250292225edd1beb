//! `cargo demo gauges`: locks, unlocking locks and gauges over epochs. A seeded story of joins, exits,
//! splits, cancels, forced exits, claims and late cranks is played on the contract and on the ledger
//! that visits every lock in every epoch, and in the end both are shown side by side.

mod outcome;
mod plots;
mod story;
mod tables;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use testing::reward_gauges::{DAY, Twin};

use self::outcome::{Outcome, Played};
use self::story::{DURATIONS, Story};
use super::progress::Progress;

/// Locks, unless it is said.
const LOCKS: u32 = 10_000;
/// Epochs, unless it is said.
const EPOCHS: u32 = 60;
/// Seed, unless it is said.
const SEED: u64 = 1;
/// How often on the way every lock is compared.
const COMPARISONS: u32 = 3;

/// Arguments of `cargo demo gauges`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Locks that are made, parts that are split off later not counted
    #[arg(long, default_value_t = LOCKS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub locks: u32,
    /// Epochs to play
    #[arg(long, default_value_t = EPOCHS, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub epochs: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Folder for report.html with plots of stake and rewards
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Plays the story and shows what came of it; the exit code says whether everything holds.
pub fn main(args: &Args) -> ExitCode {
    super::ended(run(args))
}

fn run(args: &Args) -> Result<ExitCode> {
    let outcome = {
        let progress = Progress::of(args.epochs, "epochs");
        let played = play(args, &progress)?;
        progress.says("last checks");
        Outcome::gather(args, played)?
    };
    super::print(&mut io::stdout().lock(), &tables::text(&outcome))?;
    if let Some(folder) = &args.out {
        plots::write(&outcome, folder)?;
        println!("written to {}", folder.display());
    }
    Ok(super::exit_code(outcome.holds()))
}

/// Plays a story on both sides.
fn play(args: &Args, progress: &Progress) -> Result<Played> {
    progress.says("gauges are made");
    let mut twin = Twin::new(DAY, &DURATIONS.map(|days| days * DAY))?;
    let mut story = Story::new(args.locks, args.seed);
    let begun = Instant::now();
    let every = (args.epochs / COMPARISONS).max(1);
    let mut deeds = story.gauges();
    for epoch in 1..=args.epochs {
        progress.says("epochs");
        deeds.extend(story.epoch(epoch));
        for deed in deeds.drain(..) {
            let is_done = twin
                .apply(&deed)
                .with_context(|| format!("epoch {epoch}, {deed:?}"))?;
            if is_done {
                story.did(&deed);
            }
        }
        if epoch % every == 0 && epoch < args.epochs {
            progress.says("every lock is compared");
            twin.compare().with_context(|| format!("epoch {epoch}"))?;
        }
        progress.block();
    }
    progress.says("every lock is compared");
    twin.compare()?;
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
            locks: 100,
            epochs: 50,
            seed,
            out: None,
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
        assert!(page.contains("ulp, 14 days"), "what the colours mean");
    }

    #[test]
    fn one_point_more_that_was_received_shows() {
        let mut outcome = outcome(1);
        outcome.denoms[0].received += 1;
        assert!(!outcome.holds());
        assert!(tables::text(&outcome).contains("IT DIFFERS"));
    }
}
