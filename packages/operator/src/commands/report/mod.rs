//! `operator report`: tells a fee pool what happens on its chain, block by block.
//!
//! The reporter keeps no file and no queue. A round asks the pool what it knows and the chain what it has,
//! both at the newest height, and sends what differs as staking events, followed by `begin_block` for this
//! height. The pool alone is the memory: whatever was missed, by an outage of the reporter or of the node,
//! by a transaction that was lost, or because another reporter was faster, is a difference of the next round.
//!
//! **Why differences are enough.** Rewards depend on units, powers and commissions at the moment of a
//! `begin_block` only. Of several changes between two of them the last one counts, and telling each of
//! them in its order would leave the pool in the same state. A slash changes no shares and is not told:
//! what it takes from redelegations is a change of shares, and what it takes of power comes with the next
//! block's powers.
//!
//! **Heights.** A report of height `h` has units and commissions as of the end of block `h`, the
//! signatures that block `h` brings, on the block before it, the powers of those who could sign these, and
//! the proposer of that block. `operator check` compares a pool with the same heights. The height in
//! `begin_block` grows, so none is reported twice. A pool takes one report in each block, and a node simulates
//! transactions at the height of the newest one: the next report waits for the block after that of the
//! last one, and covers at least two.
//!
//! **Several reporters.** Before each attempt to send, the pool is asked whether it has split a block since it
//! was read, because then another reporter has been there. A transaction that comes second all the same fails
//! as a whole when it has changes, because powers of an old block are refused. So with `--behind 20` a
//! reporter stands by until the pool is 20 blocks behind. (Of a report that needs several transactions only
//! the last is safe like this; what an overtaken one has set back is a difference of a later report.)
//!
//! **Why polling.** A subscription can lose messages, so what it missed would have to be found by reading the
//! chain anyway; that reading alone does the whole job. It goes over gRPC like everything else here.
//!
//! **What a round costs.** Validators are read every time, their delegations where something may have
//! changed only: [`memory`] says where. [`round`] reads, [`batch`] makes messages, [`status`] shows how it
//! goes.

mod batch;
mod memory;
mod round;
mod status;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args as ClapArgs;
use fee_pool_core::answers::{ConfigResponse, ReportersResponse};
use fee_pool_core::msg::QueryMsg;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::sleep;

use self::memory::Memory;
use self::round::Reporter;
use self::status::Status;
use crate::book::Book;
use crate::chain::{Node, Sender, View};
use crate::commands::stopped;
use crate::config::Config;
use crate::signer::Signer;
use crate::staking::Pool;

/// Between two looks at the chain.
const PAUSE: Duration = Duration::from_millis(500);

/// Before the next round, when one has failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(3);

/// Arguments of `operator report`.
#[derive(ClapArgs)]
pub struct Args {
    /// The pool's name in the address book
    #[arg(value_name = "NAME")]
    name: String,
    /// Report when the pool is so many blocks behind: 1 reports as often as possible, a reporter that stands by takes more
    #[arg(long, default_value_t = 1, value_name = "BLOCKS", value_parser = clap::value_parser!(u64).range(1..))]
    behind: u64,
    /// The most messages of one transaction; a change of a delegation takes up to 200 000 gas
    #[arg(long, default_value_t = 50, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    messages: u32,
    /// Serve /metrics and /healthz there, such as 127.0.0.1:9100
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Print what would be sent for the newest block as JSON, and send nothing
    #[arg(long, conflicts_with_all = ["behind", "messages", "listen"])]
    dry_run: bool,
}

/// Reports until it is stopped.
///
/// # Errors
/// Only at the start: when there is no such pool, the key may not report to it, or the node does not
/// answer. Later errors are printed, and the next round tries again.
pub async fn main(args: &Args, config: &Config) -> Result<ExitCode> {
    let book = Book::open(&config.book, &config.chain.id)?;
    let contract = book.contract(&args.name)?;
    if !contract.kind.is_fee_pool() {
        bail!(
            "{} is a {}: only fee pools take reports",
            args.name,
            contract.kind
        );
    }
    let signer = Signer::read(config.key.as_ref(), &config.chain.prefix)?;
    let view = Node::connect(&config.chain).await?.view();
    let pool = &contract.address;
    assert_reporter(&view, pool, signer.address())
        .await
        .with_context(|| args.name.clone())?;
    let mut reporter = Reporter {
        sender: Sender::new(view.clone(), &config.chain, &signer),
        view,
        pool,
        messages: usize::try_from(args.messages)?,
        memory: Memory::default(),
        notes: Vec::new(),
    };
    if args.dry_run {
        let height = reporter.view.height().await?;
        let opened = Pool::open(&reporter.view.at(height), pool).await?;
        let plan = reporter.plan(height, opened).await?;
        let messages: Result<Vec<_>> = plan.messages.iter().map(|it| reporter.show(it)).collect();
        println!("{}", serde_json::to_string_pretty(&json!(messages?))?);
        return Ok(ExitCode::SUCCESS);
    }
    let status = Status::new()?;
    if let Some(address) = args.listen {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("--listen {address}"))?;
        tokio::spawn(status.clone().serve(listener));
    }
    tokio::select! {
        () = follow(&mut reporter, args, &status) => {}
        stopped = stopped() => stopped?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses a pool that this account has nothing to report to.
async fn assert_reporter(view: &View, pool: &str, account: &str) -> Result<()> {
    let config: ConfigResponse = view.smart(pool, &QueryMsg::Config {}).await?;
    if let Some(group) = config.group {
        bail!(
            "its powers are the weights of {group}, and a report would tell those of the chain: let its block \
             reporter send begin_block, and its staking reporter what changes"
        );
    }
    let reporters: ReportersResponse = view.smart(pool, &QueryMsg::Reporters {}).await?;
    let roles = [("block", reporters.block), ("staking", reporters.staking)];
    for (role, accounts) in roles {
        ensure!(
            accounts.iter().any(|it| it.as_str() == account),
            "{account} is no {role} reporter of it: its owner names one by update_reporters"
        );
    }
    Ok(())
}

/// One round after the other, for ever.
async fn follow(reporter: &mut Reporter<'_>, args: &Args, status: &Status) {
    let mut last = None;
    loop {
        let pause = match reporter.round(args.behind, status).await {
            Ok(outcome) => {
                status.succeeded();
                // It waits in many rounds, and says so once.
                if let Some(outcome) = outcome.filter(|it| last != Some(*it)) {
                    println!("{}: {outcome}", args.name);
                    last = Some(outcome);
                }
                PAUSE
            }
            Err(error) => {
                status.failed();
                // What the pool took of it, the pool knows.
                reporter.memory = Memory::default();
                last = None;
                let text = format!("{}: {error:#}", args.name);
                eprintln!("{}", crate::one_line(&text));
                PAUSE_AFTER_FAILURE
            }
        };
        sleep(pause).await;
    }
}
