//! Histories that somebody would choose who wants a panic, a point too much or a point lost.

use accounting::{Accounting, Books};
use distribution_math::{Points, Rate};

use crate::history::{Op, Run};
use crate::numbers::{coins, denom, percent, points};
use crate::pool::{TestPool, key};

const MOST_UNITS: u128 = 10u128.pow(30);
const MOST_POWER: u64 = (1 << 63) - 1;

fn power(validator: usize, power: u64) -> Op {
    Op::Power { validator, power }
}

fn units(delegator: usize, validator: usize, units: u128) -> Op {
    Op::Units {
        delegator,
        validator,
        units,
    }
}

fn block(coins: u128) -> Op {
    Op::Block {
        by_power: Points::from_coins(coins),
        equally: Points::from_coins(coins / 3),
    }
}

fn holds_throughout(history: &[Op]) {
    let mut run = Run::new();
    for op in history {
        run.apply(op);
        run.check();
    }
    run.pay_everybody();
    run.check();
}

/// Everything that can come in comes in for one unit of power and one delegated unit; then both
/// grow to the most, and the units leave and come back: `Z`, `V` and `X` are as far from zero as
/// they can be, and shares as large.
#[test]
fn sums_stay_in_range_when_everything_came_in_for_the_least_stake() {
    let mut history = vec![power(0, 1), units(0, 0, 1), block(u128::MAX / 4)];
    for _ in 0..3 {
        history.extend([
            power(0, MOST_POWER / 2),
            power(1, MOST_POWER / 2),
            units(1, 0, MOST_UNITS - 1),
            Op::Rate {
                validator: 0,
                rate: Rate::from_atomics(1).unwrap(),
            },
            units(1, 0, 0),
            units(0, 0, 0),
            units(2, 0, MOST_UNITS),
            power(1, 0),
            power(0, 1),
            units(2, 0, 0),
            units(0, 0, 1),
        ]);
    }
    history.push(block(u128::MAX / 4));
    holds_throughout(&history);
}

/// Nobody is left, fees come in for nobody, and everybody comes back.
#[test]
fn the_exit_of_everybody_loses_and_makes_nothing() {
    let mut history = Vec::new();
    for round in 0..3u64 {
        for validator in 0..3 {
            history.push(power(validator, 3 + round));
            history.push(units(validator, validator, 7 + u128::from(round)));
        }
        history.push(block(1_000));
        history.push(Op::Announce {
            validator: 1,
            rate: percent(10 * (round + 1)),
        });
        history.push(block(999));
        for validator in 0..3 {
            history.push(units(validator, validator, 0));
            history.push(Op::Remove { validator });
        }
        history.push(block(998));
        for validator in 0..3 {
            history.push(Op::Create {
                validator,
                rate: percent(5),
            });
        }
    }
    holds_throughout(&history);
}

/// The order of changes of one message does not matter to what came in before it.
#[test]
fn changes_of_one_message_in_any_order_leave_what_was_earned() {
    type Step = fn(&dyn Accounting, &mut Books) -> Result<(), accounting::AccountingError>;
    let steps: [Step; 4] = [
        |engine, books| engine.set_power(books, b"v1", 70),
        |engine, books| engine.set_power(books, b"v2", 0),
        |engine, books| engine.set_commission_rate(books, b"v1", percent(50)),
        |engine, books| engine.set_delegation(books, key("alice", "v1"), 5),
    ];
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];
    for order in orders {
        let mut pool = TestPool::lazy();
        for validator in ["v1", "v2"] {
            pool.create(validator, percent(10));
            pool.power(validator, 100);
        }
        pool.units("alice", "v1", 20);
        pool.units("bob", "v1", 20);
        pool.receive(1_000);
        pool.act(|engine, books| {
            order
                .iter()
                .try_for_each(|place: &usize| steps[*place](engine, books))
        });
        // The log has them all, each with the totals that the one before it left.
        let entries: Vec<_> = pool.log.values().rev().take(4).collect();
        for pair in entries.windows(2) {
            assert_eq!(pair[1].after.totals, pair[0].before.totals);
        }
        for (who, expected) in [("alice", 225u128), ("bob", 225)] {
            let short = coins(expected) - points(pool.rewards(who, "v1"));
            assert!(short >= coins(0) && short * coins(1) < coins(300), "{who}");
        }
        let short = coins(50) - points(pool.commission("v1"));
        assert!(short >= coins(0) && short * coins(1) < coins(300));
    }
}

/// An announcement and the change that settles it in one message, and another at once.
#[test]
fn announcements_settle_within_the_message_that_made_them() {
    let mut pool = TestPool::lazy();
    pool.create("v1", percent(10));
    pool.power("v1", 100);
    pool.units("alice", "v1", 20);
    pool.receive(1_000);
    pool.tell("v1", Some(percent(40)));
    pool.act(|engine, books| {
        engine.mark_commission_stale(books, b"v1")?;
        engine.set_delegation(books, key("alice", "v1"), 40)?;
        engine.mark_commission_stale(books, b"v1")
    });
    pool.receive(1_000);
    pool.settle("v1");
    assert_eq!(points(pool.commission("v1")), coins(100 + 400));
    assert_eq!(points(pool.rewards("alice", "v1")), coins(900 + 600));
    let rates: Vec<Rate> = pool
        .log
        .values()
        .map(|change| change.after.validator.rate)
        .collect();
    assert!(pool.log.values().all(|change| !change.announced));
    assert_eq!(&rates[rates.len() - 3..], [percent(40); 3]);
    assert!(pool.look(|_, books| Ok(books.pool.denoms.get(denom()).by_power)) > Points::ZERO);
}

/// A slash between an announcement and its rate changes no reward.
#[test]
fn a_slash_after_an_announcement_changes_nothing() {
    let claims = |slashed: bool| {
        let mut pool = TestPool::lazy();
        pool.create("v1", percent(10));
        pool.power("v1", 100);
        pool.units("alice", "v1", 20);
        pool.receive(1_000);
        pool.announce("v1", percent(40));
        pool.receive(1_000);
        if slashed {
            pool.act(|engine, books| engine.slash(books, b"v1", percent(50)));
        }
        pool.receive(1_000);
        (pool.commission("v1"), pool.rewards("alice", "v1"))
    };
    assert_eq!(claims(true), claims(false));
}
