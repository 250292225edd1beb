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

#[test]
fn a_new_gauge_ends_the_oldest_that_has_nothing_to_give() {
    // Perpetual ones that are empty, and finite ones that were never filled.
    for epochs in [Value::Null, json!(1_000)] {
        let mut suite = GaugesSuite::builder()
            .with("creation_fee", json!({"denom": "uatom", "amount": "10"}))
            .build()
            .unwrap();
        let lock = suite.lock("alice", 10, DAY);
        for _ in 0..16 {
            let sent = if epochs.is_null() { 11 } else { 10 };
            let msg = gauge_of(DAY, &[("epochs", epochs.clone())]);
            suite
                .execute_with("fees", msg, vec![coin(sent, "uatom")])
                .unwrap();
        }
        suite.pass_until(DAY);
        suite.settle();
        // One of them gets coins before that.
        let more = json!({"add_to_gauge": {"id": 1}});
        suite
            .execute_with("fees", more, vec![coin(1_000, "uatom")])
            .unwrap();
        for new in 17..=31u64 {
            let msg = gauge_of(DAY, &[("epochs", json!(10))]);
            suite
                .execute_with("fees", msg, vec![coin(1_010, "uatom")])
                .unwrap();
            let ended = gauge(&suite, new - 15);
            assert_eq!(ended["status"], "finished");
        }
        assert_eq!(gauge(&suite, 1)["status"], "active");
        refused_with(
            &mut suite,
            "fees",
            gauge_of(DAY, &[]),
            vec![coin(1_010, "uatom")],
            &["pool ulp/86400 has 16 gauges"],
        );
        refused_with(
            &mut suite,
            "fees",
            json!({"add_to_gauge": {"id": 2}}),
            vec![coin(1, "uatom")],
            &["gauge 2 is over"],
        );
        suite.pass_until(2 * DAY);
        let of_first = if epochs.is_null() { 16 + 1_000 } else { 1 };
        assert_eq!(paid(&mut suite, "alice", lock), 15 * 100 + of_first);
        check_ledger(&suite);
    }
}
