//! Amounts of several denoms with 18 decimals, as messages and queries show them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal256;

use crate::{MathError, Points};

/// An amount of one denom with 18 decimals.
#[cw_serde]
pub struct DecCoin {
    /// The denom.
    pub denom: String,
    /// Base units, rounded down to 18 decimals.
    pub amount: Decimal256,
}

/// Amounts of several denoms: sorted by denom, each denom once, none of them zero.
///
/// Its JSON is that of the Cosmos SDK: `[{"denom":"uatom","amount":"1.5"}]`. Reading a list that is
/// not sorted, names a denom twice or has an amount of 0 is an error.
///
/// ```
/// use cosmwasm_std::{from_json, to_json_string};
/// use distribution_math::{DecCoins, Points};
///
/// let coins = DecCoins::from_points([
///     ("uusdc", Points::from_coins(2)),
///     ("uatom", Points::from_coins(1)),
///     ("ufoo", Points::ZERO),
/// ]);
/// assert_eq!(coins.to_string(), "1uatom,2uusdc");
///
/// let json = r#"[{"denom":"uatom","amount":"1"},{"denom":"uusdc","amount":"2"}]"#;
/// assert_eq!(to_json_string(&coins).unwrap(), json);
/// assert_eq!(from_json::<DecCoins>(json).unwrap(), coins);
/// assert!(from_json::<DecCoins>(r#"[{"denom":"uatom","amount":"0"}]"#).is_err());
/// ```
#[cw_serde]
#[derive(Default)]
#[serde(try_from = "Vec<DecCoin>")]
#[schemaifier(mute_warnings)]
pub struct DecCoins(Vec<DecCoin>);

struct Sum {
    denom: String,
    points: Points,
}

/// One sum for each denom, sorted by denom.
fn added_up(amounts: Vec<Sum>) -> Vec<Sum> {
    let mut sums = Vec::<Sum>::new();
    for amount in amounts {
        match sums.binary_search_by(|sum| sum.denom.cmp(&amount.denom)) {
            Ok(place) => {
                if let Some(sum) = sums.get_mut(place) {
                    sum.points = sum.points.saturating_add(amount.points);
                }
            }
            Err(place) => sums.insert(place, amount),
        }
    }
    sums
}

impl DecCoins {
    /// Converts points by denom, given in any order. Amounts of the same denom are added up. Each
    /// sum is rounded down to 18 decimals, and left out if that is 0.
    ///
    /// A sum beyond 256 bits is shown as the largest number; amounts that were received always fit.
    pub fn from_points<D: Into<String>>(amounts: impl IntoIterator<Item = (D, Points)>) -> Self {
        let amounts = amounts.into_iter().map(|(denom, points)| Sum {
            denom: denom.into(),
            points,
        });
        let sums = added_up(amounts.collect()).into_iter();
        let coins = sums.map(|Sum { denom, points }| DecCoin {
            denom,
            amount: points.to_decimal(),
        });
        DecCoins(coins.filter(|coin| !coin.amount.is_zero()).collect())
    }

    /// The amount of a denom, 0 if it is not in the list.
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

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<DecCoin>> for DecCoins {
    type Error = MathError;

    /// Checks the list.
    ///
    /// # Errors
    /// [`MathError::InvalidDecCoins`] if it is not sorted by denom, names a denom twice or has an
    /// amount of 0.
    fn try_from(coins: Vec<DecCoin>) -> Result<Self, MathError> {
        let mut last: Option<&DecCoin> = None;
        for coin in &coins {
            if coin.amount.is_zero() || last.is_some_and(|last| last.denom >= coin.denom) {
                return Err(MathError::InvalidDecCoins {
                    denom: coin.denom.chars().take(128).collect(),
                });
            }
            last = Some(coin);
        }
        Ok(DecCoins(coins))
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
