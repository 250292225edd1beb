//! Whatever happens to a pool, in whatever order: nobody is owed more than the exact share, nothing
//! is created or lost, and everybody can withdraw.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/fee_pool/proptest-regressions/histories.txt`; every later run begins with the seeds in
//! that file. With `EXPORT_HISTORY_DIR` set, the failing history is also written there as a
//! scenario file, see [`crate::export`]. `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result, ensure};
use oracles::ledger::Recipient;
use proptest::prelude::*;
use testkit::fee_pool::{AccountingKind, Harness};

use crate::export;
use crate::play::{Making, Play};
use crate::property::{Trial, regressions};
use crate::strategies::{self, History, Scale};

/// After so many operations every recipient is held against its exact share.
const COMPARE_EVERY: usize = 10;

/// Nobody is above its exact share, and nobody below it by more than roundings may take. Of the
/// two readings of that bound it is the tighter one: with the recipient's own units counted when
/// the units of its validator change, not with all of them.
fn hold_against_exact_shares(harness: &Harness) -> Result<()> {
    // The community pool has what the others fall short, so it is the last to show what is wrong.
    let (community, others): (Vec<_>, Vec<_>) = harness
        .ledger
        .recipients()
        .partition(|recipient| *recipient == Recipient::CommunityPool);
    for recipient in others.into_iter().chain(community) {
        let own_bound = harness.ledger.bound_terms(recipient);
        for (denom, points) in harness.denoms().iter().zip(harness.points(recipient)?) {
            harness.ledger.check_points(recipient, denom, &points)?;
            let Some(bound) = own_bound.map(|terms| terms.own_points()) else {
                continue;
            };
            let shortfall = harness.ledger.floor_points(recipient, denom) - points;
            ensure!(
                shortfall == 0.into() || shortfall < bound,
                "{recipient} is {shortfall} points of {denom} short, its own bound is {bound}"
            );
        }
    }
    Ok(())
}

/// Plays a history with all checks on the way and at its end.
fn play(history: &History, making: &Making) -> Result<()> {
    let mut play = Play::begin(&history.setup, making).context("the beginning")?;
    play.harness.check_conservation()?;
    for (number, step) in history.steps.iter().enumerate() {
        for action in play.actions(step) {
            let done = || format!("step {number}, {step:?}, {action:?}");
            play.apply(&action).with_context(done)?;
            play.harness.check_conservation().with_context(done)?;
            if play.operations % COMPARE_EVERY == 0 {
                hold_against_exact_shares(&play.harness).with_context(done)?;
            }
        }
    }
    play.correct_and_go_on().context("in the end")?;
    hold_against_exact_shares(&play.harness).context("in the end")?;
    for page in [1, 3, 100] {
        play.harness.check_audit(page).context("in the end")?;
    }

    for claim in play.last_claims(history.order) {
        play.harness.apply(&claim).context("last claims")?;
        play.harness.check_conservation().context("last claims")?;
    }
    play.spend_community_pool()?;
    play.harness.check_conservation()?;
    play.only_fractions_are_left()?;
    hold_against_exact_shares(&play.harness).context("after all claims")?;
    play.harness.check_audit(7).context("after all claims")?;
    play.harness.ledger.check_conservation()?;
    Ok(())
}

fn every_history_holds(
    accounting: AccountingKind,
    name: &str,
    scale: impl Strategy<Value = Scale>,
) {
    let setup = strategies::setup(scale, 6);
    Trial {
        cases: 40,
        regressions: regressions!("fee_pool", "histories"),
    }
    .holds(&strategies::histories(setup, 300..=320), |history| {
        let making = Making {
            accounting,
            recording: None,
        };
        play(history, &making).inspect_err(|_| {
            // The failure itself is what matters, whether it can be exported or not.
            let _ = export::keep(history, accounting, name);
        })
    });
}

#[test]
fn small_stakes_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(AccountingKind::F1, "small-stakes", strategies::small());
}

#[test]
fn large_stakes_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(AccountingKind::F1, "large-stakes", strategies::large());
}

#[test]
fn small_stakes_are_shared_exactly_by_adjustments_and_paid_in_any_order() {
    every_history_holds(
        AccountingKind::Lazy,
        "small-stakes-lazy",
        strategies::small(),
    );
}

#[test]
fn large_stakes_are_shared_exactly_by_adjustments_and_paid_in_any_order() {
    every_history_holds(
        AccountingKind::Lazy,
        "large-stakes-lazy",
        strategies::large(),
    );
}
