//! Random histories of 60 actions in the middle: shorter ones too, so that a failing one can be shrunk.
//!
//! A history costs 0.13 s of one core: the 2 000 that run here take two cores about two minutes. A run of
//! 10 000 (`PROPTEST_CASES=5000 cargo test -p integration-tests --test ccv_histories arrives_once_over`) took
//! 33 minutes of processor time beside other builds, and found nothing.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/ccv_histories/proptest-regressions/histories.txt`; every later run begins with the seeds in
//! that file. With `EXPORT_HISTORY_DIR` set, the failing history is also written there as a scenario
//! file. `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result};
use proptest::strategy::Strategy;
use testkit::ccv_world::CcvHarness;
use testkit::scenario::ChannelOrder;

use crate::export;
use crate::property::{Trial, regressions};
use crate::strategies::{History, crowds, histories};

/// Histories of each order when the environment does not say otherwise.
const CASES: u32 = 1_000;

/// Histories of each order with more than one chunk of weights.
const CROWDS: u32 = 4;

/// Pools and audits, which cost several queries, are checked after so many actions.
const COMPARE_EVERY: usize = 10;

fn play(history: &History) -> Result<()> {
    let mut harness = CcvHarness::new(history.world, None)?;
    harness.check().context("in the beginning")?;
    for (number, action) in history.actions.iter().enumerate() {
        let done = || format!("action {number}, {action:?}");
        harness.apply(action).with_context(done)?;
        harness.check().with_context(done)?;
        if number % COMPARE_EVERY == 0 {
            harness.check_pools().with_context(done)?;
            harness.check_audits().with_context(done)?;
        }
    }
    harness.settle().context("when everything is delivered")
}

fn every_history_holds(cases: u32, of: &impl Strategy<Value = History>, name: &str) {
    Trial {
        cases,
        regressions: regressions!("ccv_histories", "histories"),
    }
    .holds(of, |history| {
        play(history).inspect_err(|_| {
            // An export that fails must not hide the failure of the property.
            let _ = export::keep(history, name);
        })
    });
}

#[test]
fn every_coin_arrives_once_over_an_ordered_channel() {
    let of = histories(ChannelOrder::Ordered, 0..=120);
    every_history_holds(
        CASES,
        &of,
        "every_coin_arrives_once_over_an_ordered_channel",
    );
}

#[test]
fn every_coin_arrives_once_over_an_unordered_channel() {
    let of = histories(ChannelOrder::Unordered, 0..=120);
    every_history_holds(
        CASES,
        &of,
        "every_coin_arrives_once_over_an_unordered_channel",
    );
}

#[test]
fn every_coin_of_a_crowd_arrives_once() {
    for order in [ChannelOrder::Ordered, ChannelOrder::Unordered] {
        every_history_holds(CROWDS, &crowds(order), "every_coin_of_a_crowd_arrives_once");
    }
}
