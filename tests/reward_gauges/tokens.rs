//! Hostile cw20 tokens: each blocks only its own payouts.

use cosmwasm_std::Binary;
use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, behave, check_ledger, check_totals, coin, event, events, with_token,
};

/// A lock of `alice` that earned 100 of the token and 100 `uatom`.
fn earned() -> GaugesSuite {
    let mut suite = with_token();
    suite.gauge(DAY, 1_000, Some(10));
    let gauge = json!({"create_gauge": {
        "lock_asset": {"native": "ulp"}, "duration": DAY, "epochs": 10,
    }});
    suite.send_token("fees", "token", 1_000, gauge).unwrap();
    suite.lock("alice", 10, DAY);
    suite.pass_until(DAY);
    suite
}

fn token_name(suite: &GaugesSuite) -> String {
    format!("cw20:{}", suite.account("token"))
}

/// The contract's balance of the token less what it owes of it, in points.
fn token_difference(suite: &GaugesSuite) -> String {
    let asset = json!({"cw20": suite.account("token")}).to_string();
    check_totals(suite)[&asset].clone()
}

#[test]
fn when_a_token_fails_or_burns_all_gas_only_its_own_rewards_are_undelivered() {
    for behaviour in [json!("fails"), json!("panics")] {
        let mut suite = earned();
        behave(&mut suite, "token", behaviour);
        let response = suite.execute("alice", json!({"claim": {}})).unwrap();
        assert_eq!(suite.balance("alice", "uatom"), 100);
        let failed = event(&response, "payout_failed");
        assert_eq!(failed["amount"], format!("100{}", token_name(&suite)));
        check_ledger(&suite);
        behave(&mut suite, "token", json!("honest"));
        suite.execute("alice", json!({"claim": {}})).unwrap();
        assert_eq!(suite.token_balance("alice", "token"), 1_000_000_100);
        check_ledger(&suite);
    }
}

#[test]
fn a_claim_that_names_assets_leaves_a_broken_token_out() {
    let mut suite = earned();
    behave(&mut suite, "token", json!("panics"));
    let response = suite
        .execute("alice", json!({"claim": {"denoms": [{"native": "uatom"}]}}))
        .unwrap();
    assert!(events(&response, "payout_failed").is_empty());
    assert_eq!(suite.balance("alice", "uatom"), 100);
    check_ledger(&suite);
}

#[test]
fn a_token_that_moves_nothing_and_succeeds_changes_only_its_own_balances() {
    let mut suite = earned();
    behave(&mut suite, "token", json!("swallows"));
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 100);
    // The contract counts the 100 as paid and still has them.
    assert_eq!(token_difference(&suite), format!("1{}", "0".repeat(36 + 2)));
}

#[test]
fn tokens_that_are_announced_and_not_moved_are_refused() {
    let hooks = [
        json!({"lock": {"duration": DAY}}),
        json!({"add_to_gauge": {"id": 2}}),
        json!({"create_gauge": {"lock_asset": {"native": "ulp"}, "duration": DAY}}),
    ];
    for behaviour in [json!("swallows"), json!("takes_fee")] {
        for hook in &hooks {
            let mut suite = earned();
            behave(&mut suite, "token", behaviour.clone());
            let error = suite
                .send_token("bob", "token", 500, hook.clone())
                .unwrap_err();
            assert!(error.to_string().contains("were announced"), "{error}");
            check_ledger(&suite);
        }
    }
}

#[test]
fn a_token_that_lies_about_balances_is_missing_only_itself() {
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
    // The contract pays while it has the token. After that payouts of it fail and are undelivered.
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
    // More of it is refused, since the balance does not cover what is owed.
    let hook = json!({"lock": {"duration": DAY}});
    assert!(suite.send_token("bob", "token", 10, hook).is_err());
    // Other assets are paid.
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 300);
}

#[test]
fn a_token_that_calls_the_contract_in_its_transfer_changes_no_payment() {
    let receive = |hook: Value| json!({"receive": {"sender": "@bob", "amount": "100", "msg": encoded(&hook)}});
    let messages = [
        json!({"claim": {}}),
        json!({"claim": {"lock_ids": [1]}}),
        json!({"settle": {}}),
        json!({"withdraw_treasury": {}}),
        json!({"claim": {}}),
        receive(json!({"lock": {"duration": DAY}})),
        receive(json!({"add_to_gauge": {"id": 1}})),
    ];
    for message in messages {
        for before in [true, false] {
            let mut suite = earned();
            // The token is alice's claimer.
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
            // Nothing stays in flight, and tokens in flight were not received again.
            check_ledger(&suite);
        }
    }
}

fn encoded(message: &Value) -> String {
    Binary::from(message.to_string().into_bytes()).to_base64()
}

