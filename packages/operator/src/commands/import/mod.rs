//! `operator import`: brings the state of a chain's staking into a fee pool that is not active yet.

mod left;
mod pages;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args as ClapArgs;
use cosmwasm_std::Coin;
use fee_pool_core::msg::{ExecuteMsg, ImportPage};
use serde_json::json;

use self::left::SentLines;
use self::pages::pages;
use crate::book::{Book, Contract};
use crate::chain::{Event, Node, Sender, View};
use crate::config::Config;
use crate::message::{self, Message};
use crate::progress::Progress;
use crate::signer::Signer;
use crate::staking::{
    Difference, Pool, Snapshot, differences, owed_differences, record_differences,
};

/// Differences that are printed at the end.
const SHOWN: usize = 20;

/// Arguments of `operator import`.
#[derive(ClapArgs)]
pub struct Args {
    /// The pool's name in the address book
    #[arg(value_name = "NAME")]
    name: String,
    /// The height whose state is imported; the newest by default
    #[arg(long)]
    height: Option<u64>,
    /// Read the state from a genesis file that a chain's program exported
    #[arg(long, value_name = "FILE", conflicts_with = "height")]
    genesis: Option<PathBuf>,
    /// Import unclaimed rewards, commissions and the community pool too
    ///
    /// Only where the chain makes blocks without x/distribution: what that went on paying would be paid twice.
    /// A genesis file has no unclaimed rewards, only what they are computed from.
    #[arg(long)]
    halted: bool,
    /// Lines of a transaction: a line takes about 30 000 gas, twice as much with 8 denoms
    #[arg(long, default_value_t = 100, value_name = "LINES")]
    lines: usize,
    /// Leave out withdraw addresses, of which the chain tells one at a time
    #[arg(long)]
    no_withdraw_addresses: bool,
    /// When nothing differs any more, activate the pool
    #[arg(long)]
    activate: bool,
    /// A coin to be sent along with the activation, to cover what is owed: `5stake`; may be repeated
    #[arg(long, value_name = "COIN", requires = "activate")]
    funds: Vec<Coin>,
    /// Print the transactions as JSON, and send nothing
    #[arg(long, conflicts_with = "activate")]
    dry_run: bool,
}

/// Imports. The exit code is 1 when something differs at the end.
///
/// # Errors
/// When there is no such pool, it is active, the node does not answer, or the chain refuses.
pub async fn main(args: &Args, config: &Config) -> Result<ExitCode> {
    ensure!(args.lines > 0, "--lines 0: at least one line is needed");
    let book = Book::open(&config.book, &config.chain.id)?;
    let contract = book.contract(&args.name)?;
    if !contract.kind.is_fee_pool() {
        bail!(
            "{} is a {}: only fee pools import",
            args.name,
            contract.kind
        );
    }
    let signer = Signer::read(config.key.as_ref(), &config.chain.prefix)?;
    let view = Node::connect(&config.chain).await?.view();
    let import = Import {
        args,
        config,
        sender: Sender::new(view.clone(), &config.chain, &signer),
        view,
        contract,
    };
    let now = import.now().await?;
    if args.activate && import.is_active(&now).await? {
        println!("{}: is active", args.name);
        return Ok(ExitCode::SUCCESS);
    }
    let pool = import.inactive_pool(&now).await?;
    let chain = import.chain(&now, &pool).await?;
    eprintln!(
        "{} validators, {} delegations, {} withdraw addresses",
        chain.validators.len(),
        chain.delegations.len(),
        chain.withdraw_addresses.len()
    );
    let found = import.found(&chain, &now, pool).await?;
    let pages = pages(&found, args.lines);
    if args.dry_run {
        let shown: Result<Vec<_>> = pages
            .iter()
            .map(|page| Ok(import.message(page)?.shown()))
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!(shown?))?);
        return Ok(ExitCode::SUCCESS);
    }
    let left = if pages.is_empty() {
        found
    } else {
        let sent = SentLines {
            differences: &found,
            passed_over: import.send(&pages).await?,
        };
        import.left(&chain, &sent).await?
    };
    for difference in left.iter().take(SHOWN) {
        println!("{}: {}", args.name, difference.text);
    }
    println!("{}: {} differences", args.name, left.len());
    if !left.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if args.activate {
        let funds = message::in_order(args.funds.clone());
        let activate = import.execute(&ExecuteMsg::Activate {}, &funds)?;
        // One of a run that was killed may be on its way.
        let there = async || Ok(import.is_active(&import.view).await?.then_some(()));
        import.sender.send_unless(&[activate], there).await?;
        println!("{}: is active", args.name);
    } else {
        println!("the same command with --activate activates it");
    }
    Ok(ExitCode::SUCCESS)
}

/// A pool that takes an import.
struct Import<'a> {
    args: &'a Args,
    config: &'a Config,
    view: View,
    sender: Sender<'a>,
    contract: &'a Contract,
}

