//! Lists come in pages of a bounded size, validators in the order of their power.

use serde_json::{Value, json};
use testkit::poa_pool::PoaSuite;

use crate::support::pool;

fn names(answer: &Value) -> Vec<String> {
    answer["validators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["operator"].as_str().unwrap().to_string())
        .collect()
}

fn all(suite: &PoaSuite, list: &str, limit: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let page = suite
            .query(json!({list: {"start_after": start_after, "limit": limit}}))
            .unwrap();
        let page = names(&page);
        let Some(last) = page.last() else {
            return found;
        };
        start_after = json!(last);
        found.extend(page);
    }
}

fn crowd() -> (PoaSuite, Vec<(String, u64)>) {
    let mut suite = pool(&[]);
    let members: Vec<(String, u64)> = (0..60)
        .map(|number| (format!("v{number}"), number * 7919 % 31))
        .collect();
    let given: Vec<(&str, u64)> = members
        .iter()
        .map(|(name, power)| (name.as_str(), *power))
        .collect();
    suite.add_members(&given).unwrap();
    (suite, members)
}

#[test]
fn validators_are_ordered_by_power_and_equal_ones_by_their_ids() {
    let (suite, members) = crowd();
    let address = |name: &str| suite.account(name).into_string();
    // `crowd` creates them in the order of their ids, and the sort keeps it.
    let mut expected: Vec<&(String, u64)> = members.iter().collect();
    expected.sort_by_key(|(_, power)| std::cmp::Reverse(*power));
    let shown = |active: bool| -> Vec<String> {
        let chosen = expected.iter().filter(|it| (it.1 > 0) == active);
        chosen.map(|it| address(&it.0)).collect()
    };
    let (active, idle) = (shown(true), shown(false));
    assert!(!idle.is_empty());
    for limit in [1, 7, 100] {
        assert_eq!(all(&suite, "validators", limit), active);
        assert_eq!(all(&suite, "candidates", limit), idle);
    }
}

#[test]
fn a_changed_power_changes_the_order() {
    let mut suite = pool(&[("v1", 5), ("v2", 9), ("v3", 7)]);
    let order = |suite: &PoaSuite| -> Vec<String> {
        let answer = suite.query(json!({"validators": {}})).unwrap();
        answer["validators"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["power"].as_str().unwrap().to_string())
            .collect()
    };
    assert_eq!(order(&suite), ["9", "7", "5"]);
    suite.set_powers(&[("v1", 8), ("v2", 0)]).unwrap();
    assert_eq!(order(&suite), ["8", "7"]);
    suite.set_powers(&[("v2", 1)]).unwrap();
    assert_eq!(order(&suite), ["8", "7", "1"]);
    assert!(all(&suite, "candidates", 10).is_empty());
}

#[test]
fn limits_are_30_by_default_100_at_most_and_never_0() {
    let mut suite = pool(&[("v0", 1)]);
    let names: Vec<String> = (1..130).map(|number| format!("v{number}")).collect();
    let members: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    suite.add_members(&members).unwrap();
    for name in 0..130 {
        suite.create_validator(&format!("c{name}")).unwrap();
    }
    for list in ["validators", "candidates", "list_members", "audit"] {
        let error = suite.query(json!({list: {"limit": 0}})).unwrap_err();
        assert!(error.to_string().contains("limit 0"), "{error}");
    }
    for (list, field) in [
        ("validators", "validators"),
        ("candidates", "validators"),
        ("list_members", "members"),
    ] {
        for (limit, expected) in [(Value::Null, 30), (json!(101), 100), (json!(u32::MAX), 100)] {
            let page = suite.query(json!({list: {"limit": limit}})).unwrap();
            assert_eq!(page[field].as_array().unwrap().len(), expected, "{list}");
        }
    }
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let suite = pool(&[("v1", 1)]);
    for (query, part) in [
        (
            json!({"validators": {"start_after": "@stranger"}}),
            "no operator",
        ),
        (
            json!({"candidates": {"start_after": "@stranger"}}),
            "no operator",
        ),
        (json!({"validators": {"start_after": "x"}}), "bech32"),
        (json!({"candidates": {"start_after": "x"}}), "bech32"),
        (json!({"audit": {"start_after": "x"}}), "not a cursor"),
        (
            json!({"audit": {"start_after": "undelivered/x"}}),
            "not a cursor",
        ),
    ] {
        let error = suite.query(query).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_cursor_without_power_is_refused() {
    let mut suite = pool(&[("v1", 3), ("v2", 2), ("v3", 1)]);
    let page = |suite: &PoaSuite, after: Value| {
        suite.query(json!({"validators": {"start_after": after, "limit": 1}}))
    };
    let first = names(&page(&suite, Value::Null).unwrap());
    suite.set_powers(&[("v1", 0)]).unwrap();
    let error = page(&suite, json!(first[0])).unwrap_err();
    assert!(error.to_string().contains("no power any more"), "{error}");
}

#[test]
fn a_hand_over_between_two_pages_misses_nobody() {
    let mut suite = pool(&[("v1", 3), ("v2", 2), ("v3", 1)]);
    for candidate in ["c1", "c2", "c3"] {
        suite.create_validator(candidate).unwrap();
    }
    for (list, last, heir, next) in [
        ("validators", "v2", "w2", "v3"),
        ("candidates", "c2", "d2", "c3"),
    ] {
        let page = json!({list: {"limit": 2}});
        let cursor = suite.account(last).to_string();
        assert_eq!(names(&suite.query(page).unwrap())[1], cursor);
        suite.hand_over(last, heir).unwrap();
        let behind = json!({list: {"start_after": cursor}});
        assert_eq!(
            names(&suite.query(behind).unwrap()),
            [suite.account(next).to_string()]
        );
    }
}
