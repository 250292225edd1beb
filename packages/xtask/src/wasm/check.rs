//! Both versions of cosmwasm-check on every file: a chain with CosmWasm 2.2 takes it, and one with
//! 3.0.

use std::process::Command;

use anyhow::Result;

use super::file::File;
use crate::process::{repository, run};
use crate::toolchain::{CONTRACTS, TOOLS, Toolchain};

/// A version of cosmwasm-check.
struct Checker {
    version: &'static str,
    /// What it builds with.
    toolchain: &'static Toolchain,
}

/// The newest of each version of the VM. That of 2.2 does not build with a newer Rust, and that of
/// 3.0 not with an older one.
const CHECKERS: [Checker; 2] = [
    Checker {
        version: "2.2.2",
        toolchain: &CONTRACTS,
    },
    Checker {
        version: "3.0.10",
        toolchain: &TOOLS,
    },
];

/// Checks all files with every version.
///
/// # Errors
/// When a version cannot be installed or refuses a file.
pub fn check(files: &[File]) -> Result<()> {
    for checker in &CHECKERS {
        println!("cosmwasm-check {}", checker.version);
        let name = "cosmwasm-check";
        let program = checker.toolchain.program(name, name, checker.version)?;
        let mut command = Command::new(program);
        command.current_dir(repository().join("artifacts"));
        run(command.args(files.iter().map(|it| it.contract.file())), "")?;
    }
    Ok(())
}
