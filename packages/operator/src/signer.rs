//! The key that signs.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use bip39::Mnemonic;
use cosmrs::bip32::DerivationPath;
use cosmrs::crypto::PublicKey;
use cosmrs::crypto::secp256k1::SigningKey;
use cosmwasm_std::HexBinary;
use zeroize::Zeroizing;

use crate::config::KeyConfig;

/// A key and its account.
pub struct Signer {
    key: SigningKey,
    address: String,
}

impl Signer {
    /// Reads the key from its file. `prefix` is what the chain's addresses begin with.
    ///
    /// # Errors
    /// When none or two files are named, or the file cannot be read or holds no key. The error never
    /// shows what is in the file.
    pub fn read(config: Option<&KeyConfig>, prefix: &str) -> Result<Self> {
        let config =
            config.context("operator.toml names no key: [key] with mnemonic_file or key_file")?;
        let key = match (&config.mnemonic_file, &config.key_file) {
            (Some(path), None) => from_mnemonic(path, config)?,
            (None, Some(path)) => from_hex(path)?,
            _ => bail!("[key] in operator.toml needs one of mnemonic_file and key_file"),
        };
        let address = key
            .public_key()
            .account_id(prefix)
            .map_err(|error| anyhow!("the prefix `{prefix}` makes no address: {error}"))?;
        Ok(Signer {
            key,
            address: address.to_string(),
        })
    }

    /// The account.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What its signatures are verified with.
    pub fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    /// The key itself, to sign a transaction with.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read the key file {}", shown(path)))?;
    Ok(Zeroizing::new(text))
}

/// A file's name, unless the key itself was written in its place.
fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if HexBinary::from_hex(&name).is_ok() || name.split_whitespace().count() > 2 {
        return "(a key stands where the name of its file belongs)".to_string();
    }
    path.display().to_string()
}

fn from_mnemonic(path: &Path, config: &KeyConfig) -> Result<SigningKey> {
    // Errors of the parser may quote words, so they are not passed on.
    let mnemonic = Mnemonic::parse_normalized(read(path)?.trim())
        .map_err(|_| anyhow!("{} holds no valid mnemonic", path.display()))?;
    let derivation = format!("m/44'/{}'/0'/0/{}", config.coin_type, config.index);
    let derivation: DerivationPath = derivation
        .parse()
        .map_err(|error| anyhow!("the derivation path {derivation}: {error}"))?;
    let seed = Zeroizing::new(mnemonic.to_seed_normalized(""));
    SigningKey::derive_from_path(seed.as_slice(), &derivation)
        .map_err(|error| anyhow!("no key at {derivation}: {error}"))
}

fn from_hex(path: &Path) -> Result<SigningKey> {
    let invalid = || anyhow!("{} holds no key: 64 hex digits are needed", path.display());
    let bytes = HexBinary::from_hex(read(path)?.trim()).map_err(|_| invalid())?;
    let bytes = Zeroizing::new(Vec::from(bytes));
    SigningKey::from_slice(&bytes).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// The mnemonic of zeros that BIP-39 gives as its test vector.
    const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn signer(text: &str, mnemonic: bool, coin_type: u32, prefix: &str) -> Result<Signer> {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("key");
        fs::write(&path, text).unwrap();
        let (mnemonic_file, key_file) = if mnemonic {
            (Some(path), None)
        } else {
            (None, Some(path))
        };
        let config = KeyConfig {
            mnemonic_file,
            key_file,
            coin_type,
            index: 0,
        };
        Signer::read(Some(&config), prefix)
    }

    #[test]
    fn a_mnemonic_gives_the_account_that_wallets_show() {
        let words = format!("{WORDS}\n");
        let cosmos = signer(&words, true, 118, "cosmos").unwrap();
        assert_eq!(
            cosmos.address(),
            "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4"
        );
        // The same key with another prefix; another key with another coin type.
        let juno = signer(&words, true, 118, "juno").unwrap();
        assert_eq!(juno.public_key(), cosmos.public_key());
        assert!(juno.address().starts_with("juno1"));
        let terra = signer(&words, true, 330, "terra").unwrap();
        assert_ne!(terra.public_key(), cosmos.public_key());
    }

    #[test]
    fn a_key_file_gives_the_account_of_its_key() {
        let key = "00".repeat(31) + "01";
        let signer = signer(&key, false, 118, "wasm").unwrap();
        // The hash of the generator point, as BIP-173 writes it behind another prefix.
        let hash = "w508d6qejxtdg4y5r3zarvary0c5xw7k";
        assert!(signer.address().starts_with(&format!("wasm1{hash}")));
    }

    #[test]
    fn an_error_never_shows_the_secret() {
        let mistyped = WORDS.replace("about", "zoo");
        for (text, mnemonic) in [(mistyped.as_str(), true), ("12zoo", false)] {
            let error = format!("{:#}", signer(text, mnemonic, 118, "wasm").err().unwrap());
            assert!(error.contains("holds no"), "{error}");
            assert!(!error.contains("zoo"), "{error}");
        }
    }

    #[test]
    fn a_secret_in_the_place_of_its_file_is_not_shown() {
        for secret in [WORDS.to_string(), "ab".repeat(32)] {
            let path = PathBuf::from("/folder").join(&secret);
            let error = format!("{:#}", read(&path).unwrap_err());
            assert!(error.contains("cannot read the key file"), "{error}");
            assert!(!error.contains(&secret), "{error}");
        }
    }

    #[test]
    fn two_files_or_none_are_refused() {
        let config = KeyConfig {
            mnemonic_file: None,
            key_file: None,
            coin_type: 118,
            index: 0,
        };
        let error = Signer::read(Some(&config), "wasm").err().unwrap();
        assert!(
            error
                .to_string()
                .contains("one of mnemonic_file and key_file")
        );
    }
}
