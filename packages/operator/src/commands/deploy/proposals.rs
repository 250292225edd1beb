//! The same as proposals of governance.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::contract;
use super::survey::Survey;
use crate::chain::View;
use crate::contracts::Kind;
use crate::files;
use crate::message::{self, Proposal};

/// The codes of the plan that governance should be asked to pin: they are there, not pinned, and not in
/// a proposal yet.
///
/// # Errors
/// When the node does not answer.
pub async fn to_pin(view: &View, survey: &Survey<'_>) -> Result<BTreeMap<u64, Kind>> {
    let kinds = survey.plan.pinned_kinds();
    let mut codes: BTreeMap<u64, Kind> = kinds
        .into_iter()
        .filter_map(|kind| Some((*survey.codes.get(&kind)?, kind)))
        .collect();
    if !codes.is_empty() {
        let pinned = view.pinned().await?;
        codes.retain(|code_id, _| !pinned.contains(code_id));
    }
    if codes.is_empty() {
        return Ok(codes);
    }
    let ids: Vec<u64> = codes.keys().copied().collect();
    if let Some(proposal) = view.open_pin_proposal(&ids).await? {
        eprintln!("pinning waits for the vote on proposal {proposal}");
        codes.clear();
    }
    Ok(codes)
}

/// The proposal to pin codes.
///
/// # Errors
/// When the chain has no governance and the plan names no authority.
pub async fn pin(
    view: &View,
    survey: &Survey<'_>,
    codes: &BTreeMap<u64, Kind>,
) -> Result<Proposal> {
    let authority = survey.plan.governance.authority(view).await?;
    let names: Vec<String> = codes.values().map(Kind::to_string).collect();
    let names = names.join(", ");
    let ids: Vec<u64> = codes.keys().copied().collect();
    Ok(Proposal {
        title: format!("Pin {names}"),
        summary: format!(
            "Keeps the code of {names} in memory: each call costs about 58 000 gas less."
        ),
        messages: vec![message::pin(&authority, &ids)],
    })
}

/// Writes the proposals that can be written now: the code first, and when all of it is on the chain the
/// contracts and the pins.
///
/// # Errors
/// When a file cannot be written, or the node does not answer.
pub async fn write(view: &View, survey: &Survey<'_>, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let stores = stores(survey)?;
    if !stores.is_empty() {
        for (name, proposal) in &stores {
            write_one(survey, folder, name, proposal)?;
        }
        println!("when these have passed, run it again for the contracts");
        return Ok(());
    }
    for contract in &survey.plan.contracts {
        if !survey.exists(contract) {
            let address = survey.address(&contract.name)?;
            let proposal = Proposal {
                title: format!("Make {}", contract.label()),
                summary: format!(
                    "Makes the {} {} at {address}, set up and registered.",
                    contract.kind, contract.name
                ),
                messages: contract::messages(survey, contract)?,
            };
            write_one(
                survey,
                folder,
                &format!("make-{}", contract.name),
                &proposal,
            )?;
        }
    }
    let codes = to_pin(view, survey).await?;
    if !codes.is_empty() {
        write_one(survey, folder, "pin", &pin(view, survey, &codes).await?)?;
    }
    Ok(())
}

/// The proposals that store what is not on the chain, each with the name of its file.
fn stores(survey: &Survey) -> Result<Vec<(String, Proposal)>> {
    let mut stores = Vec::new();
    for kind in survey.kinds_to_store() {
        let file = survey.file(kind)?;
        let proposal = Proposal {
            title: format!("Store {kind}"),
            summary: format!(
                "Stores {}, {} of cw-distribution. Its SHA-256 is {}.",
                kind.file(),
                env!("CARGO_PKG_VERSION"),
                file.checksum
            ),
            messages: vec![message::store(survey.creator, &file.compressed()?)],
        };
        stores.push((format!("store-{kind}"), proposal));
    }
    Ok(stores)
}

fn write_one(survey: &Survey, folder: &Path, name: &str, proposal: &Proposal) -> Result<()> {
    let path = folder.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(&proposal.file(&survey.plan.governance.deposit))?;
    files::replace(&path, &text)?;
    println!("{}: {}", path.display(), proposal.title);
    Ok(())
}
