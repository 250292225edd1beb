//! Builders, queries and checks that several test files use.

use std::collections::BTreeMap;

use cosmwasm_std::{Coin, Uint256};
use serde_json::{Value, json};
pub use testkit::expect::{event, events};
pub use testkit::reward_gauges::{DAY, GaugesSuite};

/// A contract with epochs of a day, see [`GaugesSuite::builder`].
pub fn suite() -> GaugesSuite {
    GaugesSuite::builder().build().unwrap()
}

/// A contract that takes the cw20 `token` to lock and as a reward, besides `ulp` and `uatom`.
/// `alice`, `bob` and `fees` have 10^9 of it, and make gauges, as the token itself does.
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
        .with(
            "gauge_creators",
            json!(["@fees", "@alice", "@bob", "@token"]),
        )
        .build()
        .unwrap();
    for name in ["alice", "bob", "fees"] {
        let msg = json!({"mint": {"to": format!("@{name}"), "amount": "1000000000"}});
        suite.to_token(name, "token", msg).unwrap();
    }
    suite
}

/// Sets the behaviour of a token.
#[track_caller]
pub fn behave(suite: &mut GaugesSuite, token: &str, behaviour: Value) {
    suite
        .to_token("anyone", token, json!({"behave": behaviour}))
        .unwrap();
}

/// `ulp` as messages and queries name it.
pub fn ulp() -> Value {
    json!({"native": "ulp"})
}

/// A `create_gauge` for locks of `ulp`, with more fields.
pub fn gauge_of(duration: u64, more: &[(&str, Value)]) -> Value {
    let mut msg = json!({"create_gauge": {"lock_asset": ulp(), "duration": duration}});
    for (field, value) in more {
        msg["create_gauge"][*field] = value.clone();
    }
    msg
}

/// An amount of a native denom.
pub fn coin(amount: u128, denom: &str) -> Coin {
    Coin::new(amount, denom)
}

/// The message is refused with an error that has all these parts, and changes nothing in the
/// contract's storage.
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
    assert!(before == suite.dump(), "{msg} wrote something");
}

/// [`refused_with`] without funds.
#[track_caller]
pub fn refused(suite: &mut GaugesSuite, sender: &str, msg: Value, parts: &[&str]) {
    refused_with(suite, sender, msg, vec![], parts);
}

/// Claims a lock's rewards. Returns what its owner got of `uatom`.
#[track_caller]
pub fn paid(suite: &mut GaugesSuite, owner: &str, lock: u64) -> u128 {
    let before = suite.balance(owner, "uatom");
    suite.claim(owner, lock).unwrap();
    suite.balance(owner, "uatom") - before
}

/// By duration in days, the last epoch for which a lock counts: none while it is not unlocking.
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

/// The answer to `lock_cursors`.
pub fn cursors(suite: &GaugesSuite, lock: u64) -> Vec<Value> {
    suite.query(json!({"lock_cursors": {"id": lock}})).unwrap()["cursors"]
        .as_array()
        .unwrap()
        .clone()
}

/// The answer to `gauge`.
pub fn gauge(suite: &GaugesSuite, id: u64) -> Value {
    suite.query(json!({"gauge": {"id": id}})).unwrap()
}

/// The answer to `pool` for `ulp`.
pub fn pool(suite: &GaugesSuite, duration: u64) -> Value {
    suite
        .query(json!({"pool": {"lock_asset": ulp(), "duration": duration}}))
        .unwrap()
}

/// Points by asset, named as in events, and class.
type Classes = BTreeMap<(String, String), Uint256>;

/// The ledgers of all assets that `invariants` shows, in as many pages as it takes.
fn invariants(suite: &GaugesSuite) -> Vec<Value> {
    let mut denoms = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let query = json!({"invariants": {"start_after": start_after, "limit": 100}});
        let answer = suite.query(query).unwrap();
        denoms.extend(answer["denoms"].as_array().unwrap().clone());
        start_after = answer["next"].clone();
        if start_after.is_null() {
            return denoms;
        }
    }
}

/// Adds the liabilities that `invariants` or `audit` shows, without those of 0.
fn add_classes(denoms: &[Value], to: &mut Classes) {
    for denom in denoms {
        let name = name(&denom["asset"]);
        for line in denom["liabilities"].as_array().unwrap() {
            let class = line["class"].as_str().unwrap();
            let points: Uint256 = line["points"].as_str().unwrap().parse().unwrap();
            if !points.is_zero() {
                *to.entry((name.clone(), class.to_string())).or_default() += points;
            }
        }
    }
}

/// The name of an asset in events.
fn name(asset: &Value) -> String {
    match asset["native"].as_str() {
        Some(native) => native.to_string(),
        None => format!("cw20:{}", asset["cw20"].as_str().unwrap()),
    }
}

/// Checks what holds between any two messages: the running totals of `invariants` are the sums of
/// the records that `audit` visits, with pages of any size. Returns by asset the balance less what
/// is owed.
#[track_caller]
pub fn check_totals(suite: &GaugesSuite) -> BTreeMap<String, String> {
    let invariants = invariants(suite);
    let mut totals = Classes::new();
    add_classes(&invariants, &mut totals);
    for page in [1, 3, 100] {
        let mut audited = Classes::new();
        let mut start_after = Value::Null;
        loop {
            let answer = suite
                .query(json!({"audit": {"start_after": start_after, "limit": page}}))
                .unwrap();
            add_classes(answer["denoms"].as_array().unwrap(), &mut audited);
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break;
            }
        }
        assert_eq!(audited, totals, "audit in pages of {page}");
    }
    invariants
        .iter()
        .map(|denom| {
            let difference = denom["difference"].as_str().unwrap().to_string();
            (denom["asset"].to_string(), difference)
        })
        .collect()
}

/// [`check_totals`]; besides, the ledger rebuilt from events is the same, nothing is in flight, and
/// the balance of each asset is exactly what is owed.
#[track_caller]
pub fn check_ledger(suite: &GaugesSuite) {
    for denom in &invariants(suite) {
        let name = name(&denom["asset"]);
        for line in denom["liabilities"].as_array().unwrap() {
            let class = line["class"].as_str().unwrap();
            let from_events = suite.events.points(&name, class).to_string();
            assert_eq!(
                from_events,
                line["points"].as_str().unwrap(),
                "{class} of {name}"
            );
        }
    }
    for (asset, difference) in check_totals(suite) {
        assert_eq!(difference, "0", "{asset}");
    }
}
