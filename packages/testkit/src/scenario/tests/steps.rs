use cosmwasm_std::Uint256;
use serde_json::{Value, json};

use super::{codes, parsed, passes, with_pool, with_steps};
use crate::scenario::{Executor, StepResult};

/// What the steps of a file came to, as JSON.
#[track_caller]
fn outcomes(file: &Value) -> Vec<Value> {
    passes(file)
        .outcomes
        .iter()
        .map(|outcome| serde_json::to_value(outcome).unwrap())
        .collect()
}

#[test]
fn instantiate_makes_a_contract_with_admin_and_funds() {
    let file = with_steps(json!([
        {"instantiate": {"name": "pool", "code": "counter", "sender": "alice", "msg": {"count": 4}, "funds": ["7uatom", "8ubtc"], "admin": "@boss"},
         "expect": {"data": {"count": 4}, "events": [{"type": "wasm", "attributes": {"action": "instantiate"}}]}},
        {"balance": {"of": "pool", "denom": "ubtc"}, "expect": "8"},
        {"query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 4}},
        {"migrate": {"contract": "pool", "code": "counter-2", "sender": "boss", "msg": {"version": 2}}},
    ]));
    let first = &outcomes(&file)[0];

    let address = first["address"].as_str().unwrap();
    assert!(address.starts_with("cosmos1"));
    assert_eq!(first["events"][0]["contract"], json!(address));
    assert_eq!(first["kind"], json!("instantiate"));
}

#[test]
fn execute_pays_and_answers() {
    let file = with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"increment": {"by": 2}}, "funds": ["5uatom"]},
         "expect": {"data": {"count": 2}, "events": [
             {"type": "wasm", "attributes": {"action": "increment", "count": "2"}},
             {"type": "wasm-counted", "attributes": {"by": "2"}},
         ]}},
        {"balance": {"of": "pool", "denom": "uatom"}, "expect": "5"},
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "995"},
        {"query": {"contract": "pool", "msg": {"state": {}}}, "expect": {"funds": [{"denom": "uatom", "amount": "5"}]}},
    ]));
    let all = outcomes(&file);

    assert_eq!(all[1]["ok"], json!(true));
    assert_eq!(all[1]["step"], json!(1));
    assert_eq!(all[1]["chain"], json!("hub"));
    assert_eq!(
        all[2],
        json!({"step": 2, "chain": "hub", "kind": "balance", "ok": true, "amount": "5"})
    );
}

#[test]
fn data_is_json_or_base64_or_nothing() {
    let answer = |base64: &str, expect: Value| json!({"execute": {"contract": "pool", "sender": "a", "msg": {"answer": {"data": base64}}}, "expect": {"data": expect}});
    passes(&with_pool(&json!([
        answer("WzEsMl0=", json!([1, 2])),
        answer("/wD+", json!("/wD+")),
        answer("", json!(null)),
        {"execute": {"contract": "pool", "sender": "a", "msg": {"look": {"denom": "uatom"}}}, "expect": {"data": null, "events": []}},
    ])));
}

