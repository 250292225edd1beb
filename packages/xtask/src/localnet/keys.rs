//! The accounts, which are the same on both chains, and their keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::services::{command, output};

/// A keyring of wasmd.
#[derive(Clone)]
pub struct Keys {
    wasmd: PathBuf,
    folder: PathBuf,
    addresses: BTreeMap<String, String>,
}

impl Keys {
    /// Makes a key for each name, and beside the keyring a file `NAME.json` with its mnemonic.
    ///
    /// # Errors
    /// When wasmd fails.
    pub async fn make<'a>(
        wasmd: &Path,
        folder: PathBuf,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let mut keys = Keys {
            wasmd: wasmd.to_path_buf(),
            folder,
            addresses: BTreeMap::new(),
        };
        for name in names {
            let text = keys.run(&["add", name, "--output", "json"]).await?;
            let key: Value = serde_json::from_str(&text)?;
            let address = key["address"].as_str().context("a key without address")?;
            keys.addresses.insert(name.to_string(), address.to_string());
            fs::write(keys.file(name), text)?;
        }
        Ok(keys)
    }

    /// The file with a key's mnemonic.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }

    /// An account.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn address(&self, name: &str) -> Result<&str> {
        let address = self.addresses.get(name);
        Ok(address.with_context(|| format!("there is no key {name}"))?)
    }

    /// All accounts.
    pub fn addresses(&self) -> impl Iterator<Item = &String> {
        self.addresses.values()
    }

    /// The address of a validator that this key operates.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn operator_address(&self, name: &str) -> Result<String> {
        self.run(&["show", name, "--bech", "val", "--address"])
            .await
    }

    /// The key itself, in hex.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn secret(&self, name: &str) -> Result<String> {
        self.run(&["export", name, "--unarmored-hex", "--unsafe", "--yes"])
            .await
    }

    /// How wasmd finds the keyring.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("WASMD_KEYRING_BACKEND", "test".to_string()),
            ("WASMD_KEYRING_DIR", self.folder.display().to_string()),
        ]
    }

    async fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut wasmd = command(&self.wasmd);
        wasmd
            .arg("keys")
            .args(arguments)
            .arg("--home")
            .arg(&self.folder)
            .envs(self.environment());
        output(&mut wasmd).await
    }
}
