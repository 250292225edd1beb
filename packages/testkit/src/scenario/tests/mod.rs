//! Scenario files, held to what the format says.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod between;
mod failing;
mod matching;
mod names;
mod parsing;
mod references;
mod round_trip;
mod several_chains;
mod steps;

use serde_json::{Value, json};

use super::{CodeRegistry, Report, ScenarioError, ScenarioFile, check, parse, run};
use crate::chain::AddressFormat;
use crate::chain::tests::counter::Counter;
use crate::wire::tests::echo;

/// The counter, under two names, and the contract that echoes packets.
fn codes() -> CodeRegistry {
    CodeRegistry::new()
        .with("counter", || Box::new(Counter))
        .with("counter-2", || Box::new(Counter))
        .with("echo", echo::code)
}

/// A file with one chain, where alice owns a thousand, and these steps.
fn with_steps(steps: Value) -> Value {
    json!({
        "name": "test",
        "chains": {"hub": {"prefix": "cosmos", "balances": {"alice": ["1000uatom", "1000ubtc"]}}},
        "steps": steps,
    })
}

/// The same, beginning with a counter called `pool` that owner owns.
fn with_pool(steps: &Value) -> Value {
    let mut all = vec![json!({"instantiate": {
        "name": "pool", "code": "counter", "sender": "owner", "msg": {"owner": "@owner"}, "admin": "owner"
    }})];
    all.extend(steps.as_array().unwrap().iter().cloned());
    with_steps(json!(all))
}

#[track_caller]
fn parsed(file: &Value) -> ScenarioFile {
    parse(&serde_json::to_string_pretty(file).unwrap()).unwrap_or_else(|error| panic!("{error}"))
}

/// Plays a file and expects it to be right, whatever comes of it.
#[track_caller]
fn played(file: &Value) -> Report {
    run(&parsed(file), &codes()).unwrap_or_else(|error| panic!("{error}"))
}

/// Plays a file and expects every expectation to be met.
#[track_caller]
fn passes(file: &Value) -> Report {
    let report = played(file);
    let failures: Vec<_> = report.failures().collect();
    assert!(report.passed(), "{failures:#?}");
    report
}

/// The error of a file whose shape is right and whose content is not.
#[track_caller]
fn wrong(file: &Value) -> ScenarioError {
    let parsed = parsed(file);
    let error = check(&parsed, &codes()).expect_err("the file should be wrong");
    let on_run = run(&parsed, &codes()).expect_err("a wrong file should not run");
    assert_eq!(on_run, error);
    error
}

fn cosmos() -> AddressFormat {
    AddressFormat::new("cosmos").unwrap()
}
