//! What is shown of a run, as tables and lines, for the terminal and for the page.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::amounts::{grouped, percent};
use crate::grid::{Grid, Term, shown};

use super::outcome::{Outcome, ValidatorRow};
use super::recipients::{Kind, POINT_PLACES, RecipientRow};

/// Where everything that was received is, in whole base units, each rounded down.
pub struct Totals {
    /// All that was received.
    pub received: u128,
    /// All that was paid.
    pub paid: u128,
    /// What is owed to validators and delegators.
    pub outstanding: u128,
    /// The community pool.
    pub community_pool: u128,
}

/// Where everything that was received is.
pub fn totals(outcome: &Outcome) -> Totals {
    let equation = &outcome.equation;
    let owed = |class: &str| {
        let found = equation.liabilities.iter().find(|it| it.class == class);
        let points = found.map_or(BigInt::ZERO, |it| it.points.clone());
        let coins = points / BigInt::from(10).pow(POINT_PLACES);
        coins.to_u128().unwrap_or_default()
    };
    Totals {
        received: equation.received.to_u128().unwrap_or_default(),
        paid: equation.paid.to_u128().unwrap_or_default(),
        outstanding: owed("outstanding"),
        community_pool: owed("community_pool"),
    }
}

/// The first `limit` validators.
pub fn validators(outcome: &Outcome, limit: usize) -> Grid {
    let base = outcome.setting.unit.base();
    Grid {
        header: vec![
            "validator".to_string(),
            "power".to_string(),
            "share".to_string(),
            "commission".to_string(),
            format!("commission earned, {base}"),
            format!("paid, {base}"),
            format!("outstanding, {base}"),
            "proposed".to_string(),
        ],
        texts: 1,
        rows: outcome
            .validators
            .iter()
            .take(limit)
            .map(|it| {
                vec![
                    name(it),
                    grouped(it.power),
                    format!("{:.2} %", it.part * 100.0),
                    percent(it.rate),
                    grouped(it.commission),
                    grouped(it.paid),
                    grouped(it.outstanding),
                    grouped(it.proposed),
                ]
            })
            .collect(),
    }
}

/// A validator's name, and whether it is in jail.
fn name(validator: &ValidatorRow) -> String {
    let moniker = shown(&validator.moniker);
    match validator.jailed {
        None => moniker,
        Some(0) => format!("{moniker} (jailed)"),
        Some(block) => format!("{moniker} (jailed in block {})", grouped(block)),
    }
}

/// The delegators that are shown.
pub fn delegators(outcome: &Outcome) -> Grid {
    let unit = &outcome.setting.unit;
    Grid {
        header: vec![
            "delegator".to_string(),
            "in this story".to_string(),
            "validators".to_string(),
            format!("stake, {}", unit.display()),
            format!("paid, {}", unit.base()),
            format!("can claim, {}", unit.base()),
        ],
        texts: 2,
        rows: outcome
            .delegators
            .iter()
            .map(|it| {
                vec![
                    it.address.clone(),
                    it.did.clone(),
                    grouped(it.validators),
                    unit.in_display(it.stake),
                    grouped(it.paid),
                    grouped(it.owed),
                ]
            })
            .collect(),
    }
}

/// What was paid and is owed, and to whom.
pub fn sums(outcome: &Outcome) -> Grid {
    let unit = &outcome.setting.unit;
    let paid = |kind: Kind| -> u128 {
        let rows = outcome.recipients.iter().filter(|row| row.kind == kind);
        rows.map(|row| row.paid).sum()
    };
    let owed = |kind: Kind| -> u128 {
        let rows = outcome.recipients.iter().filter(|row| row.kind == kind);
        rows.map(RecipientRow::owed_coins).sum()
    };
    let totals = totals(outcome);
    let all_owed = totals.received.saturating_sub(totals.paid);
    let whole: u128 = outcome
        .recipients
        .iter()
        .map(RecipientRow::owed_coins)
        .sum();
    // Once is enough for a denom without a larger unit.
    let has_display = unit.display() != unit.base();
    let amount = |amount: u128| {
        let display = has_display.then(|| unit.in_display(amount));
        [grouped(amount)].into_iter().chain(display)
    };
    let column = |what: &str| {
        let display = has_display.then(|| format!("{what}, {}", unit.display()));
        [format!("{what}, {}", unit.base())]
            .into_iter()
            .chain(display)
    };
    let line = |what: &str, paid: u128, owed: u128| {
        let cells = amount(paid).chain(amount(owed));
        std::iter::once(what.to_string()).chain(cells).collect()
    };
    let of = |what: &str, kind: Kind| line(what, paid(kind), owed(kind));
    Grid {
        header: std::iter::once("whose".to_string())
            .chain(column("paid"))
            .chain(column("owed"))
            .collect(),
        texts: 1,
        rows: vec![
            of("delegators", Kind::Delegation),
            of("operators, as commission", Kind::Commission),
            of("community pool", Kind::CommunityPool),
            line(
                "fractions, kept for later",
                0,
                all_owed.saturating_sub(whole),
            ),
            line("together", totals.paid, all_owed),
        ],
    }
}

/// What was received.
pub fn received(outcome: &Outcome) -> String {
    let unit = &outcome.setting.unit;
    format!("received: {}", unit.both(totals(outcome).received))
}

/// Both sides of the conservation equation, term by term, in points.
pub fn equation(outcome: &Outcome) -> Vec<Term> {
    let equation = &outcome.equation;
    let mut terms = vec![
        Term::new("", &equation.received_points(), "received"),
        Term::new("=", &equation.paid_points(), "paid"),
    ];
    for it in &equation.liabilities {
        terms.push(Term::new(
            "+",
            &it.points,
            format!("owed: {}", it.class.replace('_', " ")),
        ));
    }
    let right = equation.paid_points() + equation.owed_points();
    let verdict = if equation.holds() {
        "paid and owed together: the same integer".to_string()
    } else {
        let difference = equation.received_points() - &right;
        format!(
            "paid and owed together: IT DIFFERS by {}",
            grouped(difference)
        )
    };
    terms.push(Term::new("=", &right, verdict));
    terms
}

/// What one point is.
pub fn point(outcome: &Outcome) -> String {
    format!(
        "1 point = 10^-{POINT_PLACES} {}",
        outcome.setting.unit.base()
    )
}

/// How the pool and the ledger compare, in lines.
pub fn comparison(outcome: &Outcome) -> Vec<String> {
    let mut lines = vec![format!(
        "{} recipients compared with a ledger that gives each its exact share in every block",
        grouped(outcome.recipients.len())
    )];
    if let Some(largest) = &outcome.largest {
        lines.extend(largest.lines(outcome.setting.unit.base()));
    }
    lines
}
