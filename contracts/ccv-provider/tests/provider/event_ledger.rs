//! The ledger as an indexer rebuilds it: from events alone.

use std::collections::BTreeMap;

use cosmwasm_std::{Event, Uint256};

/// Sums by what they are of and denom of this chain; no zeros.
pub type Sums = BTreeMap<(String, String), Uint256>;

/// What the events so far add up to.
#[derive(Clone, Default)]
pub struct EventLedger {
    /// By class.
    pub classes: Sums,
    /// By consumer.
    pub carries: Sums,
}

impl EventLedger {
    /// Takes an event, as the README describes it.
    pub fn add(&mut self, event: &Event) {
        let amount = attribute(event, "amount");
        let classes = &mut self.classes;
        match event.ty.as_str() {
            "arrival" | "probe" => plus(classes, "outstanding", amount),
            "reward_validator" | "resolve_orphan" => minus(classes, "outstanding", amount),
            "end_carry" => {
                minus(classes, "outstanding", amount);
                plus(classes, "community_pool", amount);
            }
            "process" => {
                if let Some(left) = find(event, "community_pool") {
                    minus(classes, "outstanding", left);
                    plus(classes, "community_pool", left);
                }
            }
            "fund_community_pool" => minus(classes, "community_pool", amount),
            "payment_failed" => match attribute(event, "payee") {
                "community_pool" => plus(classes, "community_pool", amount),
                _ => plus(classes, "undelivered", amount),
            },
            "retry_payment" if find(event, "validator").is_some() => {
                minus(classes, "undelivered", amount);
            }
            _ => {}
        }
        let carries = &mut self.carries;
        match event.ty.as_str() {
            "probe" => plus(carries, attribute(event, "consumer"), amount),
            "join_carry" | "end_carry" => minus(carries, attribute(event, "consumer"), amount),
            "process" => {
                if let Some(left) = find(event, "carry") {
                    plus(carries, attribute(event, "consumer"), left);
                }
            }
            _ => {}
        }
    }
}

fn plus(sums: &mut Sums, of: &str, coin: &str) {
    let (key, amount) = entry(of, coin);
    *sums.entry(key).or_default() += amount;
    sums.retain(|_, amount| !amount.is_zero());
}

fn minus(sums: &mut Sums, of: &str, coin: &str) {
    let (key, amount) = entry(of, coin);
    *sums.entry(key).or_default() -= amount;
    sums.retain(|_, amount| !amount.is_zero());
}

fn entry(of: &str, coin: &str) -> ((String, String), Uint256) {
    let digits = coin.find(|it: char| !it.is_ascii_digit()).unwrap();
    let (amount, denom) = coin.split_at(digits);
    ((of.to_string(), denom.to_string()), amount.parse().unwrap())
}

fn find<'a>(event: &'a Event, key: &str) -> Option<&'a str> {
    let mut attributes = event.attributes.iter();
    let found = attributes.find(|attribute| attribute.key == key);
    found.map(|attribute| attribute.value.as_str())
}

/// An attribute; empty where there is none.
fn attribute<'a>(event: &'a Event, key: &str) -> &'a str {
    find(event, key).unwrap_or_default()
}
