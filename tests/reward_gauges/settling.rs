//! Settlement: anyone may do it, in any number of steps and more than once, and epochs in which
//! nothing happens cost nothing.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, check_ledger, event, events, gauge, paid, pool, refused, suite,
};

fn settle(suite: &mut GaugesSuite, limit: u32) -> bool {
    let response = suite
        .execute("anyone", json!({"settle": {"limit": limit}}))
        .unwrap();
    response.data.unwrap().as_slice() == br#"{"done":true}"#
}

#[test]
fn without_stake_nothing_leaves_the_gauge_and_the_schedule_pauses() {
    let mut suite = suite();
    let id = suite.gauge(7 * DAY, 300, Some(3));
    suite.pass_until(5 * DAY + 1);
    suite.settle();
    assert_eq!(gauge(&suite, id)["filled_epochs"], 0);
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite.pass_until(7 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 200);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    suite.pass_until(20 * DAY);
    suite.settle();
    assert_eq!(gauge(&suite, id)["filled_epochs"], 2);
    assert_eq!(gauge(&suite, id)["status"], "active");
    let next = suite.lock("bob", 1, 7 * DAY);
    suite.pass_until(30 * DAY);
    assert_eq!(paid(&mut suite, "bob", next), 100);
    assert_eq!(gauge(&suite, id)["status"], "finished");
    check_ledger(&suite);
}

#[test]
fn while_an_epoch_is_half_settled_claims_pay_through_the_one_before() {
    let mut suite = suite();
    for _ in 0..3 {
        suite.gauge(7 * DAY, 3_000, Some(10));
    }
    let lock = suite.lock("alice", 7, 7 * DAY);
    suite.pass_until(2 * DAY);
    assert!(!settle(&mut suite, 4));
    let running = pool(&suite, 7 * DAY);
    assert_eq!(
        (&running["settled"], &running["is_running"]),
        (&json!(1), &json!(true))
    );
    let current = suite
        .query(json!({"current_reward": {"lock_asset": {"native": "ulp"}, "duration": 7 * DAY}}))
        .unwrap();
    assert_eq!(current["epoch"], 2);
    check_ledger(&suite);
    // A claim with too few steps to finish the epoch pays what was finished before.
    suite
        .execute("alice", json!({"claim": {"lock_ids": [lock], "limit": 1}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 899);
    check_ledger(&suite);
    assert!(settle(&mut suite, 100));
    assert_eq!(paid(&mut suite, "alice", lock), 900);
    check_ledger(&suite);
}

#[test]
fn settling_in_steps_of_any_size_gives_the_same() {
    let story = |limits: &[u32]| {
        let mut suite = suite();
        for epochs in [Some(3), None, Some(7)] {
            suite.gauge(DAY, 1_000, epochs);
            suite.gauge(7 * DAY, 999, epochs);
        }
        suite.lock("alice", 7, 7 * DAY);
        suite.pass_until(DAY + 5);
        suite.lock("bob", 3, 8 * DAY);
        suite.pass_until(12 * DAY + 5);
        let mut done = false;
        for limit in limits.iter().cycle() {
            if done {
                break;
            }
            done = settle(&mut suite, *limit);
        }
        // A second settlement does nothing.
        let settled = suite.dump();
        assert!(settle(&mut suite, 100));
        assert!(settled == suite.dump());
        check_ledger(&suite);
        (suite.owed(1), suite.owed(2), gauge(&suite, 5))
    };
    let whole = story(&[100]);
    for limits in [&[1][..], &[2], &[3], &[5, 1], &[7, 2, 1]] {
        assert_eq!(story(limits), whole, "in steps of {limits:?}");
    }
}

#[test]
fn a_thousand_idle_epochs_are_settled_in_one_step() {
    let mut suite = suite();
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite.gauge(7 * DAY, 100, None);
    suite.pass_until(DAY);
    assert!(settle(&mut suite, 1));
    // The perpetual gauge is empty: nothing happens until it is topped up.
    suite.pass_until(1_001 * DAY + 1);
    let response = suite
        .execute("anyone", json!({"settle": {"limit": 1}}))
        .unwrap();
    assert_eq!(event(&response, "settle")["done"], "true");
    // A settle without an asset does not visit the pool. One that names it needs a single step.
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 1);
    let named = json!({"settle": {"lock_asset": {"native": "ulp"}, "limit": 1}});
    suite.execute("anyone", named).unwrap();
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 1_001);
    suite
        .execute_with(
            "fees",
            json!({"add_to_gauge": {"id": 1}}),
            vec![crate::support::coin(50, "uatom")],
        )
        .unwrap();
    suite.pass_until(1_002 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 150);
    check_ledger(&suite);
}

