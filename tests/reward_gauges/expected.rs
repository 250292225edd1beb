//! The answers and balances that a contract must show, computed from the brute-force ledger alone.
//!
//! The ledger is exact, the contract rounds down. Stakes, gauges and principal are whole numbers in
//! both. Of rewards the ledger knows the whole base units, unless the contract's roundings may
//! change them; those are left out.

use std::collections::BTreeMap;

use cosmwasm_std::Decimal256;
use num_bigint::BigInt;
use oracles::gauge_ledger::{GaugeId, GaugeState, LockId, PoolKey};
use serde_json::{Value, json};
use testkit::reward_gauges::{ACCOUNTS, Harness, LOCKED, MAKER, PLENTY, REWARDS, TREASURY};
use testkit::scenario::{Action, Balance, Query, Step};

/// The contract's name in scenario files.
const GAUGES: &str = "gauges";
/// A base unit is 10^36 points.
const POINT_PLACES: usize = 36;

/// Computes the steps of a scenario file that show what is expected of a settled contract.
pub struct Expected<'a> {
    pub harness: &'a Harness,
}

impl Expected<'_> {
    /// Everything that the ledger knows: locks, gauges, stakes, sums and balances.
    pub fn everything(&self) -> Vec<Step> {
        let locks = (1..=self.harness.locks()).flat_map(|id| self.of_lock(id));
        let gauges = (1..=self.harness.gauges()).filter_map(|id| self.of_gauge(id));
        locks
            .chain(gauges)
            .chain(self.stakes())
            .chain([self.to_distribute(), self.invariants()])
            .chain(self.balances())
            .collect()
    }

    /// The balances of all accounts, where the contract's roundings cannot change them.
    pub fn balances(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let only_rewards = REWARDS.into_iter().filter(|denom| !LOCKED.contains(denom));
        let denoms: Vec<&str> = LOCKED.into_iter().chain(only_rewards).collect();
        for account in ACCOUNTS {
            for denom in &denoms {
                if self.harness.is_certain(account, denom) {
                    steps.push(balance(account, denom, self.account_has(account, denom)));
                }
            }
        }
        for denom in REWARDS {
            steps.push(balance(MAKER, denom, self.maker_has(denom)));
            if self.harness.is_certain(TREASURY, denom) {
                let paid = self.harness.ledger.treasury_paid(denom);
                steps.push(balance(TREASURY, denom, paid));
            }
        }
        steps
    }

    /// A lock and what it can claim; nothing after its principal is withdrawn, since the record may
    /// be deleted.
    fn of_lock(&self, id: u64) -> Vec<Step> {
        let Some(version) = self.harness.ledger.versions(LockId(id)).last() else {
            return vec![];
        };
        if version.amount == 0 {
            return vec![];
        }
        let lock = json!({
            "amount": version.amount.to_string(),
            "duration": version.duration,
            "withdrawn": false,
        });
        let mut steps = vec![query(json!({"lock": {"id": id}}), lock)];
        if let Some(claimable) = self.claimable(id) {
            let owed = json!({"claimable": coins(&claimable), "is_partial": false});
            steps.push(query(json!({"owed": {"id": id}}), owed));
        }
        steps
    }

    /// The whole base units of each reward asset that a lock can claim, if the contract's roundings
    /// cannot change them.
    fn claimable(&self, id: u64) -> Option<BTreeMap<&'static str, u128>> {
        let mut claimable = BTreeMap::new();
        for denom in REWARDS {
            let range = self.harness.ledger.payout(LockId(id), denom);
            if range.least != range.most {
                return None;
            }
            claimable.insert(denom, range.most);
        }
        Some(claimable)
    }

    fn of_gauge(&self, id: u64) -> Option<Step> {
        let gauge = self.harness.ledger.gauge(GaugeId(id))?;
        let held = gauge
            .coins
            .iter()
            .map(|it| (&*it.denom, it.coins - it.returned));
        let distributed = gauge.coins.iter();
        let distributed = distributed.map(|it| (&*it.denom, it.distributed.clone()));
        let answer = json!({
            "coins": coins(&held.collect()),
            "distributed": decimals(&distributed.collect()),
            "first_epoch": gauge.first_epoch,
            "status": gauge.status(self.epoch()),
        });
        Some(query(json!({"gauge": {"id": id}}), answer))
    }

    /// The stake of every pool of an asset that the contract knows.
    fn stakes(&self) -> Vec<Step> {
        let epoch = self.epoch();
        let mut steps = Vec::new();
        for denom in self.assets().into_iter().filter(|it| LOCKED.contains(it)) {
            for duration in self.harness.durations() {
                let pool = PoolKey {
                    denom: denom.to_string(),
                    duration: *duration,
                };
                let amount = self.harness.ledger.stake(&pool, epoch).to_string();
                steps.push(query(
                    json!({"locked": {"lock_asset": native(denom), "duration": duration}}),
                    json!({"amount": amount, "epoch": epoch}),
                ));
            }
        }
        steps
    }

    fn to_distribute(&self) -> Step {
        let undistributed = REWARDS.map(|denom| (denom, self.undistributed(denom)));
        let answer = json!({"coins": decimals(&undistributed.into())});
        query(json!({"to_distribute": {}}), answer)
    }

    /// For each asset the balance is what is owed. How rewards divide among locks and the treasury
    /// depends on the contract's roundings, so their points are left out.
    fn invariants(&self) -> Step {
        let of_asset = |denom: &str| {
            let principal = points(self.harness.ledger.principal(denom));
            let undistributed = self.undistributed(denom).to_string();
            json!({
                "asset": native(denom),
                "difference": "0",
                "liabilities": [
                    {"class": "principal", "points": principal},
                    {"class": "to_distribute", "points": undistributed},
                    {"class": "rewards"},
                    {"class": "treasury"},
                    {"class": "in_flight", "points": "0"},
                    {"class": "undelivered", "points": "0"},
                ],
            })
        };
        let denoms: Value = self.assets().into_iter().map(of_asset).collect();
        query(json!({"invariants": {}}), json!({"denoms": denoms}))
    }

    /// The running epoch.
    fn epoch(&self) -> u64 {
        let schedule = self.harness.ledger.schedule();
        schedule.epoch(self.harness.now())
    }

    fn all_gauges(&self) -> impl Iterator<Item = GaugeState> {
        let ledger = &self.harness.ledger;
        ledger.gauges().filter_map(|id| ledger.gauge(id))
    }

    /// The assets that the contract knows: reward assets, and those that were locked or that a
    /// gauge pays for. In the order of its answers.
    fn assets(&self) -> Vec<&'static str> {
        let ledger = &self.harness.ledger;
        let is_locked = |denom: &str| {
            let mut locks = ledger.locks();
            locks.any(|lock| ledger.locked_denom(lock) == Some(denom))
        };
        let has_gauge = |denom: &str| self.all_gauges().any(|gauge| gauge.pool.denom == denom);
        let others = LOCKED.into_iter().filter(|denom| !REWARDS.contains(denom));
        let others = others.filter(|denom| is_locked(denom) || has_gauge(denom));
        REWARDS.into_iter().chain(others).collect()
    }

    /// What gauges hold of a reward asset, in points.
    fn undistributed(&self, denom: &str) -> BigInt {
        self.all_gauges()
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == denom)
            .map(|it| it.left)
            .sum()
    }

    /// The balance in the beginning, less what is locked, plus what the account was paid as the
    /// receiver of locks.
    fn account_has(&self, account: &str, denom: &str) -> u128 {
        let ledger = &self.harness.ledger;
        let begun = if LOCKED.contains(&denom) { PLENTY } else { 0 };
        let locks = ledger.locks().filter(|lock| {
            ledger.owner(*lock) == Some(account) && ledger.locked_denom(*lock) == Some(denom)
        });
        let locked: u128 = locks
            .filter_map(|lock| ledger.versions(lock).last())
            .map(|version| version.amount)
            .sum();
        begun - locked + ledger.dues(account, denom).delivered
    }

    /// The balance in the beginning, less what went into gauges and was not returned.
    fn maker_has(&self, denom: &str) -> u128 {
        let spent: u128 = self
            .all_gauges()
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == denom)
            .map(|it| it.coins - it.returned)
            .sum();
        PLENTY + self.harness.added_by_stranger(denom) - spent
    }
}

