//! Changes of locks between epochs, and what they earn after them.

use super::*;

/// One pool of a day, with a gauge that pays 60 in each of `epochs` epochs.
fn sixty_a_day(epochs: u64) -> GaugeLedger {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.gauge_of(GENESIS, 1, 1, Some(epochs), 60 * u128::from(epochs));
    ledger
}

#[test]
fn rewards_go_by_amount() {
    let mut ledger = sixty_a_day(2);
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 2, 3);
    ledger.wait(end_of(1));
    assert_eq!([ledger.has(1), ledger.has(2)], [ratio(20, 1), ratio(40, 1)]);
    ledger.locks_for(within(2), 3, 4, 1);
    ledger.wait(end_of(2));
    assert_eq!(ledger.has(1), ratio(20, 1) + ratio(60, 7));
    assert_eq!(ledger.has(2), ratio(40, 1) + ratio(120, 7));
    assert_eq!(ledger.has(3), ratio(240, 7));
}

#[test]
fn what_is_added_counts_for_the_whole_epoch() {
    let mut ledger = sixty_a_day(3);
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 1, 1);
    let add = TopUpLock {
        lock: LockId(1),
        amount: 4,
    };
    ledger
        .at(end_of(2) - 1, GaugeOperation::AddToLock(add))
        .unwrap();
    ledger.wait(end_of(3));
    assert_eq!(ledger.has(1), ratio(30 + 50 + 50, 1));
    assert_eq!(ledger.has(2), ratio(30 + 10 + 10, 1));

    // At the boundary it counts for the next epoch.
    let mut ledger = sixty_a_day(3);
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 1, 1);
    ledger
        .at(end_of(2), GaugeOperation::AddToLock(add))
        .unwrap();
    ledger.wait(end_of(3));
    assert_eq!(ledger.has(1), ratio(30 + 30 + 50, 1));
}

#[test]
fn a_part_takes_what_its_amount_earned_since_the_last_accrual() {
    for accrued in [false, true] {
        let mut ledger = sixty_a_day(4);
        ledger.locks_for(within(1), 1, 6, 1);
        if accrued {
            ledger
                .at(within(2), GaugeOperation::Accrue(LockId(1)))
                .unwrap();
        }
        let part = Part {
            amount: 2,
            child: LockId(2),
        };
        ledger.splits_off(within(3), 1, part);
        ledger.wait(end_of(3));
        // Each epoch pays 60. The part takes its share of epochs 1 and 2; epoch 3 is the parent's
        // alone, since the part does not count in it.
        let [parent, child] = if accrued {
            [60 + 40 + 60, 20]
        } else {
            [40 + 40 + 60, 20 + 20]
        };
        assert_eq!(
            [ledger.has(1), ledger.has(2)],
            [ratio(parent, 1), ratio(child, 1)]
        );
        assert_eq!(ledger.principal(LP), 6);
    }
}

#[test]
fn a_split_alone_moves_no_stake() {
    let mut ledger = three_pools();
    ledger.locks_for(within(1), 1, 100, 14);
    let part = Part {
        amount: 30,
        child: LockId(2),
    };
    ledger.splits_off(within(10), 1, part);
    let stakes = |epoch| [14, 7, 1].map(|days| ledger.stake(&pool(days), epoch));
    assert_eq!(stakes(9), [100, 100, 100]);
    assert_eq!(stakes(10), [70, 100, 100]);
    assert_eq!(stakes(16), [70, 100, 100]);
    assert_eq!(stakes(17), [70, 70, 100]);
    assert_eq!(stakes(22), [70, 70, 100]);
    assert_eq!(stakes(23), [70, 70, 70]);
}

#[test]
fn a_forced_part_leaves_alone() {
    let mut ledger = sixty_a_day(3);
    ledger.locks_for(within(1), 1, 3, 1);
    let exit = Exit {
        lock: LockId(1),
        part: Some(Part {
            amount: 1,
            child: LockId(2),
        }),
    };
    ledger
        .at(within(2), GaugeOperation::ForceUnlock(exit))
        .unwrap();
    ledger
        .at(within(2), GaugeOperation::Withdraw(LockId(2)))
        .unwrap();
    ledger.wait(end_of(2));
    assert_eq!(ledger.has(2), ratio(20, 1), "what was earned stays earned");
    assert_eq!(ledger.has(1), ratio(40 + 60, 1));
    assert_eq!(ledger.principal(LP), 2);
}

#[test]
fn a_new_duration_is_joined_by_refresh_and_by_new_locks() {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY, 14 * DAY]).unwrap();
    ledger.locks_for(within(1), 1, 1, 14);
    ledger
        .at(within(2), GaugeOperation::AddDuration(7 * DAY))
        .unwrap();
    ledger.locks_for(within(2), 2, 1, 14);
    ledger.gauge_of(within(2), 1, 7, Some(3), 180);
    ledger.wait(end_of(2));
    assert_eq!([ledger.has(1), ledger.has(2)], [ratio(0, 1), ratio(60, 1)]);
    ledger
        .at(within(3), GaugeOperation::Refresh(LockId(1)))
        .unwrap();
    ledger.wait(end_of(3));
    assert_eq!([ledger.has(1), ledger.has(2)], [ratio(30, 1), ratio(90, 1)]);
}

#[test]
fn all_versions_of_a_lock_are_kept() {
    let mut ledger = three_pools();
    ledger.locks_for(within(1), 1, 100, 7);
    ledger.begins_unlock(within(2), 1);
    ledger
        .at(within(3), GaugeOperation::CancelUnlock(LockId(1)))
        .unwrap();
    let ends: Vec<_> = ledger
        .versions(LockId(1))
        .iter()
        .map(|it| (it.since, it.end))
        .collect();
    assert_eq!(
        ends,
        [
            (within(1), None),
            (within(2), Some(within(9))),
            (within(3), None)
        ]
    );
}

#[test]
fn paying_epochs_late_changes_nothing() {
    let mut eager = sixty_a_day(30);
    let mut late = sixty_a_day(30);
    for ledger in [&mut eager, &mut late] {
        ledger.locks_for(within(1), 1, 5, 1);
        ledger.locks_for(within(1), 2, 2, 1);
    }
    for epoch in 1..20 {
        eager.wait(end_of(epoch));
    }
    for ledger in [&mut eager, &mut late] {
        ledger.begins_unlock(within(20), 1);
        ledger.top_up(within(25), 1, 70);
        ledger.wait(end_of(40));
        assert_eq!(ledger.left(1), ratio(0, 1));
    }
    assert_eq!(eager.has(1), ratio(19 * 60 * 5, 7));
    for lock in [1, 2] {
        assert_eq!(eager.has(lock), late.has(lock));
    }
}
