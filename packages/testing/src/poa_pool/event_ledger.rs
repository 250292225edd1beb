//! Every operator's claim, rebuilt as an indexer would: from events alone.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

use super::PoaClasses;
use crate::events::{ContractEvent, of_contract};

/// What the events of a pool add up to.
#[derive(Clone, Debug, Default)]
pub struct PoaEventLedger {
    operators: BTreeMap<String, Account>,
    carry: BTreeMap<String, BigInt>,
    undelivered: BTreeMap<String, BigInt>,
}

#[derive(Clone, Debug, Default)]
struct Account {
    power: BigInt,
    owed: BTreeMap<String, BigInt>,
}

impl PoaEventLedger {
    /// What an account has earned and not withdrawn of what checkpoints allocated, in points.
    pub fn owed(&self, operator: &str, denom: &str) -> BigInt {
        self.operators
            .get(operator)
            .and_then(|account| account.owed.get(denom))
            .cloned()
            .unwrap_or_default()
    }

    /// The classes of a denom.
    pub fn classes(&self, denom: &str) -> PoaClasses {
        let of =
            |amounts: &BTreeMap<String, BigInt>| amounts.get(denom).cloned().unwrap_or_default();
        PoaClasses {
            operators: self
                .operators
                .values()
                .map(|account| of(&account.owed))
                .sum(),
            carry: of(&self.carry),
            in_flight: BigInt::zero(),
            undelivered: of(&self.undelivered),
        }
    }

    /// Takes over the pool's events of one transaction.
    ///
    /// # Errors
    /// For an event that lacks what it should have or contradicts those before.
    pub fn take(&mut self, pool: &Addr, events: &[Event]) -> Result<()> {
        of_contract(pool, events)?
            .iter()
            .try_for_each(|event| self.apply(event))
    }

    fn apply(&mut self, event: &ContractEvent) -> Result<()> {
        match event.name {
            "import_validator" => {
                let account = self.account(event.text("operator")?);
                account.power = event.text("power")?.parse()?;
                for (denom, points) in event.amounts("points")? {
                    *account.owed.entry(denom).or_default() += points;
                }
            }
            "checkpoint" => self.checkpoint(event)?,
            "power_changed" => {
                let power: BigInt = event.text("power")?.parse()?;
                let account = self.account(event.text("operator")?);
                let told: BigInt = event.text("old_power")?.parse()?;
                ensure!(account.power == told, "{told} is not the old power");
                account.power = power;
            }
            "update_operator" => {
                let from = self.account(event.text("operator")?);
                let power = std::mem::take(&mut from.power);
                self.account(event.text("new_operator")?).power = power;
            }
            "withdraw_fees" => {
                let account = self.account(event.text("operator")?);
                for (denom, points) in event.coins("amount")? {
                    let owed = account.owed.entry(denom).or_default();
                    *owed -= points;
                    ensure!(*owed >= BigInt::zero(), "more is withdrawn than is owed");
                }
            }
            "payout_failed" => {
                for (denom, points) in event.coins("amount")? {
                    *self.undelivered.entry(denom).or_default() += points;
                }
            }
            "undelivered_paid" => {
                for (denom, points) in event.coins("amount")? {
                    *self.undelivered.entry(denom).or_default() -= points;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What an index over power gives: to each its power times what every unit gets.
    fn checkpoint(&mut self, event: &ContractEvent) -> Result<()> {
        let total: BigInt = self.operators.values().map(|account| &account.power).sum();
        let told: BigInt = event.text("total_power")?.parse()?;
        ensure!(total == told, "the powers add up to {total}, not {told}");
        for (denom, points) in event.amounts("points")? {
            let carry = self.carry.entry(denom.clone()).or_default();
            let (per_unit, rest) = (points + &*carry).div_rem(&total);
            *carry = rest;
            for account in self.operators.values_mut() {
                *account.owed.entry(denom.clone()).or_default() += &per_unit * &account.power;
            }
        }
        Ok(())
    }

    fn account(&mut self, operator: &str) -> &mut Account {
        self.operators.entry(operator.to_string()).or_default()
    }

    /// The operators that events told of.
    ///
    /// # Errors
    /// None in practice.
    pub fn operators(&self) -> impl Iterator<Item = &str> {
        self.operators.keys().map(String::as_str)
    }

    /// The power of an operator.
    ///
    /// # Errors
    /// When no event told of it.
    pub fn power(&self, operator: &str) -> Result<&BigInt> {
        self.operators
            .get(operator)
            .map(|account| &account.power)
            .with_context(|| format!("no event tells of {operator}"))
    }
}
