//! What is missing on the chain, as steps in their order. Each is a transaction, or a proposal.

use std::collections::BTreeSet;

use anyhow::Result;

use super::contract;
use super::plan::Contract;
use super::survey::Survey;
use crate::chain::View;
use crate::contracts::Kind;
use crate::message::{self, Message, Proposal};

/// Something to be done.
pub enum Step<'a> {
    /// Store the code of a kind.
    Store(Kind),
    /// Make a contract, set up and registered.
    Make(&'a Contract),
    /// Pin codes: only governance may.
    Pin {
        /// In whose name.
        authority: String,
        /// The codes; one that is not stored yet has no number.
        codes: BTreeSet<(Kind, Option<u64>)>,
    },
}

/// All that is to be done. Codes that are in a proposal already are not proposed again.
///
/// # Errors
/// When the node does not answer, or something is to be pinned and the chain has no governance and the plan
/// names no authority.
pub async fn all<'a>(view: &View, survey: &Survey<'a>) -> Result<Vec<Step<'a>>> {
    let contracts = survey.plan.contracts.iter();
    let missing = contracts.filter(|contract| !survey.exists(contract));
    let stores = survey.kinds_to_store().into_iter().map(Step::Store);
    let mut steps: Vec<_> = stores.chain(missing.map(Step::Make)).collect();
    let mut codes = survey.codes_to_pin();
    if !codes.is_empty() {
        let pinned = view.pinned().await?;
        codes.retain(|(_, code)| code.is_none_or(|code| !pinned.contains(&code)));
    }
    if !codes.is_empty() {
        for proposal in view.open_proposals().await? {
            codes.retain(|(kind, code)| {
                let waits = code.is_some_and(|code| proposal.pins(code));
                if waits {
                    eprintln!(
                        "{kind}: pinning waits for the vote on proposal {}",
                        proposal.id
                    );
                }
                !waits
            });
        }
    }
    if !codes.is_empty() {
        let authority = survey.plan.governance.authority(view).await?;
        steps.push(Step::Pin { authority, codes });
    }
    Ok(steps)
}

impl Step<'_> {
    /// Its name, which is also that of its file.
    pub fn name(&self) -> String {
        match self {
            Step::Store(kind) => format!("store-{kind}"),
            Step::Make(contract) => format!("make-{}", contract.name),
            Step::Pin { .. } => "pin".to_string(),
        }
    }

    /// Whether a step of some run has this name.
    pub fn is_name(name: &str) -> bool {
        name == "pin" || name.starts_with("store-") || name.starts_with("make-")
    }

    /// Its messages: what makes a contract also registers it.
    ///
    /// # Errors
    /// When a name in them stands for no contract.
    pub fn messages(&self, survey: &Survey) -> Result<Vec<Message>> {
        Ok(match self {
            Step::Store(kind) => {
                let wasm = survey.file(*kind)?.compressed()?;
                vec![message::store(survey.creator, &wasm)]
            }
            Step::Make(contract) => contract::messages(survey, contract)?,
            Step::Pin { authority, codes } => {
                vec![message::pin(authority, &survey.numbers(codes))]
            }
        })
    }

    /// As a proposal.
    ///
    /// # Errors
    /// As [`Step::messages`].
    pub fn proposal(&self, survey: &Survey) -> Result<Proposal> {
        let (title, summary) = match self {
            Step::Store(kind) => (
                format!("Store {kind}"),
                format!(
                    "Stores {}, {} of cw-distribution. Its SHA-256 is {}.",
                    kind.file(),
                    env!("CARGO_PKG_VERSION"),
                    survey.file(*kind)?.checksum
                ),
            ),
            Step::Make(contract) => (
                format!("Make {}", contract.label()),
                format!(
                    "Makes the {} {} at {}, set up and registered.",
                    contract.kind,
                    contract.name,
                    survey.address(&contract.name)?
                ),
            ),
            Step::Pin { codes, .. } => {
                let kinds: BTreeSet<_> = codes.iter().map(|(kind, _)| kind.to_string()).collect();
                let kinds = Vec::from_iter(kinds).join(", ");
                (
                    format!("Pin {kinds}"),
                    format!(
                        "Keeps the code of {kinds} in memory: each call costs about 58 000 gas less."
                    ),
                )
            }
        };
        Ok(Proposal {
            title,
            summary,
            messages: self.messages(survey)?,
        })
    }
}
