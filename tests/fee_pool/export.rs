//! Histories as scenario files, see [`crate::exported`].
//!
//! `EXPORT_HISTORY_DIR=dir cargo test -p integration-tests --test fee_pool` writes to that folder:
//!
//! - the history of every property of [`crate::histories`] that fails, as shrunk as it was found,
//!   named after the test;
//! - the committed ones, with that of [`crate::hub_history`], so that `EXPORT_HISTORY_DIR=tests/scenarios/histories` renews them;
//! - with `EXPORT_HISTORY_SEED=n` the history of that seed, `history-n.json`.

use anyhow::{Context as _, Result};
use oracles::ledger::Recipient;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, FeePoolSuite};
use testkit::scenario::{Action, Balance, ScenarioFile, Step};

use crate::exported::{folder, hold, played_alike, runner_of_seed, write_to};
use crate::play::{Making, Play};
use crate::strategies::{self, History};

/// How many histories are committed: those of the seeds from 1.
const COMMITTED: u64 = 20;

/// Records of an audit page: fewer than most pools have.
const AUDIT_PAGE: u32 = 10;

/// Writes a history to the folder that the environment names, if it names one.
pub fn keep(history: &History, accounting: AccountingKind, name: &str) -> Result<()> {
    let Some(folder) = folder() else {
        return Ok(());
    };
    let making = Making {
        accounting,
        recording: Some(name),
    };
    write_to(&folder, name, &record(history, &making)?)
}

/// A history as a scenario file: what happens, what the pool says in its end, how everybody
/// withdraws, and what is left. A history that cannot be played to its end is recorded up to
/// where it stops, with what the pool says then.
pub fn record(history: &History, making: &Making) -> Result<ScenarioFile> {
    let mut play = Play::begin(&history.setup, making)?;
    let played = play_to_the_end(&mut play, history);
    ask_and_record(&mut play)?;
    if played.is_ok() {
        for claim in play.last_claims(history.order) {
            play.harness.apply(&claim)?;
        }
        play.harness
            .suite
            .query_and_record(json!({"invariants": {}}))?;
    }
    let mut file = play.harness.suite.scenario().context("recording")?.clone();
    file.steps.extend(balances(&play));
    Ok(file)
}

fn play_to_the_end(play: &mut Play, history: &History) -> Result<()> {
    for step in &history.steps {
        for action in play.actions(step) {
            play.apply(&action)?;
        }
    }
    play.correct_and_go_on()
}

/// Expectations of everything that the pool says of what it owes.
fn ask_and_record(play: &mut Play) -> Result<()> {
    let questions: Vec<Value> = play
        .harness
        .ledger
        .recipients()
        .map(question)
        .chain([json!({"invariants": {}}), json!({"validator_set": {}})])
        .collect();
    let suite: &mut FeePoolSuite = &mut play.harness.suite;
    for question in questions {
        suite.query_and_record(question)?;
    }
    audit_and_record(suite, AUDIT_PAGE)
}

/// The query that shows what a recipient is owed.
pub fn question(recipient: Recipient) -> Value {
    match recipient {
        Recipient::CommunityPool => json!({"community_pool": {}}),
        Recipient::Commission { validator } => {
            json!({"validator_commission": {"validator": format!("@@{validator}")}})
        }
        Recipient::Delegation {
            delegator,
            validator,
        } => json!({"delegation_rewards": {
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        }}),
    }
}

/// Expectations of a whole audit, in pages.
pub fn audit_and_record(suite: &mut FeePoolSuite, page: u32) -> Result<()> {
    let mut start_after = Value::Null;
    loop {
        let question = json!({"audit": {"start_after": start_after, "limit": page}});
        let answer = suite.query_and_record(question)?;
        start_after = answer["next"].clone();
        if start_after.is_null() {
            return Ok(());
        }
    }
}

/// What everybody has in the end.
pub fn balances(play: &Play) -> Vec<Step> {
    let harness = &play.harness;
    let mut steps = Vec::new();
    for name in play.accounts().chain(["pool"]) {
        for denom in harness.denoms() {
            let balance = harness.suite.balance(name, denom).to_string();
            let action = Action::Balance(Balance {
                of: name.to_string(),
                denom: denom.clone(),
            });
            steps.push(Step::new(action).expecting(json!(balance)));
        }
    }
    steps
}

/// The history of a seed: always the same one.
fn of_seed(seed: u64) -> History {
    let mut runner = runner_of_seed(seed);
    let scale = prop_oneof![strategies::small(), strategies::large()];
    strategies::histories(strategies::setup(scale, 4), 40..=60)
        .new_tree(&mut runner)
        .unwrap()
        .current()
}

/// The scenario file of a seed. Every second pool has the lazy accounting.
fn file_of_seed(seed: u64) -> ScenarioFile {
    let accounting = if seed.is_multiple_of(2) {
        AccountingKind::Lazy
    } else {
        AccountingKind::F1
    };
    let making = Making {
        accounting,
        recording: Some(&name_of_seed(seed)),
    };
    record(&of_seed(seed), &making).unwrap()
}

fn name_of_seed(seed: u64) -> String {
    format!("history-{seed:02}")
}

#[test]
fn committed_histories_are_those_of_their_seeds() {
    for seed in 1..=COMMITTED {
        hold(&name_of_seed(seed), &file_of_seed(seed)).unwrap();
    }
}

#[test]
fn an_exported_history_is_played_alike() {
    let seed = match std::env::var("EXPORT_HISTORY_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => COMMITTED + 1,
    };
    let name = name_of_seed(seed);
    let file = file_of_seed(seed);
    if let Some(folder) = folder().filter(|_| std::env::var_os("EXPORT_HISTORY_SEED").is_some()) {
        write_to(&folder, &name, &file).unwrap();
    }
    played_alike(&file).unwrap();

    // The same file with one number changed is not.
    let mut other = file.clone();
    let expected = other.steps.last_mut().and_then(|step| step.expect.as_mut());
    *expected.unwrap() = json!("1");
    assert!(played_alike(&other).is_err());
}
