//! Writing what is missing as proposals of governance.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::steps::{self, Step};
use super::survey::Survey;
use crate::chain::View;
use crate::files;

/// Writes the proposals that can be written now: the code first, and when all of it is on the chain the
/// contracts and the pins. What is in a proposal already is not written again.
///
/// # Errors
/// When a file cannot be written, or the node does not answer.
pub async fn write(view: &View, survey: &Survey<'_>, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut steps = steps::all(view, survey).await?;
    let stores = steps.iter().any(|step| matches!(step, Step::Store(_)));
    if stores {
        steps.retain(|step| matches!(step, Step::Store(_)));
    }
    let open = view.open_proposals().await?;
    for step in steps {
        let proposal = step.proposal(survey)?;
        let messages = proposal.anys();
        if let Some(open) = open.iter().find(|it| it.messages == messages) {
            println!(
                "{}: waits for the vote on proposal {}",
                proposal.title, open.id
            );
            continue;
        }
        let path = folder.join(format!("{}.json", step.name()));
        let file = proposal.file(&survey.plan.governance.deposit);
        files::replace(&path, &serde_json::to_string_pretty(&file)?)?;
        println!("{}: {}", path.display(), proposal.title);
    }
    if stores {
        println!("when these have passed, run it again for the contracts");
    }
    Ok(())
}
