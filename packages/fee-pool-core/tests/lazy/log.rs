//! The log of power changes.

use distribution_math::{Points, Rate};
use fee_pool_core::lazy::log::{Change, PowerChange, Snapshot, Totals, ValidatorState, page};
use fee_pool_core::powers;

use crate::numbers::{denom, percent};
use crate::pool::{LazyPool, address};

fn sequences(pool: &LazyPool, start_after: Option<u64>, limit: usize) -> Vec<u64> {
    let entries = page(&pool.storage, start_after, limit).unwrap();
    entries.iter().map(|entry| entry.sequence).collect()
}

#[test]
fn an_entry_says_how_the_pools_were_shared_before_and_after() {
    let mut pool = LazyPool::new();
    pool.create("v1", percent(10));
    pool.create("v2", Rate::ZERO);
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    pool.distribute(Points::from_coins(30), Points::from_coins(4));
    pool.reward("v1", Points::from_coins(5));
    pool.power("v2", 50);
    pool.units("bob", "v1", 3);
    let at = |units: u128, active: u32, power: u64| Snapshot {
        validator: ValidatorState {
            power: 100,
            units,
            rate: percent(10),
        },
        totals: Totals { power, active },
    };
    let newest = pool.last_change();
    assert_eq!(newest.validator, address("v1"));
    let expected = Change {
        before: at(7, 2, 150),
        after: at(10, 2, 150),
    };
    assert_eq!(newest.change, expected);
    let received = newest.received.get(denom());
    assert_eq!(received.by_power, Points::from_coins(30));
    assert_eq!(received.equally, Points::from_coins(4));
    assert_eq!(received.proposer, Points::from_coins(5));
    // What joined is an entry of the other validator.
    let joined: PowerChange = pool.log().into_values().rev().nth(1).unwrap();
    assert_eq!(joined.validator, address("v2"));
    let Change { before, after } = joined.change;
    assert_eq!((before.totals.power, after.totals.power), (100, 150));
}

#[test]
fn what_changes_nothing_is_no_entry() {
    let mut pool = LazyPool::new();
    pool.create("v1", percent(10));
    assert!(pool.log().is_empty());
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    let length = pool.log().len();
    pool.power("v1", 100);
    pool.units("alice", "v1", 7);
    pool.units("bob", "v1", 0);
    pool.rate("v1", percent(10));
    pool.receive(1_000);
    pool.withdraw("alice", "v1");
    pool.withdraw_commission("v1");
    pool.settle("v1");
    assert_eq!(pool.log().len(), length);
}

#[test]
fn several_changes_of_a_message_are_as_many_entries() {
    let mut pool = LazyPool::new();
    pool.create("v1", percent(10));
    pool.act(|books| {
        for power in [5, 6, 5] {
            powers::set(books, &address("v1"), power)?;
        }
        Ok(())
    });
    let powers: Vec<u64> = pool
        .log()
        .values()
        .map(|entry| entry.change.after.validator.power)
        .collect();
    assert_eq!(powers, [5, 6, 5]);
}

/// However long it gets: an entry is never rewritten or deleted.
#[test]
fn every_entry_is_kept_and_numbers_go_on() {
    let mut pool = LazyPool::new();
    pool.create("v1", percent(10));
    let count = 1_000;
    let mut so_far = Vec::new();
    for power in 1..=count {
        pool.power("v1", power);
        if power == count / 2 {
            so_far = pool.log().into_iter().collect();
        }
    }
    let log: Vec<(u64, PowerChange)> = pool.log().into_iter().collect();
    assert_eq!(log[..so_far.len()], so_far);
    let all: Vec<u64> = (1..=count).collect();
    assert_eq!(sequences(&pool, None, usize::MAX), all);
    assert_eq!(sequences(&pool, None, 2), [1, 2]);
    assert_eq!(sequences(&pool, Some(3), 1), [4]);
    assert_eq!(sequences(&pool, Some(count - 1), 10), [count]);
    assert_eq!(sequences(&pool, Some(count), 10), [0u64; 0]);
    assert_eq!(sequences(&pool, Some(u64::MAX), 10), [0u64; 0]);
}
