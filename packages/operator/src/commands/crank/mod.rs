//! `operator crank`: keeps jobs going that anybody may drive and that go in pages.
//!
//! [`jobs`] knows which message of a contract has something to do.

mod jobs;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use serde_json::json;
use tokio::time::sleep;

use self::jobs::Job;
use crate::book::{Book, Contract};
use crate::chain::{Node, Sender, View};
use crate::commands::stopped;
use crate::config::Config;
use crate::message::{self, Message};
use crate::signer::Signer;

/// Contracts that have jobs.
const WITH_JOBS: &str = "reward-gauges, holding-pools and ccv-provider";

/// Messages to one contract in one round: what is left waits for the next.
const MESSAGES: usize = 1_000;

/// Arguments of `operator crank`.
#[derive(ClapArgs)]
pub struct Args {
    /// Names of the address book; by default all that have jobs
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Go on for ever, with a pause of so many seconds between two rounds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// Print what would be sent as JSON, and send nothing
    #[arg(long, conflicts_with = "every")]
    dry_run: bool,
}

/// Drives the jobs of some contracts, once or for ever.
///
/// # Errors
/// Once: when a contract's jobs cannot be driven. For ever: only at the start; later errors are printed,
/// and the next round tries again.
pub async fn main(args: &Args, config: &Config) -> Result<ExitCode> {
    let book = Book::open(&config.book, &config.chain.id)?;
    let mut contracts = book.chosen(&args.names)?;
    if let Some((name, _)) = contracts
        .iter()
        .find(|it| !args.names.is_empty() && !it.1.kind.has_jobs())
    {
        bail!("{name} has no jobs: {WITH_JOBS} do");
    }
    contracts.retain(|(_, contract)| contract.kind.has_jobs());
    if contracts.is_empty() {
        bail!("no contract has jobs: {WITH_JOBS} do");
    }
    let signer = Signer::read(config.key.as_ref(), &config.chain.prefix)?;
    let view = Node::connect(&config.chain).await?.view();
    let crank = Crank {
        sender: Sender::new(view.clone(), &config.chain, &signer),
        view,
    };
    if args.dry_run {
        return crank.show(&contracts).await;
    }
    let Some(every) = args.every else {
        return crank.round(&contracts).await;
    };
    tokio::select! {
        () = crank.rounds(&contracts, Duration::from_secs(every)) => Ok(ExitCode::SUCCESS),
        stopped = stopped() => {
            stopped?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Who drives.
struct Crank<'a> {
    view: View,
    sender: Sender<'a>,
}

impl Crank<'_> {
    /// Round after round; errors are printed, and the next round tries again.
    async fn rounds(&self, contracts: &[(&str, &Contract)], pause: Duration) {
        loop {
            if let Err(error) = self.round(contracts).await {
                eprintln!("{}", crate::one_line(&format!("{error:#}")));
            }
            sleep(pause).await;
        }
    }

    /// Drives the jobs of all contracts. One that fails does not hold up the others.
    ///
    /// # Errors
    /// The first of a job, when all others were tried.
    async fn round(&self, contracts: &[(&str, &Contract)]) -> Result<ExitCode> {
        let mut first = Ok(());
        for (name, contract) in contracts {
            let driven = self.drive(name, contract).await;
            first = first.and(driven.with_context(|| name.to_string()));
        }
        first.map(|()| ExitCode::SUCCESS)
    }

    /// Sends what a contract has to do until nothing is left.
    ///
    /// # Errors
    /// The first of a job, when all others were tried.
    async fn drive(&self, name: &str, contract: &Contract) -> Result<()> {
        let mut count = 0usize;
        let mut first = Ok(());
        // What failed is left to the next round, and what is sent once and is a job again without having got
        // further.
        let mut left = Vec::new();
        while count < MESSAGES {
            let jobs = match jobs::of(&self.view, contract).await {
                Ok(jobs) => jobs,
                Err(error) => return first.and(Err(error)),
            };
            let mut progress = false;
            for job in jobs {
                if left.contains(&job.msg) {
                    continue;
                }
                let sent = self.send(contract, &job).await;
                if let Ok(true) = sent {
                    println!("{name}: {}", job.msg);
                    count = count.saturating_add(1);
                    progress = true;
                }
                if job.once || sent.is_err() {
                    left.push(job.msg);
                }
                first = first.and(sent.map(|_| ()));
            }
            if !progress {
                break;
            }
        }
        first
    }

    /// Sends a job's message if it would do anything, and says whether it was sent.
    async fn send(&self, contract: &Contract, job: &Job) -> Result<bool> {
        let Some(message) = self.useful(contract, job).await? else {
            return Ok(false);
        };
        self.sender.send(&[message]).await?;
        Ok(true)
    }

    /// A job's message, if it would do anything: it is simulated, which costs nothing.
    async fn useful(&self, contract: &Contract, job: &Job) -> Result<Option<Message>> {
        let message = message::execute(self.sender.account(), &contract.address, &job.msg, &[]);
        let events = self.sender.rehearse(std::slice::from_ref(&message)).await?;
        Ok(job.is_useful(&contract.address, &events).then_some(message))
    }

    /// Prints what would be sent. What fails does not hold up the others.
    ///
    /// # Errors
    /// The first of a job, when all others were tried.
    async fn show(&self, contracts: &[(&str, &Contract)]) -> Result<ExitCode> {
        let mut shown = Vec::new();
        let mut first = Ok(());
        for (name, contract) in contracts {
            let jobs = jobs::of(&self.view, contract).await;
            let (jobs, mut failed) =
                jobs.map_or_else(|it| (Vec::new(), Err(it)), |it| (it, Ok(())));
            for job in jobs {
                match self.useful(contract, &job).await {
                    Ok(Some(message)) => {
                        shown.push(json!({"step": name, "messages": [message.shown()]}));
                    }
                    Ok(None) => {}
                    Err(error) => failed = failed.and(Err(error)),
                }
            }
            first = first.and(failed.with_context(|| name.to_string()));
        }
        println!("{}", serde_json::to_string_pretty(&shown)?);
        first.map(|()| ExitCode::SUCCESS)
    }
}
