//! What is seen on the way, for the plots.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use oracles::ledger::Recipient;
use serde_json::json;
use testkit::fee_pool::Harness;

use super::staking::Staking;

/// How often a run is looked at.
const LOOKS: u32 = 200;
/// How many validators are watched: those with the most power at the start.
const WATCHED: usize = 6;

/// The pool after one block, in base units.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The block.
    pub block: u32,
    /// All that was ever received.
    pub received: f64,
    /// All that was ever paid.
    pub paid: f64,
    /// The community pool.
    pub community_pool: f64,
    /// What each watched validator ever earned together with its delegators: what was paid of it
    /// and what is outstanding.
    pub rewards: Vec<f64>,
}

/// A watched validator.
#[derive(Clone, Debug)]
pub struct Watched {
    name: String,
    /// Its operator address.
    pub operator: String,
    /// Its name for people.
    pub moniker: String,
}

/// Samples of a run.
#[derive(Clone, Debug)]
pub struct History {
    /// The validators whose rewards are followed.
    pub watched: Vec<Watched>,
    /// The samples in the order of their blocks, the first one before all blocks.
    pub samples: Vec<Sample>,
    step: u32,
    blocks: u32,
}

impl History {
    /// Nothing seen yet of so many blocks.
    pub fn new(staking: &Staking, blocks: u32) -> Self {
        let mut validators: Vec<_> = staking.validators.iter().collect();
        validators.sort_by_key(|it| std::cmp::Reverse(it.power));
        let watched: Vec<Watched> = validators
            .into_iter()
            .take(WATCHED)
            .map(|it| Watched {
                name: it.name.clone(),
                operator: it.operator.clone(),
                moniker: it.moniker.clone(),
            })
            .collect();
        let start = Sample {
            block: 0,
            received: 0.0,
            paid: 0.0,
            community_pool: 0.0,
            rewards: vec![0.0; watched.len()],
        };
        Self {
            watched,
            samples: vec![start],
            step: blocks.div_ceil(LOOKS),
            blocks,
        }
    }

    /// Looks at the pool after a block, when it is time to.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn look(&mut self, block: u32, harness: &Harness) -> Result<()> {
        if !block.is_multiple_of(self.step) && block != self.blocks {
            return Ok(());
        }
        self.look_now(block, harness)
    }

    /// Looks at the pool after a block, whenever that is.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn look_now(&mut self, block: u32, harness: &Harness) -> Result<()> {
        let denom = harness.denoms().first().context("a pool without denoms")?;
        let mut paid: BTreeMap<&str, f64> = BTreeMap::new();
        for recipient in harness.ledger.recipients() {
            if let Recipient::Commission { validator } | Recipient::Delegation { validator, .. } =
                recipient
            {
                *paid.entry(validator).or_default() += harness.ledger.paid(recipient, denom) as f64;
            }
        }
        let mut rewards = Vec::new();
        for it in &self.watched {
            let outstanding = outstanding(harness, &it.operator)?;
            rewards.push(outstanding + paid.get(it.name.as_str()).copied().unwrap_or_default());
        }
        let community = harness.points(Recipient::CommunityPool)?;
        self.samples.push(Sample {
            block,
            received: harness.ledger.total_received(denom) as f64,
            paid: harness.ledger.total_paid(denom) as f64,
            community_pool: community.first().map_or(0.0, base_units),
            rewards,
        });
        Ok(())
    }
}

/// Points as base units, near enough for a plot.
fn base_units(points: &BigInt) -> f64 {
    points.to_f64().unwrap_or_default() / 1e36
}

/// What is outstanding of a validator, in base units.
fn outstanding(harness: &Harness, operator: &str) -> Result<f64> {
    let question = json!({"validator_outstanding_rewards": {"validator": operator}});
    let answer = harness.suite.query(question)?;
    match answer["rewards"][0]["amount"].as_str() {
        None => Ok(0.0),
        Some(amount) => amount.parse().context("an amount of rewards"),
    }
}
