//! The consumer's pools against the exact ones.

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed as _;
use serde_json::{Value, json};
use testkit::ccv_world::{CcvHarness, Side};
use testkit::events::points_per_coin;

use super::play::numbers;
use super::story::Validator;
use crate::largest::Largest;

/// Validators in a page of answers.
const PAGE: usize = 100;

/// What was compared so far.
#[derive(Default)]
pub struct Exact {
    /// The largest difference.
    pub largest: Option<Largest>,
    /// How many pools were compared.
    pub compared: u64,
}

impl Exact {
    /// Compares the open pool of every validator in every denom with the exact one.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn compare(&mut self, harness: &CcvHarness, validators: &[Validator]) -> Result<()> {
        let numbers = numbers(harness);
        for pool in pools(harness)? {
            let operator = pool["validator"].as_str().context("validator")?;
            let number = *numbers.get(operator).context("an unknown validator")?;
            for denom in harness.suite.denoms() {
                let points = BigRational::new(points(&pool, denom)?, points_per_coin());
                let difference = harness.model.consumer.pool(denom, operator) - points;
                let bound = harness.model.consumer.bound(denom, operator);
                let bound = match difference.is_negative() {
                    true => bound.points_above(),
                    false => bound.points_below(),
                };
                self.compared += 1;
                Largest {
                    of: format!("{denom} of {}", validators[number].moniker),
                    difference: difference.abs(),
                    bound: BigRational::new(bound, points_per_coin()),
                }
                .keep_in(&mut self.largest);
            }
        }
        Ok(())
    }
}

/// The answers for all validators that have power or something in a pool.
pub fn pools(harness: &CcvHarness) -> Result<Vec<Value>> {
    let mut pools: Vec<Value> = Vec::new();
    loop {
        let start_after = pools.last().map(|it| it["validator"].clone());
        let msg = json!({"holding_pools": {"start_after": start_after, "limit": PAGE}});
        let answer = harness.suite.ask(Side::Consumer, &msg)?;
        let page = answer["pools"].as_array().context("pools")?;
        pools.extend(page.iter().cloned());
        if page.len() < PAGE {
            return Ok(pools);
        }
    }
}

/// What an answer says of a denom, in points.
pub fn points(pool: &Value, denom: &str) -> Result<BigInt> {
    let points = pool["points"].as_array().context("points")?;
    match points.iter().find(|it| it["denom"] == denom) {
        Some(it) => Ok(it["points"].as_str().context("points")?.parse()?),
        None => Ok(BigInt::ZERO),
    }
}
