//! The plots of a run.

use anyhow::Result;

use crate::amounts::grouped;
use crate::grid::shown;
use crate::plots::{Axes, COLOURS, Curve, Fill, Plot, plot};

use super::history::{Sample, Watched};
use super::outcome::Outcome;

/// The plots of a run: rewards of the largest validators, the community pool, paid and owed.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn plots(outcome: &Outcome) -> Result<Vec<Plot>> {
    let history = &outcome.history;
    let unit = outcome.setting.unit.base_units();
    let values = |value: &dyn Fn(&Sample) -> f64| -> Vec<f64> {
        history.samples.iter().map(|it| value(it) / unit).collect()
    };
    let rewards: Vec<Curve> = history
        .watched
        .iter()
        .zip(COLOURS)
        .enumerate()
        .map(|(place, (it, colour))| Curve {
            name: name(outcome, it),
            colour,
            values: values(&|sample| sample.rewards[place]),
        })
        .collect();
    let curve = |name: &str, colour: usize, value: &dyn Fn(&Sample) -> f64| Curve {
        name: name.to_string(),
        colour: COLOURS[colour],
        values: values(value),
    };
    let community = vec![curve("community pool", 3, &|it| it.community_pool)];
    // The whole first, what is painted over it after it.
    let sums = vec![
        curve("owed, the rest of what was received", 0, &|it| it.received),
        curve("paid", 2, &|it| it.paid),
    ];
    let axes = axes(outcome);
    Ok(vec![
        plot(
            "Rewards of the largest validators and their delegators, since the start",
            &axes,
            &rewards,
            Fill::None,
        )?,
        plot("Community pool", &axes, &community, Fill::Below)?,
        plot(
            "Received: what was paid and what is owed",
            &axes,
            &sums,
            Fill::Below,
        )?,
    ])
}

/// A validator's name, and why it may not earn any more.
fn name(outcome: &Outcome, watched: &Watched) -> String {
    let mut rows = outcome.validators.iter();
    let row = rows.find(|it| it.operator == watched.operator);
    let moniker = shown(&watched.moniker);
    match row.and_then(|it| it.jailed) {
        None => moniker,
        Some(block) => format!("{moniker} (jailed in block {})", grouped(block)),
    }
}

/// Blocks across, amounts up.
fn axes(outcome: &Outcome) -> Axes<'_> {
    let samples = outcome.history.samples.iter();
    Axes {
        places: samples.map(|it| f64::from(it.block)).collect(),
        across: "block",
        up: outcome.setting.unit.display(),
    }
}
