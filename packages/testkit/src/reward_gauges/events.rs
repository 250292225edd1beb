//! The contract's ledger, rebuilt from its events alone, as an indexer would.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;

use crate::events::{ContractEvent, of_contract};

/// Points of each asset by class. The classes are those of the query `invariants`.
#[derive(Clone, Debug, Default)]
pub struct GaugeEvents {
    points: BTreeMap<String, BTreeMap<String, BigInt>>,
}

impl GaugeEvents {
    /// The points of a class of an asset, which is named as in events.
    pub fn points(&self, asset: &str, class: &str) -> BigInt {
        self.points
            .get(asset)
            .and_then(|classes| classes.get(class))
            .cloned()
            .unwrap_or_default()
    }

    /// Applies the contract's events of one transaction.
    ///
    /// # Errors
    /// For an event without an attribute that it must have, and when more leaves a class than came
    /// into it.
    pub fn apply(&mut self, contract: &Addr, events: &[Event]) -> Result<()> {
        of_contract(contract, events)?
            .iter()
            .try_for_each(|event| self.apply_one(event))
    }

    fn apply_one(&mut self, event: &ContractEvent) -> Result<()> {
        let coins = || event.coins("amount");
        match event.name {
            "lock" | "add_to_lock" => self.add("principal", coins()?),
            "withdraw" | "force_unlock" => self.subtract("principal", coins()?)?,
            "create_gauge" | "add_to_gauge" => self.add("to_distribute", coins()?),
            "close_gauge" | "evict_gauge" => self.subtract("to_distribute", coins()?)?,
            "distribute" => {
                self.subtract("to_distribute", event.amounts("points")?)?;
                self.add("rewards", event.amounts("points")?);
            }
            "to_treasury" => {
                let from = match event.text("reason")? {
                    "closed_gauge" => "to_distribute",
                    _ => "rewards",
                };
                self.subtract(from, event.amounts("points")?)?;
                self.add("treasury", event.amounts("points")?);
            }
            "creation_fee" | "treasury_payout_failed" => self.add("treasury", coins()?),
            "withdraw_treasury" => self.subtract("treasury", coins()?)?,
            "claim" => self.subtract("rewards", coins()?)?,
            "payout_failed" => self.add("undelivered", coins()?),
            "undelivered_paid" => self.subtract("undelivered", coins()?)?,
            _ => {}
        }
        Ok(())
    }

    fn class_mut(&mut self, class: &str, asset: String) -> &mut BigInt {
        self.points
            .entry(asset)
            .or_default()
            .entry(class.to_string())
            .or_default()
    }

    fn add(&mut self, class: &str, amounts: Vec<(String, BigInt)>) {
        for (asset, points) in amounts {
            *self.class_mut(class, asset) += points;
        }
    }

    fn subtract(&mut self, class: &str, amounts: Vec<(String, BigInt)>) -> Result<()> {
        for (asset, points) in amounts {
            let held = self.class_mut(class, asset.clone());
            *held -= points;
            if *held < BigInt::from(0) {
                bail!("by the events more {asset} leaves {class} than came into it");
            }
        }
        Ok(())
    }
}
