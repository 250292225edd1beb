use serde_json::{Value, json};

use super::{played, with_pool, with_steps};
use crate::scenario::Report;

#[track_caller]
fn failures(report: &Report) -> Vec<String> {
    assert!(!report.passed());
    report.failures().collect()
}

#[test]
fn a_step_that_fails_stops_the_run() {
    let report = played(&with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"fail": {"text": "not today"}}}},
        {"advance": {}},
        {"advance": {}},
    ])));
    assert_eq!(failures(&report), ["steps[1].execute: failed: not today"]);
    assert_eq!((report.outcomes.len(), report.not_run), (2, 2));
}

#[test]
fn a_step_that_should_fail_and_does_not_stops_the_run() {
    let report = played(&with_steps(
        json!([{"advance": {}, "error": "never"}, {"advance": {}}]),
    ));
    assert_eq!(
        failures(&report),
        [r#"steps[0].advance: expected an error with "never", came none"#]
    );
    assert_eq!(report.not_run, 1);
}

#[test]
fn one_run_shows_all_wrong_texts() {
    let reset = |error: &str| json!({"execute": {"contract": "pool", "sender": "alice", "msg": {"reset": {}}}, "error": error});
    let report = played(&with_pool(&json!([
        reset("Forbidden"),
        {"advance": {}},
        reset("Not the owner"),
        reset("Unauthorized"),
    ])));
    assert_eq!(
        failures(&report),
        [
            r#"steps[1].execute: expected an error with "Forbidden", came "Unauthorized""#,
            r#"steps[3].execute: expected an error with "Not the owner", came "Unauthorized""#,
        ]
    );
    assert_eq!(report.not_run, 0);
}

#[test]
fn the_message_itself_is_no_part_of_its_error() {
    let report = played(&with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"note": {"Unauthorized": 1}}}, "error": "Unauthorized\""},
    ])));
    assert!(!report.passed());
}

#[test]
fn a_result_that_differs_is_reported_and_the_run_goes_on() {
    let report = played(&with_steps(json!([
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "999", "save": {"before": ""}},
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}, "expect": {"events": [{"type": "wasm"}]}},
        {"balance": {"of": "alice", "denom": "ubtc"}, "expect": "$before"},
    ])));
    assert_eq!(
        failures(&report),
        [
            r#"steps[0].balance: expected "999", came "1000""#,
            r#"steps[1].send: at /events/0 expected {"type":"wasm"}, came nothing"#,
        ]
    );
    assert_eq!(report.not_run, 0);
    let outcome = serde_json::to_value(&report.outcomes[0]).unwrap();
    assert_eq!(outcome["ok"], json!(true));
    assert_eq!(
        outcome["failure"],
        json!({"kind": "mismatch", "pointer": "", "expected": "999", "came": "1000"})
    );
}

#[test]
fn an_expected_saved_value_is_the_one_before_the_step_saves_it_anew() {
    let report = played(&with_steps(json!([
        {"balance": {"of": "alice", "denom": "uatom"}, "save": {"before": ""}},
        {"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}},
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "$before", "save": {"before": ""}},
        {"balance": {"of": "alice", "denom": "uatom"}, "expect": "$before"},
    ])));
    assert_eq!(
        failures(&report),
        [r#"steps[2].balance: expected "1000", came "999""#]
    );
}

#[test]
fn nothing_to_save_stops_the_run() {
    let report = played(&with_steps(json!([
        {"advance": {}, "save": {"x": "/hight"}},
        {"advance": {}},
    ])));
    assert_eq!(
        failures(&report),
        [r#"steps[0].advance: nothing to save as "x": the result has no "/hight""#]
    );
    assert_eq!(report.not_run, 1);
}

#[test]
fn an_empty_error_means_any_error() {
    super::passes(&with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"reset": {}}}, "error": ""},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"panic": {"text": "boom"}}}, "error": "panicked"},
    ])));
}

#[test]
fn what_a_failed_step_did_is_rolled_back() {
    super::passes(&with_pool(&json!([
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"fail": {"text": "x"}}, "funds": ["5uatom"]}, "error": "x"},
        {"execute": {"contract": "pool", "sender": "alice", "msg": {"panic": {"text": "y"}}, "funds": ["5uatom"]}, "error": "y"},
        {"query": {"contract": "pool", "msg": {"count": {}}}, "expect": {"count": 0}},
        {"balance": {"of": "pool", "denom": "uatom"}, "expect": "0"},
    ])));
}

#[test]
fn each_outcome_is_one_json_object() {
    let report = played(&with_pool(&json!([
        {"query": {"contract": "pool", "msg": {"nonsense": {}}}},
    ])));
    let lines: Vec<Value> = report
        .outcomes
        .iter()
        .map(|it| serde_json::to_value(it).unwrap())
        .collect();
    assert!(lines.iter().all(Value::is_object));
    let last = &lines[1];
    assert_eq!(
        (&last["ok"], &last["failure"]["kind"]),
        (&json!(false), &json!("failed"))
    );
    assert_eq!(last["error"], last["failure"]["error"]);
}
