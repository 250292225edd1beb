//! Queries: epochs, stakes, exits, history, cursors, rewards, estimates.

use serde_json::{Value, json};

use crate::support::{DAY, check_ledger, coin, cursors, suite, ulp};

#[test]
fn epochs_are_nominal() {
    let suite = suite();
    let genesis = suite.genesis;
    for (at, epoch) in [(0, 1), (DAY - 1, 1), (DAY, 2), (2 * DAY + 5, 3)] {
        let answer = suite.query(json!({"epoch": {"at": genesis + at}})).unwrap();
        assert_eq!(answer["epoch"], epoch);
        assert_eq!(answer["end"], genesis + epoch * DAY);
        assert_eq!(answer["start"], genesis + (epoch - 1) * DAY);
    }
    assert_eq!(
        suite.query(json!({"epoch": {"at": 0}})).unwrap()["epoch"],
        1
    );
    assert!(suite.query(json!({"epoch": {"at": u64::MAX}})).is_ok());
}

#[test]
fn locked_counts_the_current_epoch_whether_settled_or_not() {
    let mut suite = suite();
    suite.gauge(7 * DAY, 100, Some(10));
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite.lock("bob", 5, 20 * DAY);
    let locked = |suite: &crate::support::GaugesSuite, duration: u64| {
        let query = json!({"locked": {"lock_asset": ulp(), "duration": duration}});
        suite.query(query).unwrap()["amount"].clone()
    };
    assert_eq!(locked(&suite, 7 * DAY), "15");
    assert_eq!(locked(&suite, 14 * DAY), "5");
    suite.pass_until(2 * DAY + 1);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    assert_eq!(locked(&suite, 7 * DAY), "5");
    assert_eq!(locked(&suite, DAY), "15");
    suite.settle();
    assert_eq!(locked(&suite, 7 * DAY), "5");
    suite.pass_until(9 * DAY);
    assert_eq!(locked(&suite, DAY), "5");
}

#[test]
fn scheduled_exits_are_listed_by_epoch_in_pages() {
    let mut suite = suite();
    let first = suite.lock("alice", 10, 7 * DAY);
    let second = suite.lock("alice", 4, 14 * DAY);
    suite.pass_until(DAY + 1);
    for id in [first, second] {
        suite
            .execute("alice", json!({"begin_unlock": {"id": id}}))
            .unwrap();
    }
    let exits = |more: Value| {
        let mut query = json!({"scheduled_exits": {"lock_asset": ulp(), "duration": DAY}});
        for (key, value) in more.as_object().unwrap() {
            query["scheduled_exits"][key] = value.clone();
        }
        suite.query(query).unwrap()
    };
    // They count through epochs 7 and 14: at the end of the next one less than a day remains.
    assert_eq!(
        exits(json!({})),
        json!({"exits": [{"epoch": 8, "amount": "10"}, {"epoch": 15, "amount": "4"}], "next": null})
    );
    let page = exits(json!({"limit": 2}));
    assert_eq!(page["next"], 8);
    assert_eq!(
        exits(json!({"start_after": 8}))["exits"],
        json!([{"epoch": 15, "amount": "4"}])
    );
}

#[test]
fn history_is_the_last_entry_at_or_before_an_epoch() {
    let mut suite = suite();
    suite.gauge(DAY, 30, None);
    suite.lock("alice", 3, DAY);
    suite.pass_until(4 * DAY);
    suite.settle();
    let at = |suite: &crate::support::GaugesSuite, epoch: u64| {
        let query =
            json!({"historical_reward": {"lock_asset": ulp(), "duration": DAY, "epoch": epoch}});
        suite.query(query)
    };
    assert_eq!(at(&suite, 0).unwrap()["index"], json!([]));
    let ten = json!([{"denom": {"native": "uatom"}, "points": format!("1{}", "0".repeat(37))}]);
    for epoch in 1..=4 {
        assert_eq!(at(&suite, epoch).unwrap()["index"], ten);
    }
    let error = at(&suite, 5).unwrap_err().to_string();
    assert!(error.contains("epoch 5 is not settled"), "{error}");
}

#[test]
fn cursors_follow_claims() {
    let mut suite = suite();
    suite.gauge(DAY, 30, Some(3));
    let lock = suite.lock("alice", 3, 7 * DAY);
    assert_eq!(
        cursors(&suite, lock),
        [
            json!({"duration": DAY, "cursor": 0, "last": null}),
            json!({"duration": 7 * DAY, "cursor": 0, "last": null}),
        ]
    );
    suite.pass_until(2 * DAY);
    suite.claim("alice", lock).unwrap();
    assert_eq!(cursors(&suite, lock)[0]["cursor"], 2);
    assert_eq!(cursors(&suite, lock)[1]["cursor"], 2);
}

