//! `report.html`: the whole outcome on one page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::chart::chart;
use super::history::Sample;
use super::outcome::Outcome;
use super::tables::{HELD, LAST, comparison, equation, title, validators};
use crate::grid;
use crate::html::{self, document, escaped, figure, heading, section, table};
use crate::plots::{Axes, COLOURS, Curve, Fill, Plot, plot};

/// Validators that are shown without a click, beside those that are gone.
const TOP: usize = 15;

/// Writes the page.
///
/// # Errors
/// When the file cannot be written.
pub fn write(outcome: &Outcome, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = folder.join("report.html");
    fs::write(&path, page(outcome)?).with_context(|| path.display().to_string())
}

fn page(outcome: &Outcome) -> Result<String> {
    let name = "Rewards of a consumer chain reach its provider";
    let mut body = heading(name, &title(outcome), outcome.holds());
    body.push_str(&section(
        "What happened",
        &table(&grid::happened(&outcome.happened)),
    ));
    let plots = plots(outcome)?;
    let figures: String = plots.iter().map(figure).collect();
    body.push_str(&section("Over the blocks", &figures));
    body.push_str(&section("Validators", &validator_tables(outcome)));
    for denom in &outcome.denoms {
        let point = format!("1 point = 10^-36 {}", denom.name);
        body.push_str(&section(
            &format!("Conservation of {} over both chains", denom.name),
            &html::equation(&point, &equation(denom)),
        ));
    }
    body.push_str(&section(
        "Against the brute-force ledgers",
        &checks(outcome),
    ));
    let picture = format!("<figure>\n{}</figure>\n", chart(&outcome.timeline));
    body.push_str(&section("Timeline", &picture));
    Ok(document(name, &body))
}

fn plots(outcome: &Outcome) -> Result<Vec<Plot>> {
    let denoms = outcome.denoms.iter().zip(&outcome.history.denoms);
    denoms
        .map(|(denom, samples)| {
            let up = format!("1,000 {}", denom.name);
            let axes = Axes {
                places: samples.iter().map(|it| f64::from(it.block)).collect(),
                across: "block",
                up: &up,
            };
            let curve = |name: &str, colour: usize, value: fn(&Sample) -> f64| Curve {
                name: name.to_string(),
                colour: COLOURS[colour],
                values: samples.iter().map(|it| value(it) / 1_000.0).collect(),
            };
            // The whole first, what is painted over it after it.
            let curves = [
                curve("collected for the provider", 0, |it| it.collected),
                curve("arrived there", 1, |it| it.arrived),
                curve("shared out there", 2, |it| it.shared),
            ];
            let title = format!("How far {} has come", denom.name);
            plot(&title, &axes, &curves, Fill::Below)
        })
        .collect()
}

fn validator_tables(outcome: &Outcome) -> String {
    format!(
        "<p>What they exactly earned on the consumer, and were paid on the provider.</p>\n\
         {}<details><summary>All {} validators</summary>\n{}</details>\n",
        table(&validators(outcome, TOP)),
        outcome.validators.len(),
        table(&validators(outcome, usize::MAX))
    )
}

fn checks(outcome: &Outcome) -> String {
    let mut out = String::new();
    for line in comparison(outcome).lines() {
        let _ = writeln!(out, "<p>{}</p>", escaped(line));
    }
    out.push_str("<ul class=\"checks\">\n");
    let last = (LAST, outcome.holds());
    for (claim, holds) in HELD.into_iter().map(|it| (it, true)).chain([last]) {
        let class = if holds { "good" } else { "bad" };
        let _ = writeln!(out, "<li class=\"{class}\">{}</li>", escaped(claim));
    }
    out.push_str("</ul>\n");
    out
}
