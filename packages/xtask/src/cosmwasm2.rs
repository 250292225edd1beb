//! `cargo chain --cosmwasm2`: the player of scenario files from `tests/chain` on a wasmd of `CosmWasm` 2.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::chain;
use crate::process::repository;

/// What of `tests/chain` plays scenario files.
const SOURCES: [&str; 7] = [
    "hostile",
    "ibc",
    "node",
    "pool",
    "scenario",
    "suite",
    "scenarios_test.go",
];

/// Import paths in `tests/chain`, and what they are there.
const IMPORTS: [(&str, &str); 2] = [
    (
        "github.com/CosmWasm/wasmvm/v3",
        "github.com/CosmWasm/wasmvm/v2",
    ),
    (
        "github.com/cosmos/ibc-go/v10",
        "github.com/cosmos/ibc-go/v8",
    ),
];

/// What this module has otherwise than `tests/chain`.
pub fn folder() -> PathBuf {
    repository().join("tests").join("cosmwasm2")
}

/// Writes the Go module and returns where it is: the sources with other import paths, and the files of
/// [`folder`] over them.
///
/// # Errors
/// When a file cannot be read or written.
pub fn module() -> Result<PathBuf> {
    // As deep as `tests/chain`, from where the player finds the contracts.
    let module = repository().join("target").join("cosmwasm2");
    if module.exists() {
        fs::remove_dir_all(&module)?;
    }
    for source in SOURCES {
        copy(&chain::folder().join(source), &module.join(source))?;
    }
    copy(&folder(), &module)?;
    Ok(module)
}

/// Copies a file or folder with the other import paths.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    let mut text = fs::read_to_string(from).with_context(|| from.display().to_string())?;
    for (old, new) in IMPORTS {
        text = text.replace(old, new);
    }
    fs::write(to, text).with_context(|| to.display().to_string())
}
