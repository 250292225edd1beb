//! The random story: which operations there are in each epoch.

use testkit::reward_gauges::{DAY, Operation};

use crate::grid::Happened;
use crate::rng::Rng;

/// Minimum durations of the pools, in days.
pub const DURATIONS: [u64; 3] = [1, 7, 14];
/// Epochs without settlements, claims and other operations that settle.
const UNSETTLED: std::ops::Range<u32> = 21..35;
/// Per mille of the locks that are made in the first epoch.
const AT_ONCE: u64 = 600;
/// Number of epochs after it in which the others are made.
const COMING: u32 = 25;

/// A story that follows from a seed.
pub struct Story {
    rng: Rng,
    locks: u32,
    happened: Vec<Happened>,
}

impl Story {
    /// The story of a seed, with this number of locks.
    pub fn new(locks: u32, seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            locks,
            happened: Vec::new(),
        }
    }

    /// How often each kind of operation was done.
    pub fn into_happened(self) -> Vec<Happened> {
        self.happened
    }

    /// Counts an operation that was done.
    pub fn count(&mut self, operation: &Operation) {
        let Some(what) = name(operation) else { return };
        match self.happened.iter_mut().find(|it| it.what == what) {
            Some(it) => it.times += 1,
            None => self.happened.push(Happened { what, times: 1 }),
        }
    }

    /// Makes the gauges of the first epoch. Each pool has one of 50 epochs, a perpetual one, and
    /// one of 20 epochs that starts later. Another one pays locks of the reward asset itself.
    pub fn gauges(&mut self) -> Vec<Operation> {
        let mut gauges = Vec::new();
        for duration in 0..DURATIONS.len() {
            for (start, epochs) in [(0, Some(50)), (0, None), (15 * DAY, Some(20))] {
                gauges.push(Operation::CreateGauge {
                    asset: 0,
                    duration,
                    start,
                    epochs,
                    closable: true,
                    coins: self.coins(),
                });
            }
        }
        gauges.push(Operation::CreateGauge {
            asset: 1,
            duration: 1,
            start: 0,
            epochs: Some(40),
            closable: true,
            coins: self.coins(),
        });
        gauges
    }

    fn coins(&mut self) -> Vec<u128> {
        [1_000_000_000, 20_000_000]
            .map(|most| u128::from(self.rng.between(most / 2, most)))
            .to_vec()
    }

    /// The operations of an epoch, through its end.
    pub fn epoch(&mut self, epoch: u32) -> Vec<Operation> {
        let mut operations = self.new_locks(epoch);
        let is_settled = !UNSETTLED.contains(&epoch);
        let often = (self.locks / 100).max(2);
        for _ in 0..often {
            operations.push(self.other_operation());
        }
        if is_settled {
            for _ in 0..often / 2 {
                operations.push(self.settling_operation());
            }
            // Few steps, so that the settlement stops in the middle of an epoch.
            operations.push(Operation::Settle(self.rng.between(1, 12) as u32));
            operations.extend((0..3).map(|_| Operation::Tick));
            if epoch.is_multiple_of(5) {
                operations.extend(self.top_ups());
            }
            if epoch.is_multiple_of(10) {
                operations.push(Operation::PayTreasury);
            }
        }
        if epoch == 45 {
            // A gauge of 50 epochs, which still has coins to return.
            operations.push(Operation::EndGauge {
                gauge: 3,
                evict: true,
            });
        }
        // A tenth of them are done exactly at the boundary between this epoch and the next.
        let last = operations.split_off(operations.len() - operations.len() / 10);
        let second = operations.split_off(operations.len() / 2);
        let mut all = vec![Operation::Wait(self.rng.between(1, DAY / 3))];
        all.extend(operations);
        all.push(Operation::Wait(self.rng.between(1, DAY / 3)));
        all.extend(second);
        all.push(Operation::WaitForEnd(0));
        all.extend(last);
        all
    }

    /// The locks that are made in an epoch.
    fn new_locks(&mut self, epoch: u32) -> Vec<Operation> {
        let at_once = (u64::from(self.locks) * AT_ONCE / 1_000) as u32;
        let others = self.locks - at_once;
        // How many of the others are made by the end of an epoch. Differences of these leave no
        // remainder out.
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
        let place = self.rng.weighted(weights).unwrap_or_default();
        let most = [1_000, 1_000_000, 1_000_000_000][self.rng.below(3) as usize];
        Operation::Lock {
            owner: self.rng.below(4) as usize,
            asset: usize::from(self.rng.per_mille(50)),
            amount: u128::from(self.rng.between(1, most)),
            duration: days[place] * DAY,
        }
    }

    /// Any lock: the harness takes the number modulo how many there are.
    fn any_lock(&mut self) -> usize {
        self.rng.below(u64::from(u32::MAX)) as usize
    }

    fn part(&mut self) -> Option<u128> {
        (self.rng.per_mille(400)).then(|| u128::from(self.rng.below(1_000_000_000)))
    }

    /// An operation that settles nothing.
    fn other_operation(&mut self) -> Operation {
        let lock = self.any_lock();
        match self.rng.below(100) {
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
                receiver: Some(self.rng.below(4) as usize),
            },
            _ => Operation::Withdraw(lock),
        }
    }

    /// An operation that settles the lock's pools first.
    fn settling_operation(&mut self) -> Operation {
        let lock = self.any_lock();
        match self.rng.below(100) {
            0..30 => Operation::CancelUnlock(lock),
            30..55 => Operation::AddToLock {
                lock,
                amount: u128::from(self.rng.between(1, 1_000_000)),
            },
            55..65 => Operation::Extend {
                lock,
                duration: self.rng.between(15, 25) * DAY,
            },
            _ => Operation::Claim(lock),
        }
    }

    /// Adds coins to every perpetual gauge.
    fn top_ups(&mut self) -> Vec<Operation> {
        (0..DURATIONS.len())
            .map(|pool| Operation::AddToGauge {
                gauge: 3 * pool + 1,
                stranger: false,
                coins: self.coins(),
            })
            .collect()
    }
}

/// The name under which an operation is counted.
fn name(operation: &Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::Wait(_)
        | Operation::WaitForEnd(_)
        | Operation::Settle(_)
        | Operation::AddDuration(_)
        | Operation::Refresh(_)
        | Operation::ClaimAll(_)
        | Operation::Block { .. } => return None,
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
