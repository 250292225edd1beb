//! `operator.toml`: where the chain is, who signs, what gas costs, where the contracts are.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use cosmwasm_std::{Decimal256, Uint256};
use serde::{Deserialize, Deserializer, de};

use crate::files;

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chain and a node of it.
    pub chain: ChainConfig,
    /// Who signs. Commands that only read do without.
    pub key: Option<KeyConfig>,
    /// The address book, by default `contracts.toml`.
    #[serde(default = "default_book")]
    pub book: PathBuf,
}

/// A chain and a node of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainConfig {
    /// The chain id that the node must have.
    pub id: String,
    /// The node's gRPC, `http://127.0.0.1:9090` or `https://..`.
    pub grpc: String,
    /// What account addresses begin with, such as `juno`.
    pub prefix: String,
    /// What a unit of gas costs, such as `0.075ujuno`.
    pub gas_price: GasPrice,
    /// By how much more gas than simulated is bought; 1.4 by default.
    #[serde(default = "default_gas_adjustment")]
    pub gas_adjustment: Decimal256,
    /// Blocks that a transaction may wait for its inclusion, with all attempts; 30 by default.
    #[serde(default = "default_timeout_blocks")]
    pub timeout_blocks: u64,
}

/// Where the key is: in one of two kinds of files, never in an argument or in this file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// A file with the words of a mnemonic.
    pub mnemonic_file: Option<PathBuf>,
    /// A file with the 32 bytes of a secp256k1 key in hex.
    pub key_file: Option<PathBuf>,
    /// The coin type of the mnemonic's derivation path; 118 by default.
    #[serde(default = "default_coin_type")]
    pub coin_type: u32,
    /// The last number of the derivation path; 0 by default.
    #[serde(default)]
    pub index: u32,
}

fn default_book() -> PathBuf {
    PathBuf::from("contracts.toml")
}

fn default_gas_adjustment() -> Decimal256 {
    Decimal256::permille(1400)
}

fn default_timeout_blocks() -> u64 {
    30
}

fn default_coin_type() -> u32 {
    118
}

impl Config {
    /// Reads the file; paths in it start at its folder.
    ///
    /// # Errors
    /// When it cannot be read, or something in it is missing, unknown or out of its range.
    pub fn read(path: &Path) -> Result<Self> {
        let mut config: Config = files::read_toml(path)?;
        if config.chain.gas_adjustment < Decimal256::one() {
            bail!(
                "{}: gas_adjustment is {}, at least 1 is needed",
                path.display(),
                config.chain.gas_adjustment
            );
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        config.book = folder.join(&config.book);
        if let Some(key) = &mut config.key {
            for file in [&mut key.mnemonic_file, &mut key.key_file] {
                *file = file.take().map(|file| folder.join(file));
            }
        }
        Ok(config)
    }
}

/// What a unit of gas costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasPrice {
    price: Decimal256,
    denom: String,
}

impl GasPrice {
    /// The denom that fees are paid in.
    pub fn denom(&self) -> &str {
        &self.denom
    }

    /// The fee for so much gas, rounded up.
    ///
    /// # Errors
    /// When it would pass 2^256.
    pub fn fee(&self, gas: u64) -> Result<Uint256> {
        Uint256::from(gas)
            .checked_mul_ceil(self.price)
            .with_context(|| format!("{gas} gas at {} {}", self.price, self.denom))
    }
}

impl FromStr for GasPrice {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let digits = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (price, denom) = text.split_at(digits);
        let price = Decimal256::from_str(price).ok();
        match price {
            Some(price) if !denom.is_empty() => Ok(GasPrice {
                price,
                denom: denom.to_string(),
            }),
            _ => {
                bail!("gas price `{text}`: an amount and a denom are needed, such as `0.075ujuno`")
            }
        }
    }
}

impl<'de> Deserialize<'de> for GasPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SMALL: &str = r#"
        [chain]
        id = "juno-1"
        grpc = "http://127.0.0.1:9090"
        prefix = "juno"
        gas_price = "0.075ujuno"
        [key]
        mnemonic_file = "owner.mnemonic"
    "#;

    fn read(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operator.toml");
        fs::write(&path, text).unwrap();
        Config::read(&path)
    }

    #[test]
    fn paths_start_at_the_folder_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operator.toml");
        fs::write(&path, SMALL).unwrap();
        let config = Config::read(&path).unwrap();
        assert_eq!(config.book, folder.path().join("contracts.toml"));
        let key = config.key.unwrap();
        assert_eq!(
            key.mnemonic_file,
            Some(folder.path().join("owner.mnemonic"))
        );
        assert_eq!((key.coin_type, key.index), (118, 0));
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let error = read(&SMALL.replace("gas_price", "gasprice")).err().unwrap();
        assert!(
            format!("{error:#}").contains("unknown field `gasprice`"),
            "{error:#}"
        );
    }

    #[test]
    fn less_gas_than_simulated_is_refused() {
        let text = SMALL.replace("[key]", "gas_adjustment = \"0.9\"\n[key]");
        let error = read(&text).err().unwrap().to_string();
        assert!(
            error.contains("gas_adjustment is 0.9, at least 1"),
            "{error}"
        );
    }

    #[test]
    fn a_fee_is_rounded_up() {
        let price: GasPrice = "0.075ujuno".parse().unwrap();
        assert_eq!(price.fee(101).unwrap(), Uint256::from(8u128));
        assert_eq!(price.denom(), "ujuno");
        let free: GasPrice = "0stake".parse().unwrap();
        assert_eq!(free.fee(1_000_000).unwrap(), Uint256::zero());
    }

    #[test]
    fn a_gas_price_needs_amount_and_denom() {
        for text in ["", "0.1", "ujuno", "0.1.2ujuno"] {
            let error = text.parse::<GasPrice>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }

    #[test]
    fn a_denom_may_have_a_slash() {
        let price: GasPrice = "1factory/juno1x/y".parse().unwrap();
        assert_eq!(price.denom(), "factory/juno1x/y");
    }
}
