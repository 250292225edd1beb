//! Every file in `tests/scenarios` and the folders below it is played on embedded chains.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use testing::codes::codes;
use testing::scenario::{parse, run, write};

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
