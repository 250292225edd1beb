//! Histories as scenario files, see [`crate::exported`].
//!
//! `EXPORT_HISTORY_DIR=dir cargo test -p integration-tests --test ccv_histories histor` writes to that
//! folder the committed histories, and the shrunk history of every failing property of
//! [`crate::histories`], named after the test.
//!
//! The files expect what the contracts said while the brute-force ledgers held them to it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use proptest::strategy::{Strategy as _, ValueTree as _};
use testkit::ccv_world::CcvHarness;
use testkit::scenario::{ChannelOrder, ScenarioFile};

use crate::exported::{folder, hold, played_alike, runner_of_seed, write_to};
use crate::strategies::{History, histories};

/// The histories of the seeds from 1 to this one are committed.
const COMMITTED: u64 = 50;

/// Actions of a committed history.
const ACTIONS: usize = 60;

/// Answers are recorded after so many actions.
const ANSWERS_EVERY: usize = 20;

/// Events that show that the committed histories are no idle ones.
const TURNS: [&str; 30] = [
    "allow_channel_close",
    "carry_released",
    "end_carry",
    "epoch_closed",
    "fund_community_pool",
    "holdings_removed",
    "fees_taken_in",
    "ibc_ignored",
    "join_carry",
    "override_validator",
    "pause_consumer",
    "payment_failed",
    "probe_failed",
    "proposer_unknown",
    "reconcile",
    "register_consumer",
    "release",
    "remove_consumer",
    "resolve_orphan",
    "retry_payment",
    "send_failed",
    "set_provider_validator",
    "tokens_delivered",
    "tokens_returned",
    "tokens_written_off",
    "update_consumer_denoms",
    "update_provider",
    "update_reward_denoms",
    "weights_refused",
    "written_off_returned",
];

/// Writes a history to the folder in the environment, if there is one.
pub fn keep(history: &History, name: &str) -> Result<()> {
    match folder() {
        Some(folder) => write_to(&folder, name, &record(history, name)?.file),
        None => Ok(()),
    }
}

/// A history as a scenario file: its actions, answers now and then, and everything delivered in the
/// end.
struct Record {
    /// Up to where the history failed.
    file: ScenarioFile,
    /// How often each event came.
    heard: BTreeMap<String, usize>,
    held: Result<()>,
}

fn record(history: &History, name: &str) -> Result<Record> {
    let mut harness = CcvHarness::new(history.world, Some(name))?;
    let held = play(&mut harness, history);
    let file = harness.suite.scenario().context("recording")?.clone();
    let heard = harness.model.heard().clone();
    Ok(Record { file, heard, held })
}

fn play(harness: &mut CcvHarness, history: &History) -> Result<()> {
    for (number, action) in history.actions.iter().enumerate() {
        harness.apply(action)?;
        harness.check()?;
        if (number + 1).is_multiple_of(ANSWERS_EVERY) {
            harness.expect_answers()?;
        }
    }
    harness.settle()?;
    harness.expect_answers()
}

fn name_of_seed(seed: u64) -> String {
    format!("ccv-{seed:02}")
}

/// The record of a seed. Every second one is over an ordered channel.
fn record_of_seed(seed: u64) -> Record {
    let order = if seed.is_multiple_of(2) {
        ChannelOrder::Ordered
    } else {
        ChannelOrder::Unordered
    };
    let history = histories(order, ACTIONS..=ACTIONS)
        .new_tree(&mut runner_of_seed(seed))
        .unwrap()
        .current();
    let record = record(&history, &name_of_seed(seed)).unwrap();
    if let Err(error) = &record.held {
        panic!("seed {seed}: {error:#}");
    }
    record
}

#[test]
fn committed_histories_are_those_of_their_seeds() {
    for seed in 1..=COMMITTED {
        hold(&name_of_seed(seed), &record_of_seed(seed).file).unwrap();
    }
}

#[test]
fn committed_histories_come_to_every_turn() {
    let mut heard: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 1..=COMMITTED {
        for (name, times) in record_of_seed(seed).heard {
            *heard.entry(name).or_default() += times;
        }
    }
    for turn in TURNS {
        assert!(heard.contains_key(turn), "no {turn} in {heard:#?}");
    }
}

#[test]
fn an_exported_history_is_played_alike() {
    let file = record_of_seed(COMMITTED + 1).file;
    played_alike(&file).unwrap();
}
