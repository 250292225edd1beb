//! Random histories of a pool: after every step totals are exact to the last point, every claim is
//! the exact share within the bound, and in the end every operator can withdraw.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/poa_fee_pool/proptest-regressions/histories.txt`; every later run begins with the seeds in
//! that file. With `EXPORT_HISTORY_DIR` set, the failing history is also written there as a
//! scenario file, see [`crate::export`]. `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use testkit::poa_pool::{PoaAction, PoaSuite, PoaWithdrawal};

use crate::export;
use crate::play::{DENOMS, Play};
use crate::property::{Trial, regressions};
use crate::strategies::{History, Size, histories};

/// Every claim is compared with the exact one after so many actions.
const COMPARE_EVERY: usize = 12;

fn play(history: &History) -> Result<()> {
    let mut play = Play::begin(history, None)?;
    let mut actions = 0;
    for (number, step) in history.steps.iter().enumerate() {
        let Some(action) = play.action(step) else {
            continue;
        };
        let done = || format!("step {number}, {action:?}");
        play.harness.apply(&action).with_context(done)?;
        play.harness.check_equations().with_context(done)?;
        actions += 1;
        if actions % COMPARE_EVERY == 0 {
            play.harness.check_claims().with_context(done)?;
        }
    }
    play.harness.check_claims().context("in the end")?;
    for denom in DENOMS {
        if !play.harness.ledger.collects(denom) {
            play.harness.apply(&PoaAction::CollectDenom {
                denom: denom.to_string(),
                collected: true,
            })?;
        }
    }
    let accounts: Vec<String> = play.harness.ledger.accounts().map(str::to_string).collect();
    for account in &accounts {
        let last = PoaAction::Withdraw(PoaWithdrawal::of(account));
        play.harness.apply(&last).context("last withdrawals")?;
        play.harness.check_equations().context("last withdrawals")?;
    }
    play.harness
        .check_claims()
        .context("after all withdrawals")?;
    play.harness.ledger.check_conservation()?;
    only_fractions_are_left(&play.harness.suite, accounts.len())
}

/// Once every account has withdrawn, less than one base unit of each denom is left for each of them,
/// and the carry. Without any power fees stay undistributed, and nothing is checked.
fn only_fractions_are_left(suite: &PoaSuite, accounts: usize) -> Result<()> {
    let has_power = suite.query(json!({"total_power": {}}))?["total_power"] != "0";
    for denom in DENOMS {
        let found = suite.invariants(denom)?;
        ensure!(
            !has_power || found.balance <= accounts.into(),
            "{} {denom} are left for {accounts} accounts",
            found.balance
        );
    }
    Ok(())
}

fn every_history_holds(size: Size, name: &str) {
    Trial {
        cases: 40,
        regressions: regressions!("poa_fee_pool", "histories"),
    }
    .holds(&histories(size, 120..140), |history| {
        play(history).inspect_err(|_| {
            // An export that fails must not hide the failure of the property.
            let _ = export::keep(history, name);
        })
    });
}

#[test]
fn small_numbers_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(Size::Small, "poa-small-numbers");
}

#[test]
fn large_numbers_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(Size::Large, "poa-large-numbers");
}