#[test]
fn sudo_delivers_any_json() {
    let values = [
        json!({"begin_block": {"proposer": "@@v1"}}),
        json!([1]),
        json!("text"),
        json!(null),
    ];
    let steps: Vec<_> = values
        .iter()
        .map(|msg| json!({"sudo": {"contract": "pool", "msg": msg}}))
        .collect();
    let file = with_pool(&json!(steps));
    let file = parsed(&file);
    let codes = codes();
    let mut executor = Executor::new(&file, &codes).unwrap();
    let made = executor.next_step().unwrap().unwrap();
    let address = cosmwasm_std::Addr::unchecked(made.result.value()["address"].as_str().unwrap());
    let proposer = super::cosmos().operator("v1");
    let delivered = [
        format!(r#"{{"begin_block":{{"proposer":"{proposer}"}}}}"#),
        "[1]".to_owned(),
        "\"text\"".to_owned(),
        "null".to_owned(),
    ];

    for expected in delivered {
        let outcome = executor.next_step().unwrap().unwrap();
        assert!(outcome.ok);
        let chain = executor.chain("hub").unwrap();
        let state: Value = chain.query(&address, &json!({"state": {}})).unwrap();
        assert_eq!(
            state["sudo"],
            json!(cosmwasm_std::Binary::from(expected.as_bytes()))
        );
    }
    assert_eq!(executor.next_step().unwrap(), None);
}

#[test]
fn query_answers_and_its_error_can_be_expected() {
    let all = outcomes(&with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"echo": {"value": [1, {"a": null}]}}}, "expect": [1, {"a": null}]},
        {"query": {"contract": "pool", "msg": {"nonsense": {}}}, "error": "unknown variant"},
    ])));
    assert_eq!(all[1]["answer"], json!([1, {"a": null}]));
    assert_eq!(all[2]["ok"], json!(false));
    assert!(all[2]["error"].as_str().unwrap().contains("nonsense"));
    assert_eq!(all[2].get("failure"), None);
}

#[test]
fn migrate_is_for_the_admin() {
    passes(&with_pool(&json!([
        {"migrate": {"contract": "pool", "code": "counter-2", "sender": "alice", "msg": {"version": 2}}, "error": "Only admin"},
        {"query": {"contract": "pool", "msg": {"state": {}}}, "expect": {"version": 0}},
        {"migrate": {"contract": "pool", "code": "counter-2", "sender": "owner", "msg": {"version": 2}},
         "expect": {"events": [{"attributes": {"action": "migrate"}}]}},
        {"query": {"contract": "pool", "msg": {"state": {}}}, "expect": {"version": 2}},
    ])));
}

#[test]
fn send_moves_coins_to_accounts_and_contracts() {
    passes(&with_pool(&json!([
        {"send": {"from": "alice", "to": "bob", "amount": ["10uatom", "20ubtc"]}, "expect": {"data": null, "events": []}},
        {"send": {"from": "bob", "to": "pool", "amount": ["4uatom"]}},
        {"send": {"from": "bob", "to": "pool", "amount": ["7uatom"]}, "error": "insufficient funds"},
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "990"},
        {"balance": {"of": "bob", "denom": "uatom"}, "expect": "6"},
        {"balance": {"of": "pool", "denom": "uatom"}, "expect": "4"},
    ])));
}

#[test]
fn amounts_above_128_bits_are_exact() {
    let huge = Uint256::from(u128::MAX) * Uint256::new(1_000_000) + Uint256::one();
    let rest = (huge - Uint256::new(3)).to_string();
    passes(&json!({
        "name": "x",
        "chains": {"hub": {"prefix": "cosmos", "balances": {"whale": [format!("{huge}aevmos")]}}},
        "steps": [
            {"balance": {"of": "whale", "denom": "aevmos"}, "expect": huge.to_string()},
            {"send": {"from": "whale", "to": "bob", "amount": [format!("{rest}aevmos")]}},
            {"balance": {"of": "whale", "denom": "aevmos"}, "expect": "3"},
            {"balance": {"of": "bob", "denom": "aevmos"}, "expect": rest},
        ],
    }));
}

#[test]
fn advance_moves_height_and_time() {
    let mut file = with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"block": {}}}, "expect": {"height": 1, "time": "1798761600000000000", "chain_id": "hub-1"}},
        {"advance": {"blocks": 3, "seconds": 3600}, "expect": {"height": 4, "time": "2027-01-01T01:00:00Z"}},
        {"query": {"contract": "pool", "msg": {"block": {}}}, "expect": {"height": 4, "time": "1798765200000000000"}},
        {"advance": {}, "expect": {"height": 5, "time": "2027-01-01T01:00:05Z"}},
        {"advance": {"seconds": 18_446_744_073_709_551_615_u64}, "error": "64 bits"},
        {"advance": {}, "expect": {"height": 6}},
    ]));
    file["chains"]["hub"]["time"] = json!("2027-01-01T00:00:00Z");

    passes(&file);
}

