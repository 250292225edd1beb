//! Payouts of many assets at once, of which some fail.

use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, behave, check_ledger, events, ulp};

const TOKENS: [&str; 7] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6"];

/// A contract that takes seven tokens to lock and as rewards, besides `ulp` and `uatom`.
fn with_tokens() -> GaugesSuite {
    let listed = |native: &[&str]| {
        let mut listed: Vec<Value> = native
            .iter()
            .map(|denom| json!({"native": denom}))
            .collect();
        listed.extend(TOKENS.map(|token| json!({"cw20": format!("@{token}")})));
        json!(listed)
    };
    let mut builder = GaugesSuite::builder();
    for token in TOKENS {
        builder = builder.token(token);
    }
    let mut suite = builder
        .with("lock_assets", listed(&["ulp", "uatom"]))
        .with("reward_assets", listed(&["uatom"]))
        .build()
        .unwrap();
    for token in TOKENS {
        for name in ["alice", "fees"] {
            let mint = json!({"mint": {"to": format!("@{name}"), "amount": "1000000"}});
            suite.to_token(name, token, mint).unwrap();
        }
    }
    suite
}

/// Makes a gauge that pays 100 of each reward asset in an epoch.
fn full_gauge(suite: &mut GaugesSuite) -> u64 {
    let gauge = json!({"create_gauge": {
        "lock_asset": ulp(), "duration": DAY, "epochs": 10, "closable": true,
    }});
    suite
        .execute_with("fees", gauge, vec![Coin::new(1_000u128, "uatom")])
        .unwrap();
    for token in TOKENS {
        let more = json!({"add_to_gauge": {"id": 1}});
        suite.send_token("fees", token, 1_000, more).unwrap();
    }
    1
}

fn all_behave(suite: &mut GaugesSuite, behaviour: &Value) {
    for token in TOKENS {
        behave(suite, token, behaviour.clone());
    }
}

/// How many payouts of a message failed, and how many it did not try.
fn failed(response: &AppResponse) -> (usize, usize) {
    let all = events(response, "payout_failed");
    let not_tried = all
        .iter()
        .filter(|event| event["reason"].contains("4 transfers into contracts"))
        .count();
    (all.len() - not_tried, not_tried)
}

fn held(suite: &GaugesSuite, account: &str) -> [u128; 7] {
    TOKENS.map(|token| suite.token_balance(account, token))
}

#[test]
fn a_claim_calls_at_most_four_contracts_and_keeps_the_other_payouts_for_the_next() {
    let mut suite = with_tokens();
    full_gauge(&mut suite);
    suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    all_behave(&mut suite, &json!("panics"));
    let response = suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(failed(&response), (4, 3));
    assert_eq!(suite.balance("alice", "uatom"), 100);
    check_ledger(&suite);
    // Retries of undelivered payouts count to the four. What failed longest ago is retried first.
    suite.pass_until(2 * DAY);
    let response = suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(failed(&response), (4, 3));
    let response = suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(failed(&response), (4, 0));
    check_ledger(&suite);
    all_behave(&mut suite, &json!("honest"));
    for _ in 0..2 {
        suite.execute("alice", json!({"claim": {}})).unwrap();
    }
    assert_eq!(held(&suite, "alice"), [1_000_200; 7]);
    check_ledger(&suite);
}

#[test]
fn tokens_that_always_fail_do_not_keep_others_from_being_retried() {
    let mut suite = with_tokens();
    full_gauge(&mut suite);
    suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    all_behave(&mut suite, &json!("fails"));
    suite.execute("alice", json!({"claim": {}})).unwrap();
    for token in ["t5", "t6"] {
        behave(&mut suite, token, json!("honest"));
    }
    for _ in 0..3 {
        suite.execute("alice", json!({"claim": {}})).unwrap();
    }
    let [.., five, six] = held(&suite, "alice");
    assert_eq!([five, six], [1_000_100; 2]);
    check_ledger(&suite);
}

