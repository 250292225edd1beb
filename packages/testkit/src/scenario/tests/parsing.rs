use cosmwasm_std::{Coin, Timestamp, Uint256, coin};
use serde_json::json;

use super::{parsed, with_steps};
use crate::chain::GENESIS_TIME;
use crate::scenario::{Action, Advance, Place, Position, ScenarioError, parse};

#[track_caller]
fn error_of(text: &str) -> ScenarioError {
    parse(text).expect_err("the text should be refused")
}

/// The error of a file with one step, which is this text.
#[track_caller]
fn error_of_step(step: &str) -> ScenarioError {
    error_of(&format!(
        r#"{{"name":"x","chains":{{"hub":{{"prefix":"cosmos"}}}},"steps":[{step}]}}"#
    ))
}

#[track_caller]
fn assert_at(error: &ScenarioError, place: &str, message: &str) {
    assert_eq!(error.place().to_string(), place, "{error}");
    assert!(error.message().contains(message), "{error}");
    assert!(error.position().is_some(), "{error}");
    assert!(!error.message().contains(" column "), "{error}");
}

#[test]
fn the_illustration_of_the_format_is_a_good_file() {
    let text = r#"{
      "name": "two validators, one block",
      "chains": {"hub": {"prefix": "cosmos", "time": "2026-01-01T00:00:00Z", "balances": {"alice": ["1000uatom"], "fees": ["1000000uatom"]}}},
      "steps": [
        {"instantiate": {"name": "pool", "code": "counter", "sender": "owner", "msg": {}, "funds": []}},
        {"send": {"from": "fees", "to": "pool", "amount": ["100uatom"]}},
        {"advance": {"blocks": 1, "seconds": 5}},
        {"sudo": {"contract": "pool", "msg": {"begin_block": {"proposer": "@@v1", "last_commit": {"votes": []}}}}},
        {"query": {"contract": "pool", "msg": {"delegation_rewards": {"delegator": "@alice", "validator": "@@v1"}}},
         "expect": {"claimable": [{"denom": "uatom", "amount": "44"}]}},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"withdraw_delegator_reward": {"validator": "@@v1"}}, "funds": []}},
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "1044"},
        {"execute": {"contract": "pool", "sender": "bob", "msg": {"update_params": {}}, "funds": []}, "error": "Unauthorized"}
      ]
    }"#;

    let file = parse(text).unwrap();

    crate::scenario::check(&file, &super::codes()).unwrap();
    let kinds: Vec<_> = file.steps.iter().map(|step| step.action.kind()).collect();
    assert_eq!(
        kinds,
        [
            "instantiate",
            "send",
            "advance",
            "sudo",
            "query",
            "execute",
            "balance",
            "execute"
        ]
    );
    assert_eq!(
        file.chains["hub"].balances["fees"],
        [coin(1_000_000, "uatom")]
    );
    assert_eq!(file.steps[7].error.as_deref(), Some("Unauthorized"));
}

#[test]
fn what_is_no_json_is_refused_where_it_breaks() {
    let error = error_of("{\n  \"name\": \"x\",\n  oops\n}");
    assert_at(&error, "the file", "key must be a string");
    assert_eq!(error.position(), Some(Position { line: 3, column: 3 }));
    assert_at(&error_of(""), "the file", "EOF");
    let behind = format!("{} {{}}", with_steps(json!([])));
    assert_at(&error_of(&behind), "the file", "trailing characters");
}

