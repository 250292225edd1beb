//! `cargo ci`: everything that must hold before a change is merged, in one command.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args as ClapArgs;

/// Arguments of `cargo ci`.
#[derive(ClapArgs)]
pub struct Args {}

/// One check: a command that must succeed.
struct Check {
    title: &'static str,
    program: PathBuf,
    arguments: Vec<&'static str>,
    environment: Option<[&'static str; 2]>,
}

impl Check {
    fn cargo(title: &'static str, arguments: &[&'static str]) -> Self {
        Check {
            title,
            program: env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from),
            arguments: arguments.to_vec(),
            environment: None,
        }
    }

    /// This program itself, as the aliases run it.
    fn xtask(title: &'static str, arguments: &[&'static str]) -> Result<Self> {
        Ok(Check {
            title,
            program: env::current_exe().context("the path of this program")?,
            arguments: arguments.to_vec(),
            environment: None,
        })
    }

    fn with_environment(self, name: &'static str, value: &'static str) -> Self {
        Check {
            environment: Some([name, value]),
            ..self
        }
    }

    fn passes(&self) -> Result<bool> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        if let Some([name, value]) = self.environment {
            command.env(name, value);
        }
        let status = command
            .status()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        Ok(status.success())
    }
}

fn checks() -> Result<Vec<Check>> {
    Ok(vec![
        Check::cargo("formatting", &["fmt", "--all", "--check"]),
        Check::cargo(
            "lints",
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        ),
        Check::cargo("tests", &["test", "--workspace"]),
        Check::cargo("documentation", &["doc", "--workspace", "--no-deps"])
            .with_environment("RUSTDOCFLAGS", "-D warnings"),
        Check::xtask("demo", &["demo", "--blocks", "300"])?,
    ])
}

/// Runs every check and stops at the first that fails.
///
/// # Errors
/// When a check cannot be run.
pub fn main(_: &Args) -> Result<ExitCode> {
    let started = Instant::now();
    for check in checks()? {
        println!("\n── {} ──", check.title);
        let begun = Instant::now();
        if !check.passes()? {
            println!("── {} failed ──", check.title);
            return Ok(ExitCode::FAILURE);
        }
        println!("── {}: {} s ──", check.title, begun.elapsed().as_secs());
    }
    println!("\nall checks passed in {} s", started.elapsed().as_secs());
    Ok(ExitCode::SUCCESS)
}