#[test]
fn a_gauge_that_ends_calls_at_most_four_contracts_as_well() {
    for message in ["close_gauge", "evict_gauge"] {
        let mut suite = with_tokens();
        let id = full_gauge(&mut suite);
        all_behave(&mut suite, &json!("panics"));
        let sender = if message == "close_gauge" {
            "fees"
        } else {
            "owner"
        };
        let before = suite.balance("fees", "uatom");
        let response = suite.execute(sender, json!({message: {"id": id}})).unwrap();
        assert_eq!(failed(&response), (4, 3));
        assert_eq!(suite.balance("fees", "uatom"), before + 1_000);
        check_ledger(&suite);
        all_behave(&mut suite, &json!("honest"));
        for _ in 0..2 {
            suite.execute("fees", json!({"claim": {}})).unwrap();
        }
        assert_eq!(held(&suite, "fees"), [1_000_000; 7]);
        check_ledger(&suite);
    }
}

#[test]
fn a_withdrawal_sends_the_principal_of_all_locks_that_it_names() {
    let mut suite = with_tokens();
    for token in TOKENS {
        let hook = json!({"lock": {"duration": DAY}});
        suite.send_token("alice", token, 500, hook).unwrap();
    }
    suite
        .execute("alice", json!({"begin_unlock_all": {}}))
        .unwrap();
    suite.pass_until(2 * DAY);
    let ids: Vec<u64> = (1..=7).collect();
    let response = suite
        .execute("alice", json!({"withdraw": {"ids": ids}}))
        .unwrap();
    assert_eq!(failed(&response), (0, 0));
    assert_eq!(held(&suite, "alice"), [1_000_000; 7]);
    check_ledger(&suite);
}

#[test]
fn native_coins_of_every_receiver_are_sent_before_any_token_is_called() {
    let mut suite = with_tokens();
    full_gauge(&mut suite);
    for friend in ["friend1", "friend2"] {
        let msg = json!({"lock": {"duration": DAY, "receiver": format!("@{friend}")}});
        suite
            .execute_with("alice", msg, vec![Coin::new(10u128, "ulp")])
            .unwrap();
    }
    suite.pass_until(DAY);
    let token = suite.account("t0").to_string();
    let response = suite
        .execute(
            "alice",
            json!({"claim": {
                "lock_ids": [1, 2], "denoms": [{"native": "uatom"}, {"cw20": "@t0"}],
            }}),
        )
        .unwrap();
    for friend in ["friend1", "friend2"] {
        assert_eq!(suite.balance(friend, "uatom"), 50);
        assert_eq!(suite.token_balance(friend, "t0"), 50);
    }
    let calls = |event: &cosmwasm_std::Event| {
        event.ty == "execute"
            && event
                .attributes
                .iter()
                .any(|attribute| attribute.value == token)
    };
    let first_call = response.events.iter().position(calls).unwrap();
    let last_coins = response
        .events
        .iter()
        .rposition(|event| event.ty == "transfer")
        .unwrap();
    assert!(last_coins < first_call, "{:?}", response.events);
    check_ledger(&suite);
}

/// Gauges of all tokens, and locks of alice with these receivers, each with as much.
fn with_receivers(receivers: &[&str]) -> GaugesSuite {
    let mut suite = with_tokens();
    full_gauge(&mut suite);
    for receiver in receivers {
        let msg = json!({"lock": {"duration": DAY, "receiver": format!("@{receiver}")}});
        suite
            .execute_with("alice", msg, vec![Coin::new(10u128, "ulp")])
            .unwrap();
    }
    suite
}

#[test]
fn tokens_that_always_fail_starve_no_receiver_of_the_same_claim() {
    let mut suite = with_receivers(&["ann", "ben", "cat"]);
    for token in ["t0", "t1", "t2", "t3"] {
        behave(&mut suite, token, json!("fails"));
    }
    let claim = json!({"claim": {"lock_ids": [1, 2], "limit": 100}});
    for day in 1..=9 {
        suite.pass_until(day * DAY);
        suite.execute("alice", claim.clone()).unwrap();
        check_ledger(&suite);
    }
    // Fourteen payouts wait at most, four of them are tried a day: each is tried within four days.
    for receiver in ["ann", "ben"] {
        for token in ["t4", "t5", "t6"] {
            let has = suite.token_balance(receiver, token);
            assert!(has >= 33 * 5, "{receiver} has {has} {token}");
        }
    }
}

