//! What the brute-force ledger says of a contract, as the expectations of a scenario file.
//!
//! Nothing here is asked of the contract. Stakes, gauges and principal are whole numbers to the
//! ledger as well; of rewards it says how many whole base units are due, unless roundings could
//! make it one more or less, which is then left out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::twin::asset;
use super::{ACCOUNTS, LOCKED, MAKER, PLENTY, REWARDS, TREASURY, Twin};
use crate::gauge_ledger::{GaugeId, GaugeState, LockId, PoolKey};
use crate::scenario::{Action, Balance, Query, Step};

/// What suites call the contract.
const GAUGES: &str = "gauges";
/// Zeros of a base unit in points.
const POINT_PLACES: usize = 36;

/// A query and what the answer has to contain.
fn asks(msg: Value, answer: Value) -> Step {
    let query = Query {
        contract: GAUGES.into(),
        msg,
    };
    Step::new(Action::Query(query)).expecting(answer)
}

/// Coins as answers show them: by name, without those of which there are none.
fn coins(amounts: &BTreeMap<&str, u128>) -> Value {
    amounts
        .iter()
        .filter(|(_, amount)| **amount > 0)
        .map(|(denom, amount)| json!({"denom": denom, "amount": amount.to_string()}))
        .collect()
}

fn points(coins: u128) -> String {
    match coins {
        0 => "0".to_string(),
        coins => format!("{coins}{}", "0".repeat(POINT_PLACES)),
    }
}

impl Twin {
    /// Everything that the ledger says of a contract that is settled: locks, gauges, stakes, sums,
    /// and what everybody has.
    pub fn expectations(&self) -> Vec<Step> {
        let locks = (1..=self.locks()).flat_map(|id| self.of_lock(id));
        let gauges = (1..=self.gauges()).filter_map(|id| self.of_gauge(id));
        locks
            .chain(gauges)
            .chain(self.stakes())
            .chain([self.sums(), self.totals()])
            .chain(self.balances())
            .collect()
    }

    /// What everybody has of what the ledger is certain of.
    pub fn balances(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let only_rewards = REWARDS.into_iter().filter(|denom| !LOCKED.contains(denom));
        let denoms: Vec<&str> = LOCKED.into_iter().chain(only_rewards).collect();
        for account in ACCOUNTS {
            for denom in denoms.iter().filter(|it| self.is_certain(account, it)) {
                steps.push(balance(account, denom, self.account_has(account, denom)));
            }
        }
        for denom in REWARDS {
            steps.push(balance(MAKER, denom, self.maker_has(denom)));
            if self.is_certain(TREASURY, denom) {
                let paid = self.ledger.treasury_paid(denom);
                steps.push(balance(TREASURY, denom, paid));
            }
        }
        steps
    }

