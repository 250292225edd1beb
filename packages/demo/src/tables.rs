//! Tables and lines as text of a terminal.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::grid::{Grid, Term};
use crate::largest::Largest;

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

/// The conservation equation of a denom, under its title.
pub fn conservation(denom: &str, equation: &[Term]) -> String {
    format!(
        "\nconservation of {denom}, in points (1 point = 10^-36 {denom})\n{}",
        lines(equation)
    )
}

/// What was compared with the brute-force ledger, and the largest difference found.
pub fn compared_with_ledger(compared: String, largest: Option<&Largest>) -> String {
    let mut lines = vec![compared];
    if let Some(largest) = largest {
        lines.extend(largest.lines("base units"));
    }
    lines.join("\n")
}

/// The checks of a run that came to its end: all but the last fail on the way.
pub fn verdicts(held: &[&str], last: &str, last_holds: bool) -> String {
    let verdict = if last_holds { "holds" } else { "DOES NOT HOLD" };
    let mut lines: Vec<String> = held.iter().map(|it| format!("holds: {it}")).collect();
    lines.push(format!("{verdict}: {last}"));
    lines.join("\n")
}
