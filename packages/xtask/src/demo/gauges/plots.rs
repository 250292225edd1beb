//! Stake of the pools and what they were given, as SVG.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use testing::reward_gauges::REWARDS;

use super::outcome::{Outcome, Pool};
use crate::demo::plots::{Axes, COLOURS, Curve, Fill, svg};

/// Writes one plot of the stakes and one of the rewards in each denom.
///
/// # Errors
/// When a file cannot be written.
pub fn write(outcome: &Outcome, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    draw(outcome, folder, "stake", "base units locked", |pool| {
        pool.stakes.clone()
    })?;
    for (place, denom) in REWARDS.iter().enumerate() {
        let up = format!("{denom} given in an epoch");
        draw(outcome, folder, &format!("rewards-{denom}"), &up, |pool| {
            pool.given[place].clone()
        })?;
    }
    Ok(())
}

fn draw(
    outcome: &Outcome,
    folder: &Path,
    name: &str,
    up: &str,
    values: impl Fn(&Pool) -> Vec<u128>,
) -> Result<()> {
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
    let path = folder.join(format!("{name}.svg"));
    fs::write(&path, svg(&axes, &curves, Fill::None)?).with_context(|| path.display().to_string())
}
