//! The text that is printed at the end.

use num_bigint::BigInt;
use testkit::reward_gauges::REWARDS;

use super::outcome::{Denom, Outcome};
use crate::amounts::grouped;
use crate::grid::{self, Grid, Term};
use crate::tables::{compared_with_ledger, conservation, table, verdicts};

/// The heights of a bar, one character each.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The text of an outcome.
pub fn text(outcome: &Outcome) -> String {
    let mut parts = vec![
        format!(
            "{} locks, {} epochs of a day, gauges for 1, 7 and 14 days in {} denoms, seed {}",
            grouped(outcome.args.locks),
            grouped(outcome.args.epochs),
            REWARDS.len(),
            outcome.args.seed
        ),
        table(&grid::happened(&outcome.happened)),
        "\ngauges".to_string(),
        table(&gauges(outcome)),
        "\npools, by epoch".to_string(),
        bars(outcome),
    ];
    for denom in &outcome.denoms {
        parts.push(conservation(&denom.name, &equation(denom)));
    }
    parts.push("\nagainst the brute-force ledger".to_string());
    parts.push(comparison(outcome));
    parts.push(String::new());
    parts.push(checks(outcome));
    parts.push(String::new());
    parts.push(time(outcome));
    parts.join("\n") + "\n"
}

fn gauges(outcome: &Outcome) -> Grid {
    let header = ["gauge", "pays locks of", "kind", "status", "epochs paid"];
    let given = REWARDS.map(|denom| format!("given, {denom}"));
    Grid {
        header: header
            .map(str::to_string)
            .into_iter()
            .chain(given)
            .collect(),
        texts: 4,
        rows: outcome
            .gauges
            .iter()
            .map(|it| {
                let texts = [
                    it.id.to_string(),
                    it.pool.clone(),
                    it.kind.clone(),
                    it.status.clone(),
                    grouped(it.filled),
                ];
                let given = it.distributed.iter().map(grouped);
                texts.into_iter().chain(given).collect()
            })
            .collect(),
    }
}

/// The stake and the rewards of each pool, with one character for each epoch.
fn bars(outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    for pool in &outcome.pools {
        lines.push(bar(&format!("{}: stake", pool.name), &pool.stakes));
        for (denom, given) in REWARDS.iter().zip(&pool.given) {
            lines.push(bar(&format!("  {denom} given"), given));
        }
    }
    lines.join("\n")
}

fn bar(name: &str, values: &[u128]) -> String {
    let most = values.iter().copied().max().unwrap_or_default();
    let drawn: String = values
        .iter()
        .map(|value| {
            if *value == 0 {
                return ' ';
            }
            let height = BigInt::from(*value) * BARS.len() / most.max(1);
            let height = usize::try_from(height).unwrap_or_default();
            BARS[height.clamp(1, BARS.len()) - 1]
        })
        .collect();
    format!("  {name:<22} |{drawn}| up to {}", grouped(most))
}

fn equation(denom: &Denom) -> Vec<Term> {
    let verdict = if denom.holds() {
        "paid, owed and in gauges together: the same integer"
    } else {
        "paid, owed and in gauges together: IT DIFFERS"
    };
    vec![
        Term::new("", &denom.received, "received for gauges"),
        Term::new("=", &denom.paid, "paid to lockers"),
        Term::new("+", &denom.returned, "returned to creators"),
        Term::new("+", &denom.treasury_paid, "paid to the treasury"),
        Term::new("+", &denom.to_distribute, "in gauges"),
        Term::new("+", &denom.rewards, "owed to lockers"),
        Term::new("+", &denom.treasury, "owed to the treasury"),
        Term::new("=", &denom.together(), verdict),
        Term::new(
            "",
            &denom.difference,
            "balance less everything that is owed, principal included",
        ),
    ]
}

fn comparison(outcome: &Outcome) -> String {
    let compared = format!(
        "{} locks, parts included, compared with a ledger that visits every lock in every epoch",
        grouped(outcome.locks)
    );
    compared_with_ledger(compared, outcome.largest.as_ref())
}

fn checks(outcome: &Outcome) -> String {
    let held = [
        "every payout was a whole amount that the exact share admits, however late the settlement",
        "every gauge gave exactly what the ledger says, and every pool's stake is the ledger's",
        "every lock's rewards are within their bound of the exact ones",
    ];
    let last = "what was received is paid, owed or in gauges, and principal is there";
    verdicts(&held, last, outcome.holds())
}

fn time(outcome: &Outcome) -> String {
    let seconds = outcome.elapsed.as_secs_f64();
    format!("{seconds:.1} s: the chain, the ledger and the checks in between")
}