/// A query and what its answer must have.
fn query(msg: Value, answer: Value) -> Step {
    let query = Query {
        contract: GAUGES.into(),
        msg,
    };
    Step::new(Action::Query(query)).expecting(answer)
}

fn balance(of: &str, denom: &str, amount: u128) -> Step {
    let action = Action::Balance(Balance {
        of: of.into(),
        denom: denom.into(),
    });
    Step::new(action).expecting(json!(amount.to_string()))
}

fn native(denom: &str) -> Value {
    json!({"native": denom})
}

/// Coins as answers show them: sorted by denom, without amounts of 0.
fn coins(amounts: &BTreeMap<&str, u128>) -> Value {
    amounts
        .iter()
        .filter(|(_, amount)| **amount > 0)
        .map(|(denom, amount)| json!({"denom": denom, "amount": amount.to_string()}))
        .collect()
}

/// Base units in points.
fn points(coins: u128) -> String {
    match coins {
        0 => "0".to_string(),
        coins => format!("{coins}{}", "0".repeat(POINT_PLACES)),
    }
}

/// Points as answers show them: base units with 18 decimals, rounded down, without amounts of 0.
fn decimals(amounts: &BTreeMap<&str, BigInt>) -> Value {
    let unit = BigInt::from(10u8).pow(18);
    amounts
        .iter()
        .map(|(denom, points)| (denom, (points / &unit).to_string()))
        .filter(|(_, atomics)| atomics != "0")
        .map(|(denom, atomics)| {
            let amount = Decimal256::new(atomics.parse().unwrap());
            json!({"denom": denom, "amount": amount.to_string()})
        })
        .collect()
}
