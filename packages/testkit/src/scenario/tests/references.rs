use serde_json::json;

use super::names::{assert_wrong, echo};
use super::{cosmos, passes, with_pool, with_steps, wrong};
use crate::scenario::{Denom, Reference};

#[test]
fn a_string_that_begins_like_a_reference_must_be_one() {
    let bad = [
        "@",
        "@@",
        "@a b",
        "@a/b/c",
        "@/b",
        "@a/",
        "$",
        "$5 and more",
        "port:",
        "port:a/",
        "ibc:",
        "ibc:uatom",
        "ibc:transfer/channel-0",
        "ibc:transfer//uatom",
    ];
    for text in bad {
        Reference::parse(text).unwrap_err();
        let file = with_pool(&json!([{"sudo": {"contract": "pool", "msg": {"a": [text]}}}]));
        assert_eq!(wrong(&file).place().to_string(), "steps[1].sudo.msg.a[0]");
    }
    for text in [
        "a@b",
        "5$",
        "",
        "support:x",
        " @a",
        "ibc/ABC",
        "wasm.cosmos1",
    ] {
        assert_eq!(Reference::parse(text), Ok(Reference::Literal(text)));
    }
}

#[test]
fn a_denom_must_be_one_a_chain_could_have() {
    for bad in ["x", "1uatom", "u atom", "ibc:uatom", &"u".repeat(129)] {
        Denom::parse(bad).unwrap_err();
        let file = with_steps(json!([{"balance": {"of": "alice", "denom": bad}}]));
        assert_eq!(wrong(&file).place().to_string(), "steps[0].balance.denom");
    }
    let coins = json!([{"send": {"from": "a", "to": "b", "amount": ["1uatom", "1.5uatom"]}}]);
    assert_wrong(&with_steps(coins), "steps[0].send.amount[1]", "is no denom");
    let funds =
        json!([{"execute": {"contract": "pool", "sender": "a", "msg": {}, "funds": ["1u"]}}]);
    assert_wrong(
        &with_pool(&funds),
        "steps[1].execute.funds[0]",
        "is no denom",
    );
    let balances = json!({"name": "x", "chains": {"hub": {"prefix": "cosmos", "balances": {"a": ["1uatom", "2uatom"]}}}, "steps": []});
    assert_wrong(&balances, "chains.hub.balances.a[1]", "twice");
    Denom::parse("factory/cosmos1x/a_b-c.d:e").unwrap();
}

#[test]
fn strings_of_messages_and_expectations_are_replaced() {
    let (format, alice) = (cosmos(), cosmos().account("alice"));
    // The denom of the Cosmos Hub's atom on Osmosis, where it came over channel-0.
    let atom = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
    let report = passes(&with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"state": {}}}, "save": {"owner": "/owner", "state": ""}},
        echo(&json!("@alice"), &json!(alice)),
        echo(&json!(alice), &json!("@alice")),
        echo(&json!({"deep": [{"er": "@@v1"}]}), &json!({"deep": [{"er": format.operator("v1")}]})),
        echo(&json!("@hub/alice"), &json!(alice)),
        echo(&json!("@@hub/alice"), &json!(format.operator("alice"))),
        echo(&json!("ibc:transfer/channel-0/uatom"), &json!(atom)),
        echo(&json!("$owner"), &json!(format.account("owner"))),
        echo(&json!({"whole": "$state"}), &json!({"whole": {"owner": "@owner", "count": 0}})),
        echo(&json!({"@alice": "not a value"}), &json!({"@alice": "not a value"})),
        echo(&json!("to @alice"), &json!("to @alice")),
        {"query": {"contract": "pool", "msg": {"validate": {"address": "@pool"}}}, "save": {"pool": ""}},
        echo(&json!("port:pool"), &json!("port:hub/pool")),
    ])));
    let pool = report.outcomes[12].result.value();
    let port = report.outcomes[13].result.value();
    assert_eq!(port, json!(format!("wasm.{}", pool.as_str().unwrap())));
    assert!(pool.as_str().unwrap().starts_with("cosmos1"));
}

#[test]
fn the_operator_of_a_contract_has_its_bytes() {
    let report = passes(&with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"echo": {"value": ["@pool", "@@pool"]}}}},
    ])));
    let answer = report.outcomes[1].result.value();
    let address = cosmwasm_std::Addr::unchecked(answer[0].as_str().unwrap());
    assert_eq!(
        cosmos().operator_of(&address).unwrap(),
        answer[1].as_str().unwrap()
    );
}

#[test]
fn a_memo_may_be_an_object() {
    let alice = cosmos().account("alice");
    let text = format!(r#"{{"wasm":{{"to":"{alice}","z":[1]}}}}"#);
    let memo = json!({"wasm": {"to": "@alice", "z": [1]}});
    passes(&with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"note": {"memo": memo}}},
         "expect": {"events": [{"type": "wasm", "attributes": {"memo": text}}]}},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"note": {"memo": "plain"}}},
         "expect": {"events": [{"attributes": {"memo": "plain"}}]}},
        echo(&json!({"in": {"memo": memo}}), &json!({"in": {"memo": text}})),
        echo(&json!({"memo": [memo]}), &json!({"memo": [{"wasm": {"to": alice}}]})),
    ])));
}

#[test]
fn denoms_that_came_over_ibc_are_written_by_their_trace() {
    passes(&json!({
        "name": "x",
        "chains": {"hub": {"prefix": "osmo", "balances": {"alice": ["100ibc:transfer/channel-0/uatom"]}}},
        "steps": [
            {"send": {"from": "alice", "to": "bob", "amount": ["30ibc:transfer/channel-0/uatom"]}},
            {"balance": {"of": "bob", "denom": "ibc:transfer/channel-0/uatom"}, "expect": "30"},
            {"balance": {"of": "bob", "denom": "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2"}, "expect": "30"},
        ],
    }));
}
