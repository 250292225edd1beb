//! The terms of a lock's bound, and comparisons within it.

use super::*;

fn amounts(ledger: &GaugeLedger, lock: u64) -> BigInt {
    ledger.terms(LockId(lock)).amounts
}

fn one_pool() -> GaugeLedger {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.gauge_of(GENESIS, 1, 1, Some(100), 1000);
    ledger
}

#[test]
fn changes_of_stake_count_by_the_own_amount() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 10, 1);
    ledger.wait(end_of(1));
    assert_eq!(amounts(&ledger, 1), 20.into());
    ledger.locks_for(within(2), 2, 5, 1);
    ledger.wait(end_of(4));
    assert_eq!(amounts(&ledger, 1), 40.into());
    assert_eq!(amounts(&ledger, 2), 10.into());
    ledger.begins_unlock(within(5), 2);
    ledger.wait(end_of(9));
    assert_eq!(amounts(&ledger, 1), 60.into());
    assert_eq!(amounts(&ledger, 2), 10.into(), "it does not count any more");
    // Nine epochs paid rewards.
    assert_eq!(ledger.terms(LockId(1)).settlements, 9);
}

#[test]
fn another_lock_with_the_same_amount_is_a_change() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 10, 1);
    ledger.locks_for(within(1), 2, 5, 1);
    ledger.wait(end_of(2));
    ledger.forced(within(3), 2);
    ledger.locks_for(within(3), 3, 5, 1);
    ledger.wait(end_of(4));
    assert_eq!(amounts(&ledger, 1), 40.into());
}

#[test]
fn a_split_alone_is_no_change() {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.gauge_of(GENESIS, 1, 1, Some(100), 1000);
    ledger.locks_for(within(1), 1, 10, 5);
    ledger.wait(end_of(1));
    let part = Part {
        amount: 4,
        child: LockId(2),
    };
    ledger.splits_off(within(2), 1, part);
    ledger.wait(end_of(5));
    assert_eq!(amounts(&ledger, 1), 20.into());
    assert_eq!(amounts(&ledger, 2), 20.into(), "the terms of the whole");
    assert_eq!(ledger.terms(LockId(1)).points_above(), 0.into());
    assert_eq!(ledger.terms(LockId(2)).points_above(), 4.into());
    ledger.wait(end_of(6));
    assert_eq!(
        amounts(&ledger, 1),
        (20 + 12).into(),
        "the part does not count any more"
    );
}

#[test]
fn changes_count_without_rewards() {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.gauge_of(GENESIS, 1, 1, None, 0);
    ledger.locks_for(within(1), 1, 10, 1);
    ledger.locks_for(within(3), 2, 10, 1);
    ledger.forced(within(4), 2);
    ledger.wait(end_of(9));
    assert_eq!(amounts(&ledger, 1), 60.into());
    assert_eq!(ledger.terms(LockId(1)).settlements, 0);
}

#[test]
fn points_pass_within_the_bound_and_no_further() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 2, 1);
    ledger.wait(end_of(1));
    let floor = BigInt::from(10_u128.pow(37)) / 3;
    let check = |points: &BigInt| {
        ledger.check_points(&LockHolding {
            lock: LockId(1),
            denom: DENOM,
            points,
        })
    };
    let bound = ledger.terms(LockId(1)).points_below();
    assert_eq!(bound, 4.into());
    // The exact reward is a third of a point above the floor.
    check(&floor).unwrap();
    check(&(&floor - &bound + 1)).unwrap();
    assert!(matches!(
        check(&(&floor - &bound)),
        Err(GaugeLedgerError::Claim(ClaimError::TooLittle { .. }))
    ));
    assert!(matches!(
        check(&(&floor + 1)),
        Err(GaugeLedgerError::Claim(ClaimError::TooMuch { .. }))
    ));
}

#[test]
fn a_lost_reward_is_found() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 2, 1);
    ledger.wait(end_of(1));
    let lock = ledger.locks.get_mut(&LockId(1)).unwrap();
    lock.rewards.clear();
    assert_eq!(
        ledger.check_conservation(),
        Err(GaugeLedgerError::NotConserved(NotConserved {
            denom: DENOM.to_owned(),
            difference: Box::new(ratio(-10, 3)),
        }))
    );
}
