//! `cargo chain`: the contracts on real wasmd chains. Builds them and runs the Go tests of
//! `tests/chain`, or plays scenario files there.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;

use crate::cosmwasm2;
use crate::process::{output, repository, run};
use crate::wasm;

/// What the tests need: the version in `tests/chain/go.mod`.
const GO: Version = Version {
    major: 1,
    minor: 24,
};
/// What to do where Go is missing.
pub const INSTALL_GO: &str = "install Go 1.24 or newer from https://go.dev/dl";

/// Arguments of `cargo chain`.
#[derive(ClapArgs)]
pub struct Args {
    /// Scenario files to play, instead of all tests
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take the contracts that are in artifacts/ as they are
    #[arg(long)]
    no_build: bool,
    /// Scenario files alone, on a wasmd with CosmWasm 2
    #[arg(long)]
    cosmwasm2: bool,
}

/// Runs the tests, or plays the files and prints one JSON object per step.
///
/// # Errors
/// When something is missing, a contract does not compile, or a test fails.
pub fn main(args: &Args) -> Result<ExitCode> {
    let mut go = go()?;
    if !args.no_build {
        wasm::build()?;
    }
    // The checks of `go vet` are a command of their own, and debug symbols only take time.
    go.args([
        "test",
        "-vet=off",
        "-ldflags=-s -w",
        "-count=1",
        "-timeout=60m",
    ]);
    if args.cosmwasm2 {
        go.current_dir(cosmwasm2::module()?);
    }
    if args.files.is_empty() {
        go.arg("./...");
    } else {
        go.args(["-v", "-run", "Scenarios", "."])
            .env("SCENARIOS", absolute(&args.files)?);
    }
    run(&mut go, INSTALL_GO)?;
    Ok(ExitCode::SUCCESS)
}

/// Paths as one text like `PATH`; the tests run in another folder.
fn absolute(files: &[PathBuf]) -> Result<std::ffi::OsString> {
    let absolute = |file: &PathBuf| {
        file.canonicalize()
            .with_context(|| file.display().to_string())
    };
    let files: Vec<_> = files.iter().map(absolute).collect::<Result<_>>()?;
    Ok(env::join_paths(files)?)
}

/// The `go` command in `tests/chain`, if it is new enough.
///
/// # Errors
/// When Go is missing or too old; the text says what to install.
pub fn go() -> Result<Command> {
    let text = output(Command::new("go").args(["env", "GOVERSION"]), INSTALL_GO)?;
    let version = Version::read(&text).with_context(|| format!("`{text}` is no version of Go"))?;
    if version < GO {
        bail!("{text} is too old: {INSTALL_GO}");
    }
    let mut command = Command::new("go");
    command.current_dir(folder());
    Ok(command)
}

/// The command that builds wasmd, in the version of the tests' module, and where the program is then.
///
/// # Errors
/// As [`go`].
pub fn wasmd() -> Result<(Command, PathBuf)> {
    let program = repository().join("target/wasmd/wasmd");
    let mut go = go()?;
    go.args(["build", "-ldflags=-s -w", "-o"])
        .arg(&program)
        .arg("github.com/CosmWasm/wasmd/cmd/wasmd");
    Ok((go, program))
}

/// The Go module of the tests.
pub fn folder() -> PathBuf {
    repository().join("tests").join("chain")
}

/// The Go module that chains add to their application.
pub fn module() -> PathBuf {
    repository().join("packages").join("chain-module")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    major: u32,
    minor: u32,
}

impl Version {
    /// Reads `go1.26.8`, `go1.26` or `go1.27rc1`.
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix("go")?.split('.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?;
        let digits = minor.len()
            - minor
                .trim_start_matches(|it: char| it.is_ascii_digit())
                .len();
        let minor = minor[..digits].parse().ok()?;
        Some(Version { major, minor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Option<[u32; 2]> {
        Version::read(text).map(|it| [it.major, it.minor])
    }

    #[test]
    fn versions_of_go_are_read_however_they_end() {
        assert_eq!(version("go1.26.8"), Some([1, 26]));
        assert_eq!(version("go1.24"), Some([1, 24]));
        assert_eq!(version("go1.27rc1"), Some([1, 27]));
        assert_eq!(version("go1"), None);
        assert_eq!(version("devel +1234"), None);
    }

    #[test]
    fn the_version_is_that_of_the_module() {
        let module = std::fs::read_to_string(folder().join("go.mod")).unwrap();
        let line = module.lines().find(|line| line.starts_with("go ")).unwrap();
        let version = Version::read(&line.replace(' ', "")).unwrap();
        assert_eq!(version, GO);
        assert!(INSTALL_GO.contains(&format!("Go {}.{}", GO.major, GO.minor)));
    }
}
