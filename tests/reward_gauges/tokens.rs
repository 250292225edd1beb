//! Hostile cw20 tokens: each blocks itself and nobody else.

use cosmwasm_std::Binary;
use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, behave, books_hold, coin, event, events, records_hold, with_token,
};

/// A lock of `alice` that earned 100 of the token and 100 `uatom`.
fn earned() -> GaugesSuite {
    let mut suite = with_token();
    suite.gauge(DAY, 1_000, Some(10));
    let gauge = json!({"create_gauge": {
        "denom": {"native": "ulp"}, "duration": DAY, "epochs": 10,
    }});
    suite.send_token("fees", "token", 1_000, gauge).unwrap();
    suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    suite
}

fn token_name(suite: &GaugesSuite) -> String {
    format!("cw20:{}", suite.account("token"))
}

/// `suite`'s difference of balance and liabilities of the token, in points.
fn token_difference(suite: &GaugesSuite) -> String {
    let asset = json!({"cw20": suite.account("token")}).to_string();
    records_hold(suite)[&asset].clone()
}

#[test]
fn one_that_fails_or_burns_all_gas_leaves_the_other_rewards_paid_and_its_own_waiting() {
    for behaviour in [json!("fails"), json!("panics")] {
        let mut suite = earned();
        behave(&mut suite, "token", behaviour);
        let response = suite.execute("alice", json!({"claim": {}})).unwrap();
        assert_eq!(suite.balance("alice", "uatom"), 100);
        let told = event(&response, "payout_failed");
        assert_eq!(told["amount"], format!("100{}", token_name(&suite)));
        books_hold(&suite);
        behave(&mut suite, "token", json!("honest"));
        suite.execute("alice", json!({"claim": {}})).unwrap();
        assert_eq!(suite.token_balance("alice", "token"), 1_000_000_100);
        books_hold(&suite);
    }
}

#[test]
fn named_assets_leave_a_broken_one_alone() {
    let mut suite = earned();
    behave(&mut suite, "token", json!("panics"));
    let response = suite
        .execute("alice", json!({"claim": {"denoms": [{"native": "uatom"}]}}))
        .unwrap();
    assert!(events(&response, "payout_failed").is_empty());
    assert_eq!(suite.balance("alice", "uatom"), 100);
    books_hold(&suite);
}

#[test]
fn one_that_moves_nothing_but_says_it_did_is_short_of_itself_alone() {
    let mut suite = earned();
    behave(&mut suite, "token", json!("swallows"));
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 100);
    // It is still here, and nobody's: the contract took the token's word.
    assert_eq!(token_difference(&suite), format!("1{}", "0".repeat(36 + 2)));
}

#[test]
fn announced_tokens_that_never_came_are_refused() {
    let hooks = [
        json!({"lock": {"duration": DAY}}),
        json!({"add_to_gauge": {"id": 2}}),
        json!({"create_gauge": {"denom": {"native": "ulp"}, "duration": DAY}}),
    ];
    for behaviour in [json!("swallows"), json!("takes_fee")] {
        for hook in &hooks {
            let mut suite = earned();
            behave(&mut suite, "token", behaviour.clone());
            let error = suite
                .send_token("bob", "token", 500, hook.clone())
                .unwrap_err();
            assert!(error.to_string().contains("were announced"), "{error}");
            books_hold(&suite);
        }
    }
}

#[test]
fn one_that_lies_about_its_balances_too_is_short_of_itself_alone() {
    let mut suite = earned();
    behave(
        &mut suite,
        "token",
        json!({"balance_of": "1000000000000000000000"}),
    );
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("bob", "token", 1_000_000, hook).unwrap();
    behave(&mut suite, "token", json!("honest"));
    assert!(token_difference(&suite).starts_with('-'));
    // What the contract has of it is paid to whom it is owed first; then payouts wait.
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 100);
    assert_eq!(suite.token_balance("alice", "token"), 1_000_000_100);
    suite
        .execute("bob", json!({"begin_unlock": {"id": 2}}))
        .unwrap();
    suite.pass_until(3 * DAY);
    suite
        .execute("bob", json!({"withdraw": {"ids": [2]}}))
        .unwrap();
    let waiting = suite
        .query(json!({"undelivered": {"account": "@bob"}}))
        .unwrap();
    assert_eq!(waiting["amount"][0]["amount"], "1000000");
    // Nobody can add to the hole.
    let hook = json!({"lock": {"duration": DAY}});
    assert!(suite.send_token("bob", "token", 10, hook).is_err());
    // Everything else goes on.
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 300);
}

