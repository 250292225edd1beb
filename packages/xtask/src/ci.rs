//! `cargo ci`: everything that must hold before a change is merged, in one command.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args as ClapArgs;

use crate::chain;
use crate::cosmwasm2;
use crate::process::{output, repository};
use crate::toolchain::TOOLS;

/// The contract that is built once more by hand: the smallest.
const BY_HAND: &str = "poa-fee-pool";

/// Arguments of `cargo ci`.
#[derive(ClapArgs)]
pub struct Args {
    /// Leave out the wasm files on real wasmd chains, even where Go and Node are
    #[arg(long)]
    no_chain: bool,
}

/// Why the real chains are left out, `None` when they are not.
///
/// # Errors
/// When something for them is missing, and `CI` is set: an unattended run that quietly checked less
/// would look like one that checked all.
fn left_out(args: &Args) -> Result<Option<String>> {
    if args.no_chain {
        return Ok(Some("--no-chain".to_string()));
    }
    let npm = output(
        Command::new("npm").arg("--version"),
        "install Node from https://nodejs.org",
    );
    let Some(missing) = chain::go().err().or(npm.err()) else {
        return Ok(None);
    };
    if env::var_os("CI").is_some() {
        return Err(missing.context("the real chains cannot be left out where CI is set"));
    }
    Ok(Some(format!("{missing:#}")))
}

/// One check: a command that must succeed.
struct Check {
    title: &'static str,
    command: Command,
    /// Whether anything that it prints is a failure, as the files that `gofmt -l` lists.
    silent: bool,
}

impl Check {
    fn cargo(title: &'static str, arguments: &[&str]) -> Self {
        let mut command = TOOLS.cargo();
        command.args(arguments);
        Check::new(title, command)
    }

    fn new(title: &'static str, command: Command) -> Self {
        Check {
            title,
            command,
            silent: false,
        }
    }

    /// The operator on live nodes of this program, with the first hour of its README.
    fn live(wasmd: &Path) -> Result<Self> {
        let test = ["test", "--workspace", "--test", "live"];
        let mut check = Check::cargo("operator on live nodes", &test);
        let path = env::var_os("PATH").unwrap_or_default();
        let folder = wasmd.parent().map(Path::to_path_buf);
        let folders = folder.into_iter().chain(env::split_paths(&path));
        check
            .command
            .args(["--", "--ignored"])
            .env("PATH", env::join_paths(folders)?);
        Ok(check)
    }

    fn go(title: &'static str, folder: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = chain::go()?;
        command.args(arguments).current_dir(folder);
        Ok(Check::new(title, command))
    }

    /// Of all Go code.
    fn gofmt() -> Self {
        let mut command = Command::new("gofmt");
        command
            .arg("-l")
            .args([chain::folder(), chain::module(), cosmwasm2::folder()]);
        Check {
            silent: true,
            ..Check::new("formatting of Go", command)
        }
    }

    /// This program itself, as the aliases run it.
    fn xtask(title: &'static str, arguments: &[&str]) -> Result<Self> {
        let program = env::current_exe().context("the path of this program")?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(repository());
        Ok(Check::new(title, command))
    }

    fn passes(&mut self) -> Result<bool> {
        if self.silent {
            let printed = output(&mut self.command, chain::INSTALL_GO)?;
            println!("{printed}");
            return Ok(printed.is_empty());
        }
        let status = self
            .command
            .status()
            .with_context(|| format!("cannot run {}", self.command.get_program().display()))?;
        Ok(status.success())
    }
}

fn checks(with_chain: bool) -> Result<Vec<Check>> {
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    let mut documentation = Check::cargo("documentation", &["doc", "--workspace", "--no-deps"]);
    // Links to private items are for readers of the source.
    documentation.command.env(
        "RUSTDOCFLAGS",
        "-D warnings -A rustdoc::private-intra-doc-links",
    );
    // As the tests were built: the optimized build of `cargo demo` takes longer than the demos, and with
    // `--package` dependencies would have fewer features and be built once more.
    let demo = |title, arguments: &[&str]| {
        let mut check = Check::cargo(title, &["run", "--quiet", "--bin", "demo", "--"]);
        check.command.args(arguments);
        check
    };
    let mut checks = vec![
        Check::cargo("formatting", &["fmt", "--all", "--check"]),
        Check::cargo("lints", &lints),
        documentation,
        Check::cargo("tests", &["test", "--workspace"]),
        demo("demo", &["--blocks", "100", "--accounting", "both"]),
        demo("demo of a consortium", &["poa", "--blocks", "100"]),
        demo("demo of gauges", &["gauges", "--locks", "500"]),
        demo(
            "demo of two chains",
            &["ccv", "--epochs", "8", "--blocks", "8"],
        ),
    ];
    if with_chain {
        checks.push(Check::xtask(
            "contracts as wasm",
            &["wasm", "--check", "--by-hand", BY_HAND],
        )?);
        checks.push(Check::gofmt());
        let vet = ["vet", "./..."];
        // Vet is the check before; debug symbols only take time.
        let test = ["test", "-vet=off", "-ldflags=-s -w", "-count=1", "./..."];
        let module = chain::module();
        checks.push(Check::go("lints of the chain module", &module, &vet)?);
        checks.push(Check::go("chain module", &module, &test)?);
        let real = chain::folder();
        checks.push(Check::go("lints of the real chain", &real, &vet)?);
        // With the gas table.
        checks.push(Check::xtask("real chain", &["chain", "--no-build"])?);
        let (build, wasmd) = chain::wasmd()?;
        checks.push(Check::new("wasmd", build));
        checks.push(Check::live(&wasmd)?);
    }
    Ok(checks)
}

/// Runs every check and stops at the first that fails.
///
/// # Errors
/// When a check cannot be run, or something for it is missing where it must not be.
pub fn main(args: &Args) -> Result<ExitCode> {
    let started = Instant::now();
    TOOLS.require()?;
    let left_out = left_out(args)?;
    let mut times = Vec::new();
    for mut check in checks(left_out.is_none())? {
        println!("\n── {} ──", check.title);
        let begun = Instant::now();
        if !check.passes()? {
            println!("── {} failed ──", check.title);
            return Ok(ExitCode::FAILURE);
        }
        println!("── {}: {} s ──", check.title, begun.elapsed().as_secs());
        times.push(format!("{} {} s", check.title, begun.elapsed().as_secs()));
    }
    if let Some(reason) = left_out {
        println!("\n── real chain: left out ({reason}) ──");
    }
    println!(
        "\nall checks passed in {} s: {}",
        started.elapsed().as_secs(),
        times.join(", ")
    );
    Ok(ExitCode::SUCCESS)
}
