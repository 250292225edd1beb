//! Where two things meet in one epoch, or one thing meets a pool that lags.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, behave, books_hold, coin, event, gauge, paid, refused, suite, with_token,
};

fn unlock(suite: &mut GaugesSuite, sender: &str, id: u64) {
    suite
        .execute(sender, json!({"begin_unlock": {"id": id}}))
        .unwrap();
}

#[test]
fn the_carry_of_one_who_leaves_is_not_paid_to_one_who_joins_with_as_much() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(1_000));
    let leaver = suite.lock("alice", 7, DAY);
    suite.pass_until(DAY + 1);
    suite.settle();
    unlock(&mut suite, "alice", leaver);
    let joiner = suite.lock("bob", 7, DAY);
    suite.pass_until(2 * DAY);
    let response = suite.execute("anyone", json!({"settle": {}})).unwrap();
    // 10^36 points for 7 units leave a remainder of 1, of the leaver's epoch.
    let told = event(&response, "to_treasury");
    assert_eq!((&*told["reason"], &*told["points"]), ("carry", "1uatom"));
    let rewards = |suite: &GaugesSuite, id: u64| {
        suite.query(json!({"owed": {"id": id}})).unwrap()["rewards"].clone()
    };
    assert_eq!(rewards(&suite, leaver), rewards(&suite, joiner));
    books_hold(&suite);
}

#[test]
fn what_is_owed_stays_with_the_lock_that_a_part_is_split_off() {
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
    books_hold(&suite);
}

#[test]
fn a_new_or_ended_gauge_changes_no_epoch_that_nobody_settled_yet() {
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
        books_hold(&suite);
    }
}

#[test]
fn a_cancelled_exit_stays_in_the_pools_it_counts_for_and_comes_back_to_those_that_are_over() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 10_000, Some(100));
    }
    let alice = suite.lock("alice", 500, 14 * DAY);
    let bob = suite.lock("bob", 500, 14 * DAY);
    suite.pass_until(2 * DAY + 1);
    unlock(&mut suite, "alice", alice);
    // The 14 days are over since epoch 2, the 7 days count through epoch 9, which is the current one.
    suite.pass_until(8 * DAY + 1);
    suite
        .execute("alice", json!({"cancel_unlock": {"id": alice}}))
        .unwrap();
    suite.pass_until(10 * DAY);
    assert_eq!(paid(&mut suite, "alice", alice), 500 + 500 + 200);
    assert_eq!(paid(&mut suite, "bob", bob), 500 + 500 + 800);
    books_hold(&suite);
}

#[test]
fn forced_in_its_last_epoch_that_is_lost_and_forced_after_it_nothing_is() {
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
        books_hold(&suite);
    }
}

#[test]
fn principal_comes_back_without_an_owner_with_a_gauge_evicted_and_of_a_token_that_was_hostile() {
    let mut suite = with_token();
    let gauge = json!({"create_gauge": {
        "denom": {"cw20": "@token"}, "duration": DAY, "epochs": 10,
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
        books_hold(&suite);
    }
    behave(&mut suite, "token", json!("honest"));
    for sender in ["alice", "fees"] {
        suite
            .execute(sender, json!({"withdraw": {"ids": []}}))
            .unwrap();
    }
    // The principal and an epoch's reward; the rest of the gauge went to its creator.
    assert_eq!(suite.token_balance("alice", "token"), before + 500 + 100);
    assert_eq!(suite.token_balance("fees", "token"), 1_000_000_000 - 100);
    // All else goes on without an owner.
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
    books_hold(&suite);
}
