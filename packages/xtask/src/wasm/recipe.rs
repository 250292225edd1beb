//! The two commands that make a contract's file, as `cosmwasm/optimizer:0.17.0` runs them: cargo of
//! Rust 1.86.0 in the contract's folder, then wasm-opt of binaryen 116. Nothing else touches the
//! bytes. The image takes the same two steps, with its own target folder, as here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::contract::Contract;
use crate::process::{repository, run};
use crate::toolchain::{CONTRACTS, WASM};

/// What to do when cargo does not start.
const INSTALL_RUST: &str = "install Rust from https://rustup.rs";
/// What to do when Node or npm is missing.
pub const INSTALL_NODE: &str = "install Node.js 18 or newer from https://nodejs.org, with npm";

/// The npm package that has wasm-opt, and what it needs, each with its checksum.
const LOCK: [&str; 2] = ["package.json", "package-lock.json"];

/// The tools of the build.
pub struct Recipe {
    wasm_opt: PathBuf,
}

impl Recipe {
    /// Installs what is missing: the compiler with rustup, wasm-opt with npm into `target/`.
    ///
    /// # Errors
    /// When that is not possible; the text says what to install by hand.
    pub fn ready() -> Result<Self> {
        CONTRACTS.install()?;
        let wasm_opt = install_wasm_opt()?;
        Ok(Recipe { wasm_opt })
    }

    /// Builds a contract to the file `to`.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn build(&self, contract: &Contract, to: &Path) -> Result<()> {
        let target = repository().join("target/contracts");
        let mut cargo = CONTRACTS.cargo();
        cargo
            .args(["build", "--release", "--lib", "--target", WASM, "--locked"])
            .arg("--target-dir")
            .arg(&target)
            .current_dir(contract.folder())
            .env("RUSTFLAGS", "-C link-arg=-s")
            // It would be taken instead of RUSTFLAGS.
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        run(&mut cargo, INSTALL_RUST)?;
        let compiled = target.join(WASM).join("release").join(contract.file());
        if !compiled.is_file() {
            let name = &contract.name;
            bail!("{name} has no file: its Cargo.toml needs the crate-type \"cdylib\"");
        }
        let mut wasm_opt = Command::new("node");
        wasm_opt.arg(&self.wasm_opt).arg("-Os").arg(&compiled);
        run(wasm_opt.arg("-o").arg(to), INSTALL_NODE)
    }
}

/// The folder with the programs that npm has installed.
pub fn programs() -> PathBuf {
    repository().join("target/binaryen/node_modules/.bin")
}

/// Installs wasm-opt as the lock file says, unless that was done.
fn install_wasm_opt() -> Result<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("binaryen");
    let folder = repository().join("target/binaryen");
    let program = programs().join("wasm-opt");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut is_installed = program.is_file();
    for name in LOCK {
        let (from, to) = (source.join(name), folder.join(name));
        let wanted = fs::read(&from).with_context(|| from.display().to_string())?;
        if fs::read(&to).is_ok_and(|there| there == wanted) {
            continue;
        }
        is_installed = false;
        fs::write(&to, wanted).with_context(|| to.display().to_string())?;
    }
    if is_installed {
        return Ok(program);
    }
    eprintln!("installing wasm-opt (npm package binaryen)");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&folder);
    run(&mut npm, INSTALL_NODE)?;
    if !program.is_file() {
        bail!("npm has not installed {}", program.display());
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_pins_binaryen_116_and_names_no_registry() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("binaryen");
        let lock = fs::read_to_string(folder.join("package-lock.json")).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
        let binaryen = &lock["packages"]["node_modules/binaryen"];
        assert_eq!(binaryen["version"], "116.0.0");
        assert!(binaryen["integrity"].is_string());
        assert!(binaryen["resolved"].is_null());
        assert!(!lock.to_string().contains("://"));
    }
}
