//! A ledger that plays random histories.

use super::{
    step::{Pause, Step, apply},
    *,
};

/// Durations of pools in the beginning, in days.
pub(super) const DAYS: [u64; 3] = [1, 4, 9];

/// A ledger, and the numbers of its next lock and gauge.
pub(super) struct Player {
    pub ledger: GaugeLedger,
    pub now: u64,
    pub next_lock: u64,
    pub next_gauge: u64,
    /// In days.
    durations: Vec<u64>,
}

impl Player {
    pub fn new() -> Self {
        Self {
            ledger: GaugeLedger::new(SCHEDULE, &DAYS.map(|it| it * DAY)).unwrap(),
            now: GENESIS,
            next_lock: 1,
            next_gauge: 1,
            durations: DAYS.to_vec(),
        }
    }

    /// The step with the numbers of locks and gauges that there are; `None` when there are none.
    pub fn name(&mut self, step: Step) -> Option<Step> {
        let lock = |id: u64| (self.next_lock > 1).then(|| 1 + id % (self.next_lock - 1));
        let gauge = |id: u64| (self.next_gauge > 1).then(|| 1 + id % (self.next_gauge - 1));
        let child = |part: Option<Part>| {
            part.map(|part| Part {
                child: LockId(self.next_lock),
                ..part
            })
        };
        Some(match step {
            Step::Lock { amount, days, .. } => Step::Lock {
                id: self.next_lock,
                amount,
                days,
            },
            Step::Add { id, amount } => Step::Add {
                id: lock(id)?,
                amount,
            },
            Step::Unlock { id, part } => Step::Unlock {
                id: lock(id)?,
                part: child(part),
            },
            Step::Force { id, part } => Step::Force {
                id: lock(id)?,
                part: child(part),
            },
            Step::Cancel { id } => Step::Cancel { id: lock(id)? },
            Step::Extend { id, days } => Step::Extend {
                id: lock(id)?,
                days,
            },
            Step::Refresh { id } => Step::Refresh { id: lock(id)? },
            Step::Withdraw { id } => Step::Withdraw { id: lock(id)? },
            Step::Claim { id } => Step::Claim { id: lock(id)? },
            Step::Gauge {
                days,
                start,
                epochs,
                amount,
                ..
            } => Step::Gauge {
                id: self.next_gauge,
                days: Some(days).filter(|it| self.durations.contains(it))?,
                start: self.now + start,
                epochs,
                amount,
            },
            Step::TopUp { id, amount } => Step::TopUp {
                id: gauge(id)?,
                amount,
            },
            Step::End { id } => Step::End { id: gauge(id)? },
            Step::Settle | Step::AddDuration { .. } => step,
        })
    }

    /// Applies a step after a pause. False when the ledger refuses it.
    pub fn play(&mut self, pause: Pause, step: Step) -> bool {
        self.now = pause.after(self.now);
        let done = apply(&mut self.ledger, self.now, step).is_ok();
        if done {
            self.count(step);
        }
        done
    }

    fn count(&mut self, step: Step) {
        match step {
            Step::Lock { .. }
            | Step::Unlock { part: Some(_), .. }
            | Step::Force { part: Some(_), .. } => self.next_lock += 1,
            Step::Gauge { .. } => self.next_gauge += 1,
            Step::AddDuration { days } => self.durations.push(days),
            _ => {}
        }
    }

    pub fn lock_ids(&self) -> Vec<u64> {
        self.ledger.locks().map(|it| it.0).collect()
    }
}
