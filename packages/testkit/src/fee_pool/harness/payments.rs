//! Money out, on both sides.

use anyhow::{Context as _, Result, anyhow, ensure};
use cosmwasm_std::{Coin, Event, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use super::Harness;
use crate::fee_pool::FeePoolSuite;

impl Harness {
    pub(super) fn withdraw(&mut self, delegator: &str, validator: &str) -> Result<()> {
        let operator = format!("@@{validator}");
        let msg = json!({"withdraw_delegator_reward": {"validator": operator}});
        self.withdraw_from(delegator, validator, msg)
    }

    pub(super) fn withdraw_commission(&mut self, validator: &str) -> Result<()> {
        let operator = format!("@@{validator}");
        let msg = json!({"withdraw_validator_commission": {"validator": operator}});
        self.withdraw_from(validator, validator, msg)
    }

    pub(super) fn withdraw_validator(&mut self, validator: &str) -> Result<()> {
        let operator = format!("@@{validator}");
        let msg = json!({"withdraw_validator": {"validator": operator}});
        self.withdraw_from(validator, validator, msg)
    }

    /// Nobody withdraws before activation, or from a validator of which the pool has never heard.
    fn withdraw_from(&mut self, account: &str, validator: &str, msg: Value) -> Result<()> {
        if !(self.ledger.is_active() && self.knows(validator)) {
            return self.refused(account, msg, vec![]).map(|_| ());
        }
        self.paid_to(account, |suite| suite.execute(account, msg))
    }

    /// Runs a withdrawal of an account; what its events say was paid must be what the bank moved to
    /// its withdraw address.
    fn paid_to(
        &mut self,
        account: &str,
        withdraw: impl FnOnce(&mut FeePoolSuite) -> Result<AppResponse>,
    ) -> Result<()> {
        let account = &self.withdraw_address(account);
        let before: Vec<Uint256> = self.balances(account);
        let response = withdraw(&mut self.suite)?;
        let mut reported = vec![Uint256::zero(); self.denoms.len()];
        for event in &response.events {
            for coin in self.record_payment(event)? {
                let place = self.denoms.iter().position(|denom| *denom == coin.denom);
                let place = place.with_context(|| format!("unlisted {coin}"))?;
                reported[place] += coin.amount;
            }
        }
        let after = self.balances(account);
        for (place, denom) in self.denoms.iter().enumerate() {
            let moved = after[place] - before[place];
            ensure!(
                moved == reported[place],
                "the bank moved {moved}{denom}, the events say {}",
                reported[place]
            );
        }
        Ok(())
    }

    fn balances(&self, account: &str) -> Vec<Uint256> {
        self.denoms
            .iter()
            .map(|denom| self.suite.balance(account, denom))
            .collect()
    }

    /// Takes a payment or a closed delegation into the ledger and returns what was paid.
    fn record_payment(&mut self, event: &Event) -> Result<Vec<Coin>> {
        let attribute = |key: &str| {
            event
                .attributes
                .iter()
                .find(|attribute| attribute.key == key)
                .map(|attribute| attribute.value.clone())
                .ok_or_else(|| anyhow!("{} has no {key}", event.ty))
        };
        let name = |address: String| {
            self.names
                .get(&address)
                .cloned()
                .ok_or_else(|| anyhow!("nobody is called {address}"))
        };
        match event.ty.as_str() {
            "wasm-withdraw_rewards" => {
                let validator = name(attribute("validator")?)?;
                // Who never delegated is paid nothing and needs no name.
                let Ok(delegator) = name(attribute("delegator")?) else {
                    return Ok(Vec::new());
                };
                let coins = read_coins(&attribute("amount")?)?;
                for coin in &coins {
                    let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
                    if amount > 0 {
                        self.ledger
                            .pay_delegation(&delegator, &validator, &coin.denom, amount)?;
                    }
                }
                self.ledger.count_settlement_of(&validator);
                if self.is_closed(&delegator, &validator)? {
                    self.ledger.forfeit(&delegator, &validator)?;
                }
                Ok(coins)
            }
            "wasm-withdraw_commission" => {
                let validator = name(attribute("validator")?)?;
                let coins = read_coins(&attribute("amount")?)?;
                for coin in &coins {
                    let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
                    self.ledger
                        .pay_commission(&validator, &coin.denom, amount)?;
                }
                Ok(coins)
            }
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn withdraw_all(&mut self, delegator: &str, page: u32) -> Result<()> {
        if !self.ledger.is_active() {
            let msg = json!({"withdraw_delegation": {"limit": page}});
            return self.refused(delegator, msg, vec![]).map(|_| ());
        }
        let mut start_after = Value::Null;
        loop {
            let mut next = Value::Null;
            self.paid_to(delegator, |suite| {
                let response = suite.execute(
                    delegator,
                    json!({"withdraw_delegation": {"start_after": start_after, "limit": page}}),
                )?;
                let data = response.data.clone().context("no data")?;
                next = serde_json::from_slice::<Value>(&data)?["next"].clone();
                Ok(response)
            })?;
            if next.is_null() {
                return Ok(());
            }
            start_after = next;
        }
    }

    pub(super) fn spend_community_pool(&mut self, amount: u128) -> Result<()> {
        let pool = self.suite.query(json!({"community_pool": {}}))?;
        let spendable: Vec<Coin> = serde_json::from_value(pool["spendable"].clone())?;
        let Some(first) = spendable.first() else {
            return Ok(());
        };
        let coin = Coin::new(first.amount.min(Uint256::from(amount)), &first.denom);
        if coin.amount.is_zero() {
            return Ok(());
        }
        let msg = json!({"community_pool_spend": {"recipient": "@grantee", "amount": [coin]}});
        if !self.ledger.is_active() {
            return self.refused("owner", msg, vec![]).map(|_| ());
        }
        self.suite.execute("owner", msg)?;
        let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
        self.ledger.spend_community_pool(&coin.denom, amount)?;
        Ok(())
    }
}

/// Coins such as `3uatom,4uosmo`, those of 0 left out.
fn read_coins(text: &str) -> Result<Vec<Coin>> {
    text.split(',')
        .map(|part| Ok(part.parse::<Coin>()?))
        .filter(|coin| !matches!(coin, Ok(coin) if coin.amount.is_zero()))
        .collect()
}
