//! A token that calls back in the middle of its transfer: everybody ends with the same, and nothing
//! is paid or counted twice.

use cosmwasm_std::Binary;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, behave, books_hold, events, ulp, with_token};

/// What `alice` has of `ulp` before.
const PLENTY: u128 = 10u128.pow(30);
/// What `with_token` gives of the token.
const MINTED: u128 = 1_000_000_000;

fn encoded(message: &Value) -> String {
    Binary::from(message.to_string().into_bytes()).to_base64()
}

/// Three locks that have ended: 1 of `ulp` and 2 of the token are alice's, 3 of the token is the
/// token's own. Alice's lock 4 of the token goes on. Gauge 1 pays `uatom` and gauge 2 the token, gauge 3 of the token is its own and
/// waits for locks. The token may claim and withdraw for alice, and force locks open.
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
            "denom": ulp(), "duration": duration, "epochs": epochs, "closable": true,
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
    books_hold(&suite);
    suite
}

/// Messages in which the contract transfers the token.
fn outer() -> [(&'static str, Value); 5] {
    [
        ("alice", json!({"claim": {"lock_ids": [1]}})),
        ("alice", json!({"withdraw": {"ids": [2]}})),
        ("token", json!({"close_gauge": {"id": 3}})),
        ("owner", json!({"evict_gauge": {"id": 3}})),
        ("token", json!({"force_unlock": {"id": 2, "amount": "200"}})),
    ]
}

/// What the token calls meanwhile, and the event that tells of its success.
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

/// Whether both are about the same, so that the one that comes second is refused.
fn collides(outer: &Value, inner: &Value) -> bool {
    let is_about_the_gauge = |message: &Value| {
        message.get("close_gauge").is_some() || message.get("evict_gauge").is_some()
    };
    let withdraws = json!({"withdraw": {"ids": [2]}});
    (is_about_the_gauge(outer) && is_about_the_gauge(inner))
        || (*outer == withdraws && *inner == withdraws)
}

/// Everybody takes what is theirs, as far as they have not yet.
fn finish(suite: &mut GaugesSuite) {
    behave(suite, "token", json!("honest"));
    for (sender, message) in [
        ("alice", json!({"claim": {}})),
        ("alice", json!({"withdraw": {"ids": [1]}})),
        ("alice", json!({"withdraw": {"ids": [2]}})),
        ("token", json!({"withdraw": {"ids": [3]}})),
        ("token", json!({"close_gauge": {"id": 3}})),
        ("alice", json!({"withdraw": {"ids": []}})),
        ("token", json!({"withdraw": {"ids": []}})),
    ] {
        // Some are done already.
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
fn everybody_has_what_is_theirs(suite: &GaugesSuite, what: &str) {
    assert_eq!(suite.balance("alice", "uatom"), 100, "{what}");
    assert_eq!(suite.balance("alice", "ulp"), PLENTY, "{what}");
    let of_token = |name: &str| suite.token_balance(name, "token");
    assert_eq!(of_token("alice"), MINTED - 200 + 100, "{what}");
    assert_eq!(of_token("token"), MINTED, "{what}");
    // Lock 4, and the nine epochs that gauge 2 did not pay.
    assert_eq!(of_token("gauges"), 200 + 900, "{what}");
    books_hold(suite);
}

fn happened(response: &AppResponse, event: &str) -> usize {
    events(response, event).len()
}

#[test]
fn whatever_a_token_calls_in_its_transfers_everybody_ends_with_what_is_theirs() {
    for (sender, message) in outer() {
        for (call, event) in inner() {
            for before in [true, false] {
                let what = format!("{message}, and before {before}: {call}");
                let mut suite = scene();
                calls_back(&mut suite, &call, before);
                let response = suite.execute(sender, message.clone()).unwrap();
                books_hold(&suite);
                // Tokens that are on their way out cannot be announced as coming in, and what was
                // taken once is not taken again.
                let is_refused = call.get("receive").is_some() || collides(&message, &call);
                let own = usize::from(message.get(event).is_some());
                assert_eq!(
                    happened(&response, event),
                    own + usize::from(!is_refused),
                    "{what}"
                );
                finish(&mut suite);
                everybody_has_what_is_theirs(&suite, &what);
            }
        }
    }
}
