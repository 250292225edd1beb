//! Tests of the ledger: worked examples, the rule, refusals, and random histories.

#![allow(clippy::unwrap_used)]

mod bounds;
mod changes;
mod gauges;
mod indexed;
mod payments;
mod player;
mod properties;
mod refusals;
mod step;
mod tables;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;

const DAY: u64 = 86_400;
/// Not 0, so that a formula without the genesis fails.
const GENESIS: u64 = 1_000_000;
/// Epochs of a day.
const SCHEDULE: Schedule = Schedule {
    genesis: GENESIS,
    length: DAY,
};
const DENOM: &str = "uatom";
const LP: &str = "ulp";

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// Points in base units.
fn coins_of(points: &BigInt) -> BigRational {
    BigRational::new(points.clone(), BigInt::from(10).pow(36))
}

/// `B_e`.
fn end_of(epoch: u64) -> u64 {
    GENESIS + epoch * DAY
}

/// A time in the middle of an epoch.
fn within(epoch: u64) -> u64 {
    end_of(epoch) - DAY / 2
}

fn pool(days: u64) -> PoolKey {
    PoolKey {
        denom: LP.to_owned(),
        duration: days * DAY,
    }
}

/// Durations of 1, 7 and 14 days, and a perpetual gauge without coins for each: gauges 1, 7 and 14.
fn three_pools() -> GaugeLedger {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY, 7 * DAY, 14 * DAY]).unwrap();
    for days in [1, 7, 14] {
        ledger.gauge_of(GENESIS, days, days, None, 0);
    }
    ledger
}

/// Operations as short methods, and what tests ask.
trait Shorthand {
    fn at(&mut self, time: u64, operation: GaugeOperation<'_>) -> Result<(), GaugeLedgerError>;
    fn locks_for(&mut self, time: u64, lock: u64, amount: u128, days: u64);
    fn begins_unlock(&mut self, time: u64, lock: u64);
    fn splits_off(&mut self, time: u64, lock: u64, part: Part);
    fn forced(&mut self, time: u64, lock: u64);
    fn gauge_of(&mut self, time: u64, gauge: u64, days: u64, epochs: Option<u64>, amount: u128);
    fn top_up(&mut self, time: u64, gauge: u64, amount: u128);
    fn wait(&mut self, time: u64);
    fn has(&self, lock: u64) -> BigRational;
    fn left(&self, gauge: u64) -> BigRational;
}

impl Shorthand for GaugeLedger {
    fn at(&mut self, time: u64, operation: GaugeOperation<'_>) -> Result<(), GaugeLedgerError> {
        self.apply(&At { time, operation })
    }

    #[track_caller]
    fn locks_for(&mut self, time: u64, lock: u64, amount: u128, days: u64) {
        let lock = NewLock {
            lock: LockId(lock),
            owner: "alice",
            receiver: None,
            denom: LP,
            amount,
            duration: days * DAY,
        };
        self.at(time, GaugeOperation::Lock(lock)).unwrap();
    }

    #[track_caller]
    fn begins_unlock(&mut self, time: u64, lock: u64) {
        let exit = Exit {
            lock: LockId(lock),
            part: None,
        };
        self.at(time, GaugeOperation::BeginUnlock(exit)).unwrap();
    }

    #[track_caller]
    fn splits_off(&mut self, time: u64, lock: u64, part: Part) {
        let exit = Exit {
            lock: LockId(lock),
            part: Some(part),
        };
        self.at(time, GaugeOperation::BeginUnlock(exit)).unwrap();
    }

    #[track_caller]
    fn forced(&mut self, time: u64, lock: u64) {
        let exit = Exit {
            lock: LockId(lock),
            part: None,
        };
        self.at(time, GaugeOperation::ForceUnlock(exit)).unwrap();
    }

    #[track_caller]
    fn gauge_of(&mut self, time: u64, gauge: u64, days: u64, epochs: Option<u64>, amount: u128) {
        let coins = [DenomAmount {
            denom: DENOM,
            amount,
        }];
        let gauge = NewGauge {
            gauge: GaugeId(gauge),
            creator: "bob",
            denom: LP,
            duration: days * DAY,
            start: None,
            epochs,
            closable: true,
            coins: &coins,
        };
        self.at(time, GaugeOperation::CreateGauge(gauge)).unwrap();
    }

    #[track_caller]
    fn top_up(&mut self, time: u64, gauge: u64, amount: u128) {
        let coins = [DenomAmount {
            denom: DENOM,
            amount,
        }];
        let top_up = TopUp {
            gauge: GaugeId(gauge),
            sender: "bob",
            coins: &coins,
        };
        self.at(time, GaugeOperation::AddToGauge(top_up)).unwrap();
    }

    #[track_caller]
    fn wait(&mut self, time: u64) {
        self.at(time, GaugeOperation::Wait).unwrap();
    }

    /// What a lock is owed. Checks the ledger's own sums as well.
    #[track_caller]
    fn has(&self, lock: u64) -> BigRational {
        self.check_conservation().unwrap();
        self.owed(LockId(lock), DENOM)
    }

    /// What a gauge has not distributed, in base units.
    #[track_caller]
    fn left(&self, gauge: u64) -> BigRational {
        coins_of(&self.gauge(GaugeId(gauge)).unwrap().coins[0].left)
    }
}

/// Plays operations on a ledger of [`three_pools`], to find the epochs in which a gauge paid.
struct Play<'a> {
    ledger: GaugeLedger,
    /// The operations that are not played yet, the next one last.
    left: Vec<At<'a>>,
}

impl<'a> Play<'a> {
    fn new(operations: &[At<'a>]) -> Self {
        let mut left = operations.to_vec();
        left.reverse();
        Self {
            ledger: three_pools(),
            left,
        }
    }

    /// Adds one coin to every gauge in each of 40 epochs. Returns the epochs in which the gauge for
    /// so many days paid.
    fn paid_epochs(mut self, days: u64) -> Vec<u64> {
        for epoch in 1..=40 {
            for gauge in [1, 7, 14] {
                self.ledger.top_up(end_of(epoch - 1), gauge, 1);
            }
            while let Some(next) = self.left.pop_if(|it| it.time < end_of(epoch)) {
                self.ledger.apply(&next).unwrap();
            }
        }
        self.ledger.wait(end_of(40));
        self.ledger.check_conservation().unwrap();
        let paid = self.ledger.paid_epochs(&pool(days));
        paid.iter().map(|it| it.epoch).collect()
    }
}

fn lock_for(days: u64) -> GaugeOperation<'static> {
    GaugeOperation::Lock(NewLock {
        lock: LockId(1),
        owner: "alice",
        receiver: None,
        denom: LP,
        amount: 100,
        duration: days * DAY,
    })
}

const UNLOCK: GaugeOperation<'static> = GaugeOperation::BeginUnlock(Exit {
    lock: LockId(1),
    part: None,
});

const FORCE: GaugeOperation<'static> = GaugeOperation::ForceUnlock(Exit {
    lock: LockId(1),
    part: None,
});

fn at(time: u64, operation: GaugeOperation<'static>) -> At<'static> {
    At { time, operation }
}
