//! The contract's ledger, rebuilt as an indexer would: from events alone.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;

/// Points by asset and class, the names being those of `invariants`.
#[derive(Clone, Debug, Default)]
pub struct GaugeEvents {
    points: BTreeMap<String, BTreeMap<String, BigInt>>,
}

/// Amounts such as `12uatom,3cw20:cosmos1..`; nothing is `0`, alone or of some asset.
fn amounts(text: &str) -> Result<Vec<(String, BigInt)>> {
    text.split(',')
        .map(|part| {
            let digits = part
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(part.len());
            let (number, asset) = part.split_at(digits);
            Ok((asset.to_string(), number.parse().context("no number")?))
        })
        .collect()
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
        for event in events {
            let attribute = |key: &str| {
                event
                    .attributes
                    .iter()
                    .find(|attribute| attribute.key == key)
                    .map(|attribute| attribute.value.as_str())
            };
            if attribute("_contract_address") != Some(contract.as_str()) {
                continue;
            }
            let Some(name) = event.ty.strip_prefix("wasm-") else {
                // The chain's own, about the call itself.
                continue;
            };
            if attribute("action") != Some(name) {
                bail!("event {name} has action {:?}", attribute("action"));
            }
            if let Some(blank) = event
                .attributes
                .iter()
                .find(|it| it.value.trim().is_empty())
            {
                bail!("event {name} has a blank {}", blank.key);
            }
            self.apply(name, attribute)
                .with_context(|| format!("event {event:?}"))?;
        }
        Ok(())
    }

    fn apply<'a>(&mut self, name: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> Result<()> {
        let read = |key: &str| amounts(attribute(key).with_context(|| format!("no {key}"))?);
        let coins = |key: &str| -> Result<Vec<(String, BigInt)>> {
            Ok(read(key)?
                .into_iter()
                .map(|(asset, amount)| (asset, amount * BigInt::from(10u8).pow(36)))
                .collect())
        };
        match name {
            "lock" | "add_to_lock" => self.add("principal", coins("amount")?),
            "withdraw" | "force_unlock" => self.take_out("principal", coins("amount")?),
            "create_gauge" | "add_to_gauge" => self.add("to_distribute", coins("amount")?),
            "close_gauge" | "evict_gauge" => self.take_out("to_distribute", coins("amount")?),
            "distribute" => {
                self.take_out("to_distribute", coins("amount")?)?;
                self.add("rewards", coins("amount")?)
            }
            "to_treasury" => {
                self.take_out("rewards", read("points")?)?;
                self.add("treasury", read("points")?)
            }
            "creation_fee" => self.add("treasury", coins("amount")?),
            "withdraw_treasury" => self.take_out("treasury", coins("amount")?),
            "claim" => self.take_out("rewards", coins("amount")?),
            "payout_failed" => self.add("undelivered", coins("amount")?),
            "undelivered_paid" => self.take_out("undelivered", coins("amount")?),
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