#[test]
fn validator_and_delegation_set_what_staking_says() {
    let validator = json!({"query": {"contract": "pool", "msg": {"chain": {"request": {"staking": {"validator": {"address": "@@v1"}}}}}}});
    let delegation = json!({"query": {"contract": "pool", "msg": {"chain": {"request": {"staking": {"delegation": {"delegator": "@alice", "validator": "@@v1"}}}}}}});
    let expecting = |step: &Value, expect: Value| {
        let mut step = step.clone();
        step["expect"] = expect;
        step
    };
    passes(&with_pool(&json!([
        expecting(&validator, json!({"validator": null})),
        {"delegation": {"delegator": "alice", "validator": "v1", "amount": "5"}, "error": "staking knows no validator"},
        {"validator": {"name": "v1", "exists": true}, "expect": {}},
        expecting(&validator, json!({"validator": {"address": "@@v1", "commission": "0", "max_commission": "1", "max_change_rate": "1"}})),
        {"validator": {"name": "v1", "exists": true, "commission": "0.1", "max_commission": "0.2", "max_change_rate": "0.01"}},
        {"validator": {"name": "v1", "exists": true, "commission": "0.15"}},
        expecting(&validator, json!({"validator": {"commission": "0.15", "max_commission": "0.2", "max_change_rate": "0.01"}})),
        expecting(&delegation, json!({"delegation": null})),
        {"delegation": {"delegator": "alice", "validator": "v1", "amount": "340282366920938463463374607431768211456"}},
        expecting(&delegation, json!({"delegation": {"delegator": "@alice", "validator": "@@v1", "amount": {"amount": "340282366920938463463374607431768211456"}}})),
        {"delegation": {"delegator": "alice", "validator": "v1", "amount": "0"}},
        expecting(&delegation, json!({"delegation": null})),
        {"delegation": {"delegator": "alice", "validator": "v1", "amount": "5"}},
        {"validator": {"name": "v1", "exists": false}},
        expecting(&validator, json!({"validator": null})),
        expecting(&delegation, json!({"delegation": null})),
    ])));
}

#[test]
fn saved_values_are_what_the_result_held_then() {
    passes(&with_pool(&json!([
        {"balance": {"of": "alice", "denom": "uatom"}, "save": {"before": ""}},
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}},
        {"balance": {"of": "alice", "denom": "ubtc"}, "expect": "$before"},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"increment": {"by": 3}}}, "save": {"count": "/data/count", "action": "/events/0/attributes/action"}},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"increment": {"by": "$count"}}}, "expect": {"data": {"count": 6}, "events": [{"attributes": {"action": "$action"}}, {}]}},
    ])));
}

#[test]
fn steps_between_two_advances_share_a_block() {
    passes(&with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"block": {}}}, "save": {"block": ""}},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"increment": {}}}},
        {"query": {"contract": "pool", "msg": {"block": {}}}, "expect": "$block"},
    ])));
}