#[test]
fn calling_back_in_the_middle_of_a_transfer_wins_nothing() {
    let messages = [
        json!({"claim": {}}),
        json!({"claim": {"lock_ids": [1]}}),
        json!({"settle": {}}),
        json!({"withdraw_treasury": {}}),
        json!({"withdraw": {"ids": []}}),
        json!({"receive": {"sender": "@bob", "amount": "100", "msg": encoded(&json!({"lock": {"duration": DAY}}))}}),
        json!({"receive": {"sender": "@bob", "amount": "100", "msg": encoded(&json!({"add_to_gauge": {"id": 1}}))}}),
    ];
    for message in messages {
        for before in [true, false] {
            let mut suite = earned();
            // The token may even claim for its victim.
            suite
                .execute("alice", json!({"set_claimer": {"claimer": "@token"}}))
                .unwrap();
            let call = json!({"calls": {
                "contract": "@gauges",
                "msg": encoded(&suite.resolve(&message)),
                "before": before,
            }});
            behave(&mut suite, "token", call);
            suite.execute("alice", json!({"claim": {}})).unwrap();
            assert_eq!(suite.balance("alice", "uatom"), 100, "{message}");
            assert_eq!(
                suite.token_balance("alice", "token"),
                1_000_000_100,
                "{message}"
            );
            // Nothing is left in flight, and nothing was taken in that was on its way out.
            books_hold(&suite);
        }
    }
}

fn encoded(message: &Value) -> String {
    Binary::from(message.to_string().into_bytes()).to_base64()
}

#[test]
fn only_listed_tokens_are_taken_and_only_for_themselves() {
    let mut suite = GaugesSuite::builder()
        .token("token")
        .token("other")
        .with(
            "lock_assets",
            json!([{"native": "ulp"}, {"cw20": "@token"}]),
        )
        .with("reward_assets", json!([{"cw20": "@token"}]))
        .build()
        .unwrap();
    for token in ["token", "other"] {
        let mint = json!({"mint": {"to": "@alice", "amount": "1000"}});
        suite.to_token("alice", token, mint).unwrap();
    }
    for hook in [
        json!({"lock": {"duration": DAY}}),
        json!({"create_gauge": {"denom": {"native": "ulp"}, "duration": DAY}}),
    ] {
        assert!(
            suite
                .send_token("alice", "other", 10, hook.clone())
                .is_err()
        );
        suite.send_token("alice", "token", 10, hook).unwrap();
    }
    // Anybody may call `receive`: it counts for an asset of the caller's own address, which is none.
    let forged = json!({"receive": {
        "sender": "@alice", "amount": "10", "msg": encoded(&json!({"lock": {"duration": DAY}})),
    }});
    crate::support::refused(&mut suite, "alice", forged, &["cannot be locked here"]);
    // Another asset is not added to a lock.
    let add = json!({"add_to_lock": {"id": 1}});
    crate::support::refused_with(
        &mut suite,
        "alice",
        add,
        vec![coin(1, "ulp")],
        &["lock 1 holds cw20:"],
    );
    books_hold(&suite);
}

#[test]
fn a_gauge_that_costs_a_fee_is_made_with_coins_and_filled_with_tokens() {
    let mut suite = earned();
    let fee = json!({"update_config": {"creation_fee": {"denom": "uatom", "amount": "5"}}});
    suite.execute("owner", fee).unwrap();
    let gauge = json!({"create_gauge": {
        "denom": {"native": "ulp"}, "duration": DAY, "epochs": 2,
    }});
    let error = suite
        .send_token("fees", "token", 100, gauge.clone())
        .unwrap_err();
    assert!(
        error.to_string().contains("a gauge costs 5uatom"),
        "{error}"
    );
    suite
        .execute_with("fees", gauge, vec![coin(5, "uatom")])
        .unwrap();
    let more = json!({"add_to_gauge": {"id": 3}});
    suite.send_token("fees", "token", 100, more).unwrap();
    books_hold(&suite);
}

