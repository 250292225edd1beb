//! What came of a run, gathered from the contract and from the ledger.

use std::time::Duration;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde_json::{Value, json};
use testing::events::points_per_coin;
use testing::gauge_ledger::{GaugeId, LockId, PoolKey};
use testing::reward_gauges::{DAY, LOCKED, REWARDS, Twin};

use super::Args;
use super::story::Story;
use crate::demo::largest::Largest;
use crate::demo::outcome::Happened;

/// A story that was played.
pub struct Played {
    /// Both sides.
    pub twin: Twin,
    /// What was told.
    pub story: Story,
    /// How long the epochs took.
    pub elapsed: Duration,
}

/// What came of a run.
pub struct Outcome {
    /// The arguments.
    pub args: Args,
    /// How often what happened.
    pub happened: Vec<Happened>,
    /// One for each pool that gauges paid.
    pub pools: Vec<Pool>,
    /// All gauges.
    pub gauges: Vec<Gauge>,
    /// One for each reward asset.
    pub denoms: Vec<Denom>,
    /// Locks that were compared, parts included.
    pub locks: u64,
    /// The largest difference of a lock's rewards from the exact ones.
    pub largest: Option<Largest>,
    /// How long the epochs took.
    pub elapsed: Duration,
}

/// A pool over the epochs.
pub struct Pool {
    /// What is locked, and for how many days at least.
    pub name: String,
    /// What counted, by epoch.
    pub stakes: Vec<u128>,
    /// What was given, by epoch, by reward asset.
    pub given: Vec<Vec<u128>>,
}

/// A gauge at the end.
pub struct Gauge {
    /// Its id.
    pub id: u64,
    /// Which kind it is.
    pub kind: String,
    /// Whom it pays.
    pub pool: String,
    /// Epochs that it paid.
    pub filled: u64,
    /// What it is doing.
    pub status: String,
    /// Given, by reward asset.
    pub distributed: Vec<u128>,
}

/// Where everything that came in for gauges is, of one reward asset, in points.
pub struct Denom {
    /// Its name.
    pub name: String,
    /// What came in.
    pub received: BigInt,
    /// What lockers were paid.
    pub paid: BigInt,
    /// What went back to creators.
    pub returned: BigInt,
    /// What the treasury was paid.
    pub treasury_paid: BigInt,
    /// In gauges.
    pub to_distribute: BigInt,
    /// Owed to lockers.
    pub rewards: BigInt,
    /// Owed to the treasury.
    pub treasury: BigInt,
    /// The balance less everything that is owed, principal included.
    pub difference: BigInt,
}

impl Denom {
    /// Everything that was not received only.
    pub fn together(&self) -> BigInt {
        &self.paid
            + &self.returned
            + &self.treasury_paid
            + &self.to_distribute
            + &self.rewards
            + &self.treasury
    }

    /// Whether both sides are the same integer and the balance is what is owed.
    pub fn holds(&self) -> bool {
        self.received == self.together() && self.difference.is_zero()
    }
}

impl Outcome {
    /// Asks the contract, the bank and the ledger.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn gather(args: &Args, played: Played) -> Result<Self> {
        let Played {
            twin,
            story,
            elapsed,
        } = played;
        Ok(Outcome {
            args: args.clone(),
            pools: pools(&twin, args.epochs),
            gauges: (1..=twin.gauges())
                .map(|id| gauge(&twin, id))
                .collect::<Result<_>>()?,
            denoms: REWARDS
                .iter()
                .map(|denom| self::denom(&twin, denom))
                .collect::<Result<_>>()?,
            locks: twin.locks(),
            largest: largest(&twin)?,
            happened: story.into_happened(),
            elapsed,
        })
    }

    /// Whether everything holds. What was compared on the way ends a run by itself.
    pub fn holds(&self) -> bool {
        self.denoms.iter().all(Denom::holds)
            && self
                .largest
                .as_ref()
                .is_none_or(|it| it.difference <= it.bound)
    }
}

fn pool_name(denom: &str, duration: u64) -> String {
    let days = duration / DAY;
    let unit = if days == 1 { "day" } else { "days" };
    format!("{denom}, {days} {unit}")
}

fn pools(twin: &Twin, epochs: u32) -> Vec<Pool> {
    let mut pools = Vec::new();
    for denom in LOCKED {
        for duration in twin.durations() {
            let key = PoolKey {
                denom: denom.to_string(),
                duration: *duration,
            };
            let paid = twin.ledger.paid_epochs(&key);
            if paid.is_empty() {
                continue;
            }
            let stakes = (1..=u64::from(epochs)).map(|epoch| twin.ledger.stake(&key, epoch));
            let given = |denom: &str| {
                (1..=u64::from(epochs))
                    .map(|epoch| {
                        let in_epoch = paid.iter().filter(|it| it.epoch == epoch);
                        let coins = in_epoch.flat_map(|it| &it.given);
                        let coins = coins.filter(|it| it.denom == denom);
                        coins.map(|it| it.amount).sum()
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

fn gauge(twin: &Twin, id: u64) -> Result<Gauge> {
    let found = twin.suite.query(json!({"gauge": {"id": id}}))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let exact = twin.ledger.gauge(GaugeId(id)).context("unknown gauge")?;
    let start = found["first_epoch"].as_u64().unwrap_or_default();
    let distributed = REWARDS.map(|denom| {
        let coins = exact.coins.iter().find(|it| it.denom == denom);
        coins.map_or(0, |it| it.distributed)
    });
    Ok(Gauge {
        id,
        kind: match found["epochs"].as_u64() {
            None => "perpetual".to_string(),
            Some(epochs) if start > 1 => format!("{epochs} epochs from {start}"),
            Some(epochs) => format!("{epochs} epochs"),
        },
        pool: pool_name(
            found["denom"]["native"].as_str().unwrap_or_default(),
            found["duration"].as_u64().unwrap_or_default(),
        ),
        filled: found["filled_epochs"].as_u64().unwrap_or_default(),
        status: text(&found["status"]),
        distributed: distributed.to_vec(),
    })
}

fn denom(twin: &Twin, name: &str) -> Result<Denom> {
    let coins = |amount: u128| BigInt::from(amount) * points_per_coin();
    let gauges = || (1..=twin.gauges()).filter_map(|id| twin.ledger.gauge(GaugeId(id)));
    let of_gauges = |what: &dyn Fn(&testing::gauge_ledger::GaugeCoins) -> u128| -> u128 {
        gauges()
            .flat_map(|gauge| gauge.coins)
            .filter(|it| it.denom == name)
            .map(|it| what(&it))
            .sum()
    };
    let found = twin.suite.query(json!({"invariants": {}}))?;
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
    let paid = twin
        .ledger
        .locks()
        .map(|lock| twin.ledger.paid(lock, name))
        .sum();
    Ok(Denom {
        name: name.to_string(),
        received: coins(of_gauges(&|it| it.coins)),
        paid: coins(paid),
        returned: coins(of_gauges(&|it| it.returned)),
        treasury_paid: coins(twin.treasury_has(name)),
        to_distribute: class("to_distribute")?,
        rewards: class("rewards")?,
        treasury: class("treasury")?,
        difference: number(&asset["difference"])?,
    })
}

fn largest(twin: &Twin) -> Result<Option<Largest>> {
    let mut largest: Option<Largest> = None;
    for id in 1..=twin.locks() {
        for denom in REWARDS {
            let exact = twin.ledger.owed(LockId(id), denom);
            let points = twin.points(id, denom)?;
            let difference = exact - BigRational::new(points, points_per_coin());
            let terms = twin.ledger.terms(LockId(id));
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
