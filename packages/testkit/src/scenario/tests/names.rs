use serde_json::{Value, json};

use super::{codes, cosmos, parsed, passes, with_pool, with_steps, wrong};
use crate::scenario::{Position, check};

#[track_caller]
pub(super) fn assert_wrong(file: &Value, place: &str, message: &str) {
    let error = wrong(file);
    assert_eq!(error.place().to_string(), place, "{error}");
    assert!(error.message().contains(message), "{error}");
}

/// An echo step of the pool, whose query gives back the value after replacement.
pub(super) fn echo(value: &Value, expect: &Value) -> Value {
    json!({"query": {"contract": "pool", "msg": {"echo": {"value": value}}}, "expect": expect})
}

#[test]
fn an_account_needs_no_declaration() {
    passes(&with_pool(&json!([
        {"send": {"from": "alice", "to": "somebody", "amount": ["1uatom"]}},
        {"balance": {"of": "somebody", "denom": "uatom"}, "expect": "1"},
        {"balance": {"of": "nobody", "denom": "uatom"}, "expect": "0"},
        echo(&json!(["@anybody", "@@anybody"]), &json!([cosmos().account("anybody"), cosmos().operator("anybody")])),
    ])));
}

#[test]
fn when_accounts_are_listed_every_name_must_be_known() {
    let mut file = with_pool(&json!([
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}},
        {"execute": {"contract": "pool", "sender": "bobb", "msg": {"increment": {}}}},
    ]));
    file["accounts"] = json!(["owner", "bob"]);

    assert_wrong(&file, "steps[2].execute.sender", r#"unknown name "bobb""#);
    file["steps"][2]["execute"]["sender"] = json!("bob");
    passes(&file);

    file["steps"][2]["execute"]["msg"] = json!({"note": {"memo": "@carol"}});
    assert_wrong(
        &file,
        "steps[2].execute.msg.note.memo",
        r#"unknown name "carol""#,
    );
    file["steps"][2]["execute"]["msg"] = json!({"note": {"memo": "@@v1"}});
    assert_wrong(
        &file,
        "steps[2].execute.msg.note.memo",
        r#"unknown name "v1""#,
    );
    file["steps"][2] = json!({"balance": {"of": "pool", "denom": "uatom"}});
    passes(&file);
    file["steps"][2] = json!({"validator": {"name": "v1", "exists": true}});
    assert_wrong(&file, "steps[2].validator.name", r#"unknown name "v1""#);
    file["steps"][2] =
        json!({"delegation": {"delegator": "alice", "validator": "v1", "amount": "5"}});
    assert_wrong(
        &file,
        "steps[2].delegation.validator",
        r#"unknown name "v1""#,
    );
}

#[test]
fn the_error_of_a_name_is_found_in_the_text() {
    let mut file = with_steps(json!([{"balance": {"of": "bobb", "denom": "uatom"}}]));
    file["accounts"] = json!([]);
    let text = file.to_string();
    let error = wrong(&file).located_in(&text);

    let column = text.find("\"bobb\"").unwrap() + 1;
    assert_eq!(error.position(), Some(Position { line: 1, column }));
    let shown = error.to_string();
    assert!(
        shown.starts_with(&format!(
            "steps[0].balance.of (line 1, column {column}): unknown name"
        )),
        "{shown}"
    );
}

#[test]
fn a_contract_must_be_instantiated_before() {
    let calls = [
        json!({"execute": {"contract": "pol", "sender": "alice", "msg": {}}}),
        json!({"sudo": {"contract": "pol", "msg": {}}}),
        json!({"query": {"contract": "pol", "msg": {}}}),
        json!({"migrate": {"contract": "pol", "code": "counter", "sender": "alice", "msg": {}}}),
    ];
    for call in calls {
        let kind = call.as_object().unwrap().keys().next().unwrap().clone();
        let place = format!("steps[1].{kind}.contract");
        let message = r#"unknown name "pol": no contract is called that; there are "pool""#;
        assert_wrong(&with_pool(&json!([call])), &place, message);
    }
    let account = json!([{"query": {"contract": "alice", "msg": {}}}]);
    assert_wrong(
        &with_steps(account),
        "steps[0].query.contract",
        "there are none",
    );
    let port = json!([{"sudo": {"contract": "pool", "msg": {"x": ["port:alice"]}}}]);
    assert_wrong(
        &with_pool(&port),
        "steps[1].sudo.msg.x[0]",
        r#"no contract is called that"#,
    );
}

#[test]
fn a_contract_is_not_there_before_its_step() {
    let make =
        json!({"instantiate": {"name": "late", "code": "counter", "sender": "alice", "msg": {}}});
    let early = [
        (
            json!({"send": {"from": "alice", "to": "late", "amount": ["1uatom"]}}),
            "send.to",
        ),
        (
            json!({"query": {"contract": "late", "msg": {}}}),
            "query.contract",
        ),
        (
            json!({"instantiate": {"name": "other", "code": "counter", "sender": "alice", "msg": {"owner": "@late"}}}),
            "instantiate.msg.owner",
        ),
    ];
    for (step, place) in early {
        let file = with_steps(json!([step, make]));
        assert_wrong(
            &file,
            &format!("steps[0].{place}"),
            r#"contract "late" is not there yet: steps[1] makes it"#,
        );
    }
    let itself = json!([{"instantiate": {"name": "me", "code": "counter", "sender": "alice", "msg": {"owner": "@me"}}}]);
    assert_wrong(
        &with_steps(itself),
        "steps[0].instantiate.msg.owner",
        "not there yet",
    );
}

#[test]
fn a_name_is_an_account_or_one_contract() {
    let make = |name: &str| json!({"instantiate": {"name": name, "code": "counter", "sender": "owner", "msg": {}}});
    assert_wrong(
        &with_pool(&json!([make("pool")])),
        "steps[1].instantiate.name",
        "steps[0] has instantiated a contract \"pool\" before",
    );
    assert_wrong(
        &with_steps(json!([make("alice")])),
        "steps[0].instantiate.name",
        "\"alice\" is an account already",
    );
    let mut listed = with_steps(json!([make("pool")]));
    listed["accounts"] = json!(["owner", "pool"]);
    assert_wrong(
        &listed,
        "steps[0].instantiate.name",
        "\"pool\" is an account already",
    );
}

#[test]
fn a_contract_that_must_fail_to_begin_is_none() {
    let file = with_steps(json!([
        {"instantiate": {"name": "pool", "code": "counter", "sender": "owner", "msg": {"typo": 1}}, "error": "unknown field"},
        {"query": {"contract": "pool", "msg": {}}},
    ]));
    assert_wrong(
        &file,
        "steps[1].query.contract",
        "no contract is called that",
    );

    passes(&with_steps(json!([
        {"instantiate": {"name": "pool", "code": "counter", "sender": "owner", "msg": {"typo": 1}}, "error": "unknown field"},
        {"instantiate": {"name": "pool", "code": "counter", "sender": "owner", "msg": {}}},
        {"query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 0}},
    ])));
}

#[test]
fn a_code_must_be_registered() {
    let make =
        json!([{"instantiate": {"name": "pool", "code": "couter", "sender": "owner", "msg": {}}}]);
    assert_wrong(
        &with_steps(make),
        "steps[0].instantiate.code",
        r#"unknown code "couter"; there are "counter", "counter-2""#,
    );
    let migrate =
        json!([{"migrate": {"contract": "pool", "code": "couter", "sender": "owner", "msg": {}}}]);
    assert_wrong(
        &with_pool(&migrate),
        "steps[1].migrate.code",
        "unknown code",
    );
}

#[test]
fn a_chain_must_exist() {
    assert_wrong(
        &json!({"name": "x", "chains": {}, "steps": []}),
        "chains",
        "needs a chain",
    );
    let named = json!([{"advance": {}, "chain": "hbu"}]);
    assert_wrong(
        &with_steps(named),
        "steps[0].chain",
        r#"unknown chain "hbu"; there are "hub""#,
    );
    let inside = json!([{"sudo": {"contract": "pool", "msg": "@hbu/alice"}}]);
    assert_wrong(
        &with_pool(&inside),
        "steps[1].sudo.msg",
        r#"unknown chain "hbu""#,
    );
    let prefix = json!({"name": "x", "chains": {"hub": {"prefix": "Cosmos"}}, "steps": []});
    assert_wrong(&prefix, "chains.hub.prefix", "lower case");
    passes(&with_steps(json!([{"advance": {}, "chain": "hub"}])));
}

#[test]
fn a_saved_value_must_be_saved_before() {
    let use_it = echo(&json!("$x"), &json!(1));
    let save_it = json!({"advance": {}, "save": {"x": "/height"}});
    assert_wrong(
        &with_pool(&json!([use_it, save_it])),
        "steps[1].query.msg.echo.value",
        r#"no earlier step saves "x""#,
    );
    let expecting = json!([{"advance": {}, "expect": {"height": "$x"}, "save": {"x": "/height"}}]);
    assert_wrong(
        &with_steps(expecting),
        "steps[0].expect.height",
        "no earlier step saves",
    );
}

#[test]
fn names_have_few_characters() {
    let bad = ["", "a b", "a/b", "@a", "é", "$a"];
    for name in bad {
        let file = with_steps(json!([{"balance": {"of": name, "denom": "uatom"}}]));
        assert_wrong(&file, "steps[0].balance.of", "is no name");
        let file = with_steps(
            json!([{"instantiate": {"name": name, "code": "counter", "sender": "a", "msg": {}}}]),
        );
        assert_wrong(&file, "steps[0].instantiate.name", "is no name");
        let mut file = with_steps(json!([]));
        file["accounts"] = json!(["a", name]);
        assert_wrong(&file, "accounts[1]", "is no name");
        let file = json!({"name": "x", "chains": {name: {"prefix": "cosmos"}}, "steps": []});
        assert!(wrong(&file).message().contains("is no name"));
        let file = json!({"name": "x", "chains": {"hub": {"prefix": "cosmos", "balances": {name: []}}}, "steps": []});
        assert!(wrong(&file).message().contains("is no name"));
        let file = with_steps(json!([{"advance": {}, "save": {name: ""}}]));
        assert!(wrong(&file).message().contains("is no name"));
    }
}

#[test]
fn more_than_a_chain_can_hold_is_refused() {
    let most = format!("{}uatom", cosmwasm_std::Uint256::MAX);
    let file = json!({"name": "x", "chains": {"hub": {"prefix": "cosmos", "balances": {"a": [most], "b": ["1uatom"]}}}, "steps": []});
    check(&parsed(&file), &codes()).unwrap();
    let error = crate::scenario::run(&parsed(&file), &codes()).unwrap_err();
    assert_eq!(error.place().to_string(), "chains.hub");
    assert!(error.message().contains("2^256"), "{error}");
}

#[test]
fn rates_and_blocks_have_bounds() {
    let cases = [
        (
            json!({"advance": {"blocks": 0}}),
            "steps[0].advance.blocks",
            "at least 1",
        ),
        (
            json!({"validator": {"name": "v", "exists": true, "commission": "1.1"}}),
            "steps[0].validator.commission",
            "at most 1",
        ),
        (
            json!({"validator": {"name": "v", "exists": false, "max_change_rate": "0"}}),
            "steps[0].validator.max_change_rate",
            "has no rates",
        ),
        (
            json!({"advance": {}, "save": {"x": "height"}}),
            "steps[0].save.x",
            "is no JSON pointer",
        ),
        (
            json!({"advance": {}, "error": "x", "expect": 1}),
            "steps[0].expect",
            "no result to compare",
        ),
        (
            json!({"advance": {}, "error": "x", "save": {"x": ""}}),
            "steps[0].save",
            "no result to save",
        ),
    ];
    for (step, place, message) in cases {
        assert_wrong(&with_steps(json!([step])), place, message);
    }
}

#[test]
fn the_steps_of_the_bank_name_what_is_there() {
    let hook = |denom: &str, contract: &str, msg: &str| json!({"hook_denom": {"denom": denom, "contract": contract, "msg": {"x": msg}}});
    let cases = [
        (
            json!({"block_account": {"name": "a b", "blocked": true}}),
            "steps[1].block_account.name",
            "is no name",
        ),
        (
            hook("uatom", "pool", "x"),
            "steps[1].hook_denom.denom",
            "only denoms factory/.. have hooks, \"uatom\" is none",
        ),
        (
            hook("f", "pool", "x"),
            "steps[1].hook_denom.denom",
            "is no denom",
        ),
        (
            hook("factory/a/gold", "pond", "x"),
            "steps[1].hook_denom.contract",
            "no contract is called that",
        ),
        (
            hook("factory/a/gold", "pool", "$x"),
            "steps[1].hook_denom.msg.x",
            "no earlier step saves",
        ),
    ];
    for (step, place, message) in cases {
        assert_wrong(&with_pool(&json!([step])), place, message);
    }
}
