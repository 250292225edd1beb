//! Hooks were lost: the owner compares the pool with the chain by queries, and corrects it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{Harness, decimal, fraction};

/// Delegations in a page. Histories in which hooks are lost have fewer of each validator.
const PAGE: usize = 100;

impl Harness {
    /// Sends what differs, validators first, until the pool says what the chain says.
    pub(super) fn correct(&mut self) -> Result<()> {
        if self.staking.is_reported() {
            return Ok(());
        }
        let validators: BTreeSet<String> = self
            .known
            .keys()
            .chain(self.staking.validators())
            .cloned()
            .collect();
        for validator in &validators {
            self.correct_validator(validator)?;
        }
        for (delegator, validator, amount) in self.delegations()? {
            self.correct_delegation(&delegator, &validator, amount)?;
        }
        for validator in &validators {
            let said = self.said_of(validator)?;
            let exists = said.as_ref().is_some_and(|said| said["removed"] == false);
            let rate = self.staking.rate(validator);
            match rate.map(decimal) {
                Some(rate) => {
                    let said = said.with_context(|| format!("{validator} is not known"))?;
                    ensure!(
                        exists && said["commission"]["rate"] == rate,
                        "{rate}: {said}"
                    );
                }
                // Votes alone may have made a record of it.
                None => ensure!(!exists || !self.has_terms(validator), "{said:?}"),
            }
        }
        for (delegator, validator, amount) in self.delegations()? {
            let units = self.units_of(&validator, amount * self.unit_scale)?;
            let said = self.said_units(&delegator, &validator)?;
            ensure!(
                said == units,
                "{delegator}, {validator}: {said}, not {units}"
            );
        }
        Ok(())
    }

    /// The delegations that the pool or the chain knows, with what the chain says of them. Of a
    /// validator without a record the pool says nothing.
    fn delegations(&self) -> Result<Vec<(String, String, u128)>> {
        let mut found = BTreeSet::new();
        for delegation in self.staking.delegations() {
            if self.knows(&delegation.1) {
                found.insert(delegation.clone());
            }
        }
        for validator in self.known.keys() {
            let query = json!({"validator_delegations": {
                "validator": format!("@@{validator}"), "limit": PAGE,
            }});
            let answer = self.suite.query(query)?;
            let page = answer["delegations"].as_array().context("delegations")?;
            ensure!(page.len() < PAGE, "more than a page of {validator}");
            for it in page {
                let address = it["delegator"].as_str().context("delegator")?;
                let delegator = self.names.get(address).context("a name")?;
                found.insert((delegator.clone(), validator.clone()));
            }
        }
        let with_amount = found.into_iter().map(|(delegator, validator)| {
            let amount = self.shares(&delegator, &validator);
            (delegator, validator, amount)
        });
        Ok(with_amount.collect())
    }

    fn correct_validator(&mut self, validator: &str) -> Result<()> {
        let operator = format!("@@{validator}");
        let rate = self.staking.rate(validator);
        let (missed_removal, missed_slashes) = self.staking.take_missed(validator);
        let said = self.said_of(validator)?;
        let is_there = said.as_ref().is_some_and(|said| said["removed"] == false);
        if is_there && (missed_removal || (rate.is_none() && self.has_terms(validator))) {
            let power = self.ledger.power(validator);
            self.correction(json!({"validator_removed": {"validator": operator}}))?;
            self.forget_validator(validator)?;
            // Powers come with blocks, and were not lost.
            self.correction(json!({"power_changed": {
                "validator": operator, "power": power.to_string(),
            }}))?;
            self.follow_powers(&[(validator.to_string(), power)].into());
        }
        let Some(rate) = rate else {
            return Ok(());
        };
        if !self.has_terms(validator) {
            self.correction(json!({"validator_created": {
                "validator": operator,
                "commission": {"rate": decimal(rate), "max_rate": "1", "max_change_rate": "1"},
            }}))?;
            self.know_terms(validator, rate)?;
        } else if said.is_some_and(|said| said["commission"]["rate"] != decimal(rate)) {
            self.correction(json!({"commission_changed": {
                "validator": operator, "rate": decimal(rate),
            }}))?;
            self.ledger.set_commission(validator, fraction(rate)?);
        }
        for slashed in missed_slashes {
            self.correction(json!({"validator_slashed": {
                "validator": operator, "fraction": decimal(slashed),
            }}))?;
            self.slash_known(validator, slashed);
        }
        Ok(())
    }

    fn correct_delegation(&mut self, delegator: &str, validator: &str, amount: u128) -> Result<()> {
        let units = self.units_of(validator, amount * self.unit_scale)?;
        if self.said_units(delegator, validator)? == units {
            return Ok(());
        }
        self.correction(json!({"delegation_changed": {
            "delegator": format!("@{delegator}"),
            "validator": format!("@@{validator}"),
            "shares": amount.to_string(),
        }}))?;
        self.ledger.set_units(delegator, validator, units)?;
        Ok(())
    }

    fn correction(&mut self, event: Value) -> Result<()> {
        let msg = json!({ "staking_event": event });
        self.suite.execute("owner", msg)?;
        Ok(())
    }

    fn said_of(&self, validator: &str) -> Result<Option<Value>> {
        if !self.knows(validator) {
            return Ok(None);
        }
        let query = json!({"validator": {"validator": format!("@@{validator}")}});
        Ok(Some(self.suite.query(query)?))
    }

    fn said_units(&self, delegator: &str, validator: &str) -> Result<u128> {
        let query = json!({"delegation": {
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        }});
        let said = self.suite.query(query)?;
        Ok(said["units"].as_str().context("units")?.parse()?)
    }
}
