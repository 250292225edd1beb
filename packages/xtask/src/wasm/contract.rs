//! The contracts of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::process::repository;

/// A contract's crate.
pub struct Contract {
    /// The name of its folder and package, like `fee-pool`.
    pub name: String,
    /// The folder that its own is in, from the top of the repository.
    parent: &'static str,
}

/// Where the contracts are that become files for chains.
const CONTRACTS: &str = "contracts";

impl Contract {
    /// Where it is.
    pub fn folder(&self) -> PathBuf {
        repository().join(self.parent).join(&self.name)
    }

    /// The name of its file: cargo writes `_` where packages have `-`.
    pub fn file(&self) -> String {
        format!("{}.wasm", self.name.replace('-', "_"))
    }
}

/// The crates in `contracts/`, in the order of their names, as the image builds them.
///
/// # Errors
/// When there is none.
pub fn contracts() -> Result<Vec<Contract>> {
    let folder = repository().join(CONTRACTS);
    let mut contracts = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|_| is_crate(&path)) {
            let name = name.to_owned();
            let parent = CONTRACTS;
            contracts.push(Contract { name, parent });
        }
    }
    if contracts.is_empty() {
        bail!("there is no contract in contracts/");
    }
    contracts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(contracts)
}

/// A contract of scenario files, which is not published.
pub struct TestContract {
    /// Its crate.
    pub contract: Contract,
    /// The name of its file: that of its code in scenario files.
    pub file: &'static str,
}

/// The contracts that only scenario files use.
pub fn test_contracts() -> [TestContract; 2] {
    [("plain-cw20", "cw20.wasm"), ("ibc-peer", "ibc_peer.wasm")].map(|(name, file)| {
        let name = name.to_owned();
        let parent = "packages";
        TestContract {
            contract: Contract { name, parent },
            file,
        }
    })
}

fn is_crate(path: &Path) -> bool {
    path.join("Cargo.toml").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_cargo_names_it() {
        let contract = Contract {
            name: "fee-pool".to_owned(),
            parent: CONTRACTS,
        };
        assert_eq!(contract.file(), "fee_pool.wasm");
        assert!(is_crate(&contract.folder()));
        for TestContract { contract, .. } in test_contracts() {
            assert!(is_crate(&contract.folder()), "{}", contract.name);
        }
    }

    #[test]
    fn the_image_builds_the_same_contracts() {
        let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
        for contract in contracts().unwrap() {
            // The image goes by the list of members, and names files by packages.
            let member = format!("\"contracts/{}\"", contract.name);
            assert!(workspace.contains(&member), "{member}");
            let package = fs::read_to_string(contract.folder().join("Cargo.toml")).unwrap();
            let name = format!("name = \"{}\"", contract.name);
            assert!(package.contains(&name), "{name}");
        }
    }
}
