//! What the tests of this folder share: reading answers and events, and holding the books.

use std::collections::BTreeMap;

use cosmwasm_std::{Coin, Uint256};
use serde_json::{Value, json};
pub use testing::expect::{event, events};
pub use testing::reward_gauges::{DAY, GaugesSuite};

/// A contract with a day's epochs, see [`GaugesSuite::builder`].
pub fn suite() -> GaugesSuite {
    GaugesSuite::builder().build().unwrap()
}

/// A contract that takes the cw20 `token` to lock and for rewards, beside `ulp` and `uatom`.
/// `alice` and `fees` have plenty of it.
pub fn with_token() -> GaugesSuite {
    let mut suite = GaugesSuite::builder()
        .token("token")
        .with(
            "lock_assets",
            json!([{"native": "ulp"}, {"native": "uatom"}, {"cw20": "@token"}]),
        )
        .with(
            "reward_assets",
            json!([{"native": "uatom"}, {"cw20": "@token"}]),
        )
        .build()
        .unwrap();
    for name in ["alice", "bob", "fees"] {
        let msg = json!({"mint": {"to": format!("@{name}"), "amount": "1000000000"}});
        suite.to_token(name, "token", msg).unwrap();
    }
    suite
}

/// Tells the token how to behave.
#[track_caller]
pub fn behave(suite: &mut GaugesSuite, token: &str, behaviour: Value) {
    suite
        .to_token("anyone", token, json!({"behave": behaviour}))
        .unwrap();
}

/// `ulp`, as queries name it.
pub fn ulp() -> Value {
    json!({"native": "ulp"})
}

/// Coins.
pub fn coin(amount: u128, denom: &str) -> Coin {
    Coin::new(amount, denom)
}

/// The message is refused with an error that has all these parts, and nothing that the contract
/// stores is other than before.
#[track_caller]
pub fn refused_with(
    suite: &mut GaugesSuite,
    sender: &str,
    msg: Value,
    funds: Vec<Coin>,
    parts: &[&str],
) {
    let before = suite.dump();
    let error = match suite.execute_with(sender, msg.clone(), funds) {
        Ok(_) => panic!("{sender} was not refused: {msg}"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(
            error.contains(part),
            "{msg}: {error:?} does not say {part:?}"
        );
    }
    assert!(!error.contains("panicked"), "{msg}: {error}");
    assert!(before == suite.dump(), "{msg} left something behind");
}

/// [`refused_with`] without funds.
#[track_caller]
pub fn refused(suite: &mut GaugesSuite, sender: &str, msg: Value, parts: &[&str]) {
    refused_with(suite, sender, msg, vec![], parts);
}

/// Settles a lock's pools and pays it; what its receiver got of `uatom`.
#[track_caller]
pub fn paid(suite: &mut GaugesSuite, owner: &str, lock: u64) -> u128 {
    let before = suite.balance(owner, "uatom");
    suite.claim(owner, lock).unwrap();
    suite.balance(owner, "uatom") - before
}

/// How far a lock counts, by duration in days: none while it is locked.
pub fn last_epochs(suite: &GaugesSuite, lock: u64) -> Vec<(u64, Option<u64>)> {
    cursors(suite, lock)
        .into_iter()
        .map(|cursor| {
            (
                cursor["duration"].as_u64().unwrap() / DAY,
                cursor["last"].as_u64(),
            )
        })
        .collect()
}

/// A lock's places.
pub fn cursors(suite: &GaugesSuite, lock: u64) -> Vec<Value> {
    suite.query(json!({"lock_cursors": {"id": lock}})).unwrap()["cursors"]
        .as_array()
        .unwrap()
        .clone()
}

/// A gauge.
pub fn gauge(suite: &GaugesSuite, id: u64) -> Value {
    suite.query(json!({"gauge": {"id": id}})).unwrap()
}

/// A pool of `ulp`.
pub fn pool(suite: &GaugesSuite, duration: u64) -> Value {
    suite
        .query(json!({"pool": {"denom": ulp(), "duration": duration}}))
        .unwrap()
}

type Classes = BTreeMap<(String, String), Uint256>;

fn classes(answer: &Value, into: &mut Classes) {
    for denom in answer["denoms"].as_array().unwrap() {
        let asset = &denom["asset"];
        let name = match asset["native"].as_str() {
            Some(native) => native.to_string(),
            None => format!("cw20:{}", asset["cw20"].as_str().unwrap()),
        };
        for line in denom["liabilities"].as_array().unwrap() {
            let class = line["class"].as_str().unwrap();
            let points: Uint256 = line["points"].as_str().unwrap().parse().unwrap();
            if !points.is_zero() {
                *into.entry((name.clone(), class.to_string())).or_default() += points;
            }
        }
    }
}

/// What must hold between any two messages: the running totals are those of the records, and the
/// balance of each asset is covered. Returns the differences by asset.
#[track_caller]
pub fn records_hold(suite: &GaugesSuite) -> BTreeMap<String, String> {
    let invariants = suite.query(json!({"invariants": {"limit": 100}})).unwrap();
    let mut totals = Classes::new();
    classes(&invariants, &mut totals);
    for page in [1, 3, 100] {
        let mut audited = Classes::new();
        let mut start_after = Value::Null;
        loop {
            let answer = suite
                .query(json!({"audit": {"start_after": start_after, "limit": page}}))
                .unwrap();
            classes(&answer, &mut audited);
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break;
            }
        }
        assert_eq!(audited, totals, "audit in pages of {page}");
    }
    invariants["denoms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|denom| {
            let difference = denom["difference"].as_str().unwrap().to_string();
            (denom["asset"].to_string(), difference)
        })
        .collect()
}

/// [`records_hold`], the events tell the same, nothing is in flight, and every asset is there to
/// the last point: received = paid + owed.
#[track_caller]
pub fn books_hold(suite: &GaugesSuite) {
    let invariants = suite.query(json!({"invariants": {"limit": 100}})).unwrap();
    for denom in invariants["denoms"].as_array().unwrap() {
        let asset = &denom["asset"];
        let name = match asset["native"].as_str() {
            Some(native) => native.to_string(),
            None => format!("cw20:{}", asset["cw20"].as_str().unwrap()),
        };
        for line in denom["liabilities"].as_array().unwrap() {
            let class = line["class"].as_str().unwrap();
            let told = suite.events.points(&name, class).to_string();
            assert_eq!(told, line["points"].as_str().unwrap(), "{class} of {name}");
        }
    }
    for (asset, difference) in records_hold(suite) {
        assert_eq!(difference, "0", "{asset}");
    }
}
