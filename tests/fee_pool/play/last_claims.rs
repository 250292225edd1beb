//! The end of a history: everybody withdraws.

use anyhow::{Context as _, Result, ensure};
use oracles::ledger::Recipient;
use serde_json::json;
use testkit::fee_pool::Operation;

use super::{Play, shuffle};

impl Play {
    /// The operations by which everybody withdraws everything, in an order that `order` decides.
    pub fn last_claims(&self, order: u64) -> Vec<Operation> {
        let mut claims: Vec<Operation> = self
            .harness
            .ledger
            .recipients()
            .filter_map(|recipient| match recipient {
                Recipient::CommunityPool => None,
                Recipient::Commission { validator } => Some(Operation::WithdrawCommission {
                    validator: validator.to_string(),
                }),
                Recipient::Delegation {
                    delegator,
                    validator,
                } => Some(Operation::Withdraw {
                    delegator: delegator.to_string(),
                    validator: validator.to_string(),
                }),
            })
            .collect();
        shuffle(&mut claims, order);
        claims
    }

    /// Checks that nobody has a whole coin to claim, and that what the pool still holds is the
    /// fractions: less than one coin for each who has any.
    pub fn only_fractions_are_left(&self) -> Result<()> {
        let pool = self.harness.suite.query(json!({"community_pool": {}}))?;
        ensure!(pool["spendable"] == json!([]), "{pool}");
        let mut claimants = 1u128;
        for recipient in self.harness.ledger.recipients() {
            let query = match recipient {
                Recipient::CommunityPool => continue,
                Recipient::Commission { validator } => {
                    json!({"validator_commission": {"validator": format!("@@{validator}")}})
                }
                Recipient::Delegation {
                    delegator,
                    validator,
                } => json!({"delegation_rewards": {
                    "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
                }}),
            };
            let answer = self.harness.suite.query(query)?;
            ensure!(answer["claimable"] == json!([]), "{recipient}: {answer}");
            claimants += 1;
        }
        for denom in self.harness.denoms() {
            let left = self.harness.suite.balance("pool", denom);
            // Every fraction is below one coin, so together they are below so many.
            ensure!(left < claimants.into(), "{left}{denom} for {claimants}");
        }
        Ok(())
    }

    /// Spends all whole coins of the community pool.
    pub fn spend_community_pool(&mut self) -> Result<()> {
        let pool = self.harness.suite.query(json!({"community_pool": {}}))?;
        let amount = pool["spendable"].as_array().context("spendable")?.clone();
        if amount.is_empty() {
            return Ok(());
        }
        self.harness.suite.execute(
            "owner",
            json!({"community_pool_spend": {"recipient": "@grantee", "amount": amount}}),
        )?;
        for coin in &amount {
            let text = |field: &str| coin[field].as_str().context(field.to_string());
            let (denom, amount) = (text("denom")?, text("amount")?.parse()?);
            self.harness.ledger.spend_community_pool(denom, amount)?;
        }
        Ok(())
    }
}
