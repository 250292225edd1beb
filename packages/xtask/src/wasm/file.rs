//! A contract's file, and what every file must be.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest, Sha256};

use super::contract::Contract;
use crate::process::repository;

/// What a file may have at most, in bytes. wasmd takes 819 200.
const MOST_BYTES: usize = 810_000;

/// A contract's file in `artifacts/`.
pub struct File {
    /// Whose.
    pub contract: Contract,
    /// Where.
    pub path: PathBuf,
    content: Vec<u8>,
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there.
    pub fn read(contract: Contract, path: PathBuf) -> Result<Self> {
        let content = fs::read(&path).with_context(|| path.display().to_string())?;
        Ok(File {
            contract,
            path,
            content,
        })
    }

    /// Its bytes.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// SHA-256 in hex.
    pub fn checksum(&self) -> String {
        let mut checksum = String::new();
        for byte in Sha256::digest(&self.content) {
            // Writing to a text cannot fail.
            let _ = write!(checksum, "{byte:02x}");
        }
        checksum
    }

    /// Fails for a file that a chain does not take, or that another folder would not give.
    ///
    /// # Errors
    /// When it is too large or has a path of this checkout in it.
    pub fn check(&self) -> Result<()> {
        let name = self.contract.file();
        let bytes = self.content.len();
        if bytes > MOST_BYTES {
            bail!("{name} has {bytes} bytes, more than {MOST_BYTES}");
        }
        let paths = paths_below(repository(), &self.content);
        if !paths.is_empty() {
            let paths: Vec<_> = paths.into_iter().collect();
            bail!(
                "{name} depends on the folder of this checkout, which is in it for {}. A generic \
                 function there calls what says where it panicked, like Vec::push, and is compiled \
                 in another crate: collect() an iterator, or leave that to a function that is not \
                 generic",
                paths.join(", ")
            );
        }
        Ok(())
    }
}

/// The paths in a file that are below a folder, without the folder.
fn paths_below(folder: &Path, content: &[u8]) -> BTreeSet<String> {
    let folder = format!("{}/", folder.display()).into_bytes();
    let mut paths = BTreeSet::new();
    for (start, place) in content.windows(folder.len()).enumerate() {
        if place == folder {
            let path = content.iter().skip(start + folder.len());
            let path =
                path.take_while(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(byte));
            let path: String = path.map(|byte| char::from(*byte)).collect();
            // What follows in memory may be letters as well.
            let end = path.find(".rs").map_or(path.len(), |end| end + ".rs".len());
            paths.insert(path[..end].to_owned());
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_checkout_are_found_and_no_others() {
        let content =
            b"a/home/me/suite/packages/x/src/y.rsnext\0/home/me/suitely/z.rs packages/x/src/w.rs";
        let paths = paths_below(Path::new("/home/me/suite"), content);
        assert_eq!(Vec::from_iter(paths), ["packages/x/src/y.rs"]);
    }
}
