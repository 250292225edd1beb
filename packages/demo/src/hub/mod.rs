//! `cargo demo`: the suite's main job on the real state of a hub. A pool is given the state, a seeded
//! story of blocks is played on it and on the brute-force ledger at once, and in the end both are
//! shown side by side.
//!
//! | module | job |
//! |---|---|
//! | [`options`] | the arguments |
//! | [`staking`], [`people`], [`story`] | what happens: stake, habits, actions |
//! | [`mod@play`], [`history`] | does it on both sides, and what is seen on the way |
//! | [`outcome`], [`recipients`], [`delegators`] | what came of it, and the last checks |
//! | [`side_by_side`] | what came of it under two accountings |
//! | [`summary`], [`tables`] | what is printed |
//! | [`csv`], [`page`], [`plots`] | the files |
//!
//! `cargo demo --picture packages/demo/assets/demo.svg` makes the picture that READMEs show.

mod csv;
mod delegators;
mod history;
mod options;
mod outcome;
mod page;
mod people;
mod play;
mod plots;
mod recipients;
mod side_by_side;
mod staking;
mod story;
mod summary;
mod tables;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use testkit::fee_pool::AccountingKind;
use testkit::hub_state::HubState;

use crate::picture;
use crate::progress::Progress;
use crate::terminal::{exit_code, print};

pub use self::options::Args;
use self::options::{Accountings, kind_name};
use self::outcome::Outcome;
use self::play::{Plan, play};
use self::side_by_side::SideBySide;

/// How often on the way every recipient is compared.
const COMPARISONS: u32 = 100;

/// Plays the story and prints what came of it.
///
/// # Errors
/// When a file cannot be read or written, when the state is unsound, and when something does not
/// hold in the middle of the story.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode> {
    let (text, holds) = match args.accounting {
        Accountings::One(kind) => {
            let outcome = show(&plan(args, kind)?, args.out.as_deref(), out)?;
            (tables::text(&outcome), outcome.holds())
        }
        Accountings::Both => show_both(args, out)?,
    };
    if let Some(path) = &args.picture {
        let picture = picture::terminal(&args.command(), &text);
        fs::write(path, picture).with_context(|| path.display().to_string())?;
    }
    Ok(exit_code(holds))
}

/// Plays a plan, prints what came of it and writes the files.
fn show(plan: &Plan, folder: Option<&Path>, out: &mut dyn Write) -> Result<Outcome> {
    // Before the work, not after it: a folder that cannot be made.
    if let Some(folder) = folder {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let outcome = {
        let progress = Progress::new(plan.blocks);
        let played = play(plan, &progress)?;
        progress.says("last checks");
        Outcome::gather(plan, played)?
    };
    print(out, &tables::text(&outcome))?;
    if let Some(folder) = folder {
        write_files(&outcome, folder)?;
        print(out, &format!("written to {}\n", folder.display()))?;
    }
    Ok(outcome)
}

/// The same for each accounting, its files in a folder of its own, and how the two compare.
fn show_both(args: &Args, out: &mut dyn Write) -> Result<(String, bool)> {
    let mut show = |kind| {
        let folder = args.out.as_ref().map(|it| it.join(kind_name(kind)));
        let outcome = show(&plan(args, kind)?, folder.as_deref(), out)?;
        print(out, "\n")?;
        anyhow::Ok(outcome)
    };
    let one = show(AccountingKind::F1)?;
    let other = show(AccountingKind::Lazy)?;
    let compared = SideBySide::new(&one, &other)?;
    print(out, &compared.text())?;
    let text = [tables::text(&one), tables::text(&other), compared.text()].join("\n");
    Ok((text, one.holds() && other.holds() && compared.holds()))
}

fn plan(args: &Args, accounting: AccountingKind) -> Result<Plan> {
    let state = match &args.state {
        None => HubState::built_in().context("the state that comes with the suite")?,
        Some(path) => fs::read_to_string(path)
            .map_err(anyhow::Error::from)
            .and_then(|text| Ok(HubState::parse(&text)?))
            .with_context(|| path.display().to_string())?,
    };
    Ok(Plan {
        state,
        accounting,
        seed: args.seed,
        blocks: args.blocks,
        comparisons: COMPARISONS,
    })
}

fn write_files(outcome: &Outcome, folder: &Path) -> Result<()> {
    let path = folder.join("recipients.csv");
    let file = fs::File::create(&path).with_context(|| path.display().to_string())?;
    csv::write(outcome, io::BufWriter::new(file)).with_context(|| path.display().to_string())?;
    let path = folder.join("report.html");
    fs::write(&path, page::page(outcome)?).with_context(|| path.display().to_string())
}
