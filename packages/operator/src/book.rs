//! The address book: which contracts exist on a chain, by the names that their operator gave them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::contracts::Kind;
use crate::files;

/// The book of one chain. It may be written by hand, for contracts that somebody else deployed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    chain_id: String,
    #[serde(default)]
    codes: BTreeMap<Kind, Code>,
    #[serde(default)]
    contracts: BTreeMap<String, Contract>,
}

/// Stored code.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Its number on the chain.
    pub code_id: u64,
    /// SHA-256 of the file, in hex.
    pub checksum: String,
}

/// A contract.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Which contract of the suite it is.
    pub kind: Kind,
    /// Where it is.
    pub address: String,
}

/// The book and its file.
pub struct Book {
    path: PathBuf,
    pages: Pages,
}

impl Book {
    /// Reads the book of a chain; without a file it is empty.
    ///
    /// # Errors
    /// When the file cannot be understood, or is the book of another chain.
    pub fn open(path: &Path, chain_id: &str) -> Result<Self> {
        let pages = if path.exists() {
            files::read_toml(path)?
        } else {
            Pages {
                chain_id: chain_id.to_string(),
                codes: BTreeMap::new(),
                contracts: BTreeMap::new(),
            }
        };
        if pages.chain_id != chain_id {
            bail!(
                "{} is the address book of {}, operator.toml says {chain_id}",
                path.display(),
                pages.chain_id
            );
        }
        Ok(Book {
            path: path.to_path_buf(),
            pages,
        })
    }

    /// Writes the book.
    ///
    /// # Errors
    /// When the file cannot be written; it stays as it was.
    pub fn save(&self) -> Result<()> {
        let text = toml::to_string(&self.pages).context("the address book")?;
        files::replace(&self.path, &text)
    }

    /// The code of a kind that was stored or found last.
    pub fn code(&self, kind: Kind) -> Option<&Code> {
        self.pages.codes.get(&kind)
    }

    /// Writes down a code.
    ///
    /// # Errors
    /// As [`Book::save`].
    pub fn add_code(&mut self, kind: Kind, code: Code) -> Result<()> {
        self.pages.codes.insert(kind, code);
        self.save()
    }

    /// A contract, if it is in the book.
    pub fn find(&self, name: &str) -> Option<&Contract> {
        self.pages.contracts.get(name)
    }

    /// The contracts of these names, or all of them where none is named.
    ///
    /// # Errors
    /// When there is none of a name.
    pub fn chosen<'a>(&'a self, names: &'a [String]) -> Result<Vec<(&'a str, &'a Contract)>> {
        if names.is_empty() {
            let all = self.pages.contracts.iter();
            return Ok(all
                .map(|(name, contract)| (name.as_str(), contract))
                .collect());
        }
        let named = names.iter();
        named
            .map(|name| Ok((name.as_str(), self.contract(name)?)))
            .collect()
    }

    /// The contract of a name.
    ///
    /// # Errors
    /// When there is none.
    pub fn contract(&self, name: &str) -> Result<&Contract> {
        let contract = self.find(name);
        contract.with_context(|| format!("there is no contract {name} in {}", self.path.display()))
    }

    /// Writes down a contract.
    ///
    /// # Errors
    /// As [`Book::save`].
    pub fn add_contract(&mut self, name: &str, contract: Contract) -> Result<()> {
        self.pages.contracts.insert(name.to_string(), contract);
        self.save()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Contract {
        Contract {
            kind: Kind::FeePool,
            address: "wasm1pool".to_string(),
        }
    }

    #[test]
    fn what_was_written_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contracts.toml");
        let mut book = Book::open(&path, "local-1").unwrap();
        let code = Code {
            code_id: 7,
            checksum: "ab".to_string(),
        };
        book.add_code(Kind::FeePool, code).unwrap();
        book.add_contract("pool", pool()).unwrap();

        let book = Book::open(&path, "local-1").unwrap();
        assert_eq!(book.find("pool").unwrap().address, "wasm1pool");
        assert_eq!(book.code(Kind::FeePool).unwrap().code_id, 7);
        assert!(book.code(Kind::LazyFeePool).is_none());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("kind = \"fee-pool\""), "{text}");
    }

    #[test]
    fn the_book_of_another_chain_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contracts.toml");
        Book::open(&path, "local-1").unwrap().save().unwrap();
        let error = Book::open(&path, "local-2").err().unwrap().to_string();
        assert!(
            error.contains("the address book of local-1, operator.toml says local-2"),
            "{error}"
        );
    }
}
