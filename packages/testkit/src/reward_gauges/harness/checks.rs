//! Comparisons of the contract with the ledger.

use anyhow::{Context as _, Result, anyhow, ensure};
use cosmwasm_std::Decimal256;
use num_bigint::BigInt;
use oracles::gauge_ledger::{GaugeId, GaugeOperation, LockHolding, LockId, PoolKey};
use serde_json::{Value, json};

use super::{ACCOUNTS, Harness, LOCKED, MAKER, PLENTY, native};

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
        let rewards = self.rewards.clone();
        let mut of_locks = vec![BigInt::ZERO; rewards.len()];
        for id in 1..=self.locks {
            for (denom, sum) in rewards.iter().zip(&mut of_locks) {
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
        for (denom, of_locks) in rewards.iter().zip(of_locks) {
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
        self.compare_balances()?;
        self.compare_stakes()
    }

    /// What was paid is in the accounts or waits for them, to the base unit; and so is what returned
    /// from gauges.
    fn compare_balances(&self) -> Result<()> {
        for denom in &self.rewards {
            let kept: u128 = self
                .ledger
                .gauges()
                .filter_map(|id| self.ledger.gauge(id))
                .flat_map(|gauge| gauge.coins)
                .filter(|it| it.denom == *denom)
                .map(|it| it.coins - it.returned)
                .sum();
            let given = PLENTY + self.added_by_stranger(denom);
            let spent = given - self.has_or_waits(MAKER, denom)?;
            ensure!(
                spent == kept,
                "went into gauges: {spent}{denom}, not {kept}"
            );
            if LOCKED.contains(denom) {
                continue;
            }
            for account in ACCOUNTS {
                let has = self.has_or_waits(account, denom)?;
                let dues = self.ledger.dues(account, denom);
                let paid = dues.delivered + dues.undelivered;
                ensure!(has == paid, "{account} was paid {has}{denom}, not {paid}");
            }
        }
        Ok(())
    }

    /// An account's balance and what is undelivered to it.
    fn has_or_waits(&self, account: &str, denom: &str) -> Result<u128> {
        let query = json!({"undelivered": {"account": format!("@{account}")}});
        let answer = self.suite.query(query)?;
        Ok(self.suite.balance(account, denom) + amount_of(&answer["amount"], denom)?)
    }

    fn compare_gauge(&self, id: u64) -> Result<()> {
        let gauge = self.suite.query(json!({"gauge": {"id": id}}))?;
        let exact = self.ledger.gauge(GaugeId(id)).context("no such gauge")?;
        for coins in &exact.coins {
            let denom = &coins.denom;
            let distributed = points_of(&gauge["distributed"], denom)?;
            let shown = &coins.distributed - &coins.distributed % shown_unit();
            ensure!(
                distributed == shown,
                "distributed {distributed} points of {denom}, not {shown}"
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
        let epoch = self.ledger.schedule().epoch(self.now());
        let expected = exact.status(epoch);
        ensure!(
            gauge["status"] == expected,
            "status {}, not {expected}",
            gauge["status"]
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

/// The decimal amount of a denom in a list, in points; 0 when it is not listed.
fn points_of(coins: &Value, denom: &str) -> Result<BigInt> {
    let mut coins = coins.as_array().context("no coins")?.iter();
    let Some(coin) = coins.find(|coin| coin["denom"] == denom) else {
        return Ok(BigInt::ZERO);
    };
    let amount = coin["amount"].as_str().context("no amount")?;
    let amount: Decimal256 = amount.parse().map_err(|error| anyhow!("{error}"))?;
    Ok(amount.atomics().to_string().parse::<BigInt>()? * shown_unit())
}

/// Points of 10^-18 base units, the smallest amount that an answer shows.
fn shown_unit() -> BigInt {
    BigInt::from(10u8).pow(18)
}
