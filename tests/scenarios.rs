//! Every file in `tests/scenarios` and the folders below it is played on embedded chains.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use testing::codes::codes;
use testing::scenario::{Action, ScenarioFile, parse, run, write};

/// The scenario files, by name.
fn files() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"),
        &mut found,
    )?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    Ok(())
}

/// What is wrong with the run of a file, one line each: the step, what it expects and what came.
fn failures(path: &Path) -> Result<Vec<String>> {
    let file = parse(&fs::read_to_string(path)?)?;
    let report = run(&file, &codes())?;
    let mut failures: Vec<String> = report.failures().collect();
    if report.not_run > 0 {
        failures.push(format!("{} steps were not run", report.not_run));
    }
    Ok(failures)
}

#[test]
fn every_scenario_ends_as_it_expects() {
    let files = files().unwrap();
    assert!(!files.is_empty(), "there are no scenario files");
    let mut failed = Vec::new();
    for path in &files {
        let found = failures(path).unwrap_or_else(|error| vec![error.to_string()]);
        failed.extend(
            found
                .iter()
                .map(|line| format!("{}: {line}", path.display())),
        );
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn every_scenario_is_written_as_the_writer_writes_it() {
    for path in files().unwrap() {
        let text = fs::read_to_string(&path).unwrap();
        let written = write(&parse(&text).unwrap());
        assert!(
            text == written,
            "{} should read:\n{written}",
            path.display()
        );
    }
}

/// The file with `lazy` in place of the accounting that its fee pools have when they name none, or
/// none if there is no such pool.
fn under_lazy(file: &ScenarioFile) -> Option<ScenarioFile> {
    let mut file = file.clone();
    let mut is_other = false;
    for step in &mut file.steps {
        let Action::Instantiate(it) = &mut step.action else {
            continue;
        };
        let Some(msg) = it.msg.as_object_mut().filter(|_| it.code == "fee-pool") else {
            continue;
        };
        if msg.contains_key("accounting") || msg.get("source") == Some(&json!("sync")) {
            continue;
        }
        msg.insert("accounting".into(), json!("lazy"));
        is_other = true;
    }
    is_other.then_some(file)
}

#[test]
fn every_scenario_ends_the_same_under_both_accountings() {
    let mut failed = Vec::new();
    for path in files().unwrap() {
        let file = parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let Some(file) = under_lazy(&file) else {
            continue;
        };
        let report = run(&file, &codes()).unwrap();
        assert_eq!(report.not_run, 0, "{}", path.display());
        failed.extend(
            report
                .failures()
                .map(|line| format!("{}: {line}", path.display())),
        );
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