#[test]
fn a_code_is_stored_once_and_two_contracts_of_it_are_two() {
    let file = with_pool(&json!([
        {"instantiate": {"name": "other", "code": "counter", "sender": "owner", "msg": {"count": 9}}},
        {"query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 0}},
        {"query": {"contract": "other", "msg": {"count": {}}}, "expect": {"count": 9}},
    ]));
    let parsed = parsed(&file);
    let codes = codes();
    let mut executor = Executor::new(&parsed, &codes).unwrap();
    let mut addresses = Vec::new();
    while let Some(outcome) = executor.next_step().unwrap() {
        assert_eq!(outcome.failure, None);
        if let StepResult::Transaction(it) = outcome.result {
            addresses.extend(it.address);
        }
    }
    let app = executor.chain("hub").unwrap().app();
    let code_ids: Vec<_> = addresses
        .iter()
        .map(|it| {
            app.contract_data(&cosmwasm_std::Addr::unchecked(it))
                .unwrap()
                .code_id
        })
        .collect();
    assert_eq!(code_ids, [1, 1]);
    assert_ne!(addresses[0], addresses[1]);
}

#[test]
fn attributes_that_repeat_are_a_list() {
    use crate::scenario::Transaction;
    use cosmwasm_std::Event;
    let event = Event::new("wasm-x")
        .add_attribute("_contract_address", "c")
        .add_attribute("a", "1")
        .add_attribute("b", "2")
        .add_attribute("a", "3")
        .add_attribute("a", "4");
    let transfer = Event::new("transfer").add_attribute("amount", "5uatom");
    let response = cw_multi_test::AppResponse {
        events: vec![transfer, event],
        data: None,
    };
    let shown = serde_json::to_value(Transaction::from(response)).unwrap();
    assert_eq!(
        shown,
        json!({"data": null, "events": [
            {"type": "wasm-x", "contract": "c", "attributes": {"a": ["1", "3", "4"], "b": "2"}},
        ]})
    );
}

#[test]
fn a_blocked_account_receives_nothing_until_it_is_unblocked() {
    let pay = json!({"execute": {"contract": "pool", "sender": "alice", "msg": {"pay": {"to": "@bob", "amount": [{"denom": "uatom", "amount": "1"}]}}}});
    let mut refused = pay.clone();
    refused["error"] = json!("is not allowed to receive funds");
    passes(&with_pool(&json!([
        {"send": {"from": "alice", "to": "pool", "amount": ["5uatom"]}},
        {"block_account": {"name": "bob", "blocked": true}, "expect": {}},
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}, "error": "is not allowed to receive funds"},
        refused,
        {"balance": {"of": "bob", "denom": "uatom"}, "expect": "0"},
        {"block_account": {"name": "bob", "blocked": false}},
        pay,
        {"balance": {"of": "bob", "denom": "uatom"}, "expect": "1"},
        {"block_account": {"name": "pool", "blocked": true}},
        {"send": {"from": "alice", "to": "pool", "amount": ["1uatom"]}, "error": "is not allowed to receive funds"},
    ])));
}

#[test]
fn a_hooked_denom_calls_its_contract_before_it_moves() {
    let mut file = with_pool(&json!([
        {"instantiate": {"name": "watch", "code": "counter", "sender": "owner", "msg": {}}},
        {"send": {"from": "alice", "to": "pool", "amount": ["5factory/alice/gold"]}},
        {"hook_denom": {"denom": "factory/alice/gold", "contract": "watch", "msg": {"look": {"denom": "factory/alice/gold"}}}, "expect": {}},
        {"send": {"from": "alice", "to": "watch", "amount": ["2factory/alice/gold"]}},
        {"query": {"contract": "watch", "msg": {"state": {}}}, "expect": {"looks": [{"by": "@bank", "amount": "0"}]}},
        {"balance": {"of": "watch", "denom": "factory/alice/gold"}, "expect": "2"},
        {"hook_denom": {"denom": "factory/alice/gold", "contract": "pool", "msg": {"pay": {"to": "@bob", "amount": [{"denom": "factory/alice/gold", "amount": "1"}]}}}},
        {"send": {"from": "alice", "to": "watch", "amount": ["1factory/alice/gold"]}},
        {"balance": {"of": "bob", "denom": "factory/alice/gold"}, "expect": "1"},
        {"hook_denom": {"denom": "factory/alice/gold", "contract": "watch", "msg": {"fail": {"text": "not this coin"}}}},
        {"send": {"from": "alice", "to": "bob", "amount": ["1factory/alice/gold"]}, "error": "not this coin"},
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}},
    ]));
    file["chains"]["hub"]["balances"]["alice"] = json!(["10uatom", "20factory/alice/gold"]);
    passes(&file);
}
