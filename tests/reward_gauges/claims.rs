//! Claims: who may send them, whom they pay, and how they go on in several messages.

use serde_json::json;

use crate::support::{DAY, GaugesSuite, check_ledger, coin, event, events, paid, refused, suite};

#[test]
fn rewards_go_to_the_receiver_whoever_claims() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    let msg = json!({"lock": {"duration": DAY, "receiver": "@friend"}});
    suite
        .execute_with("alice", msg, vec![coin(10, "ulp")])
        .unwrap();
    for (day, claimer) in [(1, "alice"), (2, "friend")] {
        suite.pass_until(day * DAY);
        suite.claim(claimer, 1).unwrap();
        assert_eq!(suite.balance("friend", "uatom"), 100 * u128::from(day));
    }
    assert_eq!(suite.balance("alice", "uatom"), 0);
    refused(
        &mut suite,
        "bot",
        json!({"claim": {"lock_ids": [1]}}),
        &["Unauthorized"],
    );
    suite
        .execute("friend", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    suite.pass_until(3 * DAY);
    suite.claim("bot", 1).unwrap();
    assert_eq!(suite.balance("friend", "uatom"), 300);
    assert_eq!(suite.balance("bot", "uatom"), 0);
    suite.execute("friend", json!({"set_claimer": {}})).unwrap();
    refused(
        &mut suite,
        "bot",
        json!({"claim": {"lock_ids": [1]}}),
        &["Unauthorized"],
    );
    check_ledger(&suite);
}

#[test]
fn a_new_receiver_gets_what_is_owed_already_and_is_listed() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    let listed = |suite: &GaugesSuite, account: &str| {
        let query = json!({"locks_by_receiver": {"receiver": format!("@{account}")}});
        suite.query(query).unwrap()["locks"]
            .as_array()
            .unwrap()
            .len()
    };
    let set = |receiver| json!({"set_receiver": {"id": lock, "receiver": receiver}});
    suite.execute("alice", set(Some("@friend"))).unwrap();
    assert_eq!((listed(&suite, "friend"), listed(&suite, "alice")), (1, 0));
    suite.claim("alice", lock).unwrap();
    assert_eq!(suite.balance("friend", "uatom"), 100);
    suite.execute("alice", set(None)).unwrap();
    assert_eq!((listed(&suite, "friend"), listed(&suite, "alice")), (0, 0));
    suite.pass_until(2 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 100);
    refused(
        &mut suite,
        "alice",
        set(Some("@gauges")),
        &["is this contract"],
    );
    check_ledger(&suite);
}

#[test]
fn all_of_an_accounts_locks_are_claimed_in_pages() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    for _ in 0..5 {
        suite.lock("alice", 10, DAY);
    }
    suite.lock("bob", 50, DAY);
    suite.pass_until(DAY);
    let response = suite
        .execute("alice", json!({"claim": {"limit": 3}}))
        .unwrap();
    assert_eq!(event(&response, "next_page")["next"], "3");
    assert_eq!(suite.balance("alice", "uatom"), 30);
    let response = suite
        .execute("alice", json!({"claim": {"start_after": 3, "limit": 3}}))
        .unwrap();
    assert!(events(&response, "next_page").is_empty());
    assert_eq!(suite.balance("alice", "uatom"), 50);
    check_ledger(&suite);
}

#[test]
fn whole_coins_are_paid_and_the_fraction_stays_with_its_lock() {
    let mut suite = suite();
    suite.gauge(DAY, 40, Some(4));
    let lock = suite.lock("alice", 1, DAY);
    suite.lock("bob", 2, DAY);
    let mut given = Vec::new();
    for day in 1..=3 {
        suite.pass_until(day * DAY);
        given.push(paid(&mut suite, "alice", lock));
    }
    // 10/3 in each epoch. After the third the fractions add up to a whole coin.
    assert_eq!(given, [3, 3, 4]);
    suite.pass_until(4 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 3);
    check_ledger(&suite);
}