#[test]
fn a_coin_of_the_bank_that_bears_a_tokens_name_is_no_token() {
    let mut suite = with_token();
    // Principal of others, which a gauge of false tokens would pay out.
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("bob", "token", 5_000, hook).unwrap();
    suite.gauge(DAY, 1_000, Some(10));
    let name = token_name(&suite);
    let account = suite.account("fees");
    suite.chain.mint(&account, &[coin(1_000, &name)]).unwrap();
    for msg in [
        json!({"create_gauge": {"denom": {"native": "ulp"}, "duration": DAY}}),
        json!({"add_to_gauge": {"id": 1}}),
    ] {
        for funds in [
            vec![coin(1_000, &name)],
            vec![coin(1_000, &name), coin(10, "uatom")],
        ] {
            let parts = ["cannot be told from the name of a cw20"];
            crate::support::refused_with(&mut suite, "fees", msg.clone(), funds, &parts);
        }
    }
    books_hold(&suite);
}

/// Three equal locks that share 10 of the token and of `uatom`; when all are gone one coin of each
/// is the treasury's.
fn with_dues() -> GaugesSuite {
    let mut suite = with_token();
    let chest = json!({"update_config": {"treasury": "@chest", "force_unlockers": ["@guard"]}});
    suite.execute("owner", chest).unwrap();
    let gauge = json!({"create_gauge": {"denom": {"native": "ulp"}, "duration": DAY, "epochs": 1}});
    suite
        .execute_with("fees", gauge.clone(), vec![coin(10, "uatom")])
        .unwrap();
    suite.send_token("fees", "token", 10, gauge).unwrap();
    let locks: Vec<u64> = (0..3).map(|_| suite.lock("alice", 10, DAY)).collect();
    suite.pass_until(DAY);
    suite.settle();
    for lock in locks {
        suite
            .execute("guard", json!({"force_unlock": {"id": lock}}))
            .unwrap();
        suite.claim("alice", lock).unwrap();
    }
    // The index could not divide one point, which the change of the stake sweeps.
    suite.lock("alice", 1, DAY);
    suite.pass_until(3 * DAY);
    let named = json!({"settle": {"denom": {"native": "ulp"}}});
    suite.execute("anyone", named).unwrap();
    suite
}

#[test]
fn one_that_fails_or_burns_all_gas_leaves_the_other_dues_of_the_treasury_paid() {
    for behaviour in [json!("fails"), json!("panics")] {
        let mut suite = with_dues();
        behave(&mut suite, "token", behaviour);
        let pay = json!({"withdraw_treasury": {}});
        let response = suite.execute("anyone", pay.clone()).unwrap();
        let told = event(&response, "payout_failed");
        assert_eq!(told["amount"], format!("1{}", token_name(&suite)));
        assert_eq!(suite.balance("chest", "uatom"), 1);
        books_hold(&suite);
        // It is tried again with every payment, as one transfer.
        let response = suite.execute("anyone", pay.clone()).unwrap();
        assert_eq!(events(&response, "payout_failed").len(), 1);
        books_hold(&suite);
        behave(&mut suite, "token", json!("honest"));
        suite.execute("anyone", pay).unwrap();
        assert_eq!(suite.token_balance("chest", "token"), 1);
        books_hold(&suite);
    }
}

#[test]
fn one_that_fails_or_burns_all_gas_keeps_no_lock_from_being_forced_open() {
    for behaviour in [json!("fails"), json!("panics"), json!("swallows")] {
        let mut suite = earned();
        let guard = json!({"update_config": {"force_unlockers": ["@guard"]}});
        suite.execute("owner", guard).unwrap();
        let hook = json!({"lock": {"duration": DAY}});
        suite.send_token("alice", "token", 500, hook).unwrap();
        let has = suite.token_balance("alice", "token");
        behave(&mut suite, "token", behaviour.clone());
        for (amount, id) in [(json!("200"), 2), (Value::Null, 2)] {
            let force = json!({"force_unlock": {"id": id, "amount": amount}});
            let response = suite.execute("guard", force).unwrap();
            // One that says it did is believed, and short of itself.
            let is_told = behaviour != "swallows";
            assert_eq!(
                events(&response, "payout_failed").len(),
                usize::from(is_told)
            );
        }
        // The other asset's lock is forced and paid as if nothing were.
        suite
            .execute("guard", json!({"force_unlock": {"id": 1}}))
            .unwrap();
        assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
        records_hold(&suite);
        if behaviour == "swallows" {
            continue;
        }
        books_hold(&suite);
        behave(&mut suite, "token", json!("honest"));
        suite
            .execute("alice", json!({"withdraw": {"ids": []}}))
            .unwrap();
        assert_eq!(suite.token_balance("alice", "token"), has + 500);
        books_hold(&suite);
    }
}
