//! The contract's ledger, rebuilt as an indexer would: from events alone.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;

use crate::events::{ContractEvent, of_contract};

/// Points by asset and class, the names being those of `invariants`.
#[derive(Clone, Debug, Default)]
pub struct GaugeEvents {
    points: BTreeMap<String, BTreeMap<String, BigInt>>,
}

impl GaugeEvents {
    /// The points of a class of an asset, named as it is printed.
    pub fn points(&self, asset: &str, class: &str) -> BigInt {
        self.points
            .get(asset)
            .and_then(|classes| classes.get(class))
            .cloned()
            .unwrap_or_default()
    }

    /// Takes over the contract's events of one transaction.
    ///
    /// # Errors
    /// For an event that lacks what it should have.
    pub fn take(&mut self, contract: &Addr, events: &[Event]) -> Result<()> {
        of_contract(contract, events)?
            .iter()
            .try_for_each(|event| self.apply(event))
    }

    fn apply(&mut self, event: &ContractEvent) -> Result<()> {
        let coins = || event.coins("amount");
        match event.name {
            "lock" | "add_to_lock" => self.add("principal", coins()?),
            "withdraw" | "force_unlock" => self.take_out("principal", coins()?),
            "create_gauge" | "add_to_gauge" => self.add("to_distribute", coins()?),
            "close_gauge" | "evict_gauge" => self.take_out("to_distribute", coins()?),
            "distribute" => {
                self.take_out("to_distribute", coins()?)?;
                self.add("rewards", coins()?)
            }
            "to_treasury" => {
                self.take_out("rewards", event.amounts("points")?)?;
                self.add("treasury", event.amounts("points")?)
            }
            "creation_fee" => self.add("treasury", coins()?),
            "withdraw_treasury" => self.take_out("treasury", coins()?),
            "claim" => self.take_out("rewards", coins()?),
            "payout_failed" => self.add("undelivered", coins()?),
            "undelivered_paid" => self.take_out("undelivered", coins()?),
            _ => Ok(()),
        }
    }

    fn place(&mut self, class: &str, asset: String) -> &mut BigInt {
        self.points
            .entry(asset)
            .or_default()
            .entry(class.to_string())
            .or_default()
    }

    fn add(&mut self, class: &str, amounts: Vec<(String, BigInt)>) -> Result<()> {
        for (asset, points) in amounts {
            *self.place(class, asset) += points;
        }
        Ok(())
    }

    fn take_out(&mut self, class: &str, amounts: Vec<(String, BigInt)>) -> Result<()> {
        for (asset, points) in amounts {
            let place = self.place(class, asset.clone());
            *place -= points;
            if *place < BigInt::from(0) {
                bail!("events take more {asset} out of {class} than they put into it");
            }
        }
        Ok(())
    }
}
