//! Claims and payments to the treasury: the ledger checks each amount that the contract pays.

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use oracles::gauge_ledger::{DenomAmount, GaugeOperation, LockId, RewardPayment};
use serde_json::json;

use super::{Harness, REWARDS, TREASURY};
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
            let events = of_contract(&self.suite.contract, &response.events)?;
            let claim = events.iter().find(|event| event.name == "claim");
            let paid = claim.context("no event claim")?.amounts("amount")?;
            for denom in REWARDS {
                self.record_claim(LockId(id), amount_of(&paid, denom)?, is_complete)?;
            }
            self.finish_if_deleted(id)?;
        }
        Ok(true)
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
        let balances = |harness: &Self| REWARDS.map(|denom| harness.treasury_has(denom));
        let before = balances(self);
        self.suite
            .execute("anyone", json!({"withdraw_treasury": {}}))?;
        for ((denom, before), after) in REWARDS.into_iter().zip(before).zip(balances(self)) {
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
