//! Shows that a contract's file is what its sources and the published commands give, wherever they
//! are: a copy of the checkout in another folder is built with the commands as one types them, and
//! every byte compared.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::contract::Contract;
use super::file::File;
use super::recipe;
use crate::process::{output, repository, run};

/// What one types at the top of a checkout.
fn commands(contract: &Contract) -> String {
    let (name, file) = (&contract.name, contract.file());
    format!(
        "cd contracts/{name}\n\
         RUSTFLAGS=\"-C link-arg=-s\" cargo +1.86.0 build --release --lib --target wasm32-unknown-unknown --locked\n\
         wasm-opt -Os ../../target/wasm32-unknown-unknown/release/{file} -o {file}"
    )
}

/// Builds a contract by hand and compares.
///
/// # Errors
/// When it cannot be built, or the bytes are others.
pub fn compare(file: &File) -> Result<()> {
    let copy = Copy::of_the_checkout()?;
    let commands = commands(&file.contract);
    println!("by hand in {}:\n{commands}", copy.0.display());
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", &commands])
        .current_dir(&copy.0)
        .env("PATH", with_wasm_opt()?)
        // Nothing that cargo was told for this program.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR");
    run(&mut shell, "a shell is needed")?;
    let path = copy.0.join("contracts").join(&file.contract.name);
    let path = path.join(file.contract.file());
    let by_hand = fs::read(&path).with_context(|| path.display().to_string())?;
    if by_hand != file.content() {
        bail!(
            "{} has other bytes ({}) than what the commands give by hand ({})",
            file.path.display(),
            file.content().len(),
            by_hand.len()
        );
    }
    println!("{}: the same bytes", file.contract.file());
    Ok(())
}

/// The search path with the wasm-opt of the lock file in front.
fn with_wasm_opt() -> Result<std::ffi::OsString> {
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(recipe::programs()).chain(env::split_paths(&others));
    Ok(env::join_paths(folders)?)
}

/// A copy of the checkout in a folder of its own, which is removed in the end.
struct Copy(PathBuf);

impl Copy {
    /// Copies the files that git knows or would add, as they are now.
    fn of_the_checkout() -> Result<Self> {
        let mut git = Command::new("git");
        git.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(repository());
        let files = output(&mut git, "install git from https://git-scm.com")?;
        let name = format!("contract-by-hand-{}", std::process::id());
        let copy = Copy(env::temp_dir().join(name));
        for file in files.split_terminator('\0').map(Path::new) {
            let from = repository().join(file);
            // One that was deleted is still in git's list.
            if from.is_file() {
                copy.take(&from, file)
                    .with_context(|| file.display().to_string())?;
            }
        }
        Ok(copy)
    }

    fn take(&self, from: &Path, file: &Path) -> std::io::Result<()> {
        let to = self.0.join(file);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from, to).map(|_| ())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // A folder that stays does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
