//! Principal can be withdrawn at its time, whatever else happens.

use serde_json::json;

use crate::support::{
    DAY, GaugesSuite, behave, check_ledger, check_totals, coin, paid, refused, suite, with_token,
};

#[test]
fn principal_can_be_withdrawn_at_the_end_time_and_not_a_second_before() {
    let mut suite = suite();
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite.pass_until(100);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    let withdraw = json!({"withdraw": {"ids": [lock]}});
    suite.pass_until(7 * DAY + 99);
    refused(&mut suite, "alice", withdraw.clone(), &["ends at"]);
    suite.pass_until(7 * DAY + 100);
    let before = suite.balance("alice", "ulp");
    suite.execute("alice", withdraw.clone()).unwrap();
    assert_eq!(suite.balance("alice", "ulp") - before, 10);
    assert!(suite.execute("alice", withdraw).is_err());
    check_ledger(&suite);
}

#[test]
fn a_withdrawal_settles_nothing_and_needs_nothing_settled() {
    let mut suite = suite();
    for _ in 0..16 {
        suite.gauge(7 * DAY, 1_000, Some(1_000));
    }
    let lock = suite.lock("alice", 10, 7 * DAY);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    suite.pass_until(900 * DAY);
    let before = suite.dump().len();
    suite
        .execute("alice", json!({"withdraw": {"ids": [lock]}}))
        .unwrap();
    assert_eq!(suite.dump().len(), before, "nothing was settled");
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
    suite.settle();
    assert_eq!(paid(&mut suite, "alice", lock), 0);
    check_ledger(&suite);
}

