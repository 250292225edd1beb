//! Every JSON in a README is run: the blocks of one file are the steps of one scenario.

// A README that cannot be read is a failed test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testkit::codes::codes;
use testkit::scenario::{parse, run};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The README files of the repository.
fn readmes() -> Vec<PathBuf> {
    let mut found = vec![repository().join("README.md")];
    for folder in ["contracts", "packages"] {
        for entry in fs::read_dir(repository().join(folder)).unwrap() {
            let readme = entry.unwrap().path().join("README.md");
            if readme.exists() {
                found.push(readme);
            }
        }
    }
    found
}

/// The steps in the JSON blocks of a text, in order. A block is one step or a list of steps.
fn steps(readme: &Path, text: &str) -> Vec<Value> {
    let mut steps = Vec::new();
    for (number, block) in text.split("```json\n").skip(1).enumerate() {
        let block = block.split("```").next().unwrap();
        let value: Value = serde_json::from_str(block)
            .unwrap_or_else(|error| panic!("{}: JSON block {number}: {error}", readme.display()));
        match value {
            Value::Array(items) => steps.extend(items),
            step => steps.push(step),
        }
    }
    steps
}

#[test]
fn the_json_of_every_readme_runs_as_written() {
    let mut blocks = 0;
    for readme in readmes() {
        let text = fs::read_to_string(&readme).unwrap();
        let steps = steps(&readme, &text);
        if steps.is_empty() {
            continue;
        }
        blocks += steps.len();
        let file = json!({
            "name": readme.display().to_string(),
            "chains": {"hub": {
                "prefix": "cosmos",
                "balances": {"fees": ["1000000uatom"]},
            }},
            "steps": steps,
        });
        let file = parse(&file.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", readme.display()));
        let report = run(&file, &codes()).unwrap();
        let failures: Vec<String> = report.failures().collect();
        assert!(failures.is_empty(), "{}: {failures:#?}", readme.display());
    }
    assert!(blocks > 20, "the READMEs show how the contracts are used");
}
