//! Histories that somebody would choose who wants a panic, a point too much or a point lost.

use distribution_math::{Points, Rate};
use fee_pool_core::books::Books;
use fee_pool_core::{Accounting, ContractError, Lazy, powers};

use crate::history::{Op, Run};
use crate::numbers::{coins, percent, points};
use crate::pool::{LazyPool, address, key};

const MOST_UNITS: u128 = 10u128.pow(34);
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
    let mut run = Run::<Lazy>::new();
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
        history.push(Op::Rate {
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
    type Step = fn(&mut Books<Lazy>) -> Result<(), ContractError>;
    let steps: [Step; 4] = [
        |books| powers::set(books, &address("v1"), 70),
        |books| powers::set(books, &address("v2"), 0),
        |books| Lazy::set_commission_rate(books, &address("v1"), percent(50)),
        |books| Lazy::set_delegation(books, key("alice", "v1"), 5),
    ];
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];
    for order in orders {
        let mut pool = LazyPool::new();
        for validator in ["v1", "v2"] {
            pool.create(validator, percent(10));
            pool.power(validator, 100);
        }
        pool.units("alice", "v1", 20);
        pool.units("bob", "v1", 20);
        pool.receive(1_000);
        pool.act(|books| {
            order
                .iter()
                .try_for_each(|place: &usize| steps[*place](books))
        });
        // The log has them all, each with the totals that the one before it left.
        let log = pool.log();
        let entries: Vec<_> = log.values().rev().take(4).collect();
        for pair in entries.windows(2) {
            assert_eq!(pair[1].change.after.totals, pair[0].change.before.totals);
        }
        for (who, expected) in [("alice", 225u128), ("bob", 225)] {
            let short = coins(expected) - points(pool.rewards(who, "v1"));
            assert!(short >= coins(0) && short * coins(1) < coins(300), "{who}");
        }
        let short = coins(50) - points(pool.commission("v1"));
        assert!(short >= coins(0) && short * coins(1) < coins(300));
    }
}
