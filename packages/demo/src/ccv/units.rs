//! Units that are under way, as the consumer shows them, and how the provider shared them out.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use oracles::ccv_ledger::ProviderTotals;
use serde_json::{Value, json};
use testkit::ccv_world::{CcvHarness, Side};
use testkit::events::points_per_coin;

use super::cargo::unit_name;
use super::play::CONSUMER;
use super::timeline::{Lane, Timeline, Tone};
use crate::amounts::grouped;

/// What validators have been paid of a denom, before a unit is shared out.
#[derive(Clone, Debug)]
struct Before {
    paid: Vec<u128>,
    distributed: u128,
    community: u128,
}

/// What is under way.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// The epochs of units that the consumer has counted, by denom.
    counted: BTreeMap<String, u32>,
    /// How many validators have a weight, by the name of the unit.
    sizes: BTreeMap<String, u64>,
    /// Of units that the provider works on, by denom.
    before: BTreeMap<String, Before>,
    /// What each validator exactly earned in all counted units, in points: by denom, then by its
    /// number.
    pub earned: BTreeMap<String, Vec<BigInt>>,
    /// How many units were delivered.
    pub delivered: u64,
    /// Whether the consumer has any.
    is_under_way: bool,
}

impl Units {
    /// Whether nothing is under way on either chain.
    pub fn is_empty(&self) -> bool {
        !self.is_under_way && self.before.is_empty()
    }

    /// Looks at the consumer's units.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn look(
        &mut self,
        block: u32,
        harness: &CcvHarness,
        timeline: &mut Timeline,
    ) -> Result<()> {
        let answer = harness.suite.ask(Side::Consumer, &json!({"units": {}}))?;
        let units = answer["units"].as_array().context("units")?;
        self.is_under_way = !units.is_empty();
        for unit in units.iter().filter(|it| it["settling"] == false) {
            self.count(block, harness, unit, timeline)?;
        }
        let denoms: Vec<String> = self.counted.keys().cloned().collect();
        for denom in denoms {
            if units.iter().all(|it| it["denom"] != denom.as_str())
                && let Some(epoch) = self.counted.remove(&denom)
            {
                self.delivered += 1;
                let text = format!("{} is delivered", unit_name(&denom, epoch));
                timeline.add(block, Lane::Consumer, Tone::Routine, text);
            }
        }
        Ok(())
    }

    /// Notes a unit that was not known to be counted yet, and what validators earned in it.
    fn count(
        &mut self,
        block: u32,
        harness: &CcvHarness,
        unit: &Value,
        timeline: &mut Timeline,
    ) -> Result<()> {
        let denom = unit["denom"].as_str().context("denom")?;
        let epoch = u32::try_from(unit["epoch"].as_u64().context("epoch")?)?;
        if self.counted.contains_key(denom) {
            return Ok(());
        }
        self.counted.insert(denom.to_string(), epoch);
        let validators = harness.suite.world.validators;
        let earned = self.earned.entry(denom.to_string()).or_default();
        earned.resize(validators, BigInt::ZERO);
        for (number, earned) in earned.iter_mut().enumerate() {
            let operator = harness.suite.operator(number);
            let weight = harness.model.consumer.weight(denom, &operator)?;
            *earned += (weight * points_per_coin()).floor().to_integer();
        }
        let amount = grouped(unit["amount"].as_str().context("amount")?);
        let size = unit["validators"].as_u64().context("validators")?;
        let name = unit_name(denom, epoch);
        let text = format!("{name} is closed: {amount} for {size} validators");
        self.sizes.insert(name, size);
        timeline.add(block, Lane::Consumer, Tone::Plain, text);
        Ok(())
    }

    /// The provider begins with a unit of this denom, or goes on with it.
    pub fn begin(&mut self, harness: &CcvHarness, denom: &str) {
        if self.before.contains_key(denom) {
            return;
        }
        let totals = totals(harness, denom);
        let before = Before {
            paid: paid(harness, denom),
            distributed: totals.distributed,
            community: totals.community,
        };
        self.before.insert(denom.to_string(), before);
    }

    /// The provider has shared a unit out.
    ///
    /// # Errors
    /// When it had not begun.
    pub fn share_out(
        &mut self,
        block: u32,
        harness: &CcvHarness,
        (denom, epoch): (&str, u32),
        timeline: &mut Timeline,
    ) -> Result<()> {
        let before = self.before.remove(denom).context("a unit from nowhere")?;
        let after = totals(harness, denom);
        let rewarded = paid(harness, denom)
            .iter()
            .zip(&before.paid)
            .filter(|(after, before)| after > before)
            .count();
        let name = unit_name(denom, epoch);
        let size = self.sizes.remove(&name).unwrap_or_default();
        let mut text = format!(
            "{name} is shared out: {} to {rewarded} of {size}, {} carried on",
            grouped(after.distributed - before.distributed),
            grouped(after.carry)
        );
        if after.community > before.community {
            let community = grouped(after.community - before.community);
            text.push_str(&format!(", {community} to the community pool"));
        }
        timeline.add(block, Lane::Provider, Tone::Plain, text);
        Ok(())
    }
}

fn totals(harness: &CcvHarness, denom: &str) -> ProviderTotals {
    let voucher = harness.suite.voucher(denom);
    harness.model.provider.totals(CONSUMER, voucher)
}

/// What each validator was paid of a denom.
pub fn paid(harness: &CcvHarness, denom: &str) -> Vec<u128> {
    let voucher = harness.suite.voucher(denom);
    (0..harness.suite.world.validators)
        .map(|number| {
            let operator = harness.suite.operator(number);
            harness.model.provider.paid(&operator, voucher)
        })
        .collect()
}
