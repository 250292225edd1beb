//! Two changes in one epoch, and changes of pools that are not settled.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, behave, check_ledger, coin, event, gauge, paid, refused, suite, with_token,
};

fn unlock(suite: &mut GaugesSuite, sender: &str, id: u64) {
    suite
        .execute(sender, json!({"begin_unlock": {"id": id}}))
        .unwrap();
}

#[test]
fn the_carry_of_a_leaver_is_not_paid_to_a_joiner_with_the_same_amount() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(1_000));
    let leaver = suite.lock("alice", 7, DAY);
    suite.pass_until(DAY + 1);
    suite.settle();
    unlock(&mut suite, "alice", leaver);
    let joiner = suite.lock("bob", 7, DAY);
    suite.pass_until(2 * DAY);
    let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
    // 10^36 points among 7 units leave a carry of 1 point, which the leaver earned.
    let swept = event(&response, "to_treasury");
    assert_eq!((&*swept["reason"], &*swept["points"]), ("carry", "1uatom"));
    let rewards = |suite: &GaugesSuite, id: u64| {
        suite.query(json!({"owed": {"id": id}})).unwrap()["rewards"].clone()
    };
    assert_eq!(rewards(&suite, leaver), rewards(&suite, joiner));
    check_ledger(&suite);
}

#[test]
fn what_is_owed_stays_with_the_lock_from_which_a_part_is_split_off() {
    let mut suite = suite();
    suite.gauge(DAY, 100, Some(10));
    let lock = suite.lock("alice", 2, DAY);
    suite.lock("bob", 1, DAY);
    suite.pass_until(DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 6);
    let owed = |suite: &GaugesSuite, id: u64| suite.query(json!({"owed": {"id": id}})).unwrap();
    let before = owed(&suite, lock);
    assert_ne!(before["rewards"], json!([]));
    let part = json!({"begin_unlock": {"id": lock, "amount": "1"}});
    suite.execute("alice", part).unwrap();
    assert_eq!(owed(&suite, lock), before);
    assert_eq!(owed(&suite, 3)["rewards"], json!([]));
    check_ledger(&suite);
}

#[test]
fn a_new_or_ended_gauge_changes_no_unsettled_epoch_that_is_over() {
    for other_ends in [false, true] {
        let mut suite = suite();
        let first = suite.gauge(DAY, 1_000, Some(10));
        let lock = suite.lock("alice", 10, DAY);
        suite.pass_until(3 * DAY + 1);
        if other_ends {
            let before = suite.balance("fees", "uatom");
            suite
                .execute("owner", json!({"evict_gauge": {"id": first}}))
                .unwrap();
            assert_eq!(suite.balance("fees", "uatom") - before, 700);
            assert_eq!(gauge(&suite, first)["filled_epochs"], 3);
        } else {
            suite.gauge(DAY, 500, None);
        }
        assert_eq!(suite.owed(lock), 300);
        suite.pass_until(4 * DAY);
        let next = if other_ends { 0 } else { 600 };
        assert_eq!(paid(&mut suite, "alice", lock), 300 + next);
        check_ledger(&suite);
    }
}

#[test]
fn a_cancelled_lock_stays_in_the_pools_it_counts_for_and_rejoins_the_others() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 10_000, Some(100));
    }
    let alice = suite.lock("alice", 500, 14 * DAY);
    let bob = suite.lock("bob", 500, 14 * DAY);
    suite.pass_until(2 * DAY + 1);
    unlock(&mut suite, "alice", alice);
    // It counts for 14 days through epoch 2, and for 7 days through epoch 9, the running one.
    suite.pass_until(8 * DAY + 1);
    suite
        .execute("alice", json!({"cancel_unlock": {"id": alice}}))
        .unwrap();
    suite.pass_until(10 * DAY);
    assert_eq!(paid(&mut suite, "alice", alice), 500 + 500 + 200);
    assert_eq!(paid(&mut suite, "bob", bob), 500 + 500 + 800);
    check_ledger(&suite);
}

#[test]
fn a_lock_forced_in_its_last_epoch_loses_that_one_and_forced_later_loses_none() {
    for (day, earned) in [(3, 150), (4, 200)] {
        let mut suite = GaugesSuite::builder()
            .with("force_unlockers", json!(["@guard"]))
            .build()
            .unwrap();
        suite.gauge(DAY, 10_000, Some(100));
        let alice = suite.lock("alice", 500, 2 * DAY);
        let bob = suite.lock("bob", 500, 2 * DAY);
        suite.pass_until(3 * DAY + 1);
        unlock(&mut suite, "alice", alice); // counts through epoch 4
        suite.pass_until(day * DAY + 2);
        suite
            .execute("guard", json!({"force_unlock": {"id": alice}}))
            .unwrap();
        suite.pass_until(6 * DAY);
        assert_eq!(paid(&mut suite, "alice", alice), earned);
        assert_eq!(paid(&mut suite, "bob", bob), 600 - earned);
        check_ledger(&suite);
    }
}

#[test]
fn principal_is_returned_after_eviction_renounced_ownership_and_a_hostile_token() {
    let mut suite = with_token();
    let gauge = json!({"create_gauge": {
        "lock_asset": {"cw20": "@token"}, "duration": DAY, "epochs": 10,
    }});
    suite.send_token("fees", "token", 1_000, gauge).unwrap();
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("alice", "token", 500, hook).unwrap();
    suite.pass_until(DAY);
    let before = suite.token_balance("alice", "token");
    behave(&mut suite, "token", json!("panics"));
    suite
        .execute("owner", json!({"evict_gauge": {"id": 1}}))
        .unwrap();
    let renounce = json!({"update_ownership": "renounce_ownership"});
    suite.execute("owner", renounce).unwrap();
    refused(
        &mut suite,
        "owner",
        json!({"update_config": {"min_lock": "2"}}),
        &[],
    );
    unlock(&mut suite, "alice", 1);
    suite.pass_until(2 * DAY);
    for msg in [
        json!({"withdraw": {"ids": [1]}}),
        json!({"claim": {"lock_ids": [1]}}),
    ] {
        let response = suite.execute("alice", msg).unwrap();
        event(&response, "payout_failed");
        check_ledger(&suite);
    }
    behave(&mut suite, "token", json!("honest"));
    for sender in ["alice", "fees"] {
        suite.execute(sender, json!({"claim": {}})).unwrap();
    }
    // The principal and the reward of an epoch. What the gauge still held went to its creator.
    assert_eq!(suite.token_balance("alice", "token"), before + 500 + 100);
    assert_eq!(suite.token_balance("fees", "token"), 1_000_000_000 - 100);
    // Everything else works without an owner.
    suite.gauge(DAY, 150, None);
    let lock = suite.lock("bob", 10, DAY);
    let add = json!({"add_to_lock": {"id": lock}});
    suite
        .execute_with("bob", add, vec![coin(5, "ulp")])
        .unwrap();
    suite.pass_until(3 * DAY);
    assert_eq!(paid(&mut suite, "bob", lock), 150);
    let ownership = suite.query(json!({"ownership": {}})).unwrap();
    assert_eq!(ownership["owner"], Value::Null);
    check_ledger(&suite);
}