#[test]
fn principal_can_be_withdrawn_when_a_reward_token_is_broken() {
    let mut suite = with_token();
    let lock = suite.lock("alice", 10, 7 * DAY);
    let gauge = json!({"create_gauge": {
        "lock_asset": {"native": "ulp"}, "duration": 7 * DAY, "epochs": 10,
    }});
    suite.send_token("fees", "token", 1_000, gauge).unwrap();
    suite.pass_until(DAY);
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    for behaviour in [json!("fails"), json!("panics"), json!("swallows")] {
        behave(&mut suite, "token", behaviour);
        suite.claim("alice", lock).unwrap();
    }
    suite.pass_until(9 * DAY);
    suite
        .execute("alice", json!({"withdraw": {"ids": [lock]}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
    check_totals(&suite);
}

#[test]
fn principal_and_rewards_of_one_denom_are_separate_ledgers() {
    let mut suite = GaugesSuite::builder()
        .balance("alice", 1_000, "uatom")
        .build()
        .unwrap();
    let lock = json!({"lock": {"duration": DAY}});
    suite
        .execute_with("alice", lock, vec![coin(500, "uatom")])
        .unwrap();
    let gauge = json!({"create_gauge": {
        "lock_asset": {"native": "uatom"}, "duration": DAY, "epochs": 3,
    }});
    suite
        .execute_with("fees", gauge, vec![coin(300, "uatom")])
        .unwrap();
    check_ledger(&suite);
    suite.pass_until(DAY);
    suite.claim("alice", 1).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 600);
    suite
        .execute("alice", json!({"begin_unlock": {"id": 1}}))
        .unwrap();
    suite.pass_until(2 * DAY);
    suite
        .execute("alice", json!({"withdraw": {"ids": [1]}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 1_100);
    suite.pass_until(10 * DAY);
    suite.settle();
    // No lock is left, so what was not distributed stays in the gauge.
    let left = suite.query(json!({"to_distribute": {}})).unwrap();
    assert_eq!(left["coins"][0]["amount"], "200");
    check_ledger(&suite);
}

#[test]
fn several_locks_are_withdrawn_in_one_message() {
    let mut suite = suite();
    let ids: Vec<u64> = (0..4).map(|_| suite.lock("alice", 10, DAY)).collect();
    suite
        .execute("alice", json!({"begin_unlock_all": {}}))
        .unwrap();
    suite.pass_until(DAY);
    let foreign = suite.lock("bob", 10, DAY);
    refused(
        &mut suite,
        "alice",
        json!({"withdraw": {"ids": [ids[0], foreign]}}),
        &["Unauthorized"],
    );
    refused(
        &mut suite,
        "alice",
        json!({"withdraw": {"ids": [ids[0], ids[0]]}}),
        &["lock 1 is listed twice"],
    );
    suite
        .execute("alice", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    suite
        .execute("bot", json!({"withdraw": {"ids": ids}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
    check_ledger(&suite);
}

#[test]
fn undelivered_principal_is_paid_with_the_next_withdrawal() {
    let mut suite = suite();
    let ids: Vec<u64> = (0..2).map(|_| suite.lock("alice", 10, DAY)).collect();
    suite
        .execute("alice", json!({"begin_unlock_all": {}}))
        .unwrap();
    suite.pass_until(DAY);
    let alice = suite.account("alice");
    suite.chain.block_transfers_to(&alice).unwrap();
    suite
        .execute("alice", json!({"withdraw": {"ids": ids}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30) - 20);
    check_ledger(&suite);
    suite.chain.allow_transfers_to(&alice);
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
    check_ledger(&suite);
}

#[test]
fn cw20_tokens_are_locked_and_withdrawn() {
    let mut suite = with_token();
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("alice", "token", 500, hook).unwrap();
    let gauge = json!({"create_gauge": {
        "lock_asset": {"cw20": "@token"}, "duration": DAY, "epochs": 10,
    }});
    suite.send_token("fees", "token", 1_000, gauge).unwrap();
    let add = json!({"add_to_lock": {"id": 1}});
    suite.send_token("alice", "token", 300, add).unwrap();
    let more = json!({"add_to_gauge": {"id": 1}});
    suite.send_token("bob", "token", 1_000, more).unwrap();
    check_ledger(&suite);
    suite.pass_until(2 * DAY);
    suite.claim("alice", 1).unwrap();
    let has = |suite: &GaugesSuite| suite.token_balance("alice", "token");
    assert_eq!(has(&suite), 1_000_000_000 - 800 + 400);
    suite
        .execute("alice", json!({"begin_unlock": {"id": 1}}))
        .unwrap();
    suite.pass_until(3 * DAY);
    suite
        .execute("alice", json!({"withdraw": {"ids": [1]}}))
        .unwrap();
    assert_eq!(has(&suite), 1_000_000_000 + 400);
    // It was claimed through its last epoch, so the record is deleted.
    assert!(suite.claim("alice", 1).is_err());
    check_ledger(&suite);
}

/// What may be wrong while principal is due.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    /// An epoch is half settled.
    midway: bool,
    /// Some gauges were evicted.
    evicted: bool,
    /// The contract has no owner.
    renounced: bool,
    /// Nothing was settled for 200 epochs.
    lagging: bool,
    /// The behaviour of the token.
    token: &'static str,
}

/// All principal is returned, of `ulp` and of a token that is a reward asset as well.
fn is_returned_in(trouble: Trouble) {
    let mut suite = with_token();
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("alice", "token", 500, hook).unwrap();
    let native = suite.lock("alice", 10, DAY);
    for denom in [json!({"native": "ulp"}), json!({"cw20": "@token"})] {
        for _ in 0..2 {
            let gauge = json!({"create_gauge": {
                "lock_asset": denom, "duration": DAY, "epochs": 10,
            }});
            suite
                .execute_with("fees", gauge.clone(), vec![coin(1_000, "uatom")])
                .unwrap();
            suite.send_token("fees", "token", 1_000, gauge).unwrap();
        }
    }
    suite.pass_until(DAY + 1);
    behave(&mut suite, "token", json!(trouble.token));
    if trouble.evicted {
        for id in [1, 2, 6] {
            suite
                .execute("owner", json!({"evict_gauge": {"id": id}}))
                .unwrap();
        }
    }
    if trouble.renounced {
        let renounce = json!({"update_ownership": "renounce_ownership"});
        suite.execute("owner", renounce).unwrap();
    }
    suite
        .execute("alice", json!({"begin_unlock_all": {}}))
        .unwrap();
    let days = if trouble.lagging { 200 } else { 3 };
    suite.pass_until(days * DAY);
    if trouble.midway {
        // In both pools the settlement stops after the first gauge of an epoch.
        for denom in [json!({"native": "ulp"}), json!({"cw20": "@token"})] {
            let msg = json!({"settle": {"lock_asset": denom, "duration": DAY, "limit": 1}});
            suite.execute("anyone", msg).unwrap();
        }
    }
    let before = suite.token_balance("alice", "token");
    let withdraw = json!({"withdraw": {"ids": [1, native]}});
    let response = suite.execute("alice", withdraw).unwrap();
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30), "{trouble:?}");
    let is_hostile = trouble.token != "honest";
    let failed = crate::support::events(&response, "payout_failed").len();
    assert_eq!(failed, usize::from(is_hostile), "{trouble:?}");
    check_ledger(&suite);
    if is_hostile {
        // A claim pays it, besides what was earned.
        behave(&mut suite, "token", json!("honest"));
        let response = suite.execute("alice", json!({"claim": {}})).unwrap();
        let paid = crate::support::event(&response, "undelivered_paid");
        let name = format!("500cw20:{}", suite.account("token"));
        assert_eq!(paid["amount"], name, "{trouble:?}");
    } else {
        let has = suite.token_balance("alice", "token");
        assert_eq!(has - before, 500, "{trouble:?}");
    }
    // What was earned can still be claimed.
    suite.settle();
    let claim = json!({"claim": {"limit": 100}});
    suite.execute("alice", claim).unwrap();
    assert!(suite.balance("alice", "uatom") > 0, "{trouble:?}");
    check_ledger(&suite);
}

#[test]
fn principal_is_returned_whatever_is_wrong_at_the_same_time() {
    let both = [false, true];
    for token in ["honest", "fails", "panics"] {
        for midway in both {
            for evicted in both {
                for renounced in both {
                    for lagging in both {
                        is_returned_in(Trouble {
                            midway,
                            evicted,
                            renounced,
                            lagging,
                            token,
                        });
                    }
                }
            }
        }
    }
}
