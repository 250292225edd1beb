//! The pool is a cw4 group: members are the operators with power.

use serde_json::{Value, json};
use testkit::expect::{events, refused};
use testkit::poa_pool::PoaSuite;

use crate::support::{pool, withdrawable};

fn weight(suite: &PoaSuite, name: &str, at_height: Option<u64>) -> Value {
    let query = json!({"member": {"addr": format!("@{name}"), "at_height": at_height}});
    suite.query(query).unwrap()["weight"].clone()
}

fn total(suite: &PoaSuite, at_height: Option<u64>) -> Value {
    suite
        .query(json!({"total_weight": {"at_height": at_height}}))
        .unwrap()["weight"]
        .clone()
}

#[test]
fn members_are_added_changed_and_removed() {
    let mut suite = pool(&[("v1", 10)]);
    suite.fees(10).unwrap();
    let update = json!({"update_members": {
        "remove": ["@v1"], "add": [{"addr": "@v2", "weight": 5}, {"addr": "@v3", "weight": 0}]}});
    let response = suite.execute("owner", update).unwrap();
    assert_eq!(events(&response, "create_validator").len(), 2);
    assert_eq!(weight(&suite, "v1", None), Value::Null);
    assert_eq!(weight(&suite, "v2", None), 5);
    assert_eq!(weight(&suite, "v3", None), Value::Null);
    assert_eq!(total(&suite, None), 5);
    suite.fees(10).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2", "v3"]), ["10", "10", "0"]);
    suite.add_members(&[("v1", 1), ("v2", 4)]).unwrap();
    suite.fees(10).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["12", "18"]);
    suite.assert_sound("uatom");
}

#[test]
fn weights_are_known_at_every_height() {
    let mut suite = pool(&[("v1", 10), ("v2", 5)]);
    let start = suite.chain.block().height;
    suite.next_block();
    suite.set_powers(&[("v1", 20)]).unwrap();
    suite.set_powers(&[("v1", 30)]).unwrap();
    suite.next_block();
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.next_block();
    suite.next_block();
    suite.set_powers(&[("v1", 7)]).unwrap();

    let seen = |height: u64| {
        (
            weight(&suite, "v1", Some(height)),
            total(&suite, Some(height)),
        )
    };
    // Changes of a block count from the next block on, as in cw4.
    assert_eq!(seen(start), (Value::Null, json!(0)));
    assert_eq!(seen(start + 1), (json!(10), json!(15)));
    assert_eq!(seen(start + 2), (json!(30), json!(35)));
    assert_eq!(seen(start + 3), (Value::Null, json!(5)));
    assert_eq!(seen(start + 4), (Value::Null, json!(5)));
    assert_eq!(seen(start + 5), (json!(7), json!(12)));
    assert_eq!(weight(&suite, "v1", None), 7);
    assert_eq!(total(&suite, None), 12);
}

#[test]
fn a_hand_over_changes_members_and_not_the_total() {
    let mut suite = pool(&[("v1", 10), ("v2", 5)]);
    suite.next_block();
    let height = suite.chain.block().height;
    suite.hand_over("v1", "heir").unwrap();
    assert_eq!(weight(&suite, "v1", None), Value::Null);
    assert_eq!(weight(&suite, "heir", None), 10);
    assert_eq!(weight(&suite, "v1", Some(height)), 10);
    assert_eq!(weight(&suite, "heir", Some(height)), Value::Null);
    assert_eq!(total(&suite, None), 15);
}

#[test]
fn members_are_listed_by_address() {
    let mut suite = pool(&[]);
    let names: Vec<String> = (0..40).map(|number| format!("v{number}")).collect();
    let members: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 9)).collect();
    suite.add_members(&members).unwrap();
    suite.create_validator("candidate").unwrap();
    let mut listed = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let page = suite
            .query(json!({"list_members": {"start_after": start_after, "limit": 17}}))
            .unwrap();
        let page = page["members"].as_array().unwrap().clone();
        let Some(last) = page.last() else { break };
        start_after = last["addr"].clone();
        listed.extend(page);
    }
    let mut expected: Vec<String> = names
        .iter()
        .map(|name| suite.account(name).into_string())
        .collect();
    expected.sort();
    let found: Vec<&str> = listed
        .iter()
        .map(|it| it["addr"].as_str().unwrap())
        .collect();
    assert_eq!(found, expected);
    assert!(listed.iter().all(|member| member["weight"] == 9));
    let default = suite.query(json!({"list_members": {}})).unwrap();
    assert_eq!(default["members"].as_array().unwrap().len(), 30);
}

/// cw4's helpers read these records without a query of the contract.
#[test]
fn members_and_total_are_stored_where_cw4_reads_them() {
    let suite = pool(&[("v1", 10), ("v2", 5)]);
    let raw = |key: Vec<u8>| {
        suite
            .dump()
            .into_iter()
            .find(|(found, _)| *found == key)
            .map(|(_, value)| String::from_utf8(value).unwrap())
    };
    assert_eq!(raw(b"total".to_vec()).as_deref(), Some("15"));
    let mut key = vec![0, 7];
    key.extend_from_slice(b"members");
    key.extend_from_slice(suite.account("v1").as_bytes());
    assert_eq!(raw(key).as_deref(), Some("10"));
}

#[test]
fn members_must_be_accounts_of_the_chain() {
    let mut suite = pool(&[("v1", 10)]);
    for address in [
        "",
        "nobody",
        "@@v1",
        "juno1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fs09pq",
    ] {
        let query = suite.resolve(&json!({"member": {"addr": address}}));
        assert!(suite.query(query).is_err(), "{address}");
        let update =
            json!({"update_members": {"remove": [], "add": [{"addr": address, "weight": 1}]}});
        refused(&mut suite, "owner", update, &["address"]);
    }
    let update = json!({"update_members": {"remove": [], "add": [{"addr": "@pool", "weight": 1}]}});
    refused(&mut suite, "owner", update, &["this contract"]);
}
