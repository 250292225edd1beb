//! The Rust toolchains that the commands call, each by its version.
//!
//! The repository has no `rust-toolchain.toml`: in the image that builds the contracts, rustup would
//! obey it and fetch another compiler than the image's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::{output, repository, run};

/// What to do where there is no Rust at all.
const INSTALL_RUSTUP: &str = "install rustup from https://rustup.rs";

/// What contracts are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The compiler of the contracts: that of the image. Rust 1.87 and newer emit instructions for bulk
/// memory, which chains refuse.
pub const CONTRACTS: Toolchain = Toolchain {
    version: "1.86.0",
    target: Some(WASM),
    components: &[],
};

/// What formats, lints, documents and tests. It is pinned because each version of Rust formats and
/// warns a little differently.
pub const TOOLS: Toolchain = Toolchain {
    version: "1.95.0",
    target: None,
    components: &["rustfmt", "clippy"],
};

/// A toolchain of one version.
pub struct Toolchain {
    version: &'static str,
    /// What it compiles for beside this machine.
    target: Option<&'static str>,
    /// What it needs beside the compiler, cargo and the standard library.
    components: &'static [&'static str],
}

impl Toolchain {
    /// Cargo of this toolchain, in the repository: the cargo that runs this program if it has the
    /// version, else rustup's `cargo +version`.
    pub fn cargo(&self) -> Command {
        let mut command = match self.running_cargo() {
            Some(cargo) => Command::new(cargo),
            None => {
                let mut command = Command::new("cargo");
                command.arg(format!("+{}", self.version));
                command
            }
        };
        command.current_dir(repository());
        command
    }

    /// Installs the toolchain with rustup, unless it is there.
    ///
    /// # Errors
    /// When it cannot be installed.
    pub fn install(&self) -> Result<()> {
        if self.is_installed() {
            return Ok(());
        }
        eprintln!("installing Rust {}", self.version);
        let mut rustup = Command::new("rustup");
        run(rustup.args(self.installation()), INSTALL_RUSTUP)
    }

    /// Fails with the command that installs the toolchain, unless it is there.
    ///
    /// # Errors
    /// When it is not there.
    pub fn require(&self) -> Result<()> {
        if !self.is_installed() {
            bail!(
                "Rust {} is missing: rustup {}",
                self.version,
                self.installation().join(" ")
            );
        }
        Ok(())
    }

    /// A program of a crate, built with this toolchain and installed into `target/` once. It is not
    /// optimized: that takes longer than all that these programs do here.
    ///
    /// # Errors
    /// When the toolchain is not there, or the crate does not build.
    pub fn program(&self, name: &str, package: &str, version: &str) -> Result<PathBuf> {
        let root = repository().join(format!("target/{name}-{version}"));
        let program = root.join("bin").join(name);
        if program.is_file() {
            return Ok(program);
        }
        self.require()?;
        let mut cargo = self.cargo();
        cargo
            .args(["install", package, "--version", version])
            .args(["--bin", name, "--locked", "--debug", "--root"])
            .arg(&root);
        run(&mut cargo, INSTALL_RUSTUP)?;
        Ok(program)
    }

    /// The cargo that runs this program, if it is of this version.
    fn running_cargo(&self) -> Option<OsString> {
        let cargo = std::env::var_os("CARGO")?;
        let text = output(Command::new(&cargo).arg("--version"), INSTALL_RUSTUP).ok()?;
        (text.split_whitespace().nth(1) == Some(self.version)).then_some(cargo)
    }

    /// Whether its standard library is there, for every machine that it compiles for.
    fn is_installed(&self) -> bool {
        if self.running_cargo().is_some() {
            return true;
        }
        let mut rustc = Command::new("rustc");
        rustc
            .arg(format!("+{}", self.version))
            .args(["--print", "target-libdir"])
            // Asking installs nothing.
            .env("RUSTUP_AUTO_INSTALL", "0")
            .stderr(Stdio::null());
        if let Some(target) = self.target {
            rustc.args(["--target", target]);
        }
        let Ok(library) = rustc.output() else {
            return false;
        };
        let folder = String::from_utf8_lossy(&library.stdout);
        library.status.success() && Path::new(folder.trim()).is_dir()
    }

    /// The arguments of the rustup that installs it.
    fn installation(&self) -> Vec<&'static str> {
        let mut arguments = vec!["toolchain", "install", self.version, "--profile", "minimal"];
        for component in self.components {
            arguments.extend(["-c", component]);
        }
        if let Some(target) = self.target {
            arguments.extend(["-t", target]);
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_missing_toolchain_is_named_with_the_command_that_installs_it() {
        let missing = Toolchain {
            version: "1.0.0-none",
            target: Some(WASM),
            components: &["clippy"],
        };
        assert_eq!(
            missing.require().unwrap_err().to_string(),
            "Rust 1.0.0-none is missing: rustup toolchain install 1.0.0-none --profile minimal \
             -c clippy -t wasm32-unknown-unknown"
        );
    }

    #[test]
    fn the_script_of_the_checks_installs_the_same_tools() {
        let script = fs::read_to_string(repository().join(".ci/run")).unwrap();
        assert!(script.contains(&format!("\ntools={}\n", TOOLS.version)));
    }

    #[test]
    fn no_file_of_rustup_is_in_the_way_of_the_image() {
        for name in ["rust-toolchain.toml", "rust-toolchain"] {
            assert!(!repository().join(name).exists(), "{name}");
        }
    }
}
