//! What a contract owes, by denom and class.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use serde_json::{Value, json};

/// Points in a coin.
const POINT_PLACES: u32 = 36;

/// Liabilities in points, by denom and class, as `invariants` and `audit` write them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Liabilities(BTreeMap<(String, String), BigInt>);

impl Liabilities {
    /// Reads an answer.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(answer: &Value) -> Result<Self> {
        let mut liabilities = Liabilities::default();
        liabilities.add(answer)?;
        Ok(liabilities)
    }

    /// Adds an answer. A class that is 0 is one that is not there.
    fn add(&mut self, answer: &Value) -> Result<()> {
        for denom in answer["denoms"].as_array().context("denoms")? {
            let name = denom["asset"]["native"].as_str().context("asset")?;
            for liability in denom["liabilities"].as_array().context("liabilities")? {
                let class = liability["class"].as_str().context("class")?;
                let points: BigInt = liability["points"].as_str().context("points")?.parse()?;
                *self
                    .0
                    .entry((name.to_string(), class.to_string()))
                    .or_default() += points;
            }
        }
        self.0.retain(|_, points| *points != BigInt::ZERO);
        Ok(())
    }

    /// The points of a class.
    #[must_use]
    pub fn points(&self, denom: &str, class: &str) -> BigInt {
        let key = (denom.to_string(), class.to_string());
        self.0.get(&key).cloned().unwrap_or_default()
    }

    /// The coins of a class that is whole coins.
    ///
    /// # Errors
    /// When it has a fraction.
    pub fn coins(&self, denom: &str, class: &str) -> Result<u128> {
        let (points, coin) = (
            self.points(denom, class),
            BigInt::from(10).pow(POINT_PLACES),
        );
        let coins = &points / &coin;
        ensure!(
            &coins * coin == points,
            "{class} of {denom} has a fraction: {points}"
        );
        Ok(u128::try_from(coins)?)
    }
}

/// The records of a contract, page by page, add up to its running totals. Returns the answer with these.
///
/// # Errors
/// Both sides when they differ, or what `ask` fails with.
pub fn check_audit(ask: &dyn Fn(&Value) -> Result<Value>) -> Result<Value> {
    let invariants = ask(&json!({"invariants": {}}))?;
    let totals = Liabilities::read(&invariants)?;
    let mut records = Liabilities::default();
    let mut start_after = Value::Null;
    loop {
        let page = ask(&json!({"audit": {"start_after": start_after, "limit": 100}}))?;
        records.add(&page)?;
        start_after = page["next"].clone();
        if start_after.is_null() {
            break;
        }
    }
    ensure!(
        records == totals,
        "the records have {records:?} and the totals {totals:?}"
    );
    Ok(invariants)
}
