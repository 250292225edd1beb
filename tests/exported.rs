//! Histories as scenario files, which every executor plays: what a random history found on the
//! embedded chain is replayed on a real one.
//!
//! With `EXPORT_HISTORY_DIR=dir` tests write their files to that folder, below the repository's root
//! unless it is absolute; `EXPORT_HISTORY_DIR=tests/scenarios/histories` renews the committed ones,
//! which are else held against what their seeds make.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use testkit::codes::codes;
use testkit::scenario::{ScenarioFile, run, write};

/// The folder to write to, when there is one.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("EXPORT_HISTORY_DIR")?;
    Some(root().join(folder))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes a scenario file into a folder.
pub fn write_to(folder: &Path, name: &str, file: &ScenarioFile) -> Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{name}.json"));
    fs::write(&path, write(file)).with_context(|| path.display().to_string())
}

/// The file must be the committed one of its name; writes it when there is a folder to write to.
pub fn hold(name: &str, file: &ScenarioFile) -> Result<()> {
    if let Some(folder) = folder() {
        return write_to(&folder, name, file);
    }
    let path = root().join(format!("tests/scenarios/histories/{name}.json"));
    let committed = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    ensure!(
        write(file) == committed,
        "{name}.json is not what its seed makes; \
         EXPORT_HISTORY_DIR=tests/scenarios/histories renews it"
    );
    Ok(())
}

/// Chance that follows from a seed.
pub fn runner_of_seed(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// The file must end as it expects on an embedded chain.
pub fn played_alike(file: &ScenarioFile) -> Result<()> {
    let report = run(file, &codes())?;
    let failures: Vec<String> = report.failures().collect();
    ensure!(report.passed(), "{}", failures.join("\n"));
    Ok(())
}
