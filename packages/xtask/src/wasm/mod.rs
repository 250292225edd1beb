//! `cargo wasm`: the contracts as the files that a chain stores.
//!
//! The build is that of the image `cosmwasm/optimizer:0.17.0` and nothing else, so everybody can
//! rebuild and compare a file: see [`recipe`]. Every folder of `contracts/` becomes
//! `artifacts/<name>.wasm`, with the checksums of all in `artifacts/checksums.txt`. What only tests on
//! real chains need is in `artifacts/tests/`.

mod by_hand;
mod check;
mod contract;
mod file;
mod recipe;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;

use crate::process::repository;
use contract::{TestContract, contracts, test_contracts};
use file::File;
use recipe::Recipe;

/// How to get the files whose checksums are published.
const PUBLISHED: &str = r#"
Checksums to publish are those of the image. A file holds the paths of cargo's home, and of the
standard library's sources where the toolchain has them (rust-src): one that is built elsewhere differs.

docker run --rm -v "$(pwd)":/code \
  --mount type=volume,source="$(basename "$(pwd)")_cache",target=/target \
  --mount type=volume,source=registry_cache,target=/usr/local/cargo/registry \
  cosmwasm/optimizer:0.17.0"#;

/// Arguments of `cargo wasm`.
#[derive(ClapArgs)]
pub struct Args {
    /// Let both versions of cosmwasm-check, that of CosmWasm 2.2 and that of 3.0, look at every file
    /// (builds them once, in some minutes)
    #[arg(long)]
    check: bool,
    /// Build a contract once more in another folder, with the commands typed out, and compare the bytes
    #[arg(long, value_name = "CONTRACT")]
    by_hand: Option<String>,
}

/// Builds every contract, prints sizes and checksums, and runs the checks that are asked for.
///
/// # Errors
/// When a tool is missing and cannot be installed, a contract does not compile or a check fails.
pub fn main(args: &Args) -> Result<ExitCode> {
    let files = build()?;
    println!("artifacts:");
    for file in &files {
        println!(
            "{:<22} {:>7} bytes  sha256 {}",
            file.contract.file(),
            file.content().len(),
            file.checksum()
        );
    }
    println!("{PUBLISHED}");
    for file in &files {
        file.check()?;
    }
    if args.check {
        println!();
        check::check(&files)?;
    }
    if let Some(name) = &args.by_hand {
        println!();
        let Some(file) = files.iter().find(|file| file.contract.name == *name) else {
            bail!("there is no contracts/{name}");
        };
        by_hand::compare(file)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds every contract into `artifacts/`.
///
/// # Errors
/// When a tool is missing and cannot be installed, or a contract does not compile.
pub fn build() -> Result<Vec<File>> {
    let contracts = contracts()?;
    let recipe = Recipe::ready()?;
    let artifacts = repository().join("artifacts");
    fs::create_dir_all(&artifacts).with_context(|| artifacts.display().to_string())?;

    let mut files = Vec::new();
    for contract in contracts {
        eprintln!("building {}", contract.name);
        let path = artifacts.join(contract.file());
        recipe.build(&contract, &path)?;
        files.push(File::read(contract, path)?);
    }
    let checksums: String = files
        .iter()
        .map(|file| format!("{}  {}\n", file.checksum(), file.contract.file()))
        .collect();
    let path = artifacts.join("checksums.txt");
    fs::write(&path, checksums).with_context(|| path.display().to_string())?;

    let tests = artifacts.join("tests");
    fs::create_dir_all(&tests).with_context(|| tests.display().to_string())?;
    for TestContract { contract, file } in test_contracts() {
        eprintln!("building {} for tests", contract.name);
        recipe.build(&contract, &tests.join(file))?;
    }
    Ok(files)
}
