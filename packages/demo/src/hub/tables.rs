//! What is printed at the end.

use crate::amounts::grouped;
use crate::grid;
use crate::tables::{lines, table};

use super::outcome::Outcome;
use super::summary;

/// Validators in the table.
const TOP: usize = 10;

/// Everything that is printed of a run.
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    for part in [
        head(outcome),
        table(&grid::happened(&outcome.happened)),
        format!("\n{}", summary::received(outcome)),
        table(&summary::sums(outcome)),
        "\nvalidators with the most power".to_string(),
        table(&summary::validators(outcome, TOP)),
        "\ndelegators".to_string(),
        table(&summary::delegators(outcome)),
        format!("\nconservation, in points ({})", summary::point(outcome)),
        equation(outcome),
        "\nagainst the brute-force ledger".to_string(),
        summary::comparison(outcome).join("\n"),
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

fn equation(outcome: &Outcome) -> String {
    lines(&summary::equation(outcome))
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
