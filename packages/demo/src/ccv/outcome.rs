//! The outcome of a run, gathered from both contracts, the banks and the ledgers.

use std::time::Duration;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_traits::Zero as _;
use serde_json::{Value, json};
use testkit::ccv_world::{CcvHarness, Side};
use testkit::events::points_per_coin;

use super::exact::{points, pools};
use super::history::History;
use super::options::Args;
use super::play::{CONSUMER, Play, numbers};
use super::timeline::Timeline;
use super::units::paid;
use crate::grid::Happened;
use crate::largest::Largest;

/// What the payer of fees has of each denom before the set-up.
const SUPPLY: u128 = 1_000_000_000_000;

/// The outcome of a run.
pub struct Outcome {
    /// The arguments.
    pub args: Args,
    /// How often what happened.
    pub happened: Vec<Happened>,
    /// What happened, in order.
    pub timeline: Timeline,
    /// For the plots.
    pub history: History,
    /// The validators of the consumer, the most powerful first.
    pub validators: Vec<ValidatorRow>,
    /// Where everything is, by denom.
    pub denoms: Vec<Denom>,
    /// Pools that were compared with exact ones.
    pub compared: u64,
    /// The largest difference between a pool and the exact one.
    pub largest: Option<Largest>,
    /// How long the epochs took.
    pub elapsed: Duration,
}

/// A validator at the end.
pub struct ValidatorRow {
    /// Its name for people.
    pub moniker: String,
    /// Its power on the consumer.
    pub power: u64,
    /// Whether it exists on the provider.
    pub exists: bool,
    /// By denom.
    pub amounts: Vec<Amounts>,
}

/// What a validator has of one denom, in whole base units.
pub struct Amounts {
    /// What it exactly earned on the consumer, rounded down.
    pub earned: BigInt,
    /// What it was paid on the provider.
    pub paid: u128,
}

/// Where all that was collected of one denom is, in points.
#[derive(Clone)]
pub struct Denom {
    /// Its name on the consumer.
    pub name: String,
    /// Paid into the contract on the consumer.
    pub collected: BigInt,
    /// Each place, and what is there.
    pub places: Vec<Place>,
}

/// A place on one of the chains or between them.
#[derive(Clone)]
pub struct Place {
    /// What it is.
    pub name: &'static str,
    /// In points.
    pub points: BigInt,
}

impl Denom {
    /// The sum of all places.
    pub fn together(&self) -> BigInt {
        self.places.iter().map(|it| &it.points).sum()
    }

    /// Whether that sum is what was collected.
    pub fn holds(&self) -> bool {
        self.together() == self.collected
    }
}

impl Outcome {
    /// Reads both chains and the ledgers.
    ///
    /// # Errors
    /// When a contract does not answer.
    pub fn gather(args: &Args, play: Play, elapsed: Duration) -> Result<Self> {
        Ok(Outcome {
            args: args.clone(),
            happened: happened(args, &play),
            validators: validators(&play)?,
            denoms: play
                .harness
                .suite
                .denoms()
                .map(|name| denom(&play.harness, name))
                .collect::<Result<_>>()?,
            compared: play.exact.compared,
            largest: play.exact.largest,
            timeline: play.timeline,
            history: play.history,
            elapsed,
        })
    }

    /// Whether the equations hold and the largest difference is within its bound. What was compared
    /// on the way ends a run by itself.
    pub fn holds(&self) -> bool {
        let is_within = |it: &Largest| it.difference < it.bound || it.difference.is_zero();
        self.denoms.iter().all(Denom::holds) && self.largest.as_ref().is_none_or(is_within)
    }
}

fn happened(args: &Args, play: &Play) -> Vec<Happened> {
    let relayer = &play.relayer;
    [
        ("blocks with fees", u64::from(args.epochs * args.blocks)),
        ("units delivered", play.units.delivered),
        ("messages relayed", relayer.brought),
        ("of them twice", relayer.doubled),
        ("delayed", relayer.delays),
        ("lost", relayer.lost),
        ("timed out", relayer.timed_out),
        ("refused by the provider", relayer.refused),
        ("channels opened again", play.openings),
    ]
    .map(|(what, times)| Happened { what, times })
    .into()
}

