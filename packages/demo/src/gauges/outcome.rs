//! The outcome of a run, gathered from the contract and from the ledger.

use std::time::Duration;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use oracles::gauge_ledger::{GaugeId, LockId, PoolKey};
use serde_json::{Value, json};
use testkit::events::points_per_coin;
use testkit::reward_gauges::{DAY, Harness, LOCKED, REWARDS};

use super::options::Args;
use super::story::Story;
use crate::grid::Happened;
use crate::largest::Largest;

/// A story after it was played.
pub struct Played {
    /// The contract and the ledger.
    pub harness: Harness,
    /// The story, with its counts.
    pub story: Story,
    /// How long the epochs took.
    pub elapsed: Duration,
}

/// The outcome of a run.
pub struct Outcome {
    /// The arguments.
    pub args: Args,
    /// How often each kind of operation was done.
    pub happened: Vec<Happened>,
    /// The pools that gauges paid.
    pub pools: Vec<Pool>,
    /// All gauges.
    pub gauges: Vec<Gauge>,
    /// The conservation of each reward asset.
    pub denoms: Vec<Denom>,
    /// Number of locks that were compared, with the parts that were split off.
    pub locks: u64,
    /// The largest difference between a lock's rewards and the exact ones.
    pub largest: Option<Largest>,
    /// How long the epochs took.
    pub elapsed: Duration,
}

/// A pool over the epochs.
pub struct Pool {
    /// The denom that is locked and the minimum duration.
    pub name: String,
    /// The stake, by epoch.
    pub stakes: Vec<u128>,
    /// Whole base units that gauges distributed: by reward asset, then by epoch.
    pub given: Vec<Vec<u128>>,
}

/// A gauge at the end.
pub struct Gauge {
    /// Its id.
    pub id: u64,
    /// Perpetual, or its number of epochs and its first one.
    pub kind: String,
    /// The pool that it pays.
    pub pool: String,
    /// Epochs that it paid.
    pub filled: u64,
    /// Its status in the contract's answer.
    pub status: String,
    /// Whole base units distributed, by reward asset.
    pub distributed: Vec<u128>,
}

/// Where all that gauges received of one reward asset is, in points.
pub struct Denom {
    /// Its name.
    pub name: String,
    /// Received for gauges.
    pub received: BigInt,
    /// Paid to locks.
    pub paid: BigInt,
    /// Returned to creators.
    pub returned: BigInt,
    /// Paid to the treasury.
    pub treasury_paid: BigInt,
    /// Not distributed by gauges.
    pub to_distribute: BigInt,
    /// Owed to locks.
    pub rewards: BigInt,
    /// Owed to the treasury.
    pub treasury: BigInt,
    /// The balance less everything that is owed, principal included.
    pub difference: BigInt,
}

impl Denom {
    /// The sum of all but what was received.
    pub fn together(&self) -> BigInt {
        &self.paid
            + &self.returned
            + &self.treasury_paid
            + &self.to_distribute
            + &self.rewards
            + &self.treasury
    }

    /// Whether that sum is what was received, and the balance is what is owed.
    pub fn holds(&self) -> bool {
        self.received == self.together() && self.difference.is_zero()
    }
}

impl Outcome {
    /// Reads the contract, the bank and the ledger.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn gather(args: &Args, played: Played) -> Result<Self> {
        let Played {
            harness,
            story,
            elapsed,
        } = played;
        Ok(Outcome {
            args: args.clone(),
            pools: pools(&harness, args.epochs),
            gauges: (1..=harness.gauges())
                .map(|id| gauge(&harness, id))
                .collect::<Result<_>>()?,
            denoms: REWARDS
                .iter()
                .map(|denom| self::denom(&harness, denom))
                .collect::<Result<_>>()?,
            locks: harness.locks(),
            largest: largest(&harness)?,
            happened: story.into_happened(),
            elapsed,
        })
    }

    /// Whether the equations hold, and the largest difference is within its bound. A comparison
    /// that fails on the way ends the run before.
    pub fn holds(&self) -> bool {
        self.denoms.iter().all(Denom::holds)
            && self
                .largest
                .as_ref()
                .is_none_or(|it| it.difference <= it.bound)
    }
}

/// Points in whole base units, rounded down.
fn whole_coins(points: &BigInt) -> u128 {
    u128::try_from(points / points_per_coin()).unwrap_or_default()
}

fn pool_name(denom: &str, duration: u64) -> String {
    let days = duration / DAY;
    let unit = if days == 1 { "day" } else { "days" };
    format!("{denom}, {days} {unit}")
}

