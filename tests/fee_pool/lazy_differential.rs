//! The two accountings pay the same: held against each other and against the brute-force ledger on
//! the same random histories.
//!
//! Failing seeds are kept in `tests/fee_pool/proptest-regressions/lazy_differential.txt`.

use std::cell::Cell;
use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use oracles::ledger::Recipient;
use proptest::prelude::*;
use testkit::fee_pool::{AccountingKind, Harness, Operation};

use crate::play::{Action, Making, Play};
use crate::property::{Trial, regressions};
use crate::strategies::{self, History, Scale, Setup};

/// The same history on a pool of each accounting, each with its ledger.
struct Pair {
    f1: Play,
    lazy: Play,
    /// Who was paid or could claim another whole number of coins, because its exact share was next
    /// to one. From then on its totals may differ by what a deleted record left.
    apart: BTreeSet<String>,
}

/// What comparisons found.
#[derive(Default)]
struct Found {
    compared: Cell<u64>,
    equal: Cell<u64>,
    /// Comparisons next to a whole number, and those among them that differ by a coin.
    uncertain: Cell<u64>,
    differ: Cell<u64>,
    largest_shortfall_f1: Cell<u128>,
    largest_shortfall_lazy: Cell<u128>,
}

fn raise<T: Copy + PartialOrd>(most: &Cell<T>, value: T) {
    if value > most.get() {
        most.set(value);
    }
}

fn add_one(count: &Cell<u64>) {
    count.set(count.get() + 1);
}

fn narrow(number: &BigInt) -> u128 {
    u128::try_from(number.clone()).unwrap_or(u128::MAX)
}

/// Everything that a recipient was ever paid or can claim now, in whole coins, and whether the
/// exact share leaves no choice.
struct Coins {
    total: u128,
    is_certain: bool,
    shortfall: u128,
}

fn coins(harness: &Harness, recipient: Recipient, denom: &str, points: &BigInt) -> Result<Coins> {
    let coin = BigInt::from(10u8).pow(36);
    let claimable = narrow(&(points / coin));
    let range = harness.ledger.payout(recipient, denom);
    ensure!(
        (range.least..=range.most).contains(&claimable),
        "{recipient} can claim {claimable}{denom}, exactly {range:?}"
    );
    Ok(Coins {
        total: harness.ledger.paid(recipient, denom) + claimable,
        is_certain: range.least == range.most,
        shortfall: narrow(&(harness.ledger.floor_points(recipient, denom) - points)),
    })
}

impl Pair {
    fn begin(setup: &Setup) -> Result<Self> {
        let begin = |accounting| {
            let making = Making {
                accounting,
                recording: None,
            };
            Play::begin(setup, &making)
        };
        Ok(Pair {
            f1: begin(AccountingKind::F1)?,
            lazy: begin(AccountingKind::Lazy)?,
            apart: BTreeSet::new(),
        })
    }

    fn apply(&mut self, action: &Action) -> Result<()> {
        // What there is to spend depends on roundings.
        if matches!(
            action,
            Action::Operation(Operation::SpendCommunityPool { .. })
        ) {
            return Ok(());
        }
        self.f1.apply(action).context("f1")?;
        self.lazy.apply(action).context("lazy")
    }

    /// Where the exact share is not next to a whole number both accountings pay the same coins.
    fn compare(&mut self, found: &Found) -> Result<()> {
        let recipients: Vec<Recipient> = self.f1.harness.ledger.recipients().collect();
        for recipient in recipients {
            if recipient == Recipient::CommunityPool {
                continue;
            }
            let of_f1 = self.f1.harness.points(recipient)?;
            let of_lazy = self.lazy.harness.points(recipient)?;
            for ((denom, f1), lazy) in self.f1.harness.denoms().iter().zip(of_f1).zip(of_lazy) {
                let name = format!("{recipient}, {denom}");
                let f1 = coins(&self.f1.harness, recipient, denom, &f1).context("f1")?;
                let lazy = coins(&self.lazy.harness, recipient, denom, &lazy).context("lazy")?;
                raise(&found.largest_shortfall_f1, f1.shortfall);
                raise(&found.largest_shortfall_lazy, lazy.shortfall);
                if !(f1.is_certain && lazy.is_certain) {
                    add_one(&found.uncertain);
                    if f1.total != lazy.total {
                        add_one(&found.differ);
                    }
                    self.apart.insert(name);
                    continue;
                }
                if self.apart.contains(&name) {
                    continue;
                }
                add_one(&found.compared);
                if f1.total > 0 && f1.total == lazy.total {
                    add_one(&found.equal);
                }
                ensure!(
                    f1.total == lazy.total,
                    "{name}: {} by indexes, {} by adjustments",
                    f1.total,
                    lazy.total
                );
            }
        }
        Ok(())
    }
}

fn the_same_is_paid(history: &History, found: &Found) -> Result<()> {
    let mut pair = Pair::begin(&history.setup)?;
    for (number, step) in history.steps.iter().enumerate() {
        for action in pair.f1.actions(step) {
            pair.apply(&action)
                .with_context(|| format!("step {number}, {action:?}"))?;
        }
        pair.compare(found)
            .with_context(|| format!("after step {number}, {step:?}"))?;
    }
    for play in [&mut pair.f1, &mut pair.lazy] {
        play.correct_and_go_on()?;
    }
    for claim in pair.f1.last_claims(history.order) {
        pair.apply(&Action::Operation(claim))?;
    }
    pair.compare(found)
}

fn both_pay_the_same(scale: impl Strategy<Value = Scale>) {
    let setup = strategies::setup(scale, 4);
    let found = Found::default();
    Trial {
        cases: 25,
        regressions: regressions!("fee_pool", "lazy_differential"),
    }
    .holds(&strategies::histories(setup, 60..=80), |history| {
        the_same_is_paid(history, &found)
    });
    // Not because nobody ever had anything to claim.
    assert!(found.equal.get() > 0);
    println!(
        "{} comparisons, {} of coins; {} next to a whole number, {} of them differ; largest \
         shortfall in points: f1 {}, lazy {}",
        found.compared.get(),
        found.equal.get(),
        found.uncertain.get(),
        found.differ.get(),
        found.largest_shortfall_f1.get(),
        found.largest_shortfall_lazy.get(),
    );
}

#[test]
fn small_stakes_are_paid_the_same_by_both_accountings() {
    both_pay_the_same(strategies::small());
}

#[test]
fn large_stakes_are_paid_the_same_by_both_accountings() {
    both_pay_the_same(strategies::large());
}
