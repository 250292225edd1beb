//! What a pool has in all, against what was compared of it line by line: nothing may be left out.

use std::collections::BTreeMap;

use anyhow::Result;
use distribution_math::Points;
use fee_pool_core::msg::QueryMsg;
use pool_kit::audit::InvariantsResponse;

use super::Pool;
use super::difference::Difference;
use super::owed::Owed;
use crate::chain::View;

/// All that a pool owes, by denom. Before activation it is what was imported.
pub struct Totals(BTreeMap<String, Points>);

impl Totals {
    /// Reads them.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub async fn read(view: &View, address: &str) -> Result<Self> {
        let answer: InvariantsResponse = view.smart(address, &QueryMsg::Invariants {}).await?;
        let mut totals = BTreeMap::new();
        for ledger in answer.denoms {
            let classes = ledger.liabilities.iter();
            let owed = Points::sum(classes.map(|class| Points::new(class.points)))?;
            totals.insert(ledger.asset.to_string(), owed);
        }
        Ok(Totals(totals))
    }

    /// Whether nothing is owed.
    pub fn are_zero(&self) -> bool {
        self.0.values().all(|owed| owed.is_zero())
    }

    /// Where they are not the sum of what was compared.
    ///
    /// # Errors
    /// When a sum is beyond what a pool can owe.
    pub fn differences(&self, compared: &Owed) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        for (denom, owed) in &self.0 {
            let sum = compared.sum(denom)?;
            if *owed != sum {
                found.push(unmendable(format!(
                    "owes {}{denom} in all, of which {}{denom} is compared: what an import with --halted \
                     has brought, only another one with --halted can compare",
                    owed.to_decimal(),
                    sum.to_decimal()
                )));
            }
        }
        Ok(found)
    }
}

/// A difference that neither lines nor events mend.
fn unmendable(text: String) -> Difference {
    Difference {
        text,
        line: None,
        events: Vec::new(),
    }
}

/// Where a pool's units and powers do not add up to its totals. All of its records must have been read.
pub fn record_differences(pool: &Pool) -> Vec<Difference> {
    let mut units: BTreeMap<&str, u128> = BTreeMap::new();
    for ((validator, _), here) in &pool.delegations {
        let sum = units.entry(validator).or_default();
        *sum = sum.saturating_add(*here);
    }
    let mut found = Vec::new();
    let mut power = 0u64;
    for (name, validator) in &pool.validators {
        let sum = units.get(name.as_str()).copied().unwrap_or_default();
        let total = validator.units.u128();
        if sum != total {
            found.push(unmendable(format!(
                "{name} has {total} units in all here, its delegations have {sum}"
            )));
        }
        power = power.saturating_add(validator.power.u64());
    }
    let total = pool.last_block.total_power.u64();
    if power != total {
        found.push(unmendable(format!(
            "the total power is {total} here, the validators have {power}"
        )));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::difference::tests::pool;
    use super::*;

    fn texts(found: Vec<Difference>) -> Vec<String> {
        found.into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn a_delegation_or_a_validator_that_is_not_listed_shows() {
        let mut pool = pool();
        assert!(record_differences(&pool).is_empty());
        pool.delegations.clear();
        assert_eq!(
            texts(record_differences(&pool)),
            ["v has 15 units in all here, its delegations have 0"]
        );
        pool.validators.clear();
        assert_eq!(
            texts(record_differences(&pool)),
            ["the total power is 7 here, the validators have 0"]
        );
    }

    #[test]
    fn what_is_owed_and_was_not_compared_shows() {
        let owed = Points::try_from_decimal("1.5".parse().unwrap()).unwrap();
        let totals = Totals([("stake".to_string(), owed)].into());
        assert!(!totals.are_zero());
        let coins = |json: &str| serde_json::from_str(json).unwrap();
        let mut compared = Owed {
            commissions: [(
                "v".to_string(),
                coins(r#"[{"denom":"stake","amount":"0.3"}]"#),
            )]
            .into(),
            community_pool: coins(r#"[{"denom":"stake","amount":"0.2"}]"#),
            ..Owed::default()
        };
        let found = texts(totals.differences(&compared).unwrap());
        let expected = "owes 1.5stake in all, of which 0.5stake is compared";
        assert!(found.concat().starts_with(expected), "{found:?}");
        let key = ("v".to_string(), "a".to_string());
        let rewards = coins(r#"[{"denom":"stake","amount":"1"}]"#);
        compared.rewards = Some([(key, rewards)].into());
        assert!(totals.differences(&compared).unwrap().is_empty());
    }
}
