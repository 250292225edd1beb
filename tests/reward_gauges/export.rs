//! Histories as scenario files, see [`crate::exported`].
//!
//! What the files expect is what the brute-force ledger says, and nothing that the contract said:
//! after every so many operations, when everybody has claimed, and in the end, with the balances of
//! all after each claim. Operations that the contract refused are those that the ledger refuses.
//!
//! `EXPORT_HISTORY_DIR=tests/scenarios/histories cargo test -p integration-tests --test
//! reward_gauges histor` renews the committed files.

use anyhow::{Context as _, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::json;
use testing::reward_gauges::{ACCOUNTS, LOCKED, Operation, Twin};
use testing::scenario::{Action, ScenarioFile};

use crate::exported::{folder, hold, played_alike, runner_of_seed, write_to};
use crate::histories::{DURATIONS, LENGTH, amount, operation};

/// How many histories are committed: those of the seeds from 1.
const COMMITTED: u64 = 6;
/// After so many operations a file expects everything that the ledger knows.
const EXPECT_EVERY: usize = 16;

/// Writes a history to the folder that the environment names, if it names one.
pub fn keep(history: &[Operation], name: &str) -> Result<()> {
    match folder() {
        Some(folder) => write_to(&folder, name, &record(history, name)?),
        None => Ok(()),
    }
}

/// A history as a scenario file: what happens, what the ledger says of it on the way, how everybody
/// leaves, and what is left. A history that cannot be played to its end is recorded up to where it
/// stops, with what the ledger says then.
fn record(history: &[Operation], name: &str) -> Result<ScenarioFile> {
    let mut twin = Twin::recorded(name, LENGTH, &DURATIONS)?;
    let played = play_to_the_end(&mut twin, history);
    if played.is_ok() {
        everybody_leaves(&mut twin)?;
    }
    expect_everything(&mut twin)?;
    Ok(twin.suite.scenario().context("recording")?.clone())
}

fn play_to_the_end(twin: &mut Twin, history: &[Operation]) -> Result<()> {
    for (number, operation) in history.iter().enumerate() {
        let is_done = twin.apply(operation)?;
        if is_done && matches!(operation, Operation::Claim(_)) {
            expect_balances(twin);
        }
        if number % EXPECT_EVERY == EXPECT_EVERY - 1 {
            expect_everything(twin)?;
        }
    }
    Ok(())
}

fn everybody_leaves(twin: &mut Twin) -> Result<()> {
    let locks = 0..usize::try_from(twin.locks())?;
    for lock in locks.clone() {
        twin.apply(&Operation::BeginUnlock { lock, part: None })?;
    }
    twin.apply(&Operation::Wait(2_000))?;
    for lock in locks {
        twin.apply(&Operation::Withdraw(lock))?;
        twin.apply(&Operation::Claim(lock))?;
    }
    twin.apply(&Operation::PayTreasury)?;
    Ok(())
}

fn expect_everything(twin: &mut Twin) -> Result<()> {
    twin.compare()?;
    for step in twin.expectations() {
        twin.suite.record(step);
    }
    Ok(())
}

fn expect_balances(twin: &mut Twin) {
    for step in twin.balances() {
        twin.suite.record(step);
    }
}

/// Two locks of each asset that stay until somebody takes them away, of amounts that nothing can be
/// divided by without a rest; then whatever may happen.
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
    let rest = prop::collection::vec(operation(), 60..=64);
    (begin, rest).prop_map(|(begin, rest)| [begin, rest].concat())
}

/// The history of a seed: always the same one.
fn of_seed(seed: u64) -> Vec<Operation> {
    let mut runner = runner_of_seed(seed);
    history().new_tree(&mut runner).unwrap().current()
}

fn name_of_seed(seed: u64) -> String {
    format!("reward-gauges-history-{seed:02}")
}

/// The scenario file of a seed.
fn file_of_seed(seed: u64) -> ScenarioFile {
    record(&of_seed(seed), &name_of_seed(seed)).unwrap()
}

#[test]
fn committed_histories_are_those_of_their_seeds() {
    for seed in 1..=COMMITTED {
        let file = file_of_seed(seed);
        // The ledger knows what to expect, of balances and of most else.
        let expecting = |kind: &str| {
            let steps = file.steps.iter().filter(|it| it.expect.is_some());
            steps.filter(|it| it.action.kind() == kind).count()
        };
        assert!(expecting("balance") > 90 && expecting("query") > 100);
        hold(&name_of_seed(seed), &file).unwrap();
    }
}

#[test]
fn an_exported_history_is_played_alike() {
    let file = file_of_seed(COMMITTED + 1);
    played_alike(&file).unwrap();

    // The same file with one balance changed is not.
    let mut other = file.clone();
    let of_balance = |action: &Action| matches!(action, Action::Balance(_));
    let mut balances = other.steps.iter_mut().filter(|it| of_balance(&it.action));
    balances.next().unwrap().expect = Some(json!("1"));
    assert!(played_alike(&other).is_err());
}
