//! Operations on gauges and durations, applied to both.

use anyhow::Result;
use cosmwasm_std::Coin;
use oracles::gauge_ledger::{DenomAmount, GaugeId, GaugeOperation, NewGauge, TopUp};
use serde_json::json;

use super::{Harness, LOCKED, MAKER, STRANGER, native};

/// The gauge of an operation.
pub(super) struct GaugeToMake<'a> {
    pub locked: usize,
    pub duration: usize,
    pub start: u64,
    pub epochs: Option<u32>,
    pub closable: bool,
    pub coins: &'a [u128],
}

impl Harness {
    /// The gauge that a number of an operation stands for.
    fn gauge_id(&self, number: usize) -> Option<u64> {
        (self.gauges > 0).then(|| number as u64 % self.gauges + 1)
    }

    pub(super) fn add_duration(&mut self, duration: u64) -> Result<bool> {
        let msg = json!({"update_config": {"durations": [duration]}});
        if self.suite.execute("owner", msg).is_err() {
            return Ok(false);
        }
        if !self.durations.contains(&duration) {
            self.durations.push(duration);
        }
        self.apply_to_ledger(GaugeOperation::AddDuration(duration))?;
        Ok(true)
    }

    pub(super) fn create_gauge(&mut self, new: &GaugeToMake<'_>) -> Result<bool> {
        let denom = LOCKED[new.locked % LOCKED.len()];
        let duration = self.durations[new.duration % self.durations.len()];
        let start = self.now() + new.start;
        let coins = self.amounts(new.coins);
        let msg = json!({"create_gauge": {
            "lock_asset": native(denom), "duration": duration, "start": start,
            "epochs": new.epochs, "closable": new.closable,
        }});
        let sent = self.send(MAKER, msg, funds(&coins));
        let new = NewGauge {
            gauge: GaugeId(self.gauges + 1),
            creator: MAKER,
            denom,
            duration,
            start: Some(start),
            epochs: new.epochs.map(u64::from),
            closable: new.closable,
            coins: &coins,
        };
        let is_done = self.follow(sent, GaugeOperation::CreateGauge(new))?;
        self.gauges += u64::from(is_done);
        Ok(is_done)
    }

    pub(super) fn add_to_gauge(
        &mut self,
        number: usize,
        stranger: bool,
        coins: &[u128],
    ) -> Result<bool> {
        let Some(id) = self.gauge_id(number) else {
            return Ok(false);
        };
        let sender = if stranger { STRANGER } else { MAKER };
        let coins = self.amounts(coins);
        let msg = json!({"add_to_gauge": {"id": id}});
        let sent = self.send(sender, msg, funds(&coins));
        let top_up = TopUp {
            gauge: GaugeId(id),
            sender,
            coins: &coins,
        };
        self.follow(sent, GaugeOperation::AddToGauge(top_up))
    }

    pub(super) fn end_gauge(&mut self, number: usize, evict: bool) -> Result<bool> {
        let Some(id) = self.gauge_id(number) else {
            return Ok(false);
        };
        let (sender, name, operation) = match evict {
            true => (
                "owner",
                "evict_gauge",
                GaugeOperation::EvictGauge(GaugeId(id)),
            ),
            false => (
                MAKER,
                "close_gauge",
                GaugeOperation::CloseGauge(GaugeId(id)),
            ),
        };
        let sent = self.send(sender, json!({name: {"id": id}}), vec![]);
        self.follow(sent, operation)
    }

    /// Amounts of the reward assets as the ledger takes them.
    fn amounts(&self, coins: &[u128]) -> Vec<DenomAmount<'static>> {
        let amounts = self.rewards.iter().zip(coins.iter().copied());
        amounts
            .filter(|(_, amount)| *amount > 0)
            .map(|(denom, amount)| DenomAmount { denom, amount })
            .collect()
    }
}

/// Amounts as coins of a message.
fn funds(amounts: &[DenomAmount<'static>]) -> Vec<Coin> {
    let amounts = amounts.iter();
    amounts.map(|it| Coin::new(it.amount, it.denom)).collect()
}