impl Import<'_> {
    /// The newest state, which does not change while it is read.
    async fn now(&self) -> Result<View> {
        Ok(self.view.at(self.view.height().await?))
    }

    async fn is_active(&self, now: &View) -> Result<bool> {
        let pool = Pool::open(now, &self.contract.address).await?;
        Ok(pool.config.active)
    }

    /// The pool, which must not be active.
    async fn inactive_pool(&self, now: &View) -> Result<Pool> {
        let address = &self.contract.address;
        let mut pool = Pool::open(now, address).await?;
        ensure!(
            !pool.config.active,
            "the pool is active: an import comes before that"
        );
        pool.read_records(now, address, |_| true).await?;
        Ok(pool)
    }

    /// The state that is imported. The pool pays nothing to itself, so whoever has named it as withdraw
    /// address is paid as if it had named nobody.
    async fn chain(&self, now: &View, pool: &Pool) -> Result<Snapshot> {
        let mut chain = self.read_chain(now, pool).await?;
        chain
            .withdraw_addresses
            .retain(|_, to| *to != self.contract.address);
        Ok(chain)
    }

    async fn read_chain(&self, now: &View, pool: &Pool) -> Result<Snapshot> {
        let args = self.args;
        if let Some(path) = &args.genesis {
            ensure!(
                !pool.config.source.gives_tokens(),
                "a genesis file has shares, and this pool takes tokens: import from a node"
            );
            let mut chain = Snapshot::of_genesis(path, &self.config.chain.id)?;
            if args.no_withdraw_addresses {
                chain.withdraw_addresses.clear();
            }
            if !args.halted {
                chain.owed = None;
            }
            return Ok(chain);
        }
        let height = match args.height {
            Some(height) => height,
            None => now.height().await?,
        };
        eprintln!("reads the state of height {height}");
        let then = self.view.at(height);
        let mut chain = Snapshot::of_pool(&then, pool, height).await?;
        if !args.no_withdraw_addresses {
            let prefix = &self.config.chain.prefix;
            let mut payees = chain.payees(prefix)?;
            payees.extend(pool.payees(prefix)?);
            chain.read_withdraw_addresses(&then, payees).await?;
        }
        if args.halted {
            chain.read_owed(&then).await?;
        }
        Ok(chain)
    }

    /// What the pool does not have as the chain has it.
    async fn found(&self, chain: &Snapshot, now: &View, mut pool: Pool) -> Result<Vec<Difference>> {
        if !self.args.no_withdraw_addresses {
            let mut accounts = pool.payees(&self.config.chain.prefix)?;
            accounts.extend(chain.withdraw_addresses.keys().cloned());
            let address = &self.contract.address;
            pool.read_withdraw_addresses(now, address, accounts).await?;
        }
        self.differences(chain, now, &pool).await
    }

    async fn differences(
        &self,
        chain: &Snapshot,
        now: &View,
        pool: &Pool,
    ) -> Result<Vec<Difference>> {
        let mut found = differences(chain, pool)?;
        found.extend(record_differences(pool));
        let owed = chain.owed.as_ref();
        found.extend(owed_differences(owed, now, &self.contract.address, pool).await?);
        Ok(found)
    }

    /// What still differs of what was found and sent. Withdraw addresses are not asked for again: the pool
    /// takes these lines, unless the account has set its own there, which stays.
    async fn left(&self, chain: &Snapshot, sent: &SentLines<'_>) -> Result<Vec<Difference>> {
        let now = self.now().await?;
        let pool = self.inactive_pool(&now).await?;
        let left = self.differences(chain, &now, &pool).await?;
        Ok(sent.left(pool.config.source, left))
    }

    fn execute(&self, msg: &ExecuteMsg, funds: &[Coin]) -> Result<Message> {
        let msg = serde_json::to_value(msg)?;
        Ok(message::execute(
            self.sender.account(),
            &self.contract.address,
            &msg,
            funds,
        ))
    }

    fn message(&self, page: &ImportPage) -> Result<Message> {
        self.execute(&ExecuteMsg::Import(page.clone()), &[])
    }

    /// Sends pages in their order, and returns with which events the pool passed lines over. A page that is
    /// sent again after an interruption counts once.
    async fn send(&self, pages: &[ImportPage]) -> Result<Vec<Event>> {
        let mut passed_over = Vec::new();
        let progress = Progress::of(pages.len(), "pages sent");
        for page in pages {
            let sent = self.sender.send(&[self.message(page)?]).await;
            let sent =
                sent.with_context(|| format!("a page of {} lines (--lines)", self.args.lines))?;
            let pool = &self.contract.address;
            let events = sent.events.into_iter();
            passed_over
                .extend(events.filter(|event| event.action_of(pool) == Some("import_skipped")));
            progress.advance(1);
        }
        if !passed_over.is_empty() {
            eprintln!(
                "{} lines were passed over: an event has told the pool something newer",
                passed_over.len()
            );
        }
        Ok(passed_over)
    }
}
