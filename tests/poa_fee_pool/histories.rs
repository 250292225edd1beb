//! Whatever happens to a pool, in whatever order: claims are the exact shares within the bound,
//! totals are exact to the last point after every step, and everybody can withdraw.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/poa_fee_pool/proptest-regressions/histories.txt`; every later run begins with the seeds in
//! that file. With `EXPORT_HISTORY_DIR` set, the failing history is also written there as a
//! scenario file, see [`crate::export`]. `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use testing::poa_pool::{PoaDeed, PoaSuite, PoaWithdrawal};

use crate::export;
use crate::play::{DENOMS, Play};
use crate::property::{Trial, regressions};
use crate::strategies::{History, Size, histories};

/// After so many deeds every claim is held against the exact one.
const COMPARE_EVERY: usize = 12;

fn play(history: &History) -> Result<()> {
    let mut play = Play::begin(history, None)?;
    let mut deeds = 0;
    for (number, step) in history.steps.iter().enumerate() {
        let Some(deed) = play.deed(step) else {
            continue;
        };
        let done = || format!("step {number}, {deed:?}");
        play.twin.apply(&deed).with_context(done)?;
        play.twin.check_equations().with_context(done)?;
        deeds += 1;
        if deeds % COMPARE_EVERY == 0 {
            play.twin.check_claims().with_context(done)?;
        }
    }
    play.twin.check_claims().context("in the end")?;
    for denom in DENOMS {
        if !play.twin.ledger.collects(denom) {
            play.twin.apply(&PoaDeed::CollectDenom {
                denom: denom.to_string(),
                collected: true,
            })?;
        }
    }
    let accounts: Vec<String> = play.twin.ledger.accounts().map(str::to_string).collect();
    for account in &accounts {
        let last = PoaDeed::Withdraw(PoaWithdrawal::of(account));
        play.twin.apply(&last).context("last withdrawals")?;
        play.twin.check_equations().context("last withdrawals")?;
    }
    play.twin.check_claims().context("after all withdrawals")?;
    play.twin.ledger.check_conservation()?;
    only_fractions_are_left(&play.twin.suite, accounts.len())
}

/// Once everybody has withdrawn, less than one base unit of each denom is left for each account,
/// and the carry, unless nobody was there to earn it.
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
            // The failure itself is what matters, whether it can be exported or not.
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