fn pools(harness: &Harness, epochs: u32) -> Vec<Pool> {
    let mut pools = Vec::new();
    for denom in LOCKED {
        for duration in harness.durations() {
            let key = PoolKey {
                denom: denom.to_string(),
                duration: *duration,
            };
            let paid = harness.ledger.paid_epochs(&key);
            if paid.is_empty() {
                continue;
            }
            let stakes = (1..=u64::from(epochs)).map(|epoch| harness.ledger.stake(&key, epoch));
            let given = |denom: &str| {
                (1..=u64::from(epochs))
                    .map(|epoch| {
                        let in_epoch = paid.iter().filter(|it| it.epoch == epoch);
                        let coins = in_epoch.flat_map(|it| &it.given);
                        let coins = coins.filter(|it| it.denom == denom);
                        whole_coins(&coins.map(|it| &it.points).sum())
                    })
                    .collect()
            };
            pools.push(Pool {
                name: pool_name(denom, *duration),
                stakes: stakes.collect(),
                given: REWARDS.map(given).to_vec(),
            });
        }
    }
    pools
}

fn gauge(harness: &Harness, id: u64) -> Result<Gauge> {
    let found = harness.suite.query(json!({"gauge": {"id": id}}))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let exact = harness.ledger.gauge(GaugeId(id)).context("unknown gauge")?;
    let start = found["first_epoch"].as_u64().unwrap_or_default();
    let distributed = REWARDS.map(|denom| {
        let coins = exact.coins.iter().find(|it| it.denom == denom);
        coins.map_or(0, |it| whole_coins(&it.distributed))
    });
    Ok(Gauge {
        id,
        kind: match found["epochs"].as_u64() {
            None => "perpetual".to_string(),
            Some(epochs) if start > 1 => format!("{epochs} epochs from {start}"),
            Some(epochs) => format!("{epochs} epochs"),
        },
        pool: pool_name(
            found["lock_asset"]["native"].as_str().unwrap_or_default(),
            found["duration"].as_u64().unwrap_or_default(),
        ),
        filled: found["filled_epochs"].as_u64().unwrap_or_default(),
        status: text(&found["status"]),
        distributed: distributed.to_vec(),
    })
}

fn denom(harness: &Harness, name: &str) -> Result<Denom> {
    let coins = |amount: u128| BigInt::from(amount) * points_per_coin();
    let gauges = || (1..=harness.gauges()).filter_map(|id| harness.ledger.gauge(GaugeId(id)));
    let of_gauges = |what: &dyn Fn(&oracles::gauge_ledger::GaugeCoins) -> u128| -> u128 {
        gauges()
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == name)
            .map(|it| what(&it))
            .sum()
    };
    let found = harness.suite.query(json!({"invariants": {}}))?;
    let asset = found["denoms"]
        .as_array()
        .context("no list")?
        .iter()
        .find(|it| it["asset"]["native"] == name)
        .context("not listed")?;
    let number =
        |value: &Value| -> Result<BigInt> { Ok(value.as_str().context("no number")?.parse()?) };
    let class = |class: &str| -> Result<BigInt> {
        let mut lines = asset["liabilities"].as_array().context("no list")?.iter();
        let line = lines.find(|it| it["class"] == class).context("no class")?;
        number(&line["points"])
    };
    let paid = harness
        .ledger
        .locks()
        .map(|lock| harness.ledger.paid(lock, name))
        .sum();
    Ok(Denom {
        name: name.to_string(),
        received: coins(of_gauges(&|it| it.coins)),
        paid: coins(paid),
        returned: coins(of_gauges(&|it| it.returned)),
        treasury_paid: coins(harness.treasury_has(name)),
        to_distribute: class("to_distribute")?,
        rewards: class("rewards")?,
        treasury: class("treasury")?,
        difference: number(&asset["difference"])?,
    })
}

fn largest(harness: &Harness) -> Result<Option<Largest>> {
    let mut largest: Option<Largest> = None;
    for id in 1..=harness.locks() {
        for denom in REWARDS {
            let exact = harness.ledger.owed(LockId(id), denom);
            let points = harness.points(id, denom)?;
            let difference = exact - BigRational::new(points, points_per_coin());
            let terms = harness.ledger.terms(LockId(id));
            let bound = match difference.is_negative() {
                true => terms.points_above(),
                false => terms.points_below(),
            };
            Largest {
                of: format!("lock {id}, {denom}"),
                difference: difference.abs(),
                bound: BigRational::new(bound, points_per_coin()),
            }
            .keep_in(&mut largest);
        }
    }
    Ok(largest)
}
