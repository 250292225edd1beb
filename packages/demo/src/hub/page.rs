//! `report.html`: the whole outcome on one page.

use std::fmt::Write as _;

use anyhow::Result;

use crate::amounts::{grouped, scientific};
use crate::grid;
use crate::html::{document, equation, escaped, figure, heading, section, table};

use super::outcome::Outcome;
use super::plots::plots;
use super::summary;

/// The page.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn page(outcome: &Outcome) -> Result<String> {
    let title = format!(
        "{}: {} blocks of fees",
        outcome.setting.chain_id,
        grouped(outcome.setting.blocks)
    );
    let mut body = String::new();
    body.push_str(&header(outcome, &title));
    body.push_str(&cards(outcome));
    let equation = equation(&summary::point(outcome), &summary::equation(outcome));
    body.push_str(&section("Conservation", &equation));
    body.push_str(&section("Against the brute-force ledger", &checks(outcome)));
    let plots = plots(outcome)?;
    let figures: String = plots.iter().map(figure).collect();
    body.push_str(&section("Over the blocks", &figures));
    body.push_str(&section(
        "Where the fees are",
        &table(&summary::sums(outcome)),
    ));
    body.push_str(&section("Validators", &validators(outcome)));
    body.push_str(&section(
        "Delegators",
        &table(&summary::delegators(outcome)),
    ));
    body.push_str(&section(
        "What happened",
        &table(&grid::happened(&outcome.happened)),
    ));
    body.push_str(&footer(outcome));
    Ok(document(&title, &body))
}

fn header(outcome: &Outcome, title: &str) -> String {
    let it = &outcome.setting;
    let line = format!(
        "{} validators and {} delegations at the start, seed {}, accounting {}",
        grouped(it.validators),
        grouped(it.delegations),
        it.seed,
        it.accounting
    );
    heading(title, &line, outcome.holds())
}

fn card(name: &str, value: &str, note: &str) -> String {
    format!(
        "<div class=\"card\"><span>{}</span><strong>{}</strong><small>{}</small></div>\n",
        escaped(name),
        escaped(value),
        escaped(note)
    )
}

fn cards(outcome: &Outcome) -> String {
    let unit = &outcome.setting.unit;
    let coins = |amount: u128| format!("{} {}", unit.in_display(amount), unit.display());
    let base = |amount: u128| format!("{} {}", grouped(amount), unit.base());
    let it = summary::totals(outcome);
    let mut out = String::from("<div class=\"cards\">\n");
    for (name, amount) in [
        ("received", it.received),
        ("paid", it.paid),
        ("owed to validators and delegators", it.outstanding),
        ("community pool", it.community_pool),
    ] {
        out.push_str(&card(name, &coins(amount), &base(amount)));
    }
    if let Some(largest) = &outcome.largest {
        out.push_str(&card(
            "largest difference from an exact share",
            &format!("{} {}", scientific(&largest.difference), unit.base()),
            &format!("among {} recipients", grouped(outcome.recipients.len())),
        ));
    }
    out.push_str("</div>\n");
    out
}

fn checks(outcome: &Outcome) -> String {
    let mut out = String::new();
    for line in summary::comparison(outcome) {
        let _ = writeln!(out, "<p>{}</p>", escaped(&line));
    }
    out.push_str("<ul class=\"checks\">\n");
    for check in &outcome.checks {
        let claim = escaped(&check.claim);
        let _ = match &check.failure {
            None => writeln!(out, "<li class=\"good\">{claim}</li>"),
            Some(failure) => writeln!(out, "<li class=\"bad\">{claim}: {}</li>", escaped(failure)),
        };
    }
    out.push_str("</ul>\n");
    out
}

/// The largest validators, and all of them for those who want to see.
fn validators(outcome: &Outcome) -> String {
    const TOP: usize = 15;
    format!(
        "{}<details><summary>All {} validators</summary>\n{}</details>\n",
        table(&summary::validators(outcome, TOP)),
        grouped(outcome.validators.len()),
        table(&summary::validators(outcome, usize::MAX))
    )
}

fn footer(outcome: &Outcome) -> String {
    let it = &outcome.setting;
    format!(
        "<footer>\n<p>State at the start: {}.</p>\n<p>Made by <code>cargo demo --blocks {} --seed {} --accounting {} --out DIR</code>; every recipient is in <code>recipients.csv</code> beside this page.</p>\n</footer>\n",
        escaped(&it.source),
        it.blocks,
        it.seed,
        escaped(&it.accounting)
    )
}
