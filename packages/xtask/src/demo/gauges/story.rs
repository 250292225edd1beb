//! What happens to locks and gauges.

use testing::reward_gauges::{DAY, Operation};

use crate::demo::dice::Dice;
use crate::demo::outcome::Happened;

/// Minimum durations of the pools, in days.
pub const DURATIONS: [u64; 3] = [1, 7, 14];
/// Epochs in which nobody cranks, claims or does what would settle by the way.
const SILENCE: std::ops::Range<u32> = 21..35;
/// Part of the locks that are there from the first epoch on, of 1000; the others come in the
/// epochs after it.
const AT_ONCE: u64 = 600;
/// Epochs in which the others come.
const COMING: u32 = 25;

/// A seeded story, epoch by epoch.
pub struct Story {
    dice: Dice,
    locks: u32,
    happened: Vec<Happened>,
}

impl Story {
    /// The story of a seed, with so many locks.
    pub fn new(locks: u32, seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            locks,
            happened: Vec::new(),
        }
    }

    /// How often what happened.
    pub fn into_happened(self) -> Vec<Happened> {
        self.happened
    }

    /// Notes that an operation was done.
    pub fn did(&mut self, operation: &Operation) {
        let Some(what) = name(operation) else { return };
        match self.happened.iter_mut().find(|it| it.what == what) {
            Some(it) => it.times += 1,
            None => self.happened.push(Happened { what, times: 1 }),
        }
    }

    /// The gauges of the first epoch: in each pool one over 50 epochs, a perpetual one, and one
    /// over 20 epochs that starts later; and one for locks of the reward asset itself.
    pub fn gauges(&mut self) -> Vec<Operation> {
        let mut gauges = Vec::new();
        for duration in 0..DURATIONS.len() {
            for (start, epochs) in [(0, Some(50)), (0, None), (15 * DAY, Some(20))] {
                gauges.push(Operation::CreateGauge {
                    asset: 0,
                    duration,
                    start,
                    epochs,
                    coins: self.coins(),
                });
            }
        }
        gauges.push(Operation::CreateGauge {
            asset: 1,
            duration: 1,
            start: 0,
            epochs: Some(40),
            coins: self.coins(),
        });
        gauges
    }

    fn coins(&mut self) -> Vec<u128> {
        [1_000_000_000, 20_000_000]
            .map(|most| u128::from(self.dice.between(most / 2, most)))
            .to_vec()
    }

    /// What happens in an epoch, its end included.
    pub fn epoch(&mut self, epoch: u32) -> Vec<Operation> {
        let mut deeds = self.newcomers(epoch);
        let is_silent = SILENCE.contains(&epoch);
        let often = (self.locks / 100).max(2);
        for _ in 0..often {
            deeds.push(self.quiet_deed());
        }
        if !is_silent {
            for _ in 0..often / 2 {
                deeds.push(self.settling_deed());
            }
            // The crank comes when it comes, and stops in the middle.
            deeds.push(Operation::Settle(self.dice.between(1, 12) as u32));
            deeds.extend((0..3).map(|_| Operation::Tick));
            if epoch.is_multiple_of(5) {
                deeds.extend(self.top_ups());
            }
            if epoch.is_multiple_of(10) {
                deeds.push(Operation::PayTreasury);
            }
        }
        if epoch == 45 {
            // One over 50 epochs, whose rest returns.
            deeds.push(Operation::EndGauge {
                gauge: 3,
                evict: true,
            });
        }
        // Some are done exactly when the epoch ends, which is when the next one begins.
        let at_the_end = deeds.len() / 10;
        let mut order = vec![Operation::Wait(self.dice.between(1, DAY / 3))];
        let later = deeds.split_off(deeds.len() - at_the_end);
        let middle = deeds.split_off(deeds.len() / 2);
        order.extend(deeds);
        order.push(Operation::Wait(self.dice.between(1, DAY / 3)));
        order.extend(middle);
        order.push(Operation::WaitForEnd(0));
        order.extend(later);
        order
    }

    /// Locks that are made in an epoch.
    fn newcomers(&mut self, epoch: u32) -> Vec<Operation> {
        let at_once = (u64::from(self.locks) * AT_ONCE / 1_000) as u32;
        let others = self.locks - at_once;
        // What has come by the end of an epoch, so that none is lost to the division.
        let by = |epoch: u32| others * (epoch - 1).min(COMING) / COMING;
        let count = match epoch {
            1 => at_once,
            later => by(later) - by(later - 1),
        };
        (0..count).map(|_| self.new_lock()).collect()
    }

    fn new_lock(&mut self) -> Operation {
        let days = [1, 7, 10, 14, 20];
        let weights = [20, 30, 10, 35, 5].into_iter();
        let place = self.dice.weighted(weights).unwrap_or_default();
        let most = [1_000, 1_000_000, 1_000_000_000][self.dice.below(3) as usize];
        Operation::Lock {
            owner: self.dice.below(4) as usize,
            asset: usize::from(self.dice.per_mille(50)),
            amount: u128::from(self.dice.between(1, most)),
            duration: days[place] * DAY,
        }
    }

    /// A lock of those there are: numbers are taken modulo their count.
    fn any(&mut self) -> usize {
        self.dice.below(u64::from(u32::MAX)) as usize
    }

    fn part(&mut self) -> Option<u128> {
        (self.dice.per_mille(400)).then(|| u128::from(self.dice.below(1_000_000_000)))
    }

    /// What settles nothing.
    fn quiet_deed(&mut self) -> Operation {
        let lock = self.any();
        match self.dice.below(100) {
            0..45 => Operation::BeginUnlock {
                lock,
                part: self.part(),
            },
            45..50 => Operation::Force {
                lock,
                part: self.part(),
            },
            50..60 => Operation::SetReceiver {
                lock,
                receiver: Some(self.dice.below(4) as usize),
            },
            _ => Operation::Withdraw(lock),
        }
    }

    /// What settles by the way.
    fn settling_deed(&mut self) -> Operation {
        let lock = self.any();
        match self.dice.below(100) {
            0..30 => Operation::CancelUnlock(lock),
            30..55 => Operation::AddToLock {
                lock,
                amount: u128::from(self.dice.between(1, 1_000_000)),
            },
            55..65 => Operation::Extend {
                lock,
                duration: self.dice.between(15, 25) * DAY,
            },
            _ => Operation::Claim(lock),
        }
    }

    /// Something for every perpetual gauge.
    fn top_ups(&mut self) -> Vec<Operation> {
        (0..DURATIONS.len())
            .map(|pool| Operation::AddToGauge {
                gauge: 3 * pool + 1,
                coins: self.coins(),
            })
            .collect()
    }
}

/// What an operation is called when it is counted.
fn name(operation: &Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::Wait(_)
        | Operation::WaitForEnd(_)
        | Operation::Settle(_)
        | Operation::AddDuration(_)
        | Operation::Refresh(_) => return None,
        Operation::Lock { .. } => "locks",
        Operation::AddToLock { .. } => "added to a lock",
        Operation::BeginUnlock { part: None, .. } => "unlocked",
        Operation::BeginUnlock { part: Some(_), .. } => "unlocked in parts",
        Operation::CancelUnlock(_) => "unlocking cancelled",
        Operation::Extend { .. } => "locks extended",
        Operation::Force { .. } => "forced open",
        Operation::SetReceiver { .. } => "new receivers",
        Operation::Withdraw(_) => "principal withdrawn",
        Operation::Claim(_) => "claims",
        Operation::CreateGauge { .. } => "gauges made",
        Operation::AddToGauge { .. } => "gauges topped up",
        Operation::EndGauge { .. } => "gauges evicted",
        Operation::Tick => "ticks of the clock",
        Operation::PayTreasury => "treasury paid",
    })
}
