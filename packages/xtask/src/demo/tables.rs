//! What is printed at the end.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::amounts::grouped;
use super::grid::{self, Grid, Term};
use super::outcome::Outcome;

/// Validators in the table.
const TOP: usize = 10;

/// Everything that is printed of a run.
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    for part in [
        head(outcome),
        table(&grid::happened(&outcome.happened)),
        format!("\n{}", grid::received(outcome)),
        table(&grid::sums(outcome)),
        "\nvalidators with the most power".to_string(),
        table(&grid::validators(outcome, TOP)),
        "\ndelegators".to_string(),
        table(&grid::delegators(outcome)),
        format!("\nconservation, in points ({})", grid::point(outcome)),
        equation(outcome),
        "\nagainst the brute-force ledger".to_string(),
        grid::comparison(outcome).join("\n"),
        String::new(),
        checks(outcome),
        String::new(),
        time(outcome),
    ] {
        out.push_str(&part);
        out.push('\n');
    }
    out
}

fn head(outcome: &Outcome) -> String {
    let it = &outcome.setting;
    format!(
        "{}: {} validators, {} delegations, {} blocks, seed {}, accounting {}",
        grid::shown(&it.chain_id),
        grouped(it.validators),
        grouped(it.delegations),
        grouped(it.blocks),
        it.seed,
        it.accounting
    )
}

/// A table as text.
pub fn table(grid: &Grid) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Disabled);
    if !grid.header.is_empty() {
        table.set_header(&grid.header);
    }
    table.add_rows(&grid.rows);
    for (place, column) in table.column_iter_mut().enumerate() {
        if grid.is_number(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn equation(outcome: &Outcome) -> String {
    lines(&grid::equation(outcome))
}

/// Terms of an equation, one below the other.
pub fn lines(terms: &[Term]) -> String {
    let width = terms.iter().map(|it| it.number.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (place, term) in terms.iter().enumerate() {
        let end = if place + 1 < terms.len() { "\n" } else { "" };
        let _ = write!(
            out,
            "  {:1} {:>width$}  {}{end}",
            term.sign, term.number, term.what
        );
    }
    out
}

fn checks(outcome: &Outcome) -> String {
    let lines: Vec<String> = outcome
        .checks
        .iter()
        .map(|check| match &check.failure {
            None => format!("holds: {}", check.claim),
            Some(failure) => format!("DOES NOT HOLD: {}\n  {}", check.claim, grid::shown(failure)),
        })
        .collect();
    lines.join("\n")
}

fn time(outcome: &Outcome) -> String {
    let seconds = outcome.elapsed.as_secs_f64();
    let blocks = f64::from(outcome.setting.blocks);
    format!(
        "{seconds:.1} s, {:.2} ms a block: the chain, the ledger and the checks in between",
        seconds * 1_000.0 / blocks
    )
}
