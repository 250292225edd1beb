//! Random histories: against a system with an index and scheduled exits, and against themselves
//! with other cranks and in another order.

use proptest::prelude::*;

use super::{
    indexed::{Indexed, Step},
    *,
};

const DAYS: [u64; 3] = [1, 4, 9];
/// Added in the middle of a history.
const LATER: u64 = 6;

/// When the next step happens, seen from the one before.
#[derive(Clone, Copy, Debug)]
enum Pause {
    None,
    Second,
    Hours(u64),
    ToBoundary,
    ToSecondBeforeBoundary,
    Days(u64),
}

impl Pause {
    fn after(self, now: u64) -> u64 {
        let next = end_of(SCHEDULE.epoch(now));
        match self {
            Self::None => now,
            Self::Second => now + 1,
            Self::Hours(hours) => now + hours * 3600,
            Self::ToBoundary => next,
            Self::ToSecondBeforeBoundary => next - 1,
            Self::Days(days) => now + days * DAY,
        }
    }
}

fn pause() -> impl Strategy<Value = Pause> {
    prop_oneof![
        3 => Just(Pause::None),
        1 => Just(Pause::Second),
        3 => (1..30_u64).prop_map(Pause::Hours),
        3 => Just(Pause::ToBoundary),
        2 => Just(Pause::ToSecondBeforeBoundary),
        2 => (1..12_u64).prop_map(Pause::Days),
    ]
}

/// A step with numbers that stand for any of the locks and gauges that there are.
fn step() -> impl Strategy<Value = Step> {
    let id = 0..8_u64;
    let amount = prop_oneof![1..10_u128, 1..10_u128.pow(24)];
    let days = prop::sample::select(vec![1, 2, 4, 6, 9, 12]);
    let pool = prop::sample::select(vec![1, 4, 6, 9]);
    let part = || {
        prop::option::of((1..10_u128).prop_map(|amount| Part {
            amount,
            child: LockId(0),
        }))
    };
    prop_oneof![
        1 => Just(Step::Settle),
        1 => Just(Step::AddDuration { days: LATER }),
        4 => (amount.clone(), days.clone())
            .prop_map(|(amount, days)| Step::Lock { id: 0, amount, days }),
        2 => (id.clone(), amount.clone()).prop_map(|(id, amount)| Step::Add { id, amount }),
        4 => (id.clone(), part()).prop_map(|(id, part)| Step::Unlock { id, part }),
        2 => (id.clone(), part()).prop_map(|(id, part)| Step::Force { id, part }),
        3 => id.clone().prop_map(|id| Step::Cancel { id }),
        1 => (id.clone(), days).prop_map(|(id, days)| Step::Extend { id, days }),
        1 => id.clone().prop_map(|id| Step::Refresh { id }),
        2 => id.clone().prop_map(|id| Step::Withdraw { id }),
        3 => id.clone().prop_map(|id| Step::Claim { id }),
        3 => (pool, 0..12 * DAY, prop::option::of(1..9_u64), amount.clone()).prop_map(
            |(days, start, epochs, amount)| Step::Gauge { id: 0, days, start, epochs, amount }
        ),
        1 => (id.clone(), amount).prop_map(|(id, amount)| Step::TopUp { id, amount }),
        1 => id.prop_map(|id| Step::End { id }),
    ]
}

/// A ledger and what its histories need to find their locks and gauges.
struct Player {
    ledger: GaugeLedger,
    now: u64,
    next_lock: u64,
    next_gauge: u64,
    durations: Vec<u64>,
}

impl Player {
    fn new() -> Self {
        Self {
            ledger: GaugeLedger::new(SCHEDULE, &DAYS.map(|it| it * DAY)).unwrap(),
            now: GENESIS,
            next_lock: 1,
            next_gauge: 1,
            durations: DAYS.to_vec(),
        }
    }

