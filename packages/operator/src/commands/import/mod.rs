//! `operator import`: brings the state of a chain's staking into a fee pool that is not active yet.

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use clap::Args as ClapArgs;
use fee_pool_core::answers::ConfigResponse;
use fee_pool_core::msg::{ExecuteMsg, ImportPage, QueryMsg};
use serde_json::json;

use crate::book::{Book, Contract};
use crate::chain::{Node, Sender, View};
use crate::config::Config;
use crate::contracts::Kind;
use crate::message::{self, Message};
use crate::progress::Progress;
use crate::signer::Signer;
use crate::staking::{Difference, Line, Pool, Snapshot, differences};

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
    /// Lines of a transaction: a line takes about 30 000 gas, twice as much with 8 denoms
    #[arg(long, default_value_t = 100, value_name = "LINES")]
    lines: usize,
    /// Leave out withdraw addresses, of which the chain tells one at a time
    #[arg(long)]
    no_withdraw_addresses: bool,
    /// When nothing differs any more, activate the pool
    #[arg(long)]
    activate: bool,
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
    import.check_inactive().await?;
    let height = match args.height {
        Some(height) => height,
        None => import.view.height().await?,
    };
    let then = import.view.at(height);
    let mut chain = Snapshot::read(&then, height).await?;
    if !args.no_withdraw_addresses {
        chain.read_withdraw_addresses(&then).await?;
    }
    eprintln!(
        "{} validators, {} delegations, {} withdraw addresses at height {height}",
        chain.validators.len(),
        chain.delegations.len(),
        chain.withdraw_addresses.len()
    );
    let pages = pages(&import.differing(&chain).await?, args.lines);
    if args.dry_run {
        let shown: Result<Vec<_>> = pages
            .iter()
            .map(|page| Ok(import.message(page)?.shown()))
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!(shown?))?);
        return Ok(ExitCode::SUCCESS);
    }
    import.send(&pages).await?;
    let left = import.differing(&chain).await?;
    for difference in left.iter().take(SHOWN) {
        println!("{}: {}", args.name, difference.text);
    }
    println!(
        "{}: {} differences to height {height}",
        args.name,
        left.len()
    );
    if !left.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if args.activate {
        let activate = import.execute(&ExecuteMsg::Activate {})?;
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
    async fn check_inactive(&self) -> Result<()> {
        let query = QueryMsg::Config {};
        let config: ConfigResponse = self.view.smart(&self.contract.address, &query).await?;
        ensure!(
            !config.active,
            "the pool is active: an import comes before that"
        );
        Ok(())
    }

    /// What the pool does not have as the chain has it.
    async fn differing(&self, chain: &Snapshot) -> Result<Vec<Difference>> {
        let now = self.view.height().await?;
        let view = self.view.at(now);
        let address = &self.contract.address;
        let mut pool = Pool::read(&view, address).await?;
        let delegators = chain.withdraw_addresses.keys();
        pool.read_withdraw_addresses(&view, address, delegators)
            .await?;
        differences(chain, &pool)
    }

    fn execute(&self, msg: &ExecuteMsg) -> Result<Message> {
        let msg = serde_json::to_value(msg)?;
        Ok(message::execute(
            self.owner,
            &self.contract.address,
            &msg,
            &[],
        ))
    }

    fn message(&self, page: &ImportPage) -> Result<Message> {
        self.execute(&ExecuteMsg::Import(page.clone()))
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

/// Pages of at most so many lines. The validators are the first, because lines that name them come after
/// them.
fn pages(differences: &[Difference], lines: usize) -> Vec<ImportPage> {
    let all: Vec<&Line> = differences
        .iter()
        .filter_map(|it| it.line.as_ref())
        .collect();
    all.chunks(lines).map(page).collect()
}

fn page(lines: &[&Line]) -> ImportPage {
    let mut page = ImportPage::default();
    for line in lines {
        match line {
            Line::Validator(validator) => page.validators.push(validator.clone()),
            Line::Delegation(delegation) => page.delegations.push(delegation.clone()),
            Line::WithdrawAddress(line) => page.withdraw_addresses.push(line.clone()),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use chain_types::staking_event::CommissionTerms;
    use cosmwasm_std::{Decimal256, Uint128};
    use fee_pool_core::msg::{ImportedDelegation, ImportedValidator};

    use super::*;

    #[test]
    fn pages_have_validators_first_and_no_more_lines_than_asked_for() {
        let zero = Decimal256::zero();
        let validator = Line::Validator(ImportedValidator {
            validator: "v".to_string(),
            power: Uint128::one(),
            commission: CommissionTerms {
                rate: zero,
                max_rate: zero,
                max_change_rate: zero,
            },
        });
        let delegation = |delegator: &str| {
            Line::Delegation(ImportedDelegation {
                delegator: delegator.to_string(),
                validator: "v".to_string(),
                shares: "1".to_string(),
            })
        };
        let lines = [
            Some(validator),
            None,
            Some(delegation("a")),
            Some(delegation("b")),
        ];
        let differences = lines.map(|line| Difference {
            text: String::new(),
            line,
        });
        let pages = pages(&differences, 2);
        let sizes: Vec<_> = pages
            .iter()
            .map(|page| (page.validators.len(), page.delegations.len()))
            .collect();
        assert_eq!(sizes, [(1, 1), (0, 1)]);
    }
}
