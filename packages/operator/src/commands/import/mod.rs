//! `operator import`: brings the state of a chain's staking into a fee pool that is not active yet.

mod pages;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use clap::Args as ClapArgs;
use cosmwasm_std::Coin;
use fee_pool_core::answers::ConfigResponse;
use fee_pool_core::msg::{ExecuteMsg, ImportPage, QueryMsg, Source};
use serde_json::json;

use self::pages::pages;
use crate::book::{Book, Contract};
use crate::chain::{Node, Sender, View};
use crate::config::Config;
use crate::contracts::Kind;
use crate::message::{self, Message};
use crate::progress::Progress;
use crate::signer::Signer;
use crate::staking::{Difference, Pool, Snapshot, differences};

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
    /// Read the state from a genesis file that a chain's program exported, with commissions and community pool
    #[arg(long, value_name = "FILE", conflicts_with_all = ["height", "halted"])]
    genesis: Option<PathBuf>,
    /// Import unclaimed rewards, commissions and the community pool too
    ///
    /// Only where x/distribution has stopped: what it goes on paying would be paid twice.
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
    /// Print the first transactions as JSON, and send nothing
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
    if !matches!(contract.kind, Kind::FeePool | Kind::LazyFeePool) {
        bail!(
            "{} is a {}: only fee pools import",
            args.name,
            contract.kind
        );
    }
    let signer = Signer::read(config.key.as_ref(), &config.chain.prefix)?;
    let view = Node::connect(&config.chain).await?.view();
    let import = Import {
        sender: Sender::new(view.clone(), &config.chain, &signer),
        owner: signer.address(),
        view,
        contract,
    };
    let source = import.inactive_source().await?;
    let chain = import.chain(args, source).await?;
    eprintln!(
        "{} validators, {} delegations, {} withdraw addresses",
        chain.validators.len(),
        chain.delegations.len(),
        chain.withdraw_addresses.len()
    );
    let staking = import.staking(&chain).await?;
    if args.dry_run {
        // What is owed is compared when the pool knows to whom.
        let lines = if staking.is_empty() {
            import.owed(&chain).await?
        } else {
            staking
        };
        let pages = pages(&lines, args.lines);
        let shown: Result<Vec<_>> = pages
            .iter()
            .map(|page| Ok(import.message(page)?.shown()))
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!(shown?))?);
        return Ok(ExitCode::SUCCESS);
    }
    import.send(&pages(&staking, args.lines)).await?;
    let owed = import.owed(&chain).await?;
    import.send(&pages(&owed, args.lines)).await?;

    let mut left = import.staking(&chain).await?;
    left.extend(import.owed(&chain).await?);
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
        import.sender.send(&[activate]).await?;
        println!("{}: is active", args.name);
    } else {
        println!("the same command with --activate activates it");
    }
    Ok(ExitCode::SUCCESS)
}

/// A pool that takes an import.
struct Import<'a> {
    view: View,
    sender: Sender<'a>,
    owner: &'a str,
    contract: &'a Contract,
}

impl Import<'_> {
    /// Whom the pool believes. It must not be active.
    async fn inactive_source(&self) -> Result<Source> {
        let query = QueryMsg::Config {};
        let config: ConfigResponse = self.view.smart(&self.contract.address, &query).await?;
        ensure!(
            !config.active,
            "the pool is active: an import comes before that"
        );
        Ok(config.source)
    }

    /// The state that is imported.
    async fn chain(&self, args: &Args, source: Source) -> Result<Snapshot> {
        if let Some(path) = &args.genesis {
            ensure!(
                !source.gives_tokens(),
                "a genesis file has shares, and this pool takes tokens: import from a node"
            );
            let mut chain = Snapshot::of_genesis(path)?;
            if args.no_withdraw_addresses {
                chain.withdraw_addresses.clear();
            }
            return Ok(chain);
        }
        let height = match args.height {
            Some(height) => height,
            None => self.view.height().await?,
        };
        eprintln!("reads the state of height {height}");
        let then = self.view.at(height);
        let mut chain = Snapshot::read(&then, height, source).await?;
        if !args.no_withdraw_addresses {
            chain.read_withdraw_addresses(&then).await?;
        }
        if args.halted {
            chain.read_owed(&then).await?;
        }
        Ok(chain)
    }

    /// The pool's state now, which does not change while it is read.
    async fn now(&self) -> Result<View> {
        Ok(self.view.at(self.view.height().await?))
    }

    /// What of staking the pool does not have as the chain has it.
    async fn staking(&self, chain: &Snapshot) -> Result<Vec<Difference>> {
        let view = self.now().await?;
        let address = &self.contract.address;
        let mut pool = Pool::read(&view, address).await?;
        let delegators = chain.withdraw_addresses.keys();
        pool.read_withdraw_addresses(&view, address, delegators)
            .await?;
        differences(chain, &pool)
    }

    /// What the pool does not owe as the chain does.
    async fn owed(&self, chain: &Snapshot) -> Result<Vec<Difference>> {
        match &chain.owed {
            Some(owed) => {
                owed.differences(&self.now().await?, &self.contract.address)
                    .await
            }
            None => Ok(Vec::new()),
        }
    }

    fn execute(&self, msg: &ExecuteMsg, funds: &[Coin]) -> Result<Message> {
        let msg = serde_json::to_value(msg)?;
        Ok(message::execute(
            self.owner,
            &self.contract.address,
            &msg,
            funds,
        ))
    }

    fn message(&self, page: &ImportPage) -> Result<Message> {
        self.execute(&ExecuteMsg::Import(page.clone()), &[])
    }

    /// Sends pages in their order. A page that is sent again after an interruption counts once.
    async fn send(&self, pages: &[ImportPage]) -> Result<()> {
        let progress = Progress::of(pages.len(), "pages sent");
        for page in pages {
            self.sender.send(&[self.message(page)?]).await?;
            progress.advance(1);
        }
        Ok(())
    }
}
