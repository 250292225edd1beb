//! From a [`ScenarioFile`] to text.

use serde_json::{Value, json};

use super::{ScenarioFile, Step};

/// Writes a scenario file, one step per line, so that two files are easy to compare.
///
/// [`parse`](super::parse) of the text gives back the same value.
#[must_use]
pub fn write(file: &ScenarioFile) -> String {
    let ScenarioFile {
        name,
        accounts,
        chains,
        steps,
    } = file;
    let mut keys = vec![format!("\"name\": {}", json!(name))];
    if let Some(accounts) = accounts {
        keys.push(format!("\"accounts\": {}", json!(accounts)));
    }
    let chains = chains
        .iter()
        .map(|(name, chain)| format!("{}: {}", json!(name), json!(chain)));
    keys.push(format!("\"chains\": {}", block('{', chains, '}')));
    keys.push(format!(
        "\"steps\": {}",
        block('[', steps.iter().map(one_line), ']')
    ));
    format!("{{\n  {}\n}}\n", keys.join(",\n  "))
}

/// A step on one line, what it does first.
fn one_line(step: &Step) -> String {
    let Value::Object(mut keys) = json!(step) else {
        return String::new();
    };
    let order = ["chain", step.action.kind(), "expect", "error", "save"];
    let parts = order
        .iter()
        .filter_map(|key| Some(format!("\"{key}\": {}", keys.remove(*key)?)));
    format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
}

fn block(open: char, lines: impl Iterator<Item = String>, close: char) -> String {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return format!("{open}{close}");
    }
    format!("{open}\n    {}\n  {close}", lines.join(",\n    "))
}