#[test]
fn a_finished_lock_is_deleted_and_its_fraction_goes_to_the_treasury() {
    let mut suite = suite();
    suite.gauge(DAY, 10, Some(1));
    let lock = suite.lock("alice", 1, DAY);
    suite.lock("bob", 2, DAY);
    suite.pass_until(DAY);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    suite.pass_until(2 * DAY);
    suite
        .execute("alice", json!({"withdraw": {"ids": [lock]}}))
        .unwrap();
    // Its principal is withdrawn, its rewards are not.
    assert_eq!(
        suite.query(json!({"lock": {"id": lock}})).unwrap()["withdrawn"],
        true
    );
    let response = suite.claim("alice", lock).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 3);
    let fractions = events(&response, "to_treasury");
    assert!(
        fractions
            .iter()
            .any(|event| event["reason"] == "closed_lock"
                && event["points"] == "333333333333333333333333333333333333uatom")
    );
    assert!(suite.query(json!({"lock": {"id": lock}})).is_err());
    assert_eq!(
        suite.query(json!({"locks": {"owner": "@alice"}})).unwrap()["locks"],
        json!([])
    );
    check_ledger(&suite);
}

#[test]
fn one_claim_pays_at_most_16_accounts_and_the_next_goes_on() {
    let mut suite = suite();
    suite.gauge(DAY, 10_000, Some(10));
    for friend in 0..20 {
        let msg = json!({"lock": {"duration": DAY, "receiver": format!("@friend{friend}")}});
        suite
            .execute_with("alice", msg, vec![coin(10, "ulp")])
            .unwrap();
    }
    suite.pass_until(DAY);
    let all: Vec<u64> = (1..=20).collect();
    refused(
        &mut suite,
        "alice",
        json!({"claim": {"lock_ids": all}}),
        &["more than 16 account(s)"],
    );
    let response = suite.execute("alice", json!({"claim": {}})).unwrap();
    // The sender counts as one of the 16, for what may be undelivered to it.
    let next: u64 = event(&response, "next_page")["next"].parse().unwrap();
    assert_eq!(next, 15);
    suite
        .execute("alice", json!({"claim": {"start_after": next}}))
        .unwrap();
    for friend in 0..20 {
        assert_eq!(suite.balance(&format!("friend{friend}"), "uatom"), 50);
    }
    check_ledger(&suite);
}

#[test]
fn claiming_early_late_or_often_pays_the_same() {
    let story = |claims: &[u64]| {
        let mut suite = suite();
        suite.gauge(DAY, 9_999, Some(30));
        suite.gauge(7 * DAY, 777, Some(11));
        let lock = suite.lock("alice", 3, 7 * DAY);
        suite.lock("bob", 4, 7 * DAY);
        let mut total = 0;
        for day in claims {
            suite.pass_until(day * DAY + 3);
            total += paid(&mut suite, "alice", lock);
        }
        check_ledger(&suite);
        total
    };
    let once = story(&[20]);
    assert_eq!(story(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20]), once);
    assert_eq!(story(&[19, 20]), once);
}

#[test]
fn a_failed_payout_is_paid_with_the_receivers_next_claim() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    let alice = suite.account("alice");
    suite.chain.block_transfers_to(&alice).unwrap();
    let response = suite.claim("alice", lock).unwrap();
    assert_eq!(event(&response, "payout_failed")["amount"], "100uatom");
    let waiting = suite
        .query(json!({"undelivered": {"account": "@alice"}}))
        .unwrap();
    assert_eq!(
        waiting["amount"],
        json!([{"denom": "uatom", "amount": "100"}])
    );
    check_ledger(&suite);
    suite.chain.allow_transfers_to(&alice);
    // Also when the claim has nothing else to pay.
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 100);
    check_ledger(&suite);
}

#[test]
fn a_claim_whose_steps_are_too_few_says_that_it_is_not_done() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(3 * DAY);
    for (day, done) in [(1, "false"), (2, "false"), (3, "true"), (3, "true")] {
        let claim = json!({"claim": {"lock_ids": [lock], "limit": 1}});
        let response = suite.execute("alice", claim).unwrap();
        assert_eq!(event(&response, "claim")["done"], done);
        let data = format!(r#"{{"next":null,"done":{done}}}"#);
        assert_eq!(response.data.unwrap().as_slice(), data.as_bytes());
        assert_eq!(suite.balance("alice", "uatom"), 100 * day);
    }
    check_ledger(&suite);
}
