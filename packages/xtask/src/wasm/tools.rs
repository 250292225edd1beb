//! What building needs beside the compiler: its standard library's source, and wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::recipe::sysroot;
use crate::process::run;

/// The version of the npm package `binaryen`: another one makes other bytes.
const BINARYEN: &str = "130.0.0";
const INSTALL_NODE: &str = "install Node.js 18 or newer from https://nodejs.org, with npm";

/// Makes files small, and lowers what the VM does not take. Large functions are not inlined, even
/// when they are called once: the VM takes no function of more than 100 locals.
const WASM_OPT: [&str; 14] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--merge-similar-functions",
    "--one-caller-inline-max-function-size=2000",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--llvm-memory-copy-fill-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--signext-lowering",
];

/// Tools that are there.
pub struct Tools {
    sysroot: PathBuf,
    wasm_opt: PathBuf,
}

impl Tools {
    /// Installs what is missing: the standard library's source with rustup, wasm-opt with npm into
    /// the target folder.
    ///
    /// # Errors
    /// When that is not possible; the text says what to install by hand.
    pub fn ready(target: &Path) -> Result<Self> {
        let sysroot = sysroot()?;
        install_rust_source(&sysroot)?;
        Ok(Tools {
            sysroot,
            wasm_opt: install_wasm_opt(target)?,
        })
    }

    /// The folder of the compiler.
    pub fn sysroot(&self) -> &Path {
        &self.sysroot
    }

    /// Writes what the compiler made to `to`, smaller and in the VM's version of WebAssembly.
    ///
    /// # Errors
    /// When wasm-opt fails.
    pub fn lower(&self, from: &Path, to: &Path) -> Result<()> {
        let mut command = Command::new("node");
        command
            .arg(&self.wasm_opt)
            .args(WASM_OPT)
            .arg("--strip-target-features")
            .arg("--strip-debug")
            .arg("--strip-producers")
            .arg(from)
            .arg("-o")
            .arg(to);
        run(&mut command, INSTALL_NODE)
    }
}

fn install_rust_source(sysroot: &Path) -> Result<()> {
    let source = sysroot.join("lib/rustlib/src/rust/library/Cargo.lock");
    if source.is_file() {
        return Ok(());
    }
    eprintln!("installing the source of the standard library");
    let mut rustup = Command::new("rustup");
    rustup
        .current_dir(crate::process::repository())
        .args(["component", "add", "rust-src"]);
    run(
        &mut rustup,
        "the source of the standard library is missing; install Rust from https://rustup.rs, or \
         the package rust-src of your distribution",
    )?;
    if !source.is_file() {
        bail!(
            "the source of the standard library is still not at {}",
            source.display()
        );
    }
    Ok(())
}

/// The script of wasm-opt in the pinned version.
fn install_wasm_opt(target: &Path) -> Result<PathBuf> {
    let folder = target.join("tools").join(format!("binaryen-{BINARYEN}"));
    let script = folder.join("node_modules/binaryen/bin/wasm-opt");
    if script.is_file() {
        return Ok(script);
    }
    eprintln!("installing wasm-opt (npm package binaryen {BINARYEN})");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--silent",
    ])
    .arg("--prefix")
    .arg(&folder)
    .arg(format!("binaryen@{BINARYEN}"));
    run(&mut npm, INSTALL_NODE)?;
    if !script.is_file() {
        bail!("npm has not installed {}", script.display());
    }
    Ok(script)
}
