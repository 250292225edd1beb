//! Writing what is missing as proposals of governance.

use std::path::Path;
use std::{fs, io};

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
    remove_earlier(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
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

/// Removes the files of an earlier run: what has passed or waits is not to be submitted again.
fn remove_earlier(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let step = name.to_str().and_then(|name| name.strip_suffix(".json"));
        if step.is_some_and(Step::is_name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_earlier_run_are_removed_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "store-fee-pool.json",
            "make-pool.json",
            "pin.json",
            "make.txt",
            "pins.json",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        remove_earlier(folder.path()).unwrap();
        let left = fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = left.map(|it| it.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["make.txt", "pins.json"]);
    }
}
