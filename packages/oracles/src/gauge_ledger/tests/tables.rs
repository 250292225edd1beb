//! The epochs in which a lock counts, for each pool.

use super::*;

/// The epochs in which the gauges for 14, 7 and 1 days paid.
fn paid(operations: &[At<'static>]) -> [Vec<u64>; 3] {
    [14, 7, 1].map(|days| Play::new(operations).paid_epochs(days))
}

fn through(last: u64) -> Vec<u64> {
    (1..=last).collect()
}

#[test]
fn unlocked_after_fifteen_epochs_it_counts_for_15_22_and_28() {
    let expected = [through(15), through(22), through(28)];
    for time in [end_of(15), end_of(15) + 1, end_of(16) - 1] {
        let operations = [at(within(1), lock_for(14)), at(time, UNLOCK)];
        assert_eq!(paid(&operations), expected, "at {time}");
    }
}

#[test]
fn unlocked_after_ten_epochs_it_counts_for_10_17_and_23() {
    let operations = [at(within(1), lock_for(14)), at(within(11), UNLOCK)];
    assert_eq!(paid(&operations), [through(10), through(17), through(23)]);
}

#[test]
fn unlocking_at_a_boundary_the_finished_epoch_is_earned_and_the_next_is_not() {
    let at_start = [at(GENESIS, lock_for(14)), at(end_of(3), UNLOCK)];
    assert_eq!(paid(&at_start)[0], through(3));
    let just_before = [at(GENESIS, lock_for(14)), at(end_of(3) - 1, UNLOCK)];
    assert_eq!(paid(&just_before)[0], through(2));
}

#[test]
fn the_remaining_time_may_equal_the_duration() {
    // The lock ends 14 days after B_3, so exactly 7 days are left at B_10.
    let equal = [at(GENESIS, lock_for(14)), at(end_of(3), UNLOCK)];
    assert_eq!(paid(&equal)[1], through(10));
    let a_second_less = [at(GENESIS, lock_for(14)), at(end_of(3) - 1, UNLOCK)];
    assert_eq!(paid(&a_second_less)[1], through(9));
}

#[test]
fn a_lock_counts_for_the_durations_that_are_not_above_its_own() {
    let operations = [at(within(1), lock_for(7))];
    assert_eq!(paid(&operations), [through(0), through(40), through(40)]);
    let operations = [at(within(1), lock_for(6))];
    assert_eq!(paid(&operations), [through(0), through(0), through(40)]);
}

#[test]
fn a_lock_made_a_second_before_the_end_earns_the_epoch() {
    let late = [at(end_of(5) - 1, lock_for(14))];
    assert_eq!(paid(&late)[0], (5..=40).collect::<Vec<_>>());
    let too_late = [at(end_of(5), lock_for(14))];
    assert_eq!(paid(&too_late)[0], (6..=40).collect::<Vec<_>>());
    // When it begins to unlock at once, this epoch is all that it earns.
    let sniper = [at(end_of(5) - 1, lock_for(14)), at(end_of(5), UNLOCK)];
    assert_eq!(paid(&sniper)[0], [5]);
}

#[test]
fn a_lock_that_begins_to_unlock_in_its_first_epoch_earns_the_shorter_ones() {
    let operations = [at(within(1), lock_for(14)), at(within(1), UNLOCK)];
    assert_eq!(paid(&operations), [through(0), through(7), through(13)]);
}

#[test]
fn before_the_genesis_it_is_epoch_1() {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.locks_for(GENESIS - 500, 1, 10, 1);
    ledger.gauge_of(GENESIS - 400, 1, 1, Some(1), 7);
    ledger.wait(end_of(1) - 1);
    assert_eq!(ledger.has(1), ratio(0, 1));
    ledger.wait(end_of(1));
    assert_eq!(ledger.has(1), ratio(7, 1));
    assert_eq!(SCHEDULE.epoch(0), 1);
    assert_eq!(SCHEDULE.epoch(end_of(1) - 1), 1);
    assert_eq!(SCHEDULE.epoch(end_of(1)), 2);
}

#[test]
fn cancelling_after_the_exit_counts_from_the_current_epoch() {
    // It does not count for 14 days in epochs 3 to 6. For 7 days it counts in all.
    let operations = [
        at(within(1), lock_for(14)),
        at(within(3), UNLOCK),
        at(within(7), GaugeOperation::CancelUnlock(LockId(1))),
    ];
    let missed: Vec<u64> = (1..=2).chain(7..=40).collect();
    assert_eq!(paid(&operations), [missed, through(40), through(40)]);
}

#[test]
fn cancelling_in_the_epoch_of_the_exit_misses_none() {
    let operations = [
        at(within(1), lock_for(14)),
        at(within(3), UNLOCK),
        at(end_of(3) - 1, GaugeOperation::CancelUnlock(LockId(1))),
    ];
    assert_eq!(paid(&operations)[0], through(40));
    let at_the_boundary = [
        at(within(1), lock_for(14)),
        at(within(3), UNLOCK),
        at(end_of(3), GaugeOperation::CancelUnlock(LockId(1))),
    ];
    let missed: Vec<u64> = (1..=2).chain(4..=40).collect();
    assert_eq!(paid(&at_the_boundary)[0], missed);
}

#[test]
fn a_forced_lock_counts_for_nothing_more() {
    let locked = [at(within(1), lock_for(14)), at(within(11), FORCE)];
    assert_eq!(paid(&locked), [through(10), through(10), through(10)]);
    // It is unlocking since epoch 5, so it does not count for 14 days any more.
    let unlocking = [
        at(within(1), lock_for(14)),
        at(within(5), UNLOCK),
        at(within(11), FORCE),
    ];
    assert_eq!(paid(&unlocking), [through(4), through(10), through(10)]);
    let at_the_boundary = [at(within(1), lock_for(14)), at(end_of(10), FORCE)];
    assert_eq!(paid(&at_the_boundary)[0], through(10));
}

#[test]
fn an_extended_lock_joins_longer_durations_from_then_on() {
    let extension = Extension {
        lock: LockId(1),
        duration: 14 * DAY,
    };
    let operations = [
        at(within(1), lock_for(7)),
        at(within(5), GaugeOperation::ExtendLock(extension)),
    ];
    let later: Vec<u64> = (5..=40).collect();
    assert_eq!(paid(&operations), [later, through(40), through(40)]);
}

#[test]
fn the_rule_is_about_the_version_just_before_the_end() {
    let mut ledger = three_pools();
    ledger.locks_for(within(2), 1, 5, 14);
    ledger.locks_for(within(3), 2, 7, 7);
    ledger.begins_unlock(end_of(4), 1);
    let stakes = |days| -> Vec<u128> { (1..=6).map(|it| ledger.stake(&pool(days), it)).collect() };
    assert_eq!(stakes(14), [0, 5, 5, 5, 0, 0]);
    assert_eq!(stakes(7), [0, 5, 12, 12, 12, 12]);
}