    /// How many whole base units are due of a lock's rewards, if there is one answer to that.
    fn due(&self, id: u64) -> Option<BTreeMap<&'static str, u128>> {
        let mut due = BTreeMap::new();
        for denom in REWARDS {
            let range = self.ledger.payout(LockId(id), denom);
            if range.least != range.most {
                return None;
            }
            due.insert(denom, range.most);
        }
        Some(due)
    }

    /// A lock and what it is owed; nothing once its record may be gone.
    fn of_lock(&self, id: u64) -> Vec<Step> {
        let Some(now) = self.ledger.versions(LockId(id)).last() else {
            return vec![];
        };
        if now.amount == 0 {
            return vec![];
        }
        let lock = json!({
            "amount": now.amount.to_string(), "duration": now.duration, "withdrawn": false,
        });
        let mut steps = vec![asks(json!({"lock": {"id": id}}), lock)];
        if let Some(due) = self.due(id) {
            let owed = json!({"claimable": coins(&due), "is_partial": false});
            steps.push(asks(json!({"owed": {"id": id}}), owed));
        }
        steps
    }

    fn of_gauge(&self, id: u64) -> Option<Step> {
        let gauge = self.ledger.gauge(GaugeId(id))?;
        let epoch = self.ledger.schedule().epoch(self.now());
        let status = match &gauge {
            GaugeState { ended: true, .. } => "closed",
            GaugeState {
                remaining: Some(0), ..
            } => "finished",
            gauge if gauge.first_epoch > epoch => "upcoming",
            _ => "active",
        };
        let held = gauge
            .coins
            .iter()
            .map(|it| (&*it.denom, it.coins - it.returned));
        let distributed = gauge.coins.iter().map(|it| (&*it.denom, it.distributed));
        let answer = json!({
            "coins": coins(&held.collect()),
            "distributed": coins(&distributed.collect()),
            "first_epoch": gauge.first_epoch,
            "status": status,
        });
        Some(asks(json!({"gauge": {"id": id}}), answer))
    }

    /// What counts in every pool of an asset that there is.
    fn stakes(&self) -> Vec<Step> {
        let epoch = self.ledger.schedule().epoch(self.now());
        let mut steps = Vec::new();
        for denom in self.assets().into_iter().filter(|it| LOCKED.contains(it)) {
            for duration in self.durations() {
                let pool = PoolKey {
                    denom: denom.to_string(),
                    duration: *duration,
                };
                let amount = self.ledger.stake(&pool, epoch).to_string();
                steps.push(asks(
                    json!({"locked": {"denom": asset(denom), "duration": duration}}),
                    json!({"amount": amount, "epoch": epoch}),
                ));
            }
        }
        steps
    }

    /// Assets that the contract has dealt in, in its order.
    fn assets(&self) -> Vec<&'static str> {
        let is_locked = |denom: &str| {
            let mut locks = self.ledger.locks();
            locks.any(|lock| self.ledger.locked_denom(lock) == Some(denom))
        };
        let is_paid_for = |denom: &str| {
            let mut gauges = self.ledger.gauges();
            gauges.any(|id| {
                self.ledger
                    .gauge(id)
                    .is_some_and(|it| it.pool.denom == denom)
            })
        };
        let others = LOCKED.into_iter().filter(|denom| !REWARDS.contains(denom));
        let others = others.filter(|denom| is_locked(denom) || is_paid_for(denom));
        REWARDS.into_iter().chain(others).collect()
    }

    /// What gauges have not given.
    fn undistributed(&self, denom: &str) -> u128 {
        let gauges = self.ledger.gauges().filter_map(|id| self.ledger.gauge(id));
        gauges
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == denom)
            .map(|it| it.coins - it.distributed - it.returned)
            .sum()
    }

    fn sums(&self) -> Step {
        let rest = REWARDS.map(|denom| (denom, self.undistributed(denom)));
        let answer = json!({"coins": coins(&rest.into())});
        asks(json!({"to_distribute": {}}), answer)
    }

    /// The ledger's equation: what the contract has is what it owes.
    fn totals(&self) -> Step {
        let of_asset = |denom: &str| {
            json!({
                "asset": asset(denom),
                "difference": "0",
                "liabilities": [
                    {"class": "principal", "points": points(self.ledger.principal(denom))},
                    {"class": "to_distribute", "points": points(self.undistributed(denom))},
                    {"class": "rewards"},
                    {"class": "treasury"},
                    {"class": "in_flight", "points": "0"},
                    {"class": "undelivered", "points": "0"},
                ],
            })
        };
        let denoms: Value = self.assets().into_iter().map(of_asset).collect();
        asks(json!({"invariants": {}}), json!({"denoms": denoms}))
    }

    /// What was there less what is locked, and the rewards of all locks whose receiver it was.
    fn account_has(&self, account: &str, denom: &str) -> u128 {
        let begun = if LOCKED.contains(&denom) { PLENTY } else { 0 };
        let locks = self.ledger.locks().filter(|lock| {
            self.ledger.owner(*lock) == Some(account)
                && self.ledger.locked_denom(*lock) == Some(denom)
        });
        let locked: u128 = locks
            .filter_map(|lock| self.ledger.versions(lock).last())
            .map(|now| now.amount)
            .sum();
        begun - locked + self.ledger.dues(account, denom).delivered
    }

    /// What was there less what gauges got and did not return.
    fn maker_has(&self, denom: &str) -> u128 {
        let gauges = self.ledger.gauges().filter_map(|id| self.ledger.gauge(id));
        let spent: u128 = gauges
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == denom)
            .map(|it| it.coins - it.returned)
            .sum();
        PLENTY - spent
    }
}

fn balance(of: &str, denom: &str, amount: u128) -> Step {
    let action = Action::Balance(Balance {
        of: of.into(),
        denom: denom.into(),
    });
    Step::new(action).expecting(json!(amount.to_string()))
}
