//! `operator check`: compares contracts with their chain and with themselves.
//!
//! [`ledger`] holds what a contract owes against its records and its balance; what a fee pool knows of
//! staking is compared by [`crate::staking`].

mod ledger;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use fee_pool_core::msg::ExecuteMsg;

use crate::book::{Book, Contract};
use crate::chain::{Node, View};
use crate::config::Config;
use crate::files;
use crate::staking::{Pool, Snapshot, differences};

/// Arguments of `operator check`.
#[derive(ClapArgs)]
pub struct Args {
    /// Names of the address book; all of it by default
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Blocks that a pool's last block may be behind the chain
    #[arg(long, default_value_t = 20, value_name = "BLOCKS")]
    max_lag: u64,
    /// Write the messages that mend what differs to this file: JSON, a list for each name
    ///
    /// They are staking events: the owner of a pool with hooks may send them, and the reporter of another.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
}

/// What differs, of one contract.
#[derive(Default)]
struct Findings {
    texts: Vec<String>,
    /// Messages that mend some of it.
    corrections: Vec<ExecuteMsg>,
}

impl Findings {
    fn add(&mut self, text: String) {
        self.texts.push(text);
    }
}

/// Checks, and prints a line for everything that differs. The exit code is 1 if anything does.
///
/// # Errors
/// When a contract cannot be checked.
pub async fn main(args: &Args, config: &Config) -> Result<ExitCode> {
    let book = Book::open(&config.book, &config.chain.id)?;
    let contracts = book.chosen(&args.names)?;
    if contracts.is_empty() {
        bail!("there is no contract in {}", config.book.display());
    }
    let view = Node::connect(&config.chain).await?.view();
    // Everything is read at one height, or it would differ because the chain goes on.
    let height = view.height().await?;
    let view = view.at(height);
    let mut found = false;
    let mut corrections = BTreeMap::new();
    for (name, contract) in contracts {
        let findings = check(&view, contract, height, args.max_lag)
            .await
            .with_context(|| name.to_string())?;
        if findings.texts.is_empty() {
            println!("{name}: as it should be at height {height}");
        }
        for text in &findings.texts {
            println!("{name}: {text}");
        }
        found |= !findings.texts.is_empty();
        if !findings.corrections.is_empty() {
            corrections.insert(name, findings.corrections);
        }
    }
    if let Some(path) = &args.corrections {
        files::replace(path, &serde_json::to_string_pretty(&corrections)?)?;
    }
    Ok(if found {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn check(view: &View, contract: &Contract, height: u64, max_lag: u64) -> Result<Findings> {
    let mut findings = Findings::default();
    ledger::check(view, contract, &mut findings).await?;
    if contract.kind.is_fee_pool() {
        let pool = Pool::read(view, &contract.address).await?;
        check_lag(&pool, height, max_lag, &mut findings);
        let chain = Snapshot::of_pool(view, &pool, height).await?;
        for difference in differences(&chain, &pool)? {
            findings.add(difference.text);
            let events = difference.events.into_iter();
            findings
                .corrections
                .extend(events.map(ExecuteMsg::StakingEvent));
        }
    }
    Ok(findings)
}

/// Whether somebody calls `begin_block`.
fn check_lag(pool: &Pool, height: u64, max_lag: u64, findings: &mut Findings) {
    if !pool.config.active {
        findings.add("is not active".to_string());
        return;
    }
    let told = pool.told();
    let lag = height.saturating_sub(told);
    if lag > max_lag {
        findings.add(format!(
            "its last block is {told}, {lag} behind the chain; {max_lag} are allowed"
        ));
    }
}
