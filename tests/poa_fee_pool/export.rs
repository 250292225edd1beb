//! Histories as scenario files, see [`crate::exported`].
//!
//! `EXPORT_HISTORY_DIR=dir cargo test -p integration-tests --test poa_fee_pool` writes to that
//! folder the committed histories, and the shrunk history of every failing property of
//! [`crate::histories`], named after the test.
//!
//! The files expect what the brute-force ledger computes ([`crate::expected`]), not what a pool
//! answered. Withdrawals whose amount depends on rounding are left out. Withdrawals whose receiver
//! refuses them in the history arrive in the file: no step of a scenario makes an account refuse.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::json;
use testkit::poa_pool::{PoaAction, PoaWithdrawal};
use testkit::scenario::{Action, Balance, ScenarioFile, Step};

use crate::expected::{Answer, Expected};
use crate::exported::{folder, hold, played_alike, runner_of_seed, write_to};
use crate::play::Play;
use crate::strategies::{History, Size, histories};

/// The histories of the seeds from 1 to this one are committed.
const COMMITTED: u64 = 8;

/// All queries are recorded after so many actions.
const QUERY_EVERY: usize = 25;

/// Writes a history to the folder in the environment, if there is one.
pub fn keep(history: &History, name: &str) -> Result<()> {
    match folder() {
        Some(folder) => write_to(&folder, name, &record(history, name)?),
        None => Ok(()),
    }
}

/// A history as a scenario file: its actions, the ledger's answers now and then, a withdrawal of
/// every account in the end, and the balances that are left. A history that fails in the middle is
/// recorded up to there.
fn record(history: &History, name: &str) -> Result<ScenarioFile> {
    let mut recorder = Recorder::begin(history, name)?;
    let played = recorder.play_to_the_end(history);
    recorder.expect_answers();
    if played.is_ok() {
        recorder.withdraw_all()?;
        recorder.expect_answers();
    }
    recorder.expect_balances();
    let suite = &recorder.play.harness.suite;
    Ok(suite.scenario().context("recording")?.clone())
}

/// Plays a history and records it as a scenario file.
struct Recorder {
    play: Play,
    /// Sorted, as in answers.
    denoms: Vec<String>,
    /// By receiver, what it was paid of each of `denoms`.
    paid: BTreeMap<String, Vec<u128>>,
}

impl Recorder {
    fn begin(history: &History, name: &str) -> Result<Self> {
        let play = Play::begin(history, Some(name))?;
        let mut denoms = play.harness.denoms().to_vec();
        denoms.sort();
        Ok(Recorder {
            play,
            denoms,
            paid: BTreeMap::new(),
        })
    }

    fn expected(&self) -> Expected<'_> {
        Expected {
            ledger: &self.play.harness.ledger,
            denoms: &self.denoms,
        }
    }

    fn play_to_the_end(&mut self, history: &History) -> Result<()> {
        let mut actions = 0;
        for step in &history.steps {
            match self.play.action(step) {
                None => continue,
                Some(PoaAction::Withdraw(withdrawal)) => self.withdraw(withdrawal)?,
                Some(action) => self.play.harness.apply(&action)?,
            }
            actions += 1;
            if actions % QUERY_EVERY == 0 {
                self.expect_answers();
            }
        }
        Ok(())
    }

    fn withdraw(&mut self, mut withdrawal: PoaWithdrawal) -> Result<()> {
        let Some(payout) = self.expected().payout(&withdrawal) else {
            return Ok(());
        };
        withdrawal.refused = false;
        let receiver = self.play.harness.receiver(&withdrawal).to_string();
        let all = self.paid.entry(receiver.clone()).or_default();
        all.resize(payout.len(), 0);
        for (all, payout) in all.iter_mut().zip(payout) {
            *all += payout;
        }
        let applied = self.play.harness.apply(&PoaAction::Withdraw(withdrawal));
        self.expect_paid(&receiver);
        applied
    }

    fn withdraw_all(&mut self) -> Result<()> {
        let accounts = self.play.harness.ledger.accounts();
        let accounts: Vec<String> = accounts.map(str::to_string).collect();
        for account in accounts {
            self.withdraw(PoaWithdrawal::of(&account))?;
        }
        Ok(())
    }

    fn expect_answers(&mut self) {
        for Answer { query, answer } in self.expected().answers() {
            self.play.harness.suite.expect_answer(query, answer);
        }
    }

    fn expect_paid(&mut self, receiver: &str) {
        for (denom, paid) in self.denoms.iter().zip(&self.paid[receiver]) {
            let step = balance_step(receiver, denom, *paid);
            self.play.harness.suite.record(step);
        }
    }

    fn expect_balances(&mut self) {
        for receiver in self.paid.keys().cloned().collect::<Vec<_>>() {
            self.expect_paid(&receiver);
        }
        for denom in &self.denoms {
            let balance = self.play.harness.ledger.totals(denom).balance;
            let step = balance_step("pool", denom, balance);
            self.play.harness.suite.record(step);
        }
    }
}

fn balance_step(account: &str, denom: &str, amount: u128) -> Step {
    let balance = Action::Balance(Balance {
        of: account.to_string(),
        denom: denom.to_string(),
    });
    Step::new(balance).expecting(json!(amount.to_string()))
}

fn name_of_seed(seed: u64) -> String {
    format!("poa-fee-pool-history-{seed:02}")
}

/// The scenario file of a seed. Every second one has large numbers.
fn file_of_seed(seed: u64) -> ScenarioFile {
    let size = if seed.is_multiple_of(2) {
        Size::Large
    } else {
        Size::Small
    };
    let history = histories(size, 70..=90)
        .new_tree(&mut runner_of_seed(seed))
        .unwrap()
        .current();
    record(&history, &name_of_seed(seed)).unwrap()
}

#[test]
fn committed_histories_are_those_of_their_seeds() {
    for seed in 1..=COMMITTED {
        hold(&name_of_seed(seed), &file_of_seed(seed)).unwrap();
    }
}

#[test]
fn an_exported_history_is_played_alike() {
    let file = file_of_seed(COMMITTED + 1);
    played_alike(&file).unwrap();

    // The same file with one answer changed fails.
    let has_answer = |number: &usize| file.steps[*number].expect.is_some();
    let answers = (0..file.steps.len()).filter(has_answer);
    for number in answers.step_by(10) {
        let mut other = file.clone();
        other.steps[number].expect = Some(json!({"other": "answer"}));
        assert!(played_alike(&other).is_err(), "step {number}");
    }
}
