//! What a contract's schema and README say that it has, to be held against what it does.

#![allow(clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match fs::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(error) => panic!("{path}: {error}"),
    }
}

/// The names of a contract's messages of a kind, such as `execute` or `query`, by its schema.
///
/// # Panics
/// Without a schema of that contract.
pub fn messages(contract: &str, kind: &str) -> BTreeSet<String> {
    let schema: Value =
        match serde_json::from_str(&read(&format!("schema/{contract}/{contract}.json"))) {
            Ok(schema) => schema,
            Err(error) => panic!("schema of {contract}: {error}"),
        };
    let list = |value: &Value, place: &str| {
        let list = value.pointer(place).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    list(&schema, &format!("/{kind}/oneOf"))
        .iter()
        .flat_map(|message| list(message, "/required"))
        .filter_map(|name| Some(name.as_str()?.to_string()))
        .collect()
}

/// The names of a contract's events, by its README: those in the first column of the table below the
/// heading `Events`, and those in the paragraph that begins with `Others`. What stands in braces
/// behind a name is no part of it.
///
/// # Panics
/// Without a README of that contract.
pub fn events(contract: &str) -> BTreeSet<String> {
    let readme = read(&format!("contracts/{contract}/README.md"));
    let section = readme.split("## Events").nth(1).unwrap_or_default();
    let section = section.split("## ").next().unwrap_or_default();
    let in_table = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.split('|').nth(1));
    in_table
        .chain(section.split("\nOthers ").nth(1))
        .flat_map(|text| text.split('`').skip(1).step_by(2))
        .filter_map(|name| name.split(' ').next())
        .map(str::to_string)
        .collect()
}
