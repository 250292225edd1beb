//! The stakes of the pools and the rewards given to them, as a page of plots.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use testkit::reward_gauges::REWARDS;

use super::outcome::{Outcome, Pool};
use crate::html::plots_page;
use crate::plots::{Axes, COLOURS, Curve, Fill, Plot, plot};

/// Writes a page with a plot of the stakes, and one of the rewards in each denom.
///
/// # Errors
/// When the file cannot be written.
pub fn write(outcome: &Outcome, folder: &Path) -> Result<()> {
    let stake = draw(outcome, "Stake of the pools", "base units", |pool| {
        pool.stakes.clone()
    });
    let rewards = REWARDS.iter().enumerate().map(|(place, denom)| {
        let title = format!("Rewards given in each epoch, {denom}");
        draw(outcome, &title, denom, |pool| pool.given[place].clone())
    });
    let plots: Vec<Plot> = std::iter::once(stake)
        .chain(rewards)
        .collect::<Result<_>>()?;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = folder.join("report.html");
    fs::write(&path, plots_page("Locks and gauges", &plots))
        .with_context(|| path.display().to_string())
}

fn draw(
    outcome: &Outcome,
    title: &str,
    up: &str,
    values: impl Fn(&Pool) -> Vec<u128>,
) -> Result<Plot> {
    let axes = Axes {
        places: (1..=outcome.args.epochs).map(f64::from).collect(),
        across: "epoch",
        up,
    };
    let curves: Vec<Curve> = outcome
        .pools
        .iter()
        .zip(COLOURS)
        .map(|(pool, colour)| Curve {
            name: pool.name.clone(),
            colour,
            values: values(pool).into_iter().map(|it| it as f64).collect(),
        })
        .collect();
    plot(title, &axes, &curves, Fill::None)
}
