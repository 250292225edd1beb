//! A `settle` without an asset, and the clock, visit only pools in which something can happen.

use serde_json::json;

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, cursors, event, events, paid, pool, refused_with, suite,
    ulp,
};

fn settle(suite: &mut GaugesSuite) -> bool {
    let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
    response.data.unwrap().as_slice() == br#"{"done":true}"#
}

/// How many gauges paid in one step of the clock.
fn tick(suite: &mut GaugesSuite) -> usize {
    let response = suite.sudo(json!({"clock_end_block": {}})).unwrap();
    events(&response, "distribute").len()
}

fn junk(number: usize) -> serde_json::Value {
    json!({"native": format!("junk{number}")})
}

/// Makes a perpetual gauge of one base unit for each of many denoms, of which nothing is locked.
fn spam(suite: &mut GaugesSuite, count: usize) {
    for number in 0..count {
        let gauge = json!({"create_gauge": {"lock_asset": junk(number), "duration": DAY}});
        suite
            .execute_with("fees", gauge, vec![coin(1, "uatom")])
            .unwrap();
    }
}

#[test]
fn gauges_of_pools_without_stake_do_not_delay_the_others() {
    let mut suite = suite();
    spam(&mut suite, 90);
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    assert_eq!(tick(&mut suite), 1);
    assert_eq!(pool(&suite, DAY)["settled"], 1);
    suite.pass_until(2 * DAY);
    assert!(settle(&mut suite));
    assert_eq!(pool(&suite, DAY)["settled"], 2);
    assert_eq!(paid(&mut suite, "alice", lock), 200);
    check_ledger(&suite);
}

#[test]
fn a_pool_without_stake_is_settled_again_after_a_lock_joins_or_cancels() {
    let mut suite = GaugesSuite::builder()
        .balance("alice", 100, "junk1")
        .build()
        .unwrap();
    let gauge = json!({"create_gauge": {"lock_asset": junk(1), "duration": DAY, "epochs": 10}});
    suite
        .execute_with("fees", gauge, vec![coin(1_000, "uatom")])
        .unwrap();
    suite.pass_until(3 * DAY + 1);
    let msg = json!({"lock": {"duration": 2 * DAY}});
    suite
        .execute_with("alice", msg, vec![coin(10, "junk1")])
        .unwrap();
    suite.pass_until(4 * DAY);
    assert_eq!(tick(&mut suite), 1);
    // Its exit is settled. After that the pool is not visited.
    suite
        .execute("alice", json!({"begin_unlock": {"id": 1}}))
        .unwrap();
    suite.pass_until(5 * DAY);
    assert_eq!(tick(&mut suite), 1);
    suite.pass_until(8 * DAY + 1);
    for _ in 0..3 {
        assert_eq!(tick(&mut suite), 0);
    }
    suite
        .execute("alice", json!({"cancel_unlock": {"id": 1}}))
        .unwrap();
    suite.pass_until(9 * DAY);
    assert_eq!(tick(&mut suite), 1);
    suite.pass_until(10 * DAY);
    assert!(settle(&mut suite));
    assert_eq!(paid(&mut suite, "alice", 1), 400);
    check_ledger(&suite);
}

#[test]
fn an_empty_gauge_is_settled_again_after_a_top_up() {
    let mut suite = suite();
    suite.gauge(DAY, 100, None);
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    assert_eq!(tick(&mut suite), 1);
    suite.pass_until(5 * DAY);
    for _ in 0..3 {
        assert_eq!(tick(&mut suite), 0);
    }
    let more = json!({"add_to_gauge": {"id": 1}});
    suite
        .execute_with("fees", more, vec![coin(50, "uatom")])
        .unwrap();
    suite.pass_until(6 * DAY);
    assert_eq!(tick(&mut suite), 1);
    assert_eq!(paid(&mut suite, "alice", lock), 150);
    check_ledger(&suite);
}

#[test]
fn a_pool_whose_last_gauge_ends_in_the_middle_of_a_turn_does_not_make_it_endless() {
    for (first, second) in [(1, 10), (10, 1), (1, 1)] {
        let mut suite = suite();
        suite.gauge(DAY, 100, Some(first));
        suite.gauge(7 * DAY, 100, Some(second));
        suite.gauge(14 * DAY, 100, Some(10));
        suite.lock("alice", 10, 14 * DAY);
        suite.pass_until(DAY);
        let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
        assert_eq!(event(&response, "settle")["done"], "true");
        assert_eq!(events(&response, "distribute").len(), 3);
        suite.pass_until(2 * DAY);
        assert!(settle(&mut suite));
        check_ledger(&suite);
    }
}

/// Locks one unit in each of so many epochs, which changes the stake of every pool.
fn busy_days(suite: &mut GaugesSuite, from: u64, days: u64) {
    for day in from..from + days {
        suite.pass_until(day * DAY + 1);
        suite.lock("bob", 1, 14 * DAY);
    }
    suite.pass_until((from + days) * DAY + 1);
}

#[test]
fn a_lock_is_changed_without_settling_pools_that_cannot_pay() {
    // Without a gauge, and with an empty perpetual one.
    for with_gauge in [false, true] {
        let mut suite = suite();
        let lock = suite.lock("alice", 10, 14 * DAY);
        let mut earned = 0;
        if with_gauge {
            suite.gauge(7 * DAY, 50, None);
            suite.pass_until(DAY + 1);
            suite.settle();
            earned = 50;
        }
        busy_days(&mut suite, 2, 40);
        let add = json!({"add_to_lock": {"id": lock}});
        suite
            .execute_with("alice", add, vec![coin(5, "ulp")])
            .unwrap();
        for cursor in cursors(&suite, lock) {
            assert_eq!(cursor["cursor"], 42);
        }
        for msg in [
            json!({"begin_unlock": {"id": lock}}),
            json!({"cancel_unlock": {"id": lock}}),
            json!({"extend_lock": {"id": lock, "duration": 15 * DAY}}),
        ] {
            suite.execute("alice", msg).unwrap();
        }
        check_ledger(&suite);
        // A first gauge, or a top-up, settles the pool first. The error names the message for it.
        let (msg, funds) = if with_gauge {
            (
                json!({"add_to_gauge": {"id": 1}}),
                vec![coin(5_500, "uatom")],
            )
        } else {
            let gauge =
                json!({"create_gauge": {"lock_asset": ulp(), "duration": 7 * DAY, "epochs": 1}});
            (gauge, vec![coin(5_500, "uatom")])
        };
        let named = r#"{"settle":{"lock_asset":{"native":"ulp"},"duration":604800}}"#;
        refused_with(&mut suite, "fees", msg.clone(), funds.clone(), &[named]);
        suite
            .execute(
                "anyone",
                json!({"settle": {"lock_asset": ulp(), "duration": 7 * DAY}}),
            )
            .unwrap();
        suite.execute_with("fees", msg, funds).unwrap();
        suite.pass_until(43 * DAY);
        // 15 of 55 units, in the running epoch only.
        assert_eq!(paid(&mut suite, "alice", lock), 1_500 + earned);
        check_ledger(&suite);
    }
}