#[test]
fn rewards_of_an_account_are_what_its_claims_pay() {
    let mut suite = suite();
    suite.gauge(DAY, 100, Some(10));
    for amount in [1, 1, 5] {
        suite.lock("alice", amount, DAY);
    }
    suite.pass_until(DAY);
    let answer = suite
        .query(json!({"rewards": {"owner": "@alice"}}))
        .unwrap();
    assert_eq!(answer["rewards"][0]["amount"], "9.999999999999999999");
    // 10/7, 10/7 and 50/7 are rounded down one by one.
    assert_eq!(answer["claimable"][0]["amount"], "9");
    let page = suite
        .query(json!({"rewards": {"owner": "@alice", "limit": 2}}))
        .unwrap();
    assert_eq!(page["next"], 2);
    assert_eq!(page["claimable"][0]["amount"], "2");
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 9);
    check_ledger(&suite);
}

#[test]
fn a_lock_is_shown_with_all_its_fields() {
    let mut suite = suite();
    let msg = json!({"lock": {"duration": DAY, "receiver": "@friend"}});
    suite
        .execute_with("alice", msg, vec![coin(7, "ulp")])
        .unwrap();
    assert_eq!(
        suite.query(json!({"lock": {"id": 1}})).unwrap(),
        json!({
            "id": 1, "owner": suite.account("alice"), "receiver": suite.account("friend"),
            "lock_asset": ulp(), "amount": "7", "duration": DAY, "end_time": null,
            "withdrawn": false,
        })
    );
    assert_eq!(
        suite.query(json!({"pools": {}})).unwrap(),
        json!({"pools": []})
    );
    assert!(suite.query(json!({"lock": {"id": 2}})).is_err());
    let error = suite
        .query(json!({"pool": {"lock_asset": {"native": "uother"}, "duration": DAY}}))
        .unwrap_err();
    assert!(error.to_string().contains("uother"), "{error}");
}

#[test]
fn queries_settle_four_hundred_steps_and_say_when_there_are_more() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 1_000_000, Some(1_000));
    }
    let lock = suite.lock("alice", 10, 14 * DAY);
    let owed = json!({"owed": {"id": lock}});
    let rewards = json!({"rewards": {"owner": "@alice"}});
    let estimate = json!({"estimate": {"lock_ids": [lock], "until_epoch": 133}});
    suite.pass_until(133 * DAY);
    for query in [&owed, &rewards, &estimate] {
        let answer = suite.query(query.clone()).unwrap();
        assert_eq!(answer["is_partial"], false, "{query}");
        assert_eq!(answer["claimable"][0]["amount"], "399000", "{query}");
    }
    let mut suite = self::suite();
    for duration in [DAY, 7 * DAY, 14 * DAY, 14 * DAY] {
        suite.gauge(duration, 1_000_000, Some(1_000));
    }
    suite.lock("alice", 10, 14 * DAY);
    suite.pass_until(133 * DAY);
    for query in [&owed, &rewards, &estimate] {
        let answer = suite.query(query.clone()).unwrap();
        assert_eq!(answer["is_partial"], true, "{query}");
        // Of the last pool 67 epochs, with two gauges each.
        assert_eq!(answer["claimable"][0]["amount"], "400000", "{query}");
    }
}

#[test]
fn an_epoch_that_is_over_is_not_estimated() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(5 * DAY + 1);
    suite.settle();
    for epoch in [0, 1, 4] {
        let query = json!({"estimate": {"lock_ids": [lock], "until_epoch": epoch}});
        let error = suite.query(query).unwrap_err().to_string();
        assert!(error.contains(&format!("epoch {epoch} is over")), "{error}");
    }
    for (epoch, coins) in [(5, "500"), (6, "600"), (20, "1000")] {
        let query = json!({"estimate": {"lock_ids": [lock], "until_epoch": epoch}});
        let answer = suite.query(query).unwrap();
        assert_eq!(answer["claimable"][0]["amount"], coins);
    }
}

#[test]
fn locked_counts_through_four_hundred_changes() {
    let mut suite = suite();
    for day in 0..401 {
        suite.pass_until(day * DAY + 1);
        suite.lock("alice", 1, DAY);
    }
    let query = json!({"locked": {"lock_asset": {"native": "ulp"}, "duration": DAY}});
    let answer = suite.query(query.clone()).unwrap();
    assert_eq!(answer, json!({"amount": "400", "epoch": 400}));
    let settle = json!({"settle": {"lock_asset": {"native": "ulp"}, "duration": DAY, "limit": 1}});
    suite.execute("anyone", settle).unwrap();
    let answer = suite.query(query).unwrap();
    assert_eq!(answer, json!({"amount": "401", "epoch": 401}));
}