#[test]
fn only_listed_tokens_are_received() {
    let mut suite = GaugesSuite::builder()
        .token("token")
        .token("other")
        .with(
            "lock_assets",
            json!([{"native": "ulp"}, {"cw20": "@token"}]),
        )
        .with("reward_assets", json!([{"cw20": "@token"}]))
        .with("gauge_creators", json!(["@alice"]))
        .build()
        .unwrap();
    for token in ["token", "other"] {
        let mint = json!({"mint": {"to": "@alice", "amount": "1000"}});
        suite.to_token("alice", token, mint).unwrap();
    }
    for hook in [
        json!({"lock": {"duration": DAY}}),
        json!({"create_gauge": {"lock_asset": {"native": "ulp"}, "duration": DAY}}),
    ] {
        assert!(
            suite
                .send_token("alice", "other", 10, hook.clone())
                .is_err()
        );
        suite.send_token("alice", "token", 10, hook).unwrap();
    }
    // Anyone may call `receive`. The asset is the caller's own address, which is not listed.
    let forged = json!({"receive": {
        "sender": "@alice", "amount": "10", "msg": encoded(&json!({"lock": {"duration": DAY}})),
    }});
    crate::support::refused(&mut suite, "alice", forged, &["cannot be locked here"]);
    // A lock takes only its own asset.
    let add = json!({"add_to_lock": {"id": 1}});
    crate::support::refused_with(
        &mut suite,
        "alice",
        add,
        vec![coin(1, "ulp")],
        &["lock 1 holds cw20:"],
    );
    check_ledger(&suite);
}

#[test]
fn a_gauge_that_costs_a_fee_is_made_with_coins_and_filled_with_tokens() {
    let mut suite = earned();
    let fee = json!({"update_config": {"creation_fee": {"denom": "uatom", "amount": "5"}}});
    suite.execute("owner", fee).unwrap();
    let gauge = json!({"create_gauge": {
        "lock_asset": {"native": "ulp"}, "duration": DAY, "epochs": 2,
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
    check_ledger(&suite);
}

#[test]
fn a_native_coin_with_the_name_of_a_token_is_refused() {
    let mut suite = with_token();
    // Principal of bob, which a gauge of such coins would pay out.
    let hook = json!({"lock": {"duration": DAY}});
    suite.send_token("bob", "token", 5_000, hook).unwrap();
    suite.gauge(DAY, 1_000, Some(10));
    let name = token_name(&suite);
    let account = suite.account("fees");
    suite.chain.mint(&account, &[coin(1_000, &name)]).unwrap();
    for msg in [
        json!({"create_gauge": {"lock_asset": {"native": "ulp"}, "duration": DAY}}),
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
    check_ledger(&suite);
}

/// Three equal locks shared 10 of the token and 10 `uatom`. All of them were deleted, and their
/// fractions, one coin of each asset, are the treasury's.
fn with_dues() -> GaugesSuite {
    let mut suite = with_token();
    let chest = json!({"update_config": {"treasury": "@chest", "force_unlockers": ["@guard"]}});
    suite.execute("owner", chest).unwrap();
    let gauge =
        json!({"create_gauge": {"lock_asset": {"native": "ulp"}, "duration": DAY, "epochs": 1}});
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
    // The carry of one point goes to the treasury when the stake changes.
    suite.lock("alice", 1, DAY);
    suite.pass_until(3 * DAY);
    let named = json!({"settle": {"lock_asset": {"native": "ulp"}}});
    suite.execute("anyone", named).unwrap();
    suite
}

#[test]
fn when_a_token_fails_or_burns_all_gas_the_treasury_is_paid_the_other_assets() {
    for behaviour in [json!("fails"), json!("panics")] {
        let mut suite = with_dues();
        behave(&mut suite, "token", behaviour);
        let pay = json!({"withdraw_treasury": {}});
        let response = suite.execute("anyone", pay.clone()).unwrap();
        let failed = event(&response, "treasury_payout_failed");
        assert_eq!(failed["amount"], format!("1{}", token_name(&suite)));
        assert!(failed["reason"].starts_with("chain: "), "{failed:?}");
        assert_eq!(suite.balance("chest", "uatom"), 1);
        check_ledger(&suite);
        // Every payment tries it again, in one transfer.
        let response = suite.execute("anyone", pay.clone()).unwrap();
        assert_eq!(events(&response, "treasury_payout_failed").len(), 1);
        let waiting = json!({"undelivered": {"account": "@chest"}});
        let waiting = suite.query(waiting).unwrap();
        assert_eq!(waiting, json!({"amount": []}), "it is the treasury's");
        check_ledger(&suite);
        behave(&mut suite, "token", json!("honest"));
        suite.execute("anyone", pay).unwrap();
        assert_eq!(suite.token_balance("chest", "token"), 1);
        check_ledger(&suite);
    }
}

#[test]
fn locks_are_forced_open_when_their_token_fails_or_burns_all_gas() {
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
            // A transfer that succeeds without moving anything counts as paid.
            let is_failure = behaviour != "swallows";
            assert_eq!(
                events(&response, "payout_failed").len(),
                usize::from(is_failure)
            );
        }
        // A lock of another asset is forced and paid.
        suite
            .execute("guard", json!({"force_unlock": {"id": 1}}))
            .unwrap();
        assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
        check_totals(&suite);
        if behaviour == "swallows" {
            continue;
        }
        check_ledger(&suite);
        behave(&mut suite, "token", json!("honest"));
        // Besides 100 that the lock has earned.
        suite.execute("alice", json!({"claim": {}})).unwrap();
        assert_eq!(suite.token_balance("alice", "token"), has + 500 + 100);
        check_ledger(&suite);
    }
}
