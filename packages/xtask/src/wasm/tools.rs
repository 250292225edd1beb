//! What building needs beside the compiler: its standard library's source, its LLVM as programs, and
//! wasm-opt.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::recipe::sysroot;
use crate::process::{output, repository, run};

/// The version of the npm package `binaryen`: another one makes other bytes.
const BINARYEN: &str = "130.0.0";
/// What to do when there is no Rust.
pub const INSTALL_RUST: &str = "install Rust from https://rustup.rs";
/// What to do when a program of LLVM is missing.
pub const INSTALL_LLVM: &str = "run `rustup component add llvm-tools`";
const INSTALL_NODE: &str = "install Node.js 18 or newer from https://nodejs.org, with npm";

/// Makes files small, and lowers what the VM does not take. Large functions are not inlined, even
/// when they are called once: the VM takes no function of more than 100 locals.
const WASM_OPT: [&str; 15] = [
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
    "--const-hoisting",
    "--llvm-memory-copy-fill-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--signext-lowering",
];

/// Tools that are there.
pub struct Tools {
    sysroot: PathBuf,
    llvm: PathBuf,
    wasm_opt: PathBuf,
}

impl Tools {
    /// Installs what is missing: the standard library's source and LLVM's programs with rustup,
    /// wasm-opt with npm into the target folder.
    ///
    /// # Errors
    /// When that is not possible; the text says what to install by hand.
    pub fn ready(target: &Path) -> Result<Self> {
        let sysroot = sysroot()?;
        let source = sysroot.join("lib/rustlib/src/rust/library/Cargo.lock");
        install_component("rust-src", &source)?;
        let llvm = llvm(&sysroot)?;
        for name in ["llvm-dis", "opt", "llc", "rust-lld"] {
            install_component("llvm-tools", &program(&llvm, name))?;
        }
        Ok(Tools {
            sysroot,
            llvm,
            wasm_opt: install_wasm_opt(target)?,
        })
    }

    /// The folder of the compiler.
    pub fn sysroot(&self) -> &Path {
        &self.sysroot
    }

    /// The folder of LLVM's programs.
    pub fn llvm(&self) -> &Path {
        &self.llvm
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

/// The folder of the compiler's LLVM.
fn llvm(sysroot: &Path) -> Result<PathBuf> {
    let machine = output(
        Command::new("rustc")
            .current_dir(repository())
            .args(["--print", "host-tuple"]),
        INSTALL_RUST,
    )?;
    Ok(sysroot.join("lib/rustlib").join(machine).join("bin"))
}

/// A program in a folder.
pub fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{EXE_SUFFIX}"))
}

/// Installs a component of the toolchain, unless its file is there.
fn install_component(name: &str, file: &Path) -> Result<()> {
    if file.is_file() {
        return Ok(());
    }
    eprintln!("installing {name} of the toolchain");
    run(
        Command::new("rustup")
            .current_dir(repository())
            .args(["component", "add", name]),
        &format!("{name} of the toolchain is missing; {INSTALL_RUST}"),
    )?;
    if !file.is_file() {
        bail!("{name} of the toolchain has no {}", file.display());
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
