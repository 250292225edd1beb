//! `cargo localnet`: a provider and a consumer on this machine, with a relayer between them and the operator beside
//! them, from the fees of both chains to the claims of their delegators.
//!
//! [`programs`] builds what runs, [`keys`] holds the accounts, [`chain`] is a chain of wasmd, [`side`] is one with
//! its operator and contracts, [`relayer`] is between two. [`play`] is what happens, [`jobs`] what goes on all the
//! time, [`watch`] what is waited for, [`claims`] the end. [`services`] makes sure that nothing is left running:
//! every process is killed when the runtime that started it ends, whatever the reason. So nothing has to be
//! stopped in its place, and what is killed has no data that anybody needs afterwards.

mod chain;
mod claims;
mod jobs;
mod keys;
mod play;
mod programs;
mod relayer;
mod services;
mod side;
mod watch;

use std::fs::{self, File};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args as ClapArgs;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use self::programs::Programs;
use self::services::Services;
use crate::process::repository;
use crate::wasm;

/// Arguments of `cargo localnet`.
#[derive(ClapArgs)]
pub struct Args {
    /// Minutes of fees before the claims
    #[arg(long, default_value_t = 2)]
    minutes: u64,
    /// Leave everything running after the claims, until Ctrl-C
    #[arg(long)]
    keep: bool,
    /// Take the contracts that are in artifacts/ as they are
    #[arg(long)]
    no_build: bool,
}

/// Runs the chains, and stops them.
///
/// # Errors
/// When something cannot be built or started, or anything does not go as it should.
pub fn main(args: &Args) -> Result<ExitCode> {
    let programs = Programs::build()?;
    if !args.no_build {
        wasm::build()?;
    }
    let folder = repository().join("target/localnet");
    // The folder of one that runs would be taken from it. The lock ends with this program.
    let lock = File::create(folder.with_extension("lock"))?;
    lock.try_lock()
        .context("another cargo localnet of this checkout runs")?;
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let (services, mut failures) = Services::new();
        tokio::select! {
            outcome = play::play(args, &programs, &folder, &services) => outcome,
            Some(failure) = failures.recv() => Err(failure),
            stopped = stop() => stopped,
        }
    });
    // What still runs, runs in tasks of the runtime.
    drop(runtime);
    println!("everything is stopped; files and logs are in target/localnet");
    outcome?;
    Ok(ExitCode::SUCCESS)
}

/// Waits until somebody wants it to stop, also by closing the terminal: what it started has no terminal of its own.
async fn stop() -> Result<()> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
        _ = hung_up.recv() => {}
    }
    Ok(())
}
