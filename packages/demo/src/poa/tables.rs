//! What is printed at the end.

use super::outcome::{Account, Denom, Outcome};
use crate::amounts::grouped;
use crate::grid::{Grid, Term};
use crate::tables::{compared_with_ledger, conservation, table, verdicts};

/// Accounts in the table.
const TOP: usize = 12;

/// Everything that is printed of a run.
pub fn text(outcome: &Outcome) -> String {
    let mut parts = vec![
        format!(
            "a consortium of {} operators, {} blocks of fees in {} denoms, seed {}",
            grouped(outcome.operators),
            grouped(outcome.blocks),
            outcome.denoms.len(),
            outcome.seed
        ),
        table(&happened(outcome)),
        "\noperators with the most power, and former ones".to_string(),
        table(&accounts(outcome)),
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

fn happened(outcome: &Outcome) -> Grid {
    let it = &outcome.happened;
    let row = |cells: [(&str, u64); 2]| {
        cells
            .into_iter()
            .flat_map(|(what, times)| [what.to_string(), grouped(times)])
            .collect()
    };
    Grid {
        header: Vec::new(),
        texts: 0,
        rows: vec![
            row([
                ("times fees came in", it.fees),
                ("withdrawals", it.withdrawals),
            ]),
            row([
                ("batches of power changes", it.batches),
                ("refused by the receiver", it.refused),
            ]),
            row([
                ("powers changed", it.changes),
                ("validators handed over", it.hand_overs),
            ]),
            row([
                ("operators suspended", it.suspended),
                ("checkpoints by themselves", it.checkpoints),
            ]),
        ],
    }
}

fn accounts(outcome: &Outcome) -> Grid {
    let columns = outcome.denoms.iter().flat_map(|denom| {
        [
            format!("paid, {}", denom.name),
            format!("can claim, {}", denom.name),
        ]
    });
    let row = |account: &Account| {
        let power = account.power.map_or("former".to_string(), grouped);
        let amounts = account
            .amounts
            .iter()
            .flat_map(|it| [grouped(it.paid), grouped(&it.claimable)]);
        [
            account.name.clone(),
            power,
            format!("{:.2} %", account.part * 100.0),
        ]
        .into_iter()
        .chain(amounts)
        .collect()
    };
    let former = outcome
        .accounts
        .iter()
        .filter(|account| account.power.is_none())
        .take(2);
    Grid {
        header: ["operator", "power", "share"]
            .map(str::to_string)
            .into_iter()
            .chain(columns)
            .collect(),
        texts: 1,
        rows: outcome
            .accounts
            .iter()
            .filter(|account| account.power.is_some())
            .take(TOP)
            .chain(former)
            .map(row)
            .collect(),
    }
}

fn equation(denom: &Denom) -> Vec<Term> {
    let verdict = if denom.holds() {
        "paid, owed and waiting together: the same integer"
    } else {
        "paid, owed and waiting together: IT DIFFERS"
    };
    vec![
        Term::new("", &denom.received, "received"),
        Term::new("=", &denom.paid, "paid"),
        Term::new("+", &denom.owed.operators, "owed: operators"),
        Term::new("+", &denom.owed.carry, "owed: carry of the division"),
        Term::new("+", &denom.owed.undelivered, "owed: undelivered"),
        Term::new("+", &denom.waiting, "waiting for the next checkpoint"),
        Term::new("=", &denom.together(), verdict),
    ]
}

fn comparison(outcome: &Outcome) -> String {
    let compared = format!(
        "{} accounts compared with a ledger that visits every validator at every checkpoint",
        grouped(outcome.accounts.len())
    );
    compared_with_ledger(compared, outcome.largest.as_ref())
}

fn checks(outcome: &Outcome) -> String {
    let held = [
        "in every block the pool's totals are the ledger's to the last point, and the sum of all claims and the carry",
        "in every block the records, the running totals and the events tell the same",
        "every payout was what the query showed, and a whole amount that the exact share admits",
        "every claim is within its bound of the exact one",
    ];
    let last = "what was received is paid, owed or waiting";
    verdicts(&held, last, outcome.holds())
}

fn time(outcome: &Outcome) -> String {
    let seconds = outcome.elapsed.as_secs_f64();
    format!(
        "{seconds:.1} s, {:.2} ms a block: the chain, the ledger and the checks in between",
        seconds * 1_000.0 / f64::from(outcome.blocks)
    )
}
