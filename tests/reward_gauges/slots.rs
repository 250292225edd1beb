//! The sixteen slots that a pool has for gauges.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, gauge, gauge_of, paid, refused_with, suite,
};

#[test]
fn a_pool_has_at_most_sixteen_gauges_upcoming_and_active_together() {
    let mut suite = suite();
    let ahead = json!(suite.genesis + 30 * DAY);
    for number in 0..16 {
        let start = if number % 2 == 0 {
            ahead.clone()
        } else {
            Value::Null
        };
        let msg = gauge_of(DAY, &[("start", start), ("epochs", json!(1))]);
        suite
            .execute_with("fees", msg, vec![coin(10, "uatom")])
            .unwrap();
    }
    refused_with(
        &mut suite,
        "fees",
        gauge_of(DAY, &[]),
        vec![coin(10, "uatom")],
        &["pool ulp/86400 has 16 gauges"],
    );
    suite.gauge(7 * DAY, 10, None);
    // A gauge that is over frees its slot.
    suite.lock("alice", 1, DAY);
    suite.pass_until(DAY);
    suite
        .execute_with("fees", gauge_of(DAY, &[]), vec![coin(10, "uatom")])
        .unwrap();
    check_ledger(&suite);
}

/// A pool of which a gauge costs 10 `uatom`, and sixteen gauges that have nothing to give: perpetual
/// ones that gave their one coin in epoch 1, or finite ones that were never filled.
fn with_dormant_gauges(epochs: &Value) -> GaugesSuite {
    let mut suite = GaugesSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "10"}))
        .build()
        .unwrap();
    suite.lock("alice", 10, DAY);
    for _ in 0..16 {
        let sent = if epochs.is_null() { 11 } else { 10 };
        let msg = gauge_of(DAY, &[("epochs", epochs.clone())]);
        suite
            .execute_with("fees", msg, vec![coin(sent, "uatom")])
            .unwrap();
    }
    suite.pass_until(DAY);
    suite.settle();
    suite
}

#[test]
fn a_dormant_gauge_holds_no_slot_nobody_else_ends_it_and_a_top_up_wakes_it() {
    for epochs in [Value::Null, json!(2)] {
        let mut suite = with_dormant_gauges(&epochs);
        for id in 1..=16 {
            assert_eq!(gauge(&suite, id)["status"], "dormant");
        }
        for list in ["active_gauges", "upcoming_gauges", "finished_gauges"] {
            let answer = suite.query(json!({list: {}})).unwrap();
            assert_eq!(answer["gauges"], json!([]), "{list}");
        }
        // All slots are free.
        for _ in 0..16 {
            let msg = gauge_of(DAY, &[("epochs", json!(10))]);
            suite
                .execute_with("fees", msg, vec![coin(1_010, "uatom")])
                .unwrap();
        }
        assert_eq!(gauge(&suite, 1)["status"], "dormant");
        let more = json!({"add_to_gauge": {"id": 1}});
        let coins = vec![coin(1_000, "uatom")];
        let full =
            "pool ulp/86400 has 16 gauges that are upcoming or active, the most: no slot is free";
        refused_with(&mut suite, "fees", more.clone(), coins.clone(), &[full]);
        refused_with(
            &mut suite,
            "fees",
            gauge_of(DAY, &[]),
            vec![coin(1_010, "uatom")],
            &[full],
        );
        // One that sleeps from the beginning needs none.
        suite
            .execute_with("fees", gauge_of(DAY, &[]), vec![coin(10, "uatom")])
            .unwrap();
        suite
            .execute("owner", json!({"evict_gauge": {"id": 17}}))
            .unwrap();
        suite.execute_with("fees", more, coins).unwrap();
        assert_eq!(gauge(&suite, 1)["status"], "active");
        check_ledger(&suite);
        let owed = suite.owed(1);
        suite.pass_until(2 * DAY);
        // It pays by its number before the others, and what it has in full or by half.
        let of_first = if epochs.is_null() { 1_000 } else { 500 };
        assert_eq!(suite.owed(1), owed + 15 * 100 + of_first);
        suite.settle();
        check_ledger(&suite);
    }
}

#[test]
fn epochs_in_which_a_gauge_sleeps_are_none_of_those_that_it_pays() {
    let mut suite = with_dormant_gauges(&json!(2));
    suite.pass_until(5 * DAY);
    let more = json!({"add_to_gauge": {"id": 16}});
    suite
        .execute_with("fees", more, vec![coin(7, "uatom")])
        .unwrap();
    assert_eq!(gauge(&suite, 16)["filled_epochs"], 0);
    suite.pass_until(6 * DAY);
    let rewards = suite.query(json!({"owed": {"id": 1}})).unwrap();
    assert_eq!(rewards["rewards"][0]["amount"], "3.5");
    suite.pass_until(9 * DAY);
    assert_eq!(paid(&mut suite, "alice", 1), 7);
    assert_eq!(gauge(&suite, 16)["status"], "finished");
    check_ledger(&suite);
}

#[test]
fn a_woken_gauge_pays_nothing_of_epochs_that_locks_have_passed_in_the_idle_pool() {
    let mut suite = with_dormant_gauges(&Value::Null);
    suite.pass_until(4 * DAY + 1);
    // Nobody settles the pool, but the lock is settled through epoch 4.
    assert_eq!(paid(&mut suite, "alice", 1), 16);
    assert_eq!(crate::support::pool(&suite, DAY)["settled"], 1);
    assert_eq!(crate::support::cursors(&suite, 1)[0]["cursor"], 4);
    let more = json!({"add_to_gauge": {"id": 3}});
    suite
        .execute_with("fees", more, vec![coin(50, "uatom")])
        .unwrap();
    assert_eq!(crate::support::pool(&suite, DAY)["settled"], 4);
    suite.pass_until(5 * DAY);
    assert_eq!(paid(&mut suite, "alice", 1), 50);
    check_ledger(&suite);
}

#[test]
fn a_dormant_gauge_is_closed_or_evicted_and_returns_nothing() {
    let mut suite = GaugesSuite::builder().build().unwrap();
    let id = suite.gauge(DAY, 5, None);
    suite.lock("alice", 1, DAY);
    suite.pass_until(DAY);
    suite.settle();
    let before = suite.balance("fees", "uatom");
    suite
        .execute("fees", json!({"close_gauge": {"id": id}}))
        .unwrap();
    assert_eq!(suite.balance("fees", "uatom"), before);
    assert_eq!(gauge(&suite, id)["status"], "closed");
    refused_with(
        &mut suite,
        "fees",
        json!({"add_to_gauge": {"id": id}}),
        vec![coin(1, "uatom")],
        &["is over"],
    );
    check_ledger(&suite);
}
