//! A long history that begins with the state of a real chain, as a scenario file: the validators
//! and delegations with which cosmoshub-2 started, under names, and several hundred random steps.
//!
//! `EXPORT_HISTORY_DIR=tests/scenarios/histories cargo test -p integration-tests --test fee_pool
//! hub_history` renews the committed file.

use std::collections::BTreeSet;

use accounting::AccountingKind;
use anyhow::{Context as _, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use testing::fee_pool::{Operation, Twin};
use testing::hub_state::HubState;
use testing::ledger::Recipient;
use testing::scenario::ScenarioFile;

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
    share_places: 6,
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
    let twin = Twin::recorded_with_state(NAME, &state, AccountingKind::F1, IMPORT_PAGE)?;
    let mut play = Play::with_state(twin, &state, SCALE)?;
    for step in steps() {
        for deed in play.deeds(&step) {
            play.apply(&deed).with_context(|| format!("{deed:?}"))?;
        }
    }
    play.twin.check_conservation()?;
    play.twin.compare()?;
    for question in questions(&play) {
        play.twin.suite.query_and_record(question)?;
    }
    audit(&mut play)?;
    let delegators: BTreeSet<String> = play
        .twin
        .ledger
        .recipients()
        .filter_map(|recipient| match recipient {
            Recipient::Delegation { delegator, .. } => Some(delegator.to_string()),
            Recipient::Commission { .. } | Recipient::CommunityPool => None,
        })
        .collect();
    for delegator in delegators {
        play.twin.apply(&Operation::WithdrawAll {
            delegator,
            page: 100,
        })?;
    }
    let commissions = play.last_claims(SEED).into_iter();
    for claim in commissions.filter(|it| matches!(it, Operation::WithdrawCommission { .. })) {
        play.twin.apply(&claim)?;
    }
    play.spend_community_pool()?;
    play.only_fractions_are_left()?;
    play.twin
        .suite
        .query_and_record(json!({"invariants": {}}))?;
    let mut file = play.twin.suite.scenario().context("recording")?.clone();
    file.steps.extend(balances(&play));
    Ok(file)
}

fn questions(play: &Play) -> Vec<Value> {
    let asked = play.twin.ledger.recipients().step_by(ASK_EVERY);
    asked
        .map(crate::export::question)
        .chain([json!({"invariants": {}})])
        .collect()
}

fn audit(play: &mut Play) -> Result<()> {
    crate::export::audit_and_record(&mut play.twin.suite, AUDIT_PAGE)
}

#[test]
fn the_committed_history_of_a_real_chain_is_that_of_its_seed() {
    hold(NAME, &record().unwrap()).unwrap();
}
