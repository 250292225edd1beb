//! Histories as scenario files, see [`crate::exported`].
//!
//! `EXPORT_HISTORY_DIR=dir cargo test -p integration-tests --test reward_gauges histor` writes to
//! that folder the committed histories, and the shrunk history of every failing property of
//! [`crate::histories`].
//!
//! The files expect what the brute-force ledger computes ([`crate::expected`]), not what the
//! contract answered: balances after each claim, and everything after every [`EXPECT_EVERY`]
//! operations and when all locks were withdrawn and claimed. An operation that the contract refuses
//! in a file is one that the ledger refuses as well, or that a rule of the contract alone forbids.

use anyhow::{Context as _, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::json;
use testkit::reward_gauges::{ACCOUNTS, Harness, LOCKED, Operation};
use testkit::scenario::{Action, ScenarioFile};

use crate::expected::Expected;
use crate::exported::{folder, hold, played_alike, runner_of_seed, write_to};
use crate::histories::{DURATIONS, LENGTH, amount, operation};

/// The histories of the seeds from 1 to this one are committed.
const COMMITTED: u64 = 6;
/// Everything is expected after so many operations.
const EXPECT_EVERY: usize = 16;

/// Writes a history to the folder in the environment, if there is one.
pub fn keep(history: &[Operation], name: &str) -> Result<()> {
    match folder() {
        Some(folder) => write_to(&folder, name, &record(history, name)?),
        None => Ok(()),
    }
}

/// A history as a scenario file: its operations, the ledger's answers on the way, the withdrawal
/// and the claim of every lock in the end, and the answers then. A history that fails in the middle
/// is recorded up to there.
fn record(history: &[Operation], name: &str) -> Result<ScenarioFile> {
    let mut harness = Harness::recorded(name, LENGTH, &DURATIONS)?;
    let played = play_to_the_end(&mut harness, history);
    if played.is_ok() {
        withdraw_all(&mut harness)?;
    }
    expect_everything(&mut harness)?;
    Ok(harness.suite.scenario().context("recording")?.clone())
}

fn play_to_the_end(harness: &mut Harness, history: &[Operation]) -> Result<()> {
    for (number, operation) in history.iter().enumerate() {
        let is_done = harness.apply(operation)?;
        if is_done && matches!(operation, Operation::Claim(_)) {
            expect_balances(harness);
        }
        if number % EXPECT_EVERY == EXPECT_EVERY - 1 {
            expect_everything(harness)?;
        }
    }
    Ok(())
}

fn withdraw_all(harness: &mut Harness) -> Result<()> {
    let locks = 0..usize::try_from(harness.locks())?;
    for lock in locks.clone() {
        harness.apply(&Operation::BeginUnlock { lock, part: None })?;
    }
    harness.apply(&Operation::Wait(2_000))?;
    for lock in locks {
        harness.apply(&Operation::Withdraw(lock))?;
        harness.apply(&Operation::Claim(lock))?;
    }
    harness.apply(&Operation::PayTreasury)?;
    Ok(())
}

fn expect_everything(harness: &mut Harness) -> Result<()> {
    harness.compare()?;
    for step in (Expected { harness }).everything() {
        harness.suite.record(step);
    }
    Ok(())
}

fn expect_balances(harness: &mut Harness) {
    for step in (Expected { harness }).balances() {
        harness.suite.record(step);
    }
}

/// Two locks of each asset for a long time, of amounts that leave remainders in divisions, and then
/// any operations.
fn history() -> impl Strategy<Value = Vec<Operation>> {
    let locks = prop::collection::vec(amount(), 2 * LOCKED.len()..=2 * LOCKED.len());
    let begin = locks.prop_map(|amounts| {
        let locks = amounts.into_iter().enumerate();
        let lock = locks.map(|(number, amount)| Operation::Lock {
            owner: number % ACCOUNTS.len(),
            asset: number % LOCKED.len(),
            amount: amount * 3 + 7,
            duration: 1_499,
        });
        lock.collect::<Vec<_>>()
    });
    let others = prop::collection::vec(operation(), 60..=64);
    (begin, others).prop_map(|(begin, others)| [begin, others].concat())
}

/// The history of a seed, the same in every run.
fn of_seed(seed: u64) -> Vec<Operation> {
    let mut runner = runner_of_seed(seed);
    history().new_tree(&mut runner).unwrap().current()
}

fn name_of_seed(seed: u64) -> String {
    format!("reward-gauges-history-{seed:02}")
}

fn file_of_seed(seed: u64) -> ScenarioFile {
    record(&of_seed(seed), &name_of_seed(seed)).unwrap()
}

#[test]
fn committed_histories_are_those_of_their_seeds() {
    for seed in 1..=COMMITTED {
        let file = file_of_seed(seed);
        let expecting = |kind: &str| {
            let steps = file.steps.iter().filter(|it| it.expect.is_some());
            steps.filter(|it| it.action.kind() == kind).count()
        };
        // Most balances and answers are known to the base unit.
        assert!(expecting("balance") > 90 && expecting("query") > 100);
        hold(&name_of_seed(seed), &file).unwrap();
    }
}

#[test]
fn an_exported_history_ends_as_it_expects() {
    let file = file_of_seed(COMMITTED + 1);
    played_alike(&file).unwrap();

    // With another balance expected it fails.
    let mut other = file.clone();
    let of_balance = |action: &Action| matches!(action, Action::Balance(_));
    let mut balances = other.steps.iter_mut().filter(|it| of_balance(&it.action));
    balances.next().unwrap().expect = Some(json!("1"));
    assert!(played_alike(&other).is_err());
}
