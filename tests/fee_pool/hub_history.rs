//! A long history that begins with the state of a real chain, as a scenario file: the validators
//! and delegations with which cosmoshub-2 started, under names, and several hundred random steps.
//!
//! `EXPORT_HISTORY_DIR=tests/scenarios/histories cargo test -p integration-tests --test fee_pool
//! hub_history` renews the committed file.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use oracles::ledger::Recipient;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use testkit::fee_pool::AccountingKind;
use testkit::fee_pool::{Harness, Operation};
use testkit::hub_state::HubState;
use testkit::scenario::ScenarioFile;

use crate::export::balances;
use crate::exported::{hold, runner_of_seed};
use crate::lists::lists;
use crate::play::Play;
use crate::strategies::{self, Scale, Step};

const NAME: &str = "cosmoshub-2";
const SEED: u64 = 2;
const STEPS: usize = 300;

/// Records of an import message.
const IMPORT_PAGE: usize = 200;
/// Records of an audit page.
const AUDIT_PAGE: u32 = 100;
/// Of so many recipients one is asked for before everybody withdraws: the audit sums all of them.
const ASK_EVERY: usize = 10;

/// Numbers as the chain has them, in its base units.
const SCALE: Scale = Scale {
    fees: 10u128.pow(12),
    power: 10_000_000,
    shares: 10u128.pow(13),
    share_places: 18,
};

/// The steps, of which only few concern all validators at once: each of those is a message for
/// each of them.
fn steps() -> Vec<Step> {
    let all_at_once = |step: &Step| matches!(step, Step::JailAll | Step::UnjailAll);
    let step = strategies::step().prop_filter("too long a file", move |it| !all_at_once(it));
    let mut steps = lists(step, STEPS..=STEPS)
        .new_tree(&mut runner_of_seed(SEED))
        .unwrap()
        .current();
    steps.insert(STEPS / 2, Step::JailAll);
    steps.insert(STEPS / 2 + 3, Step::UnjailAll);
    steps
}

fn record() -> Result<ScenarioFile> {
    let state = HubState::built_in()?.with_names()?;
    let harness = Harness::recorded_with_state(NAME, &state, AccountingKind::F1, IMPORT_PAGE)?;
    let mut play = Play::with_state(harness, &state, SCALE)?;
    for step in steps() {
        for action in play.actions(&step) {
            play.apply(&action).with_context(|| format!("{action:?}"))?;
        }
    }
    play.harness.check_conservation()?;
    play.harness.compare()?;
    for question in questions(&play) {
        play.harness.suite.query_and_record(question)?;
    }
    audit(&mut play)?;
    let delegators: BTreeSet<String> = play
        .harness
        .ledger
        .recipients()
        .filter_map(|recipient| match recipient {
            Recipient::Delegation { delegator, .. } => Some(delegator.to_string()),
            Recipient::Commission { .. } | Recipient::CommunityPool => None,
        })
        .collect();
    for delegator in delegators {
        play.harness.apply(&Operation::WithdrawAll {
            delegator,
            page: 100,
        })?;
    }
    let commissions = play.last_claims(SEED).into_iter();
    for claim in commissions.filter(|it| matches!(it, Operation::WithdrawCommission { .. })) {
        play.harness.apply(&claim)?;
    }
    play.spend_community_pool()?;
    play.only_fractions_are_left()?;
    play.harness
        .suite
        .query_and_record(json!({"invariants": {}}))?;
    let mut file = play.harness.suite.scenario().context("recording")?.clone();
    file.steps.extend(balances(&play));
    Ok(file)
}

fn questions(play: &Play) -> Vec<Value> {
    let asked = play.harness.ledger.recipients().step_by(ASK_EVERY);
    asked
        .map(crate::export::question)
        .chain([json!({"invariants": {}})])
        .collect()
}

fn audit(play: &mut Play) -> Result<()> {
    crate::export::audit_and_record(&mut play.harness.suite, AUDIT_PAGE)
}

#[test]
fn the_committed_history_of_a_real_chain_is_that_of_its_seed() {
    hold(NAME, &record().unwrap()).unwrap();
}
