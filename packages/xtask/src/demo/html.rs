//! `report.html`: the whole outcome on one page that needs nothing else.

use std::fmt::Write as _;

use anyhow::Result;

use super::amounts::{grouped, scientific};
use super::grid::{self, Grid};
use super::outcome::Outcome;
use super::plots::{Plot, plots};

const STYLE: &str = include_str!("report.css");

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
    body.push_str(&section("Conservation", &equation(outcome)));
    body.push_str(&section("Against the brute-force ledger", &checks(outcome)));
    let plots = plots(outcome)?;
    let figures: String = plots.iter().map(figure).collect();
    body.push_str(&section("Over the blocks", &figures));
    body.push_str(&section("Where the fees are", &table(&grid::sums(outcome))));
    body.push_str(&section("Validators", &validators(outcome)));
    body.push_str(&section("Delegators", &table(&grid::delegators(outcome))));
    body.push_str(&section(
        "What happened",
        &table(&grid::happened(&outcome.happened)),
    ));
    body.push_str(&footer(outcome));
    Ok(document(&title, &body))
}

/// A page of plots alone.
pub fn plots_page(title: &str, plots: &[Plot]) -> String {
    let figures: String = plots.iter().map(figure).collect();
    document(title, &section(title, &figures))
}

/// A page that needs nothing else.
fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// Text as it stands in a page: names of validators are anybody's.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in grid::shown(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn section(title: &str, content: &str) -> String {
    format!(
        "<section>\n<h2>{}</h2>\n{content}</section>\n",
        escaped(title)
    )
}

fn header(outcome: &Outcome, title: &str) -> String {
    let it = &outcome.setting;
    let verdict = if outcome.holds() {
        "<p class=\"verdict good\">Every check holds</p>"
    } else {
        "<p class=\"verdict bad\">A check does not hold</p>"
    };
    format!(
        "<header>\n<div>\n<h1>{}</h1>\n<p>{} validators and {} delegations at the start, seed {}, accounting {}</p>\n</div>\n{verdict}\n</header>\n",
        escaped(title),
        grouped(it.validators),
        grouped(it.delegations),
        it.seed,
        escaped(&it.accounting)
    )
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
    let it = grid::totals(outcome);
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

fn equation(outcome: &Outcome) -> String {
    let mut out = format!(
        "<p>In points, {}. Both sides are integers, nothing is rounded.</p>\n<div class=\"wide\"><table class=\"equation\">\n",
        escaped(&grid::point(outcome))
    );
    for term in grid::equation(outcome) {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            term.sign,
            escaped(&term.number),
            escaped(&term.what)
        );
    }
    out.push_str("</table></div>\n");
    out
}

fn checks(outcome: &Outcome) -> String {
    let mut out = String::new();
    for line in grid::comparison(outcome) {
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

fn figure(plot: &Plot) -> String {
    let mut out = format!(
        "<figure>\n<figcaption>{}</figcaption>\n<p class=\"legend\">",
        escaped(&plot.title)
    );
    for entry in &plot.legend {
        let _ = write!(
            out,
            "<span><i style=\"background:{}\"></i>{}</span>",
            entry.colour,
            escaped(&entry.name)
        );
    }
    let _ = write!(out, "</p>\n{}\n</figure>\n", plot.svg);
    out
}

/// The largest validators, and all of them for those who want to see.
fn validators(outcome: &Outcome) -> String {
    const TOP: usize = 15;
    format!(
        "{}<details><summary>All {} validators</summary>\n{}</details>\n",
        table(&grid::validators(outcome, TOP)),
        grouped(outcome.validators.len()),
        table(&grid::validators(outcome, usize::MAX))
    )
}

fn table(grid: &Grid) -> String {
    let class = |place: usize| {
        if grid.is_number(place) {
            " class=\"n\""
        } else {
            ""
        }
    };
    let mut out = String::from("<div class=\"wide\"><table>\n");
    if !grid.header.is_empty() {
        out.push_str("<thead><tr>");
        for (place, cell) in grid.header.iter().enumerate() {
            let _ = write!(out, "<th{}>{}</th>", class(place), escaped(cell));
        }
        out.push_str("</tr></thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &grid.rows {
        out.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(place), escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_text_and_nothing_else() {
        assert_eq!(
            escaped("<b>\"A\" & 'B'</b>\u{1b}"),
            "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;\u{fffd}"
        );
    }
}
