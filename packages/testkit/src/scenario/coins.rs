//! Coins as text: `1000uatom`.

use cosmwasm_std::{Coin, Uint256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One coin of a file.
#[derive(Clone)]
struct CoinText(Coin);

/// Reads `1000uatom`: digits, then a denom.
fn parse_coin(text: &str) -> Result<Coin, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (amount, denom) = text.split_at(digits);
    if amount.is_empty() || denom.is_empty() {
        return Err(format!("{text:?} is no coin like \"1000uatom\""));
    }
    let amount: Uint256 = amount
        .parse()
        .map_err(|_| format!("the amount of {text:?} does not fit into 256 bits"))?;
    Ok(Coin {
        denom: denom.to_owned(),
        amount,
    })
}

impl<'de> Deserialize<'de> for CoinText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_coin(&text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

impl Serialize for CoinText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// One coin.
pub(super) mod one {
    use super::{Coin, CoinText, Deserialize, Deserializer, Serialize, Serializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Coin, D::Error> {
        CoinText::deserialize(deserializer).map(|coin| coin.0)
    }

    pub fn serialize<S: Serializer>(coin: &Coin, serializer: S) -> Result<S::Ok, S::Error> {
        CoinText(coin.clone()).serialize(serializer)
    }
}

/// A list of coins.
pub(super) mod list {
    use super::{Coin, CoinText, Deserialize, Deserializer, Serializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Coin>, D::Error> {
        let coins = Vec::<CoinText>::deserialize(deserializer)?;
        Ok(coins.into_iter().map(|coin| coin.0).collect())
    }

    pub fn serialize<S: Serializer>(coins: &[Coin], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(coins.iter().cloned().map(CoinText))
    }
}

/// Lists of coins by the name of their owner.
pub(super) mod by_name {
    use std::collections::BTreeMap;

    use super::super::parse::unique_keys;
    use super::{Coin, Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize, Serialize)]
    struct List(#[serde(with = "super::list")] Vec<Coin>);

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, Vec<Coin>>, D::Error> {
        let lists: BTreeMap<String, List> = unique_keys(deserializer)?;
        Ok(lists
            .into_iter()
            .map(|(name, list)| (name, list.0))
            .collect())
    }

    pub fn serialize<S: Serializer>(
        balances: &BTreeMap<String, Vec<Coin>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            balances
                .iter()
                .map(|(name, coins)| (name, List(coins.clone()))),
        )
    }
}
