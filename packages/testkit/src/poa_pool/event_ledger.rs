//! Every operator's claim, rebuilt from events alone, as an indexer does it.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

use super::PoaClasses;
use crate::events::{ContractEvent, of_contract};

/// The sums of a pool's events.
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
    /// Points that checkpoints allocated to an account and that it has not withdrawn.
    pub fn owed(&self, operator: &str, denom: &str) -> BigInt {
        self.operators
            .get(operator)
            .and_then(|account| account.owed.get(denom))
            .cloned()
            .unwrap_or_default()
    }

    /// The points of a denom by class. Nothing is in flight between two transactions.
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

    /// Applies the pool's events of one transaction.
    ///
    /// # Errors
    /// For an event without an attribute that it must have, and for one that contradicts those
    /// before it.
    pub fn add(&mut self, pool: &Addr, events: &[Event]) -> Result<()> {
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
                let old: BigInt = event.text("old_power")?.parse()?;
                ensure!(account.power == old, "{old} is not the old power");
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

    /// Adds to every claim its operator's power times the whole points per unit of power; the
    /// remainder of that division is the new carry.
    fn checkpoint(&mut self, event: &ContractEvent) -> Result<()> {
        let total: BigInt = self.operators.values().map(|account| &account.power).sum();
        let emitted: BigInt = event.text("total_power")?.parse()?;
        ensure!(
            total == emitted,
            "the powers add up to {total}, not {emitted}"
        );
        for (denom, points) in event.amounts("points")? {
            let carry = self.carry.entry(denom.clone()).or_default();
            let (per_unit, remainder) = (points + &*carry).div_rem(&total);
            *carry = remainder;
            for account in self.operators.values_mut() {
                *account.owed.entry(denom.clone()).or_default() += &per_unit * &account.power;
            }
        }
        Ok(())
    }

    fn account(&mut self, operator: &str) -> &mut Account {
        self.operators.entry(operator.to_string()).or_default()
    }
}
