//! Operations that the ledger must refuse.

use super::*;

fn with_lock() -> GaugeLedger {
    let mut ledger = three_pools();
    ledger.locks_for(within(1), 1, 100, 7);
    ledger
}

#[test]
fn time_never_goes_back() {
    let mut ledger = with_lock();
    assert_eq!(
        ledger.at(within(1) - 1, GaugeOperation::Wait),
        Err(GaugeLedgerError::TimeGoesBack {
            now: within(1),
            time: within(1) - 1,
        })
    );
    let none = Schedule {
        genesis: 0,
        length: 0,
    };
    assert_eq!(
        GaugeLedger::new(none, &[]).unwrap_err(),
        GaugeLedgerError::NoLength
    );
}

#[test]
fn unlocking_locks_cannot_be_changed() {
    let mut ledger = with_lock();
    let lock = LockId(1);
    let time = within(2);
    assert_eq!(
        ledger.at(time, GaugeOperation::CancelUnlock(lock)),
        Err(GaugeLedgerError::NotUnlocking(lock))
    );
    assert_eq!(
        ledger.at(time, GaugeOperation::Withdraw(lock)),
        Err(GaugeLedgerError::NotUnlocking(lock))
    );
    ledger.begins_unlock(time, 1);
    let refused = Err(GaugeLedgerError::Unlocking(lock));
    let add = TopUpLock { lock, amount: 1 };
    let extend = Extension {
        lock,
        duration: 99 * DAY,
    };
    assert_eq!(ledger.at(time, UNLOCK), refused);
    assert_eq!(ledger.at(time, GaugeOperation::AddToLock(add)), refused);
    assert_eq!(ledger.at(time, GaugeOperation::ExtendLock(extend)), refused);
    assert_eq!(ledger.at(time, GaugeOperation::Refresh(lock)), refused);
}

#[test]
fn a_part_is_more_than_nothing_and_less_than_all() {
    let mut ledger = with_lock();
    for amount in [0, 100, 101] {
        let exit = Exit {
            lock: LockId(1),
            part: Some(Part {
                amount,
                child: LockId(2),
            }),
        };
        assert_eq!(
            ledger.at(within(2), GaugeOperation::BeginUnlock(exit)),
            Err(GaugeLedgerError::BadAmount {
                lock: LockId(1),
                amount,
            })
        );
    }
    let taken = Exit {
        lock: LockId(1),
        part: Some(Part {
            amount: 1,
            child: LockId(1),
        }),
    };
    assert_eq!(
        ledger.at(within(2), GaugeOperation::ForceUnlock(taken)),
        Err(GaugeLedgerError::LockExists(LockId(1)))
    );
    assert_eq!(ledger.principal(LP), 100);
}

#[test]
fn an_extension_is_longer() {
    let mut ledger = with_lock();
    let same = Extension {
        lock: LockId(1),
        duration: 7 * DAY,
    };
    assert_eq!(
        ledger.at(within(2), GaugeOperation::ExtendLock(same)),
        Err(GaugeLedgerError::NoExtension {
            lock: LockId(1),
            duration: 7 * DAY,
        })
    );
}

#[test]
fn numbers_are_used_once() {
    let mut ledger = with_lock();
    assert_eq!(
        ledger.at(within(2), lock_for(1)),
        Err(GaugeLedgerError::LockExists(LockId(1)))
    );
    let gauge = NewGauge {
        gauge: GaugeId(7),
        creator: "bob",
        denom: LP,
        duration: DAY,
        start: None,
        epochs: Some(1),
        closable: true,
        coins: &[],
    };
    assert_eq!(
        ledger.at(within(2), GaugeOperation::CreateGauge(gauge)),
        Err(GaugeLedgerError::GaugeExists(GaugeId(7)))
    );
    let unspread = NewGauge {
        gauge: GaugeId(8),
        epochs: Some(0),
        ..gauge
    };
    assert_eq!(
        ledger.at(within(2), GaugeOperation::CreateGauge(unspread)),
        Err(GaugeLedgerError::NoEpochs(GaugeId(8)))
    );
    let unknown = GaugeOperation::Refresh(LockId(9));
    assert_eq!(
        ledger.at(within(2), unknown),
        Err(GaugeLedgerError::UnknownLock(LockId(9)))
    );
}

#[test]
fn a_gauge_is_over_after_its_last_epoch_without_any_message() {
    let mut ledger = with_lock();
    ledger.gauge_of(within(1), 2, 1, Some(3), 9);
    let more = TopUp {
        gauge: GaugeId(2),
        sender: "bob",
        coins: &[],
    };
    ledger
        .clone()
        .at(end_of(3) - 1, GaugeOperation::AddToGauge(more))
        .unwrap();
    let over = Err(GaugeLedgerError::GaugeOver(GaugeId(2)));
    assert_eq!(ledger.at(end_of(3), GaugeOperation::AddToGauge(more)), over);
    assert_eq!(
        ledger.at(end_of(3), GaugeOperation::EvictGauge(GaugeId(2))),
        over
    );
    assert_eq!(
        ledger.at(end_of(3), GaugeOperation::EvictGauge(GaugeId(9))),
        Err(GaugeLedgerError::UnknownGauge(GaugeId(9)))
    );
}
