//! A cw4 group whose weights are the powers of the validators.

use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    self, block, books_hold_and_all_is_split, claimable, events, is_share, plain_split, refused,
    scripted_contract,
};

fn pool() -> FeePoolSuite {
    plain_split()
        .with("group", json!("@group"))
        .build()
        .unwrap()
}

fn hook(diffs: Value) -> Value {
    json!({"member_changed_hook": {"diffs": diffs}})
}

fn member(key: &str, old: Option<u64>, new: Option<u64>) -> Value {
    json!({"key": key, "old": old, "new": new})
}

fn powers(suite: &FeePoolSuite) -> Vec<(String, String)> {
    let set = suite.query(json!({"validator_set": {}})).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let mut powers: Vec<_> = set["validators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| (text(&member["validator"]), text(&member["power"])))
        .collect();
    powers.sort();
    powers
}

fn named(suite: &FeePoolSuite, expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut powers: Vec<_> = expected
        .iter()
        .map(|(name, power)| (suite.account(name).into_string(), power.to_string()))
        .collect();
    powers.sort();
    powers
}

#[test]
fn weights_are_powers_and_members_that_leave_have_none() {
    let mut suite = pool();
    let response = suite
        .execute(
            "group",
            hook(json!([
                member("@v1", None, Some(300)),
                member("@v2", None, Some(100)),
            ])),
        )
        .unwrap();
    // They were unknown before.
    assert_eq!(events(&response, "validator_recorded").len(), 2);
    assert_eq!(
        powers(&suite),
        named(&suite, &[("v1", "300"), ("v2", "100")])
    );
    suite.set_shares("alice", "v1", "1").unwrap();
    suite.set_shares("bob", "v2", "1").unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 750);
    assert_eq!(claimable(&suite, "bob", "v2", "uatom"), 250);

    suite
        .execute(
            "group",
            hook(json!([
                member("@v1", Some(300), None),
                member("@v2", Some(100), Some(50)),
                member("@v3", None, Some(50)),
            ])),
        )
        .unwrap();
    assert_eq!(powers(&suite), named(&suite, &[("v2", "50"), ("v3", "50")]));
    suite.set_shares("carol", "v3", "1").unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    is_share(claimable(&suite, "alice", "v1", "uatom"), 750);
    is_share(claimable(&suite, "bob", "v2", "uatom"), 750);
    is_share(claimable(&suite, "carol", "v3", "uatom"), 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_member_that_is_named_twice_has_what_was_said_last() {
    // One update of a cw4 group may add a member and remove it.
    for (diffs, expected) in [
        (
            vec![
                member("@v1", None, Some(5)),
                member("@v1", Some(5), None),
                member("@v2", None, Some(7)),
            ],
            vec![("v2", "7")],
        ),
        (
            vec![
                member("@v1", None, None),
                member("@v2", None, Some(7)),
                member("@v1", None, Some(5)),
            ],
            vec![("v1", "5"), ("v2", "7")],
        ),
    ] {
        let mut suite = pool();
        suite.execute("group", hook(json!(diffs))).unwrap();
        assert_eq!(powers(&suite), named(&suite, &expected));
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn the_old_weight_of_a_diff_is_not_believed() {
    let mut suite = pool();
    suite
        .execute(
            "group",
            hook(json!([member("@v1", Some(1_000_000), Some(5))])),
        )
        .unwrap();
    suite
        .execute("group", hook(json!([member("@v1", None, Some(6))])))
        .unwrap();
    let last = suite.query(json!({"last_block": {}})).unwrap();
    assert_eq!(last["total_power"], "6");
    assert_eq!(last["active_validators"], 1);
}

#[test]
fn powers_trade_places_below_the_bound_and_not_above_it() {
    let max = (1u64 << 63) - 1;
    let mut suite = pool();
    suite
        .execute("group", hook(json!([member("@v1", None, Some(max))])))
        .unwrap();
    for (from, to) in [("@v1", "@v2"), ("@v2", "@v1")] {
        suite
            .execute(
                "group",
                hook(json!([
                    member(to, None, Some(max - 1)),
                    member(from, Some(max), Some(1)),
                ])),
            )
            .unwrap();
        let last = suite.query(json!({"last_block": {}})).unwrap();
        assert_eq!(last["total_power"], max.to_string());
    }
    refused(
        &mut suite,
        "group",
        hook(json!([member("@v2", Some(1), Some(2))])),
        &["9223372036854775808", "2^63"],
    );
    refused(
        &mut suite,
        "group",
        hook(json!([member("@v2", Some(1), Some(u64::MAX))])),
        &["18446744073709551615", "2^63"],
    );
}

#[test]
fn a_group_that_is_a_contract_calls_like_any_other() {
    let mut suite = support::pool().build().unwrap();
    let group = scripted_contract::new(&mut suite);
    // Both pools are on one chain.
    let (owner, code_id) = (suite.account("owner"), suite.code_id);
    let new = testkit::chain::NewContract {
        code_id,
        sender: &owner,
        label: "pool",
        admin: None,
        funds: &[],
    };
    let msg = json!({"reward_denoms": ["uatom"], "active": true, "group": group});
    suite.contract = suite.chain.instantiate(new, &msg).unwrap().address;
    suite.pool = suite.contract.clone();
    let call = scripted_contract::call(&suite, hook(json!([member("@v1", None, Some(9))])), vec![]);
    let run = scripted_contract::Run {
        messages: vec![call],
        strict: true,
    };
    suite.chain.execute(&owner, &group, &run, &[]).unwrap();
    assert_eq!(powers(&suite), named(&suite, &[("v1", "9")]));
}

#[test]
fn a_hook_without_changes_changes_nothing() {
    let mut suite = pool();
    let before = suite.dump();
    suite.execute("group", hook(json!([]))).unwrap();
    let totals = |suite: &FeePoolSuite| suite.query(json!({"last_block": {}})).unwrap();
    assert_eq!(totals(&suite)["total_power"], "0");
    assert!(suite.dump().len() <= before.len() + 1);
    suite
        .execute("group", hook(json!([member("@v1", None, Some(5))])))
        .unwrap();
    let before = suite.dump();
    let response = suite
        .execute("group", hook(json!([member("@v1", Some(5), Some(5))])))
        .unwrap();
    assert!(events(&response, "power_changed").is_empty());
    assert!(suite.dump() == before);
}