    /// Gives a step the numbers that it stands for. `None` where there is nothing to do it to.
    fn name(&mut self, step: Step) -> Option<Step> {
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

    /// Does a step, unless the ledger refuses it. Says whether it did.
    fn play(&mut self, pause: Pause, step: Step) -> bool {
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

    fn lock_ids(&self) -> Vec<u64> {
        self.ledger.locks().map(|it| it.0).collect()
    }
}

fn apply(ledger: &mut GaugeLedger, time: u64, step: Step) -> Result<(), GaugeLedgerError> {
    let coins = |amount| {
        [DenomAmount {
            denom: DENOM,
            amount,
        }]
    };
    let exit = |id, part| Exit {
        lock: LockId(id),
        part,
    };
    match step {
        Step::Settle => ledger.at(time, GaugeOperation::Wait),
        Step::AddDuration { days } => ledger.at(time, GaugeOperation::AddDuration(days * DAY)),
        Step::Lock { id, amount, days } => {
            let lock = NewLock {
                lock: LockId(id),
                owner: "alice",
                receiver: None,
                denom: LP,
                amount,
                duration: days * DAY,
            };
            ledger.at(time, GaugeOperation::Lock(lock))
        }
        Step::Add { id, amount } => {
            let lock = LockId(id);
            ledger.at(time, GaugeOperation::AddToLock(TopUpLock { lock, amount }))
        }
        Step::Unlock { id, part } => ledger.at(time, GaugeOperation::BeginUnlock(exit(id, part))),
        Step::Force { id, part } => ledger.at(time, GaugeOperation::ForceUnlock(exit(id, part))),
        Step::Cancel { id } => ledger.at(time, GaugeOperation::CancelUnlock(LockId(id))),
        Step::Extend { id, days } => {
            let extension = Extension {
                lock: LockId(id),
                duration: days * DAY,
            };
            ledger.at(time, GaugeOperation::ExtendLock(extension))
        }
        Step::Refresh { id } => ledger.at(time, GaugeOperation::Refresh(LockId(id))),
        Step::Withdraw { id } => ledger.at(time, GaugeOperation::Withdraw(LockId(id))),
        Step::Claim { id } => {
            let claim = Claim {
                lock: LockId(id),
                denoms: None,
                failing: &[],
            };
            ledger.at(time, GaugeOperation::Claim(claim))
        }
        Step::Gauge {
            id,
            days,
            start,
            epochs,
            amount,
        } => {
            let gauge = NewGauge {
                gauge: GaugeId(id),
                creator: "bob",
                denom: LP,
                duration: days * DAY,
                start: Some(start),
                epochs,
                coins: &coins(amount),
            };
            ledger.at(time, GaugeOperation::CreateGauge(gauge))
        }
        Step::TopUp { id, amount } => {
            let top_up = TopUp {
                gauge: GaugeId(id),
                coins: &coins(amount),
            };
            ledger.at(time, GaugeOperation::AddToGauge(top_up))
        }
        Step::End { id } => ledger.at(time, GaugeOperation::EndGauge(GaugeId(id))),
    }
}

fn history(length: usize) -> impl Strategy<Value = Vec<(Pause, Step)>> {
    prop::collection::vec((pause(), step()), 0..length)
}

/// Holds everything that the system has against the ledger.
fn compare(player: &Player, indexed: &mut Indexed) {
    for id in player.lock_ids() {
        let holding = LockHolding {
            lock: LockId(id),
            denom: DENOM,
            points: &indexed.points(id),
        };
        player.ledger.check_points(&holding).unwrap();
    }
    for gauge in player.ledger.gauges() {
        let expected = player.ledger.gauge(gauge).unwrap().coins[0].distributed;
        assert_eq!(indexed.distributed(gauge.0), expected, "{gauge}");
    }
    let treasury = &indexed.treasury + indexed.carries();
    player.ledger.check_treasury(DENOM, &treasury).unwrap();
}

proptest! {
    #[test]
    fn a_system_with_an_index_stays_within_the_bounds(steps in history(80)) {
        let mut player = Player::new();
        let mut indexed = Indexed::new(&DAYS);
        for (place, (pause, step)) in steps.into_iter().enumerate() {
            let Some(step) = player.name(step) else { continue };
            let time = pause.after(player.now);
            if let Step::Claim { id } = step {
                player.now = time;
                let amount = indexed.play(time, step);
                let payment = RewardPayment {
                    lock: LockId(id),
                    coin: DenomAmount { denom: DENOM, amount },
                    failed: false,
                    complete: true,
                };
                player.ledger.at(time, GaugeOperation::Paid(payment)).unwrap();
                let finish = GaugeOperation::Finish(LockId(id));
                if player.ledger.at(time, finish).is_ok() {
                    indexed.finish(id);
                }
            } else if player.play(pause, step) {
                indexed.play(time, step);
            }
            player.ledger.check_conservation().unwrap();
            // Now and then, so that the system is late in between.
            if place % 16 == 15 {
                player.ledger.wait(player.now);
                indexed.play(player.now, Step::Settle);
                compare(&player, &mut indexed);
            }
        }
        let end = player.now + 40 * DAY;
        player.ledger.wait(end);
        indexed.play(end, Step::Settle);
        compare(&player, &mut indexed);
    }

    #[test]
    fn looking_changes_nothing(steps in history(40)) {
        let mut rare = Player::new();
        let mut eager = Player::new();
        for (pause, step) in steps {
            let Some(step) = rare.name(step) else { continue };
            let time = pause.after(rare.now);
            while eager.now < time {
                eager.now = time.min(eager.now + DAY / 3);
                eager.ledger.wait(eager.now);
            }
            prop_assert_eq!(rare.play(pause, step), eager.play(Pause::None, step));
        }
        for id in rare.lock_ids() {
            let lock = LockId(id);
            prop_assert_eq!(rare.ledger.owed(lock, DENOM), eager.ledger.owed(lock, DENOM));
            prop_assert_eq!(rare.ledger.terms(lock), eager.ledger.terms(lock));
        }
    }

    #[test]
    fn at_one_instant_the_order_of_different_locks_and_gauges_is_irrelevant(
        before in history(30),
        amounts in prop::collection::vec(1..10_u128.pow(20), 3),
        pause in pause(),
    ) {
        let mut forth = Player::new();
        for (pause, step) in before {
            let Some(step) = forth.name(step) else { continue };
            forth.play(pause, step);
        }
        let time = pause.after(forth.now);
        let (lock, gauge) = (forth.next_lock, forth.next_gauge);
        let mut together = vec![
            Step::Lock { id: lock, amount: amounts[0], days: 9 },
            Step::Lock { id: lock + 1, amount: amounts[1], days: 4 },
            Step::Gauge { id: gauge, days: 4, start: time, epochs: Some(3), amount: amounts[2] },
            Step::Gauge { id: gauge + 1, days: 4, start: 0, epochs: None, amount: amounts[2] },
        ];
        if lock > 1 {
            together.push(Step::Unlock { id: lock - 1, part: None });
        }
        let mut back = forth.ledger.clone();
        for &step in &together {
            let _ = apply(&mut forth.ledger, time, step);
        }
        for &step in together.iter().rev() {
            let _ = apply(&mut back, time, step);
        }
        for ledger in [&mut forth.ledger, &mut back] {
            ledger.wait(time + 20 * DAY);
            ledger.check_conservation().unwrap();
        }
        for id in forth.ledger.locks() {
            prop_assert_eq!(forth.ledger.owed(id, DENOM), back.owed(id, DENOM));
            prop_assert_eq!(forth.ledger.terms(id), back.terms(id));
        }
        for id in forth.ledger.gauges() {
            prop_assert_eq!(forth.ledger.gauge(id), back.gauge(id));
        }
    }

    #[test]
    fn who_counts_is_who_counted(steps in history(40)) {
        let mut player = Player::new();
        for (pause, step) in steps {
            let Some(step) = player.name(step) else { continue };
            player.play(pause, step);
        }
        // The stakes of the past are the same from the versions that were kept.
        for days in DAYS {
            for paid in player.ledger.paid_epochs(&pool(days)) {
                prop_assert_eq!(player.ledger.stake(&pool(days), paid.epoch), paid.stake);
            }
        }
    }
}
