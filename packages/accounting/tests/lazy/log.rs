//! The log of power changes.

use accounting::lazy::log::{LOG_LENGTH, Moment, PowerChange, Totals, ValidatorState};
use distribution_math::{Points, Rate};

use crate::numbers::{denom, percent};
use crate::pool::TestPool;

fn sequences(pool: &TestPool, start_after: Option<u64>, limit: usize) -> Vec<u64> {
    let entries = pool.look(|engine, books| engine.power_changes(books, start_after, limit));
    entries.iter().map(|entry| entry.sequence).collect()
}

#[test]
fn an_entry_says_how_the_pools_were_shared_before_and_after() {
    let mut pool = TestPool::lazy();
    pool.create("v1", percent(10));
    pool.create("v2", Rate::ZERO);
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    pool.distribute(Points::from_coins(30), Points::from_coins(4));
    pool.reward("v1", Points::from_coins(5));
    pool.power("v2", 50);
    pool.units("bob", "v1", 3);
    let at = |units: u128, active: u32, power: u64| Moment {
        validator: ValidatorState {
            power: 100,
            units,
            rate: percent(10),
        },
        totals: Totals { power, active },
    };
    let change = pool.last_change();
    assert_eq!(change.validator, b"v1");
    assert_eq!(change.before, at(7, 2, 150));
    assert_eq!(change.after, at(10, 2, 150));
    let received = change.received.get(denom());
    assert_eq!(received.by_power, Points::from_coins(30));
    assert_eq!(received.equally, Points::from_coins(4));
    assert_eq!(received.proposer, Points::from_coins(5));
    assert!(!change.announced);
    // What joined is an entry of the other validator.
    let joined: &PowerChange = pool.log.values().rev().nth(1).unwrap();
    assert_eq!(joined.validator, b"v2");
    assert_eq!(
        (joined.before.totals.power, joined.after.totals.power),
        (100, 150)
    );
}

#[test]
fn what_changes_nothing_is_no_entry() {
    let mut pool = TestPool::lazy();
    pool.create("v1", percent(10));
    assert!(pool.log.is_empty());
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    let length = pool.log.len();
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    pool.units("bob", "v1", 0);
    pool.rate("v1", percent(10));
    pool.receive(1_000);
    pool.withdraw("alice", "v1");
    pool.withdraw_commission("v1");
    pool.settle("v1");
    assert_eq!(pool.log.len(), length);
}

#[test]
fn the_newest_entries_are_kept_and_numbers_go_on() {
    let mut pool = TestPool::lazy();
    pool.create("v1", percent(10));
    let beyond = 7;
    for power in 1..=LOG_LENGTH + beyond {
        pool.act(|engine, books| engine.set_power(books, b"v1", power));
    }
    let all = sequences(&pool, None, usize::MAX);
    let kept: Vec<u64> = (beyond + 1..=LOG_LENGTH + beyond).collect();
    assert_eq!(all, kept);
    assert_eq!(sequences(&pool, None, 2), [beyond + 1, beyond + 2]);
    assert_eq!(sequences(&pool, Some(3), 1), [beyond + 1]);
    let last = LOG_LENGTH + beyond;
    assert_eq!(sequences(&pool, Some(last - 1), 10), [last]);
    assert_eq!(sequences(&pool, Some(last), 10), [0u64; 0]);
    assert_eq!(sequences(&pool, Some(u64::MAX), 10), [0u64; 0]);
}
