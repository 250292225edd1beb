//! What a crank looks at: pools in which something can happen, and no others.

use serde_json::json;

use crate::support::{
    DAY, GaugesSuite, books_hold, coin, cursors, event, events, paid, pool, refused_with, suite,
    ulp,
};

fn settle(suite: &mut GaugesSuite) -> bool {
    let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
    response.data.unwrap().as_slice() == br#"{"done":true}"#
}

/// What gauges gave in one step of the clock.
fn tick(suite: &mut GaugesSuite) -> usize {
    let response = suite.sudo(json!({"clock_end_block": {}})).unwrap();
    events(&response, "distribute").len()
}

fn junk(number: usize) -> serde_json::Value {
    json!({"native": format!("junk{number}")})
}

/// Makes a perpetual gauge of one base unit for each of many denoms that nobody locked.
fn spam(suite: &mut GaugesSuite, count: usize) {
    for number in 0..count {
        let gauge = json!({"create_gauge": {"denom": junk(number), "duration": DAY}});
        suite
            .execute_with("fees", gauge, vec![coin(1, "uatom")])
            .unwrap();
    }
}

#[test]
fn gauges_of_pools_without_stake_keep_no_crank_from_the_others() {
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
    books_hold(&suite);
}

#[test]
fn a_pool_that_waits_for_stake_is_cranked_again_when_somebody_joins_or_comes_back() {
    let mut suite = GaugesSuite::builder()
        .balance("alice", 100, "junk1")
        .build()
        .unwrap();
    let gauge = json!({"create_gauge": {"denom": junk(1), "duration": DAY, "epochs": 10}});
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
    // It leaves: the exit is settled, then nothing is left to look at.
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
    books_hold(&suite);
}

#[test]
fn a_dry_gauge_is_cranked_again_when_somebody_adds_to_it() {
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
    books_hold(&suite);
}

#[test]
fn a_pool_that_ends_in_the_middle_of_a_turn_does_not_make_it_endless() {
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
        books_hold(&suite);
    }
}

/// Somebody locks one unit each day: that many epochs with a change of every pool's stake.
fn busy_days(suite: &mut GaugesSuite, from: u64, days: u64) {
    for day in from..from + days {
        suite.pass_until(day * DAY + 1);
        suite.lock("bob", 1, 14 * DAY);
    }
    suite.pass_until((from + days) * DAY + 1);
}

#[test]
fn pools_that_cannot_pay_keep_nobody_from_changing_a_lock() {
    // Without any gauge, and with a perpetual one that is dry.
    for dry in [false, true] {
        let mut suite = suite();
        let lock = suite.lock("alice", 10, 14 * DAY);
        let mut earned = 0;
        if dry {
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
        books_hold(&suite);
        // A first gauge, or a first coin, settles what lags: the error names how.
        let (msg, funds) = if dry {
            (
                json!({"add_to_gauge": {"id": 1}}),
                vec![coin(5_500, "uatom")],
            )
        } else {
            let gauge = json!({"create_gauge": {"denom": ulp(), "duration": 7 * DAY, "epochs": 1}});
            (gauge, vec![coin(5_500, "uatom")])
        };
        let named = r#"{"settle":{"denom":{"native":"ulp"},"duration":604800}}"#;
        refused_with(&mut suite, "fees", msg.clone(), funds.clone(), &[named]);
        suite
            .execute(
                "anyone",
                json!({"settle": {"denom": ulp(), "duration": 7 * DAY}}),
            )
            .unwrap();
        suite.execute_with("fees", msg, funds).unwrap();
        suite.pass_until(43 * DAY);
        // 15 of 55 units, for the running epoch alone.
        assert_eq!(paid(&mut suite, "alice", lock), 1_500 + earned);
        books_hold(&suite);
    }
}
