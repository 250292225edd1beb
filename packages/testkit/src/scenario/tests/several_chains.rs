use serde_json::{Value, json};

use super::{passes, wrong};
use crate::chain::AddressFormat;

fn two_chains(steps: &Value) -> Value {
    json!({
        "name": "two",
        "chains": {
            "hub": {"prefix": "cosmos", "balances": {"alice": ["10uatom"]}},
            "zone": {"prefix": "juno", "time": "2027-01-01T00:00:00Z", "balances": {"alice": ["20ujuno"]}},
        },
        "steps": steps,
    })
}

#[test]
fn each_step_says_on_which_chain_it_happens() {
    let error = wrong(&two_chains(
        &json!([{"advance": {}, "chain": "hub"}, {"advance": {}}]),
    ));
    assert_eq!(error.place().to_string(), "steps[1]");
    assert!(
        error.message().contains(r#"there are "hub", "zone""#),
        "{error}"
    );
    let error = wrong(&two_chains(
        &json!([{"instantiate": {"name": "a", "code": "counter", "sender": "b", "msg": {}}}]),
    ));
    assert_eq!(error.place().to_string(), "steps[0]");
}

#[test]
fn chains_have_their_own_balances_time_and_contracts() {
    passes(&two_chains(&json!([
        {"chain": "hub", "balance": {"of": "alice", "denom": "uatom"}, "expect": "10"},
        {"chain": "zone", "balance": {"of": "alice", "denom": "uatom"}, "expect": "0"},
        {"chain": "zone", "balance": {"of": "alice", "denom": "ujuno"}, "expect": "20"},
        {"chain": "hub", "advance": {"seconds": 10}, "expect": {"time": "2026-01-01T00:00:10Z", "height": 2}},
        {"chain": "zone", "advance": {"seconds": 1}, "expect": {"time": "2027-01-01T00:00:01Z", "height": 2}},
        {"chain": "hub", "instantiate": {"name": "pool", "code": "counter", "sender": "alice", "msg": {"count": 1}}},
        {"chain": "zone", "instantiate": {"name": "pool", "code": "counter", "sender": "alice", "msg": {"count": 2}}},
        {"chain": "hub", "query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 1}},
        {"chain": "zone", "query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 2}},
    ])));
}

#[test]
fn names_stand_for_the_address_on_the_chain_named() {
    let (cosmos, juno) = (
        AddressFormat::new("cosmos").unwrap(),
        AddressFormat::new("juno").unwrap(),
    );
    let report = passes(&two_chains(&json!([
        {"chain": "zone", "instantiate": {"name": "far", "code": "counter", "sender": "alice", "msg": {}}},
        {"chain": "hub", "instantiate": {"name": "pool", "code": "counter", "sender": "alice", "msg": {}}},
        {"chain": "hub", "query": {"contract": "pool", "msg": {"echo": {"value":
            ["@alice", "@zone/alice", "@@zone/alice", "@hub/alice"]}}},
         "expect": [cosmos.account("alice"), juno.account("alice"), juno.operator("alice"), cosmos.account("alice")]},
        {"chain": "hub", "query": {"contract": "pool", "msg": {"echo": {"value": ["@zone/far", "port:zone/far"]}}}},
    ])));
    let far = report.outcomes[0].result.value()["address"].clone();
    let port = format!("wasm.{}", far.as_str().unwrap());
    assert_eq!(report.outcomes[3].result.value(), json!([far, port]));
}

#[test]
fn a_contract_of_one_chain_is_none_of_the_other() {
    let make = json!({"chain": "hub", "instantiate": {"name": "pool", "code": "counter", "sender": "alice", "msg": {}}});
    let error = wrong(&two_chains(
        &json!([make, {"chain": "zone", "query": {"contract": "pool", "msg": {}}}]),
    ));
    assert_eq!(error.place().to_string(), "steps[1].query.contract");
    assert!(error.message().contains("there are none"), "{error}");
}
