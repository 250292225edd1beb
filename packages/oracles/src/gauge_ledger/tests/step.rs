//! Steps of random histories, and how the ledger applies them.

use proptest::prelude::*;

use super::*;

/// A duration that is added in the middle of a history, in days.
const LATER: u64 = 6;

/// A step of a history.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Settle,
    AddDuration {
        days: u64,
    },
    Lock {
        id: u64,
        amount: u128,
        days: u64,
    },
    Add {
        id: u64,
        amount: u128,
    },
    Unlock {
        id: u64,
        part: Option<Part>,
    },
    Force {
        id: u64,
        part: Option<Part>,
    },
    Cancel {
        id: u64,
    },
    Extend {
        id: u64,
        days: u64,
    },
    Refresh {
        id: u64,
    },
    Withdraw {
        id: u64,
    },
    Claim {
        id: u64,
    },
    Gauge {
        id: u64,
        days: u64,
        start: u64,
        epochs: Option<u64>,
        amount: u128,
    },
    TopUp {
        id: u64,
        amount: u128,
    },
    End {
        id: u64,
    },
}

/// The time between a step and the one before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pause {
    None,
    Second,
    Hours(u64),
    ToBoundary,
    ToSecondBeforeBoundary,
    Days(u64),
}

impl Pause {
    pub fn after(self, now: u64) -> u64 {
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

pub(super) fn pause() -> impl Strategy<Value = Pause> {
    prop_oneof![
        3 => Just(Pause::None),
        1 => Just(Pause::Second),
        3 => (1..30_u64).prop_map(Pause::Hours),
        3 => Just(Pause::ToBoundary),
        2 => Just(Pause::ToSecondBeforeBoundary),
        2 => (1..12_u64).prop_map(Pause::Days),
    ]
}

/// A step whose numbers of locks and gauges are taken modulo how many there are.
pub(super) fn step() -> impl Strategy<Value = Step> {
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

/// Applies a step to the ledger.
pub(super) fn apply(
    ledger: &mut GaugeLedger,
    time: u64,
    step: Step,
) -> Result<(), GaugeLedgerError> {
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
                closable: true,
                coins: &coins(amount),
            };
            ledger.at(time, GaugeOperation::CreateGauge(gauge))
        }
        Step::TopUp { id, amount } => {
            let top_up = TopUp {
                gauge: GaugeId(id),
                sender: "bob",
                coins: &coins(amount),
            };
            ledger.at(time, GaugeOperation::AddToGauge(top_up))
        }
        Step::End { id } => ledger.at(time, GaugeOperation::EvictGauge(GaugeId(id))),
    }
}
