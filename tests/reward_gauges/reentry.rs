//! A token that calls the contract in the middle of its own transfer: in the end all accounts have
//! what they would have without the call, and nothing is paid or counted twice.

use cosmwasm_std::Binary;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, behave, check_ledger, events, ulp, with_token};

/// The balance of `alice` in `ulp` in the beginning.
const PLENTY: u128 = 10u128.pow(30);
/// The balance in the token that [`with_token`] gives to accounts.
const MINTED: u128 = 1_000_000_000;

fn encoded(message: &Value) -> String {
    Binary::from(message.to_string().into_bytes()).to_base64()
}

/// Locks 1 to 3 have ended: 1 of `ulp` and 2 of the token, of alice, and 3 of the token, of the
/// token contract itself. Lock 4 of the token, of alice, is not unlocking. Gauge 1 pays `uatom`,
/// gauge 2 the token. Gauge 3 pays the token as well; the token contract made it, and no lock
/// counts for it. The token contract is alice's claimer and a force unlocker.
fn scene() -> GaugesSuite {
    let mut suite = with_token();
    let guard = json!({"update_config": {"force_unlockers": ["@token"]}});
    suite.execute("owner", guard).unwrap();
    let mint = json!({"mint": {"to": "@token", "amount": MINTED.to_string()}});
    suite.to_token("token", "token", mint).unwrap();
    suite.gauge(DAY, 1_000, Some(10));
    for (sender, amount, epochs, duration) in [("fees", 1_000, 10, DAY), ("token", 400, 4, 7 * DAY)]
    {
        let gauge = json!({"create_gauge": {
            "lock_asset": ulp(), "duration": duration, "epochs": epochs, "closable": true,
        }});
        suite.send_token(sender, "token", amount, gauge).unwrap();
    }
    suite.lock("alice", 10, DAY);
    let hook = json!({"lock": {"duration": DAY}});
    suite
        .send_token("alice", "token", 500, hook.clone())
        .unwrap();
    suite.send_token("token", "token", 300, hook).unwrap();
    let hook = json!({"lock": {"duration": 7 * DAY}});
    suite.send_token("alice", "token", 200, hook).unwrap();
    suite
        .execute("alice", json!({"set_claimer": {"claimer": "@token"}}))
        .unwrap();
    suite.pass_until(DAY + 1);
    for (owner, lock) in [("alice", 1), ("alice", 2), ("token", 3)] {
        suite
            .execute(owner, json!({"begin_unlock": {"id": lock}}))
            .unwrap();
    }
    suite.pass_until(3 * DAY);
    check_ledger(&suite);
    suite
}

/// Messages with which the contract transfers the token.
fn outer() -> [(&'static str, Value); 5] {
    [
        ("alice", json!({"claim": {"lock_ids": [1]}})),
        ("alice", json!({"withdraw": {"ids": [2]}})),
        ("token", json!({"close_gauge": {"id": 3}})),
        ("owner", json!({"evict_gauge": {"id": 3}})),
        ("token", json!({"force_unlock": {"id": 2, "amount": "200"}})),
    ]
}

/// What the token calls in the middle of the transfer, and the event of its success.
fn inner() -> [(Value, &'static str); 9] {
    let receive = |hook: Value| json!({"receive": {"sender": "@alice", "amount": "100", "msg": encoded(&hook)}});
    [
        (json!({"claim": {"lock_ids": [1]}}), "claim"),
        (json!({"withdraw": {"ids": [1]}}), "withdraw"),
        (json!({"withdraw": {"ids": [2]}}), "withdraw"),
        (json!({"withdraw": {"ids": [3]}}), "withdraw"),
        (json!({"close_gauge": {"id": 3}}), "close_gauge"),
        (json!({"force_unlock": {"id": 3}}), "force_unlock"),
        (receive(json!({"add_to_lock": {"id": 4}})), "add_to_lock"),
        (receive(json!({"add_to_gauge": {"id": 2}})), "add_to_gauge"),
        (receive(json!({"lock": {"duration": DAY}})), "lock"),
    ]
}

/// Whether both end the same gauge or withdraw the same lock, so that the second one is refused.
fn collides(outer: &Value, inner: &Value) -> bool {
    let is_about_the_gauge = |message: &Value| {
        message.get("close_gauge").is_some() || message.get("evict_gauge").is_some()
    };
    let withdraws = json!({"withdraw": {"ids": [2]}});
    (is_about_the_gauge(outer) && is_about_the_gauge(inner))
        || (*outer == withdraws && *inner == withdraws)
}

/// Pays out everything that was not paid before.
fn finish(suite: &mut GaugesSuite) {
    behave(suite, "token", json!("honest"));
    for (sender, message) in [
        ("alice", json!({"claim": {}})),
        ("alice", json!({"withdraw": {"ids": [1]}})),
        ("alice", json!({"withdraw": {"ids": [2]}})),
        ("token", json!({"withdraw": {"ids": [3]}})),
        ("token", json!({"close_gauge": {"id": 3}})),
        ("alice", json!({"claim": {}})),
        ("token", json!({"claim": {}})),
    ] {
        // Refused if it was done before.
        let _ = suite.execute(sender, message);
    }
}

fn calls_back(suite: &mut GaugesSuite, message: &Value, before: bool) {
    let call = json!({"calls": {
        "contract": "@gauges",
        "msg": encoded(&suite.resolve(message)),
        "before": before,
    }});
    behave(suite, "token", call);
}

#[track_caller]
fn check_balances(suite: &GaugesSuite, what: &str) {
    assert_eq!(suite.balance("alice", "uatom"), 100, "{what}");
    assert_eq!(suite.balance("alice", "ulp"), PLENTY, "{what}");
    let of_token = |name: &str| suite.token_balance(name, "token");
    assert_eq!(of_token("alice"), MINTED - 200 + 100, "{what}");
    assert_eq!(of_token("token"), MINTED, "{what}");
    // Lock 4, and the coins of gauge 2 for nine more epochs.
    assert_eq!(of_token("gauges"), 200 + 900, "{what}");
    check_ledger(suite);
}

fn happened(response: &AppResponse, event: &str) -> usize {
    events(response, event).len()
}

#[test]
fn whatever_a_token_calls_in_its_transfers_all_accounts_end_with_the_same() {
    for (sender, message) in outer() {
        for (call, event) in inner() {
            for before in [true, false] {
                let what = format!("{message}, and before {before}: {call}");
                let mut suite = scene();
                calls_back(&mut suite, &call, before);
                let response = suite.execute(sender, message.clone()).unwrap();
                check_ledger(&suite);
                // Tokens that are in flight do not cover an announced receipt, and what was paid
                // once is not paid again.
                let is_refused = call.get("receive").is_some() || collides(&message, &call);
                let own = usize::from(message.get(event).is_some());
                assert_eq!(
                    happened(&response, event),
                    own + usize::from(!is_refused),
                    "{what}"
                );
                finish(&mut suite);
                check_balances(&suite, &what);
            }
        }
    }
}
