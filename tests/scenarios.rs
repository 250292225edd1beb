//! Every file in `tests/scenarios` and the folders below it is played on embedded chains.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use testkit::codes::codes;
use testkit::fee_pool::AccountingKind;
use testkit::scenario::{Action, ScenarioFile, parse, run, write};

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

/// The file with a lazy pool in the place of each fee pool, none if it has no fee pool.
fn under_lazy(file: &ScenarioFile) -> Option<ScenarioFile> {
    let mut file = file.clone();
    let mut is_other = false;
    for step in &mut file.steps {
        let code = match &mut step.action {
            Action::Instantiate(it) => &mut it.code,
            Action::Migrate(it) => &mut it.code,
            _ => continue,
        };
        if *code == AccountingKind::F1.code() {
            *code = AccountingKind::Lazy.code().into();
            is_other = true;
        }
    }
    is_other.then_some(file)
}

/// Histories name the accounting that they were made with: they expect what rounds differently.
fn is_history(path: &Path) -> bool {
    path.parent()
        .is_some_and(|folder| folder.ends_with("histories"))
}

#[test]
fn every_scenario_ends_the_same_under_both_accountings() {
    let mut failed = Vec::new();
    for path in files().unwrap() {
        let file = parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let Some(file) = under_lazy(&file).filter(|_| !is_history(&path)) else {
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
