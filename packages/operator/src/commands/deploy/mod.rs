//! `operator deploy`: brings to a chain what a `deploy.toml` says.
//!
//! [`plan`] is the file, [`wasm_file`] the code, [`survey`] what the chain has of it; [`steps`] are what is
//! missing, with the messages of a contract by [`contract`]; [`direct`] sends them, [`proposals`] writes them for
//! governance.

mod contract;
mod direct;
mod plan;
mod proposals;
mod steps;
mod survey;
mod wasm_file;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args as ClapArgs;

use self::plan::Plan;
use self::survey::Survey;
use crate::book::Book;
use crate::chain::{Node, Sender};
use crate::config::Config;
use crate::signer::Signer;

/// Arguments of `operator deploy`.
#[derive(ClapArgs)]
pub struct Args {
    /// What to deploy; paths in it start at its folder
    #[arg(default_value = "deploy.toml", value_name = "FILE")]
    plan: PathBuf,
    /// Write proposals for governance to this folder, and send nothing
    ///
    /// First those that store the code. When they have passed, run it again: it writes the proposals that
    /// make the contracts, register and pin them; and again, for the address book.
    #[arg(long, value_name = "DIR")]
    proposals: Option<PathBuf>,
    /// Print the messages as JSON, and send nothing
    #[arg(long, conflicts_with = "proposals")]
    dry_run: bool,
}

/// Deploys.
///
/// # Errors
/// When something in the files is wrong, the node does not answer or is another chain's, or the chain
/// refuses. What was done until then is in the address book, and the next run goes on there.
pub async fn main(args: &Args, config: &Config) -> Result<ExitCode> {
    // What can be wrong here is found before anybody is asked.
    let plan = Plan::read(&args.plan)?;
    let files = wasm_file::read(&plan.artifacts, plan.kinds())?;
    let mut book = Book::open(&config.book, &config.chain.id)?;
    if let Some(folder) = &args.proposals {
        let view = Node::connect(&config.chain).await?.view();
        let authority = plan.governance.authority(&view).await?;
        let survey = Survey::take(&view, &book, &plan, &files, &authority).await?;
        contract::check(&survey)?;
        direct::write_down(&survey, &mut book)?;
        proposals::write(&view, &survey, folder).await?;
        return Ok(ExitCode::SUCCESS);
    }
    plan.check_ungoverned()?;
    let signer = Signer::read(config.key.as_ref(), &config.chain.prefix)?;
    let view = Node::connect(&config.chain).await?.view();
    let survey = Survey::take(&view, &book, &plan, &files, signer.address()).await?;
    contract::check(&survey)?;
    if args.dry_run {
        direct::show(&view, &survey).await?;
    } else {
        direct::write_down(&survey, &mut book)?;
        let sender = Sender::new(view.clone(), &config.chain, &signer);
        direct::send(&view, survey, &sender, &mut book).await?;
    }
    Ok(ExitCode::SUCCESS)
}
