//! Coins with decimals, as reward queries show them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal256;

use crate::Points;

/// An amount of one denom with 18 decimals.
#[cw_serde]
pub struct DecCoin {
    /// The denom.
    pub denom: String,
    /// Base units, floored to 18 decimals.
    pub amount: Decimal256,
}

/// Amounts of several denoms: sorted by denom, each denom once, none of them zero.
///
/// JSON as in the Cosmos SDK: `[{"denom":"uatom","amount":"1.5"}]`.
///
/// ```
/// use distribution_math::{DecCoins, Points};
///
/// let coins = DecCoins::from_points([("uusdc", Points::from_coins(2)), ("uatom", Points::from_coins(1)), ("ufoo", Points::ZERO)]);
/// assert_eq!(coins.to_string(), "1uatom,2uusdc");
/// ```
#[cw_serde]
#[derive(Default)]
pub struct DecCoins(Vec<DecCoin>);

impl DecCoins {
    /// From points by denom. Amounts below 10^-18 base units are left out; a denom that is named
    /// twice keeps the first amount.
    pub fn from_points<D: Into<String>>(amounts: impl IntoIterator<Item = (D, Points)>) -> Self {
        let mut coins: Vec<DecCoin> = amounts
            .into_iter()
            .map(|(denom, points)| DecCoin {
                denom: denom.into(),
                amount: points.to_decimal(),
            })
            .filter(|coin| !coin.amount.is_zero())
            .collect();
        coins.sort_by(|a, b| a.denom.cmp(&b.denom));
        coins.dedup_by(|later, earlier| later.denom == earlier.denom);
        DecCoins(coins)
    }

    /// The amount of a denom, 0 when it is not among them.
    pub fn amount_of(&self, denom: &str) -> Decimal256 {
        self.0
            .iter()
            .find(|coin| coin.denom == denom)
            .map(|coin| coin.amount)
            .unwrap_or_default()
    }

    /// The coins, sorted by denom.
    pub fn as_slice(&self) -> &[DecCoin] {
        &self.0
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for DecCoins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, coin) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{}{}", coin.amount, coin.denom)?;
        }
        Ok(())
    }
}
