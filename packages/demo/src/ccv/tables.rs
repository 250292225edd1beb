//! The text that is printed at the end.

use super::outcome::{Denom, Outcome, ValidatorRow};
use super::timeline::{Entry, Lane, Tone};
use crate::amounts::grouped;
use crate::grid::{self, Grid, Term, shown};
use crate::tables::{compared_with_ledger, conservation, table, verdicts};

/// Validators in the table, beside those that are gone.
const TOP: usize = 12;
/// The longest line of the timeline.
const WIDTH: usize = 110;

/// Everything that is printed of a run.
pub fn text(outcome: &Outcome) -> String {
    let mut parts = vec![
        title(outcome),
        table(&grid::happened(&outcome.happened)),
        "\ntimeline, by blocks of the consumer; what goes well on the wire is left out".to_string(),
        timeline(outcome),
        "\nvalidators: what they exactly earned on the consumer, and were paid on the provider"
            .into(),
        table(&validators(outcome, TOP)),
    ];
    for denom in &outcome.denoms {
        parts.push(conservation(&denom.name, &equation(denom)));
    }
    parts.push("\nagainst the brute-force ledgers".to_string());
    parts.push(comparison(outcome));
    parts.push(String::new());
    parts.push(verdicts(&HELD, LAST, outcome.holds()));
    parts.push(String::new());
    parts.push(time(outcome));
    parts.join("\n") + "\n"
}

/// The run in one line.
pub fn title(outcome: &Outcome) -> String {
    format!(
        "a consumer with the {} validators of cosmoshub-2, {} epochs of {} blocks, {} channel, seed {}",
        grouped(outcome.validators.len()),
        grouped(outcome.args.epochs),
        grouped(outcome.args.blocks),
        outcome.args.order.name(),
        outcome.args.seed
    )
}

fn timeline(outcome: &Outcome) -> String {
    let entries = outcome.timeline.entries.iter();
    let lines = entries.filter(|it| it.tone != Tone::Routine).map(line);
    lines.collect::<Vec<_>>().join("\n")
}

fn line(entry: &Entry) -> String {
    let lane = match entry.lane {
        Lane::Consumer => "consumer",
        Lane::Provider => "provider",
        Lane::There => "──▶",
        Lane::Back => "◀──",
    };
    let text = shown(&entry.text());
    let text = match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    format!("  {:>5}  {lane:<8}  {text}", grouped(entry.block))
}

/// The most powerful validators, and those that are gone.
pub fn validators(outcome: &Outcome, top: usize) -> Grid {
    let columns = outcome
        .denoms
        .iter()
        .flat_map(|it| [format!("earned, {}", it.name), format!("paid, {}", it.name)]);
    let row = |it: &ValidatorRow| {
        let amounts = it
            .amounts
            .iter()
            .flat_map(|it| [grouped(&it.earned), grouped(it.paid)]);
        let place = if it.exists { "" } else { "gone" };
        [shown(&it.moniker), place.to_string(), grouped(it.power)]
            .into_iter()
            .chain(amounts)
            .collect()
    };
    let rows = outcome.validators.iter().enumerate();
    Grid {
        header: ["validator", "provider", "power"]
            .map(str::to_string)
            .into_iter()
            .chain(columns)
            .collect(),
        texts: 2,
        rows: rows
            .filter(|(place, it)| *place < top || !it.exists)
            .map(|(_, it)| row(it))
            .collect(),
    }
}

/// Where everything is, on both chains.
pub fn equation(denom: &Denom) -> Vec<Term> {
    let verdict = if denom.holds() {
        "on both chains and between them: the same integer"
    } else {
        "on both chains and between them: IT DIFFERS"
    };
    let signs = std::iter::once("=").chain(std::iter::repeat("+"));
    let places = signs.zip(&denom.places);
    let mut terms = vec![Term::new("", &denom.collected, "collected on the consumer")];
    terms.extend(places.map(|(sign, it)| Term::new(sign, &it.points, it.name)));
    terms.push(Term::new("=", &denom.together(), verdict));
    terms
}

/// What was compared with the ledgers.
pub fn comparison(outcome: &Outcome) -> String {
    let compared = format!(
        "{} pools compared with a ledger that visits every validator in every block",
        grouped(outcome.compared)
    );
    compared_with_ledger(compared, outcome.largest.as_ref())
}

/// What a run that came to its end has held.
pub const HELD: [&str; 6] = [
    "in every block both contracts owe what the ledgers say: the consumer to the last point, the provider to the last coin",
    "the weights on the wire are within their bound of the exact ones, and add up to the unit's total",
    "coins left only with all weights acknowledged; no unit arrived, was shared out or was paid twice",
    "every share is the floor of the source's two-step formula in exact fractions, whatever the pages",
    "no acknowledgement, timeout or callback failed",
    "in the end nothing is under way, nothing waits and nobody is owed; the records add up to the running totals",
];

/// What is held at the end.
pub const LAST: &str =
    "what was collected is on one of the chains, once, and every pool is within its bound";

fn time(outcome: &Outcome) -> String {
    let seconds = outcome.elapsed.as_secs_f64();
    format!("{seconds:.1} s: both chains, the ledgers and the checks in every block")
}
