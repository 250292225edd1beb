//! Claims and payments to the treasury: the ledger checks each amount that the contract pays.

use anyhow::{Context as _, Result};
use cw_multi_test::AppResponse;
use num_bigint::BigInt;
use oracles::gauge_ledger::{DenomAmount, GaugeOperation, LockId, RewardPayment};
use serde_json::{Value, json};

use super::{ACCOUNTS, Harness, TREASURY};
use crate::events::of_contract;

impl Harness {
    /// Claims twice: first with a limit of one settlement step, which may pay only a part, then
    /// with everything settled, which must pay all that is due.
    pub(super) fn claim(&mut self, number: usize) -> Result<bool> {
        let Some(id) = self.lock_id(number) else {
            return Ok(false);
        };
        for limit in [1u32, 100] {
            let Some(owner) = self.owner(id) else {
                return Ok(false);
            };
            let is_complete = limit > 1;
            if is_complete {
                self.settle_all()?;
            }
            let msg = json!({"claim": {"lock_ids": [id], "limit": limit}});
            let response = self.suite.execute(&owner, msg)?;
            self.record_claims(&response, is_complete)?;
        }
        Ok(true)
    }

    /// Claims everything of an account, in pages.
    pub(super) fn claim_all(&mut self, account: usize) -> Result<bool> {
        let account = ACCOUNTS[account % ACCOUNTS.len()];
        self.settle_all()?;
        let mut start_after = Value::Null;
        loop {
            let msg = json!({"claim": {"start_after": start_after, "limit": 100}});
            let response = self.suite.execute(account, msg)?;
            self.record_claims(&response, true)?;
            let data = response.data.clone().context("no data")?;
            let data: Value = serde_json::from_slice(&data)?;
            start_after = data["next"].clone();
            if start_after.is_null() {
                return Ok(true);
            }
        }
    }

    /// Records what a claim took out of each of its locks, wherever it is now: delivered, or
    /// undelivered.
    fn record_claims(&mut self, response: &AppResponse, is_complete: bool) -> Result<()> {
        let events = of_contract(&self.suite.contract, &response.events)?;
        for event in events.iter().filter(|event| event.name == "claim") {
            let id = event.text("lock_id")?.parse()?;
            let paid = event.amounts("amount")?;
            for denom in self.rewards.clone() {
                self.record_claim(LockId(id), amount_of(&paid, denom)?, is_complete)?;
            }
            self.finish_if_deleted(id)?;
        }
        Ok(())
    }

    fn record_claim(
        &mut self,
        lock: LockId,
        coin: DenomAmount<'static>,
        is_complete: bool,
    ) -> Result<()> {
        let range = self.ledger.payout(lock, coin.denom);
        if is_complete && range.least != range.most {
            let recipient = self.ledger.recipient(lock).context("no such lock")?;
            self.uncertain.insert((recipient.to_string(), coin.denom));
        }
        self.apply_to_ledger(GaugeOperation::Paid(RewardPayment {
            lock,
            coin,
            failed: false,
            complete: is_complete,
        }))
    }

    pub(super) fn pay_treasury(&mut self) -> Result<bool> {
        let rewards = self.rewards.clone();
        let balances = |harness: &Self| -> Vec<u128> {
            let denoms = rewards.iter();
            denoms.map(|denom| harness.treasury_has(denom)).collect()
        };
        let before = balances(self);
        self.suite
            .execute("anyone", json!({"withdraw_treasury": {}}))?;
        let after = balances(self);
        for ((denom, before), after) in rewards.into_iter().zip(before).zip(after) {
            let range = self.ledger.treasury_payout(denom);
            if range.least != range.most {
                self.uncertain.insert((TREASURY.to_string(), denom));
            }
            self.apply_to_ledger(GaugeOperation::TreasuryPaid(DenomAmount {
                denom,
                amount: after - before,
            }))?;
        }
        Ok(true)
    }
}

/// The amount of a denom in an event, 0 when it is not listed.
fn amount_of(paid: &[(String, BigInt)], denom: &'static str) -> Result<DenomAmount<'static>> {
    let found = paid.iter().find(|(name, _)| name == denom);
    let amount = match found {
        Some((_, amount)) => u128::try_from(amount)?,
        None => 0,
    };
    Ok(DenomAmount { denom, amount })
}