#[test]
fn without_stake_a_thousand_epochs_of_active_gauges_are_settled_in_one_step() {
    let mut suite = suite();
    for _ in 0..16 {
        suite.gauge(7 * DAY, 1_000, Some(1_000));
    }
    suite.pass_until(1_000 * DAY);
    // A settle without an asset does not visit the pool. One that names it needs a single step.
    assert!(settle(&mut suite, 1));
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 0);
    let named = json!({"settle": {"lock_asset": {"native": "ulp"}, "limit": 1}});
    suite.execute("anyone", named).unwrap();
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 1_000);
    assert_eq!(gauge(&suite, 3)["filled_epochs"], 0);
    check_ledger(&suite);
}

#[test]
fn the_clock_does_one_step_a_block() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    suite.gauge(DAY, 1_000, Some(10));
    suite.gauge(7 * DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite.pass_until(2 * DAY);
    let tick = json!({"clock_end_block": {}});
    let mut steps = 0;
    for _ in 0..20 {
        let response = suite.sudo(tick.clone()).unwrap();
        let given = events(&response, "distribute").len();
        assert!(given <= 1);
        steps += given;
        check_ledger(&suite);
    }
    assert_eq!(steps, 6, "3 gauges in 2 epochs");
    assert_eq!(pool(&suite, DAY)["settled"], 2);
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 2);
    assert_eq!(paid(&mut suite, "alice", lock), 600);
}

#[test]
fn the_clock_never_fails_and_every_other_sudo_is_ignored() {
    let mut suite = GaugesSuite::builder()
        .with("genesis", json!(1_900_000_000u64))
        .build();
    assert!(suite.is_err(), "more than 90 days ahead");
    suite = GaugesSuite::builder().build();
    let mut suite = suite.unwrap();
    suite.sudo(json!({"clock_end_block": {}})).unwrap();
    for payload in [
        json!({"begin_block": {}}),
        json!({"settle": {"limit": 100}}),
        json!({"withdraw_treasury": {}}),
        json!({}),
        json!([1]),
        Value::Null,
    ] {
        let before = suite.dump();
        let response = suite.sudo(payload).unwrap();
        assert_eq!(events(&response, "hook_ignored").len(), 1);
        assert!(before == suite.dump());
    }
}

#[test]
fn all_pools_take_their_turn_whatever_the_limit() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 1_000, Some(10));
    }
    suite.lock("alice", 10, 14 * DAY);
    suite.pass_until(4 * DAY);
    let mut calls = 0;
    while !settle(&mut suite, 1) {
        calls += 1;
        assert!(calls < 40, "settling does not end");
        check_ledger(&suite);
    }
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        assert_eq!(pool(&suite, duration)["settled"], 4);
    }
}

#[test]
fn a_pool_is_settled_by_its_name() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    suite.gauge(7 * DAY, 1_000, Some(10));
    suite.lock("alice", 10, 7 * DAY);
    suite.pass_until(3 * DAY);
    let denom = json!({"native": "ulp"});
    suite
        .execute(
            "anyone",
            json!({"settle": {"lock_asset": denom, "duration": 7 * DAY}}),
        )
        .unwrap();
    assert_eq!(pool(&suite, 7 * DAY)["settled"], 3);
    assert_eq!(pool(&suite, DAY)["settled"], 0);
    suite
        .execute("anyone", json!({"settle": {"lock_asset": denom}}))
        .unwrap();
    assert_eq!(pool(&suite, DAY)["settled"], 3);
    for (msg, part) in [
        (json!({"settle": {"duration": DAY}}), "without a lock_asset"),
        (
            json!({"settle": {"lock_asset": denom, "duration": 5}}),
            "none of the configured",
        ),
        (
            json!({"settle": {"lock_asset": {"native": "other"}}}),
            "other",
        ),
        (json!({"settle": {"limit": 0}}), "limit 0"),
    ] {
        refused(&mut suite, "anyone", msg, &[part]);
    }
}