fn validators(play: &Play) -> Result<Vec<ValidatorRow>> {
    let harness = &play.harness;
    let (numbers, pools) = (numbers(harness), pools(harness)?);
    let mut rows: Vec<ValidatorRow> = Vec::new();
    for (number, validator) in play.story.validators.iter().enumerate() {
        rows.push(ValidatorRow {
            moniker: validator.moniker.clone(),
            power: validator.power,
            exists: play.story.exists(number),
            amounts: Vec::new(),
        });
    }
    for denom in harness.suite.denoms() {
        let mut earned = play.units.earned.get(denom).cloned().unwrap_or_default();
        earned.resize(rows.len(), BigInt::ZERO);
        for pool in &pools {
            let operator = pool["validator"].as_str().context("validator")?;
            let number = *numbers.get(operator).context("an unknown validator")?;
            earned[number] += points(pool, denom)?;
        }
        let amounts = earned.into_iter().zip(paid(harness, denom));
        for (row, (earned, paid)) in rows.iter_mut().zip(amounts) {
            let earned = earned / points_per_coin();
            row.amounts.push(Amounts { earned, paid });
        }
    }
    rows.sort_by_key(|it| std::cmp::Reverse(it.power));
    Ok(rows)
}

/// Asks everybody that may have coins of a denom: banks and contracts, on both chains.
fn denom(harness: &CcvHarness, name: &str) -> Result<Denom> {
    let suite = &harness.suite;
    let voucher = suite.voucher(name);
    let coins = |amount: u128| BigInt::from(amount) * points_per_coin();
    let here = suite.ask(Side::Consumer, &json!({"invariants": {}}))?;
    let there = suite.ask(Side::Provider, &json!({"invariants": {}}))?;
    let classes = |answer: &Value, denom: &str, classes: &[&str]| -> Result<BigInt> {
        let mut sum = BigInt::ZERO;
        for class in classes {
            sum += self::class(answer, denom, class)?;
        }
        Ok(sum)
    };
    let to_validators: u128 = paid(harness, name).iter().sum();
    let at_fee_pool = suite.balance(Side::Provider, "rewards", voucher);
    let to_community = at_fee_pool
        .checked_sub(to_validators)
        .context("the provider's fee pool has less than it was paid")?;
    let exact = harness.model.consumer.totals(name);
    let carry = harness.model.provider.totals(CONSUMER, voucher).carry;
    let outstanding = classes(&there, voucher, &["outstanding"])? - coins(carry);
    let place = |name, points| Place { name, points };
    Ok(Denom {
        name: name.to_string(),
        collected: coins(SUPPLY - suite.balance(Side::Consumer, "payer", name)),
        places: vec![
            place(
                "consumer: paid to its own stakers",
                coins(suite.balance(Side::Consumer, "stakers", name)),
            ),
            place(
                "consumer: pools of validators, fractions of the index",
                classes(&here, name, &["holding_pools"])?,
            ),
            place(
                "consumer: pending, joins the next block",
                classes(&here, name, &["provider_pending", "consumer_pending"])?,
            ),
            place(
                "consumer: units at home",
                classes(&here, name, &["unit", "in_flight"])?,
            ),
            place(
                "consumer: came in since the last block",
                undistributed(&here, name)?,
            ),
            place("on the wire", coins(exact.in_flight + exact.written_off)),
            place("provider: units that wait", outstanding),
            place("provider: carry, joins the next unit", coins(carry)),
            place(
                "provider: owed",
                classes(
                    &there,
                    voucher,
                    &["undelivered", "community_pool", "in_flight"],
                )?,
            ),
            place("provider: paid to its community pool", coins(to_community)),
            place("provider: paid to validators", coins(to_validators)),
        ],
    })
}

fn find<'a>(answer: &'a Value, denom: &str) -> Result<Option<&'a Value>> {
    let denoms = answer["denoms"].as_array().context("denoms")?;
    Ok(denoms.iter().find(|it| it["asset"]["native"] == denom))
}

/// A class of the ledger of a contract, in points. A denom that never came is not there.
fn class(answer: &Value, denom: &str, class: &str) -> Result<BigInt> {
    let Some(found) = find(answer, denom)? else {
        return Ok(BigInt::ZERO);
    };
    let mut liabilities = found["liabilities"]
        .as_array()
        .context("liabilities")?
        .iter();
    match liabilities.find(|it| it["class"] == class) {
        Some(it) => Ok(it["points"].as_str().context("points")?.parse()?),
        None => Ok(BigInt::ZERO),
    }
}

/// What the balance of a contract has above everything that it owes, in points.
fn undistributed(answer: &Value, denom: &str) -> Result<BigInt> {
    let Some(found) = find(answer, denom)? else {
        return Ok(BigInt::ZERO);
    };
    Ok(found["difference"]
        .as_str()
        .context("difference")?
        .parse()?)
}
