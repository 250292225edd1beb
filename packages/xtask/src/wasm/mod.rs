//! `cargo wasm`: the contracts as the files that a chain stores.
//!
//! Every contract crate becomes `artifacts/<name>.wasm`, with the checksums of all in
//! `artifacts/checksums.txt`. The files are the same bytes in every run of one toolchain, wherever
//! the repository is.

mod link;
mod moves;
mod recipe;
mod silence;
mod tools;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::process::{canonical_repository, cargo, output};
pub use link::as_linker;
use recipe::Recipe;
use tools::Tools;

/// Arguments of `cargo wasm`.
#[derive(ClapArgs)]
pub struct Args {}

/// A contract's crate.
struct Contract {
    package: String,
}

impl Contract {
    /// The file that the compiler and `artifacts/` have: crate names have `_` where packages
    /// have `-`.
    fn file(&self) -> String {
        format!("{}.wasm", self.package.replace('-', "_"))
    }
}

/// Builds every contract and prints sizes and checksums.
///
/// # Errors
/// When a tool is missing and cannot be installed, or a contract does not compile.
pub fn main(_: &Args) -> Result<ExitCode> {
    for built in build()? {
        println!(
            "{}  {:>7} B  {}",
            built.checksum, built.bytes, built.file_name
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// A contract's file in `artifacts/`.
pub struct Built {
    file_name: String,
    bytes: usize,
    /// SHA-256 in hex.
    checksum: String,
}

/// Builds every contract into `artifacts/`.
///
/// # Errors
/// As [`main`].
pub fn build() -> Result<Vec<Built>> {
    let repository = canonical_repository()?;
    let metadata = metadata()?;
    let contracts = contracts(&metadata, &repository.join("contracts"))?;
    if contracts.is_empty() {
        bail!("there is no contract in contracts/");
    }
    let target = PathBuf::from(text(&metadata, "target_directory")?);
    let tools = Tools::ready(&target)?;
    let recipe = Recipe::new(&repository, &tools)?;
    let artifacts = repository.join("artifacts");
    fs::create_dir_all(&artifacts).with_context(|| artifacts.display().to_string())?;

    let mut built = Vec::new();
    for contract in &contracts {
        eprintln!("building {}", contract.package);
        let compiled = recipe.compile(&contract.package, &target, &contract.file())?;
        let path = artifacts.join(contract.file());
        tools.lower(&compiled, &path)?;
        built.push(describe(&path, contract.file())?);
    }
    let checksums: String = built
        .iter()
        .map(|it| format!("{}  {}\n", it.checksum, it.file_name))
        .collect();
    let path = artifacts.join("checksums.txt");
    fs::write(&path, checksums).with_context(|| path.display().to_string())?;
    Ok(built)
}

fn describe(path: &Path, file_name: String) -> Result<Built> {
    let content = fs::read(path).with_context(|| path.display().to_string())?;
    let mut checksum = String::new();
    for byte in Sha256::digest(&content) {
        write!(checksum, "{byte:02x}")?;
    }
    Ok(Built {
        file_name,
        bytes: content.len(),
        checksum,
    })
}

/// What cargo knows of the workspace.
fn metadata() -> Result<Value> {
    let text = output(
        cargo().args(["metadata", "--no-deps", "--format-version", "1"]),
        "install Rust from https://rustup.rs",
    )?;
    serde_json::from_str(&text).context("the output of `cargo metadata`")
}

/// The packages below `folder`, by name.
fn contracts(metadata: &Value, folder: &Path) -> Result<Vec<Contract>> {
    let mut contracts = Vec::new();
    let packages = metadata["packages"].as_array();
    for package in packages.context("`cargo metadata` lists no packages")? {
        if Path::new(text(package, "manifest_path")?).starts_with(folder) {
            let package = text(package, "name")?.to_owned();
            contracts.push(Contract { package });
        }
    }
    contracts.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(contracts)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("`cargo metadata` has no `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_contracts_is_built() {
        let folder = canonical_repository().unwrap().join("contracts");
        let found = contracts(&metadata().unwrap(), &folder).unwrap();
        let found: Vec<_> = found.into_iter().map(|contract| contract.package).collect();
        let mut folders: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        folders.sort();
        assert_eq!(found, folders);
    }

    #[test]
    fn a_file_is_named_as_the_compiler_names_it() {
        let contract = Contract {
            package: "fee-pool".to_owned(),
        };
        assert_eq!(contract.file(), "fee_pool.wasm");
    }
}
