//! The two commands that make a contract's file, as `cosmwasm/optimizer:0.17.0` runs them: cargo of
//! Rust 1.86.0 in the contract's folder, then wasm-opt of binaryen 116. Nothing else touches the
//! bytes. The image takes the same two steps, with its own target folder, as here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::contract::Contract;
use crate::npm::{INSTALL_NODE, Program};
use crate::process::{repository, run};
use crate::toolchain::{CONTRACTS, WASM};

/// What to do when cargo does not start.
const INSTALL_RUST: &str = "install Rust from https://rustup.rs";
/// The npm package that has wasm-opt.
const WASM_OPT: Program = Program {
    folder: "binaryen",
    name: "wasm-opt",
};

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
        let wasm_opt = WASM_OPT.install()?;
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

/// The folder with wasm-opt, once it is installed.
pub fn programs() -> PathBuf {
    WASM_OPT.programs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_pins_binaryen_116() {
        let lock = WASM_OPT.lock();
        let binaryen = &lock["packages"]["node_modules/binaryen"];
        assert_eq!(binaryen["version"], "116.0.0");
    }
}