#[test]
fn an_unknown_key_is_refused_at_every_level() {
    assert_at(
        &error_of(r#"{"name":"x","chains":{},"steps":[],"title":"y"}"#),
        "title",
        "unknown field `title`",
    );
    let chain = r#"{"name":"x","chains":{"hub":{"prefix":"cosmos","balance":{}}},"steps":[]}"#;
    assert_at(
        &error_of(chain),
        "chains.hub.balance",
        "unknown field `balance`",
    );
    let typo = error_of_step(r#"{"exekute":{}}"#);
    assert_at(
        &typo,
        "steps[0].exekute",
        "unknown field `exekute`, expected one of `instantiate`",
    );
    let within = error_of_step(r#"{"relay":{"only":{"chain":"hub"}}}"#);
    assert_at(
        &within,
        "steps[0].relay.only.chain",
        "unknown field `chain`",
    );
    let inside = error_of_step(r#"{"advance":{"block":1}}"#);
    assert_at(&inside, "steps[0].advance.block", "unknown field `block`");
    let beside = error_of_step(r#"{"advance":{},"expects":1}"#);
    assert_at(&beside, "steps[0].expects", "unknown field `expects`");
}

#[test]
fn a_missing_key_is_refused() {
    assert_at(
        &error_of(r#"{"name":"x","steps":[]}"#),
        "the file",
        "missing field `chains`",
    );
    assert_at(
        &error_of_step(r#"{"execute":{"contract":"pool","msg":{}}}"#),
        "steps[0].execute",
        "missing field `sender`",
    );
    assert_at(
        &error_of_step(r#"{"validator":{"name":"v1"}}"#),
        "steps[0].validator",
        "missing field `exists`",
    );
    assert_at(
        &error_of_step(r#"{"block_account":{"name":"a"}}"#),
        "steps[0].block_account",
        "missing field `blocked`",
    );
    assert_at(
        &error_of_step(r#"{"hook_denom":{"denom":"factory/a/b","msg":{}}}"#),
        "steps[0].hook_denom",
        "missing field `contract`",
    );
    assert_at(
        &error_of_step(r#"{"expect":1}"#),
        "steps[0]",
        "needs a key that says what it does",
    );
    assert_at(
        &error_of_step("{}"),
        "steps[0]",
        "needs a key that says what it does",
    );
}

#[test]
fn a_wrong_type_is_refused_where_it_is() {
    assert_at(
        &error_of(r#"{"name":7,"chains":{},"steps":[]}"#),
        "name",
        "expected a string",
    );
    assert_at(&error_of_step("7"), "steps[0]", "expected a step");
    let cases = [
        (
            r#"{"advance":{"blocks":"1"}}"#,
            "steps[0].advance.blocks",
            "expected u64",
        ),
        (
            r#"{"advance":{"blocks":-1}}"#,
            "steps[0].advance.blocks",
            "expected u64",
        ),
        (
            r#"{"execute":{"contract":1,"sender":"a","msg":{}}}"#,
            "steps[0].execute.contract",
            "expected a string",
        ),
        (
            r#"{"send":{"from":"a","to":"b","amount":"1uatom"}}"#,
            "steps[0].send.amount",
            "expected a sequence",
        ),
        (
            r#"{"send":{"from":"a","to":"b","amount":["1uatom",5]}}"#,
            "steps[0].send.amount[1]",
            "expected a string",
        ),
        (
            r#"{"validator":{"name":"v1","exists":"yes"}}"#,
            "steps[0].validator.exists",
            "expected a boolean",
        ),
        (
            r#"{"validator":{"name":"v1","exists":true,"commission":"x"}}"#,
            "steps[0].validator.commission",
            "",
        ),
        (
            r#"{"delegation":{"delegator":"a","validator":"v1","amount":"-5"}}"#,
            "steps[0].delegation.amount",
            "",
        ),
        (
            r#"{"block_account":{"name":"a","blocked":1}}"#,
            "steps[0].block_account.blocked",
            "expected a boolean",
        ),
        (
            r#"{"hook_denom":{"denom":1,"contract":"a","msg":{}}}"#,
            "steps[0].hook_denom.denom",
            "expected a string",
        ),
        (
            r#"{"advance":{},"save":{"x":1}}"#,
            "steps[0].save.x",
            "expected a string",
        ),
        (
            r#"{"advance":{},"save":[]}"#,
            "steps[0].save",
            "expected an object",
        ),
        (
            r#"{"advance":{},"error":true}"#,
            "steps[0].error",
            "expected a string",
        ),
        (
            r#"{"advance":{},"chain":{}}"#,
            "steps[0].chain",
            "expected a string",
        ),
    ];
    for (step, place, message) in cases {
        assert_at(&error_of_step(step), place, message);
    }
}

#[test]
fn a_coin_is_digits_and_a_denom() {
    let coins = ["", "uatom", "100", "-1uatom", "1.5uatom extra", " 1uatom"];
    for text in coins {
        let step = json!({"send": {"from": "a", "to": "b", "amount": [text]}});
        let error = parse(&with_steps(json!([step])).to_string());
        // A denom that begins with a dot is a coin with an impossible denom, which check refuses.
        if text.starts_with("1.5") {
            error.unwrap();
        } else {
            assert_at(
                &error.unwrap_err(),
                "steps[0].send.amount[0]",
                "is no coin like \"1000uatom\"",
            );
        }
    }
    let too_much = format!("{}0uatom", Uint256::MAX);
    let step = json!({"send": {"from": "a", "to": "b", "amount": [too_much]}});
    let error = parse(&with_steps(json!([step])).to_string()).unwrap_err();
    assert_at(&error, "steps[0].send.amount[0]", "256 bits");

    let most = format!("{}factory/cosmos1x/token", Uint256::MAX);
    let file = parsed(&with_steps(
        json!([{"send": {"from": "a", "to": "b", "amount": [most]}}]),
    ));
    let Action::Send(send) = &file.steps[0].action else {
        panic!("another step")
    };
    assert_eq!(
        send.amount,
        [Coin::new(Uint256::MAX, "factory/cosmos1x/token")]
    );
}

#[test]
fn a_time_is_rfc_3339_in_utc() {
    let with_time = |time: &str| {
        format!(
            r#"{{"name":"x","chains":{{"hub":{{"prefix":"cosmos","time":"{time}"}}}},"steps":[]}}"#
        )
    };
    for bad in [
        "yesterday",
        "2026-01-01",
        "2026-01-01T00:00:00+01:00",
        "1969-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
    ] {
        assert_at(
            &error_of(&with_time(bad)),
            "chains.hub.time",
            "is no time like",
        );
    }
    let read = |time: &str| parse(&with_time(time)).unwrap().chains["hub"].time;
    assert_eq!(read("2026-01-01T00:00:00Z"), GENESIS_TIME);
    assert_eq!(
        read("2026-01-01T00:00:01.000000002Z"),
        Timestamp::from_nanos(GENESIS_TIME.nanos() + 1_000_000_002)
    );
}

#[test]
fn a_key_that_comes_twice_is_refused() {
    let name = r#"{"name":"x","name":"y","chains":{},"steps":[]}"#;
    assert_at(&error_of(name), "the file", "duplicate field `name`");
    let balances = r#"{"name":"x","chains":{"hub":{"prefix":"cosmos","balances":{"a":["1uatom"],"a":[]}}},"steps":[]}"#;
    assert_at(
        &error_of(balances),
        "chains.hub.balances",
        "`a` is there twice",
    );
    let chains = r#"{"name":"x","chains":{"hub":{"prefix":"a"},"hub":{"prefix":"b"}},"steps":[]}"#;
    assert_at(&error_of(chains), "chains", "`hub` is there twice");
    assert_at(
        &error_of_step(r#"{"advance":{},"save":{"x":"","x":"/a"}}"#),
        "steps[0].save",
        "`x` is there twice",
    );
    assert_at(
        &error_of_step(r#"{"advance":{},"error":"a","error":"b"}"#),
        "steps[0]",
        "`error` is there twice",
    );
}

#[test]
fn a_step_does_one_thing() {
    let error = error_of_step(r#"{"advance":{},"balance":{"of":"a","denom":"uatom"}}"#);
    assert_at(
        &error,
        "steps[0]",
        "a step does one thing, not `advance` and `balance`",
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let file = parsed(
        &json!({"name": "x", "chains": {"hub": {"prefix": "juno"}}, "steps": [
            {"advance": {}},
            {"advance": {"blocks": 3}},
            {"advance": {"seconds": 60}},
            {"execute": {"contract": "pool", "sender": "a", "msg": null}},
        ]}),
    );

    assert_eq!(file.accounts, None);
    assert_eq!(file.chains["hub"].time, GENESIS_TIME);
    assert!(file.chains["hub"].balances.is_empty());
    let advances: Vec<_> = file
        .steps
        .iter()
        .filter_map(|step| match step.action {
            Action::Advance(it) => Some(it),
            _ => None,
        })
        .collect();
    let advance = |blocks, seconds| Advance { blocks, seconds };
    assert_eq!(advances, [advance(1, 5), advance(3, 15), advance(1, 60)]);
    let Action::Execute(execute) = &file.steps[3].action else {
        panic!("another step")
    };
    assert!(execute.funds.is_empty());
}

#[test]
fn an_admin_is_a_name_with_or_without_its_sign() {
    let admin_of = |admin: &str| {
        let step = json!({"instantiate": {"name": "p", "code": "counter", "sender": "a", "msg": {}, "admin": admin}});
        match parsed(&with_steps(json!([step]))).steps.remove(0).action {
            Action::Instantiate(it) => it.admin,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(admin_of("boss").as_deref(), Some("boss"));
    assert_eq!(admin_of("@boss").as_deref(), Some("boss"));
}

#[test]
fn expecting_null_is_not_expecting_nothing() {
    let file = parsed(&with_steps(
        json!([{"advance": {}, "expect": null}, {"advance": {}}]),
    ));
    assert_eq!(file.steps[0].expect, Some(json!(null)));
    assert_eq!(file.steps[1].expect, None);
}

#[test]
fn a_place_reads_like_a_path_and_is_found_in_the_text() {
    let text = "{\n  \"name\": \"é\",\n  \"steps\": [\n    {\"a b\": {\"x\": 1}},\n    {\"y\": [10, 20]}\n  ]\n}";
    let at = |place: &Place, line, column| {
        assert_eq!(
            place.locate(text),
            Some(Position { line, column }),
            "{place}"
        );
    };

    let first = Place::step(0).key("a b").key("x");
    assert_eq!(first.to_string(), r#"steps[0]["a b"].x"#);
    at(&first, 4, 19);
    let second = Place::step(1).key("y").index(1);
    assert_eq!(second.to_string(), "steps[1].y[1]");
    at(&second, 5, 16);
    at(&Place::root(), 1, 1);
    // What is not there is looked for as deep as it goes.
    at(&Place::step(1).key("z").key("deeper"), 5, 5);
    assert_eq!(Place::root().locate("no json"), None);
    assert_eq!(Place::root().to_string(), "the file");
}
