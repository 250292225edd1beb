//! What a contract's events say, as an indexer reads them.

#![allow(clippy::arithmetic_side_effects)]

use anyhow::{Context as _, Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;

/// An event of a contract under test.
pub struct ContractEvent<'a> {
    /// Its type, which is its first attribute `action` as well.
    pub name: &'a str,
    event: &'a Event,
}

/// The events of one contract among those of a transaction.
///
/// # Errors
/// For an event whose action is not its type.
pub fn of_contract<'a>(contract: &Addr, events: &'a [Event]) -> Result<Vec<ContractEvent<'a>>> {
    let mut found = Vec::new();
    for event in events {
        let attribute = |key| attribute(event, key);
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
        found.push(ContractEvent { name, event });
    }
    Ok(found)
}

fn attribute<'a>(event: &'a Event, key: &str) -> Option<&'a str> {
    event
        .attributes
        .iter()
        .find(|attribute| attribute.key == key)
        .map(|attribute| attribute.value.as_str())
}

impl<'a> ContractEvent<'a> {
    /// The value of an attribute.
    ///
    /// # Errors
    /// When there is none.
    pub fn text(&self, key: &str) -> Result<&'a str> {
        attribute(self.event, key).with_context(|| format!("no {key} in {:?}", self.event))
    }

    /// The amounts in an attribute such as `12uatom,3uosmo`, as they are; none for `0`, which is what
    /// a contract says that knows no denom.
    ///
    /// # Errors
    /// When there is none, or it is no list of amounts.
    pub fn amounts(&self, key: &str) -> Result<Vec<(String, BigInt)>> {
        let text = self.text(key)?;
        if text == "0" {
            return Ok(Vec::new());
        }
        text.split(',')
            .map(|part| {
                // The number is the longest run of digits.
                let digits = part
                    .find(|c: char| !c.is_ascii_digit())
                    .context("no denom")?;
                let (number, denom) = part.split_at(digits);
                Ok((denom.to_string(), number.parse().context("no number")?))
            })
            .collect()
    }

    /// The coins in an attribute, in points.
    ///
    /// # Errors
    /// As [`ContractEvent::amounts`].
    pub fn coins(&self, key: &str) -> Result<Vec<(String, BigInt)>> {
        let mut amounts = self.amounts(key)?;
        for (_, amount) in &mut amounts {
            *amount *= points_per_coin();
        }
        Ok(amounts)
    }
}

/// Points of one base unit.
pub fn points_per_coin() -> BigInt {
    BigInt::from(10u8).pow(36)
}
