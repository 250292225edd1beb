//! Comparisons of the contract with the ledger.

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use oracles::gauge_ledger::{GaugeId, GaugeOperation, LockHolding, LockId, PoolKey};
use serde_json::{Value, json};

use super::{Harness, LOCKED, REWARDS, native};

impl Harness {
    /// What the contract's record of a lock holds of a reward asset, in points, as far as the
    /// lock's pools are settled. 0 when the record is deleted.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn points(&self, id: u64, denom: &str) -> Result<BigInt> {
        // A page of one record: its sums are those of this lock.
        let query = json!({"audit": {"start_after": format!("lock/{}", id - 1), "limit": 1}});
        let answer = self.suite.query(query)?;
        if answer["next"] != format!("lock/{id}") {
            return Ok(BigInt::ZERO);
        }
        let entries = answer["denoms"].as_array().context("no denoms")?;
        let points = entries
            .iter()
            .filter(|entry| entry["asset"] == native(denom))
            .flat_map(|entry| entry["liabilities"].as_array().into_iter().flatten())
            .find(|line| line["class"] == "rewards")
            .and_then(|line| line["points"].as_str());
        Ok(points.unwrap_or("0").parse()?)
    }

    /// Settles the contract and compares it with the ledger: each lock's rewards and the treasury's
    /// share within their bounds, each gauge and each pool's stake exactly.
    ///
    /// # Errors
    /// For the first difference.
    pub fn compare(&mut self) -> Result<()> {
        self.settle_all()?;
        self.apply_to_ledger(GaugeOperation::Wait)?;
        self.ledger.check_conservation()?;
        let mut of_locks = REWARDS.map(|_| BigInt::ZERO);
        for id in 1..=self.locks {
            for (denom, sum) in REWARDS.iter().zip(&mut of_locks) {
                let points = self.points(id, denom)?;
                *sum += &points;
                self.ledger
                    .check_points(&LockHolding {
                        lock: LockId(id),
                        denom,
                        points: &points,
                    })
                    .with_context(|| format!("lock {id}"))?;
            }
        }
        for (denom, of_locks) in REWARDS.iter().zip(of_locks) {
            // The carry of an index counts as the treasury's: it goes there as soon as the stake
            // changes.
            let carries = self.suite.events.points(denom, "rewards") - of_locks;
            let points = self.suite.events.points(denom, "treasury") + carries;
            self.ledger.check_treasury(denom, &points)?;
        }
        for id in 1..=self.gauges {
            self.compare_gauge(id)
                .with_context(|| format!("gauge {id}"))?;
        }
        self.compare_stakes()
    }

    fn compare_gauge(&self, id: u64) -> Result<()> {
        let gauge = self.suite.query(json!({"gauge": {"id": id}}))?;
        let exact = self.ledger.gauge(GaugeId(id)).context("no such gauge")?;
        for coins in &exact.coins {
            let denom = &coins.denom;
            let distributed = amount_of(&gauge["distributed"], denom)?;
            ensure!(
                distributed == coins.distributed,
                "distributed {distributed}{denom}, not {}",
                coins.distributed
            );
            let held = amount_of(&gauge["coins"], denom)?;
            ensure!(
                held == coins.coins - coins.returned,
                "holds {held}{denom}, not {}",
                coins.coins - coins.returned
            );
        }
        ensure!(
            gauge["first_epoch"] == exact.first_epoch,
            "first epoch {}, not {}",
            gauge["first_epoch"],
            exact.first_epoch
        );
        let is_over = exact.ended || exact.remaining == Some(0);
        let status = gauge["status"].as_str().unwrap_or_default();
        ensure!(
            is_over == matches!(status, "finished" | "closed"),
            "status {status}"
        );
        Ok(())
    }

    fn compare_stakes(&self) -> Result<()> {
        let epoch = self.ledger.schedule().epoch(self.now());
        for denom in LOCKED {
            for duration in &self.durations {
                let query = json!({"locked": {"lock_asset": native(denom), "duration": duration}});
                // It is an error as long as there was no lock of the asset and no gauge for it.
                let Ok(locked) = self.suite.query(query) else {
                    continue;
                };
                let exact = self.ledger.stake(
                    &PoolKey {
                        denom: denom.to_string(),
                        duration: *duration,
                    },
                    epoch,
                );
                ensure!(
                    locked["amount"] == exact.to_string(),
                    "stake of {denom}/{duration} in epoch {epoch}: {locked}, not {exact}"
                );
            }
        }
        Ok(())
    }
}

/// The amount of a denom in a list of coins, 0 when it is not listed.
fn amount_of(coins: &Value, denom: &str) -> Result<u128> {
    let mut coins = coins.as_array().context("no coins")?.iter();
    let Some(coin) = coins.find(|coin| coin["denom"] == denom) else {
        return Ok(0);
    };
    Ok(coin["amount"].as_str().context("no amount")?.parse()?)
}