#[test]
fn the_carry_stays_while_the_stake_does_and_goes_to_the_treasury_when_it_changes() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(1_000));
    let lock = suite.lock("alice", 7, DAY);
    suite.pass_until(3 * DAY);
    suite.settle();
    check_ledger(&suite);
    let treasury = |suite: &GaugesSuite| suite.events.points("uatom", "treasury").to_string();
    assert_eq!(treasury(&suite), "0");
    suite.lock("bob", 1, DAY);
    suite.pass_until(4 * DAY);
    let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
    let swept = event(&response, "to_treasury");
    assert_eq!(swept["reason"], "carry");
    assert_eq!(treasury(&suite), swept["points"].trim_end_matches("uatom"));
    assert_ne!(treasury(&suite), "0");
    assert_eq!(paid(&mut suite, "alice", lock), 3);
    check_ledger(&suite);
}

#[test]
fn owed_rewards_and_estimate_are_the_same_before_during_and_after_a_settlement() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY] {
        for coins in [1_000, 333] {
            suite.gauge(duration, coins, Some(10));
        }
    }
    suite.lock("alice", 7, DAY);
    suite.lock("bob", 3, 7 * DAY);
    suite.lock("bob", 11, 14 * DAY);
    suite.pass_until(2 * DAY + 1);
    suite
        .execute("bob", json!({"begin_unlock": {"id": 2}}))
        .unwrap();
    suite.pass_until(5 * DAY);
    let answers = |suite: &GaugesSuite| {
        let mut answers = Vec::new();
        for id in 1..=3 {
            answers.push(suite.query(json!({"owed": {"id": id}})).unwrap());
        }
        for query in [
            json!({"rewards": {"owner": "@bob"}}),
            json!({"estimate": {"lock_ids": [1, 2, 3], "until_epoch": 5}}),
            json!({"estimate": {"lock_ids": [1, 2, 3], "until_epoch": 9}}),
        ] {
            answers.push(suite.query(query).unwrap());
        }
        answers
    };
    let before = answers(&suite);
    assert_eq!(before[3]["is_partial"], false);
    let mut steps = 0;
    while !settle(&mut suite, 1) {
        steps += 1;
        assert_eq!(answers(&suite), before, "after {steps} steps");
    }
    assert!(steps >= 19, "two gauges in two pools through 5 epochs");
    assert_eq!(answers(&suite), before);
    // Claims pay the same.
    for (owner, query) in [("alice", &before[0]), ("bob", &before[3])] {
        suite.execute(owner, json!({"claim": {}})).unwrap();
        let coins = query["claimable"][0]["amount"].as_str().unwrap();
        assert_eq!(suite.balance(owner, "uatom").to_string(), coins);
    }
    check_ledger(&suite);
}

#[test]
fn settling_again_changes_nothing() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY] {
        suite.gauge(duration, 1_000, Some(10));
        suite.gauge(duration, 77, None);
    }
    suite.lock("alice", 7, 7 * DAY);
    suite.pass_until(3 * DAY);
    suite.settle();
    // By name, so that the pool for 14 days, which has no gauges, is settled too.
    let denom = json!({"native": "ulp"});
    let named = json!({"settle": {"lock_asset": denom}});
    suite.execute("anyone", named).unwrap();
    // All records but `next_pool`, the pool whose turn it is.
    let records = |suite: &GaugesSuite| -> Vec<cosmwasm_std::Record> {
        let records = suite.dump().into_iter();
        records.filter(|(key, _)| key != b"next_pool").collect()
    };
    let before = records(&suite);
    for msg in [
        json!({"settle": {}}),
        json!({"settle": {"limit": 100}}),
        json!({"settle": {"lock_asset": denom}}),
        json!({"settle": {"lock_asset": denom, "duration": 7 * DAY}}),
    ] {
        for sender in ["anyone", "owner", "alice"] {
            let response = suite.execute(sender, msg.clone()).unwrap();
            assert_eq!(event(&response, "settle")["done"], "true");
            assert!(events(&response, "distribute").is_empty());
        }
    }
    for _ in 0..3 {
        let response = suite.sudo(json!({"clock_end_block": {}})).unwrap();
        assert!(events(&response, "distribute").is_empty());
    }
    assert!(records(&suite) == before);
}