#[test]
fn what_failed_is_retried_before_what_is_new() {
    let mut suite = with_receivers(&["alice"]);
    suite.pass_until(DAY);
    // The one that comes last when nothing waits.
    let last = TOKENS.into_iter().max_by_key(|token| suite.account(token));
    let last = last.unwrap();
    behave(&mut suite, last, json!("fails"));
    let only = json!({"claim": {"denoms": [{"cw20": format!("@{last}")}]}});
    suite.execute("alice", only).unwrap();
    behave(&mut suite, last, json!("honest"));
    let has = suite.token_balance("alice", last);
    let response = suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(failed(&response), (0, 3));
    assert_eq!(suite.token_balance("alice", last), has + 100);
    check_ledger(&suite);
}

#[test]
fn the_treasury_is_paid_every_asset_though_four_always_fail_and_a_new_one_gets_those() {
    let mut suite = with_tokens();
    let chest = |name: &str| json!({"update_config": {"treasury": format!("@{name}")}});
    suite.execute("owner", chest("old")).unwrap();
    full_gauge(&mut suite);
    suite.lock("alice", 10, DAY);
    suite.lock("bob", 20, DAY);
    // A day earns thirds; the rest of the gauge, nine tenths of 1000, goes to its maker, and what the
    // forced locks leave below a coin to the treasury.
    let guard = json!({"update_config": {"force_unlockers": ["@guard"]}});
    suite.execute("owner", guard).unwrap();
    suite.pass_until(DAY);
    suite.settle();
    for (owner, lock) in [("alice", 1), ("bob", 2)] {
        suite
            .execute("guard", json!({"force_unlock": {"id": lock}}))
            .unwrap();
        for _ in 0..2 {
            suite.claim(owner, lock).ok();
        }
    }
    suite.pass_until(2 * DAY);
    let named = json!({"settle": {"lock_asset": ulp()}});
    suite.execute("anyone", named).unwrap();
    check_ledger(&suite);
    for token in ["t0", "t1", "t2", "t3"] {
        behave(&mut suite, token, json!("fails"));
    }
    let pay = json!({"withdraw_treasury": {}});
    for _ in 0..2 {
        suite.execute("anyone", pay.clone()).unwrap();
        check_ledger(&suite);
    }
    assert_eq!(suite.balance("old", "uatom"), 1);
    assert_eq!(held(&suite, "old"), [0, 0, 0, 0, 1, 1, 1]);
    all_behave(&mut suite, &json!("honest"));
    suite.execute("owner", chest("new")).unwrap();
    suite.execute("anyone", pay.clone()).unwrap();
    assert_eq!(held(&suite, "new"), [1, 1, 1, 1, 0, 0, 0]);
    assert_eq!(held(&suite, "old"), [0, 0, 0, 0, 1, 1, 1]);
    check_ledger(&suite);
}

#[test]
fn a_treasury_that_refuses_coins_leaves_them_to_the_next_one() {
    let mut suite = GaugesSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "10"}))
        .with("treasury", json!("@old"))
        .build()
        .unwrap();
    suite.gauge(DAY, 20, Some(1));
    let old = suite.account("old");
    suite.chain.block_transfers_to(&old).unwrap();
    let pay = json!({"withdraw_treasury": {}});
    let response = suite.execute("anyone", pay.clone()).unwrap();
    assert_eq!(events(&response, "treasury_payout_failed").len(), 1);
    check_ledger(&suite);
    let new = json!({"update_config": {"treasury": "@new"}});
    suite.execute("owner", new).unwrap();
    suite.execute("anyone", pay).unwrap();
    assert_eq!(suite.balance("new", "uatom"), 10);
    check_ledger(&suite);
}
