//! Coins with decimals, as reward queries show them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal256;

use crate::{MathError, MathFault, Points};

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
/// JSON as in the Cosmos SDK: `[{"denom":"uatom","amount":"1.5"}]`. A list that breaks one of the
/// three rules cannot be read.
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

/// What there is of a denom.
struct Sum {
    denom: String,
    points: Points,
}

/// Adds points to sums that are sorted by denom.
fn add(sums: &mut Vec<Sum>, denom: String, points: Points) {
    match sums.binary_search_by(|sum| sum.denom.cmp(&denom)) {
        Ok(place) => {
            if let Some(sum) = sums.get_mut(place) {
                sum.points = sum.points.saturating_add(points);
            }
        }
        Err(place) => sums.insert(place, Sum { denom, points }),
    }
}

impl DecCoins {
    /// From points by denom, in any order. The amounts of a denom that is named several times are
    /// added up (within the bound of the crate, beyond which the sum stays at the largest number);
    /// each sum is floored to 18 decimals and left out when that is 0.
    pub fn from_points<D: Into<String>>(amounts: impl IntoIterator<Item = (D, Points)>) -> Self {
        let mut sums = Vec::new();
        for (denom, points) in amounts {
            add(&mut sums, denom.into(), points);
        }
        DecCoins::floored(sums)
    }

    fn floored(sums: Vec<Sum>) -> Self {
        let mut coins = Vec::new();
        for Sum { denom, points } in sums {
            let amount = points.to_decimal();
            if !amount.is_zero() {
                coins.push(DecCoin { denom, amount });
            }
        }
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

impl TryFrom<Vec<DecCoin>> for DecCoins {
    type Error = MathError;

    /// Takes a list that keeps the rules.
    ///
    /// # Errors
    /// [`MathFault::InvalidDecCoins`] for a list that is not sorted by denom, names a denom twice
    /// or has an amount of 0.
    fn try_from(coins: Vec<DecCoin>) -> Result<Self, MathError> {
        let refused = |coin: &DecCoin| MathFault::InvalidDecCoins {
            denom: coin.denom.chars().take(128).collect(),
        };
        let mut last: Option<&DecCoin> = None;
        for coin in &coins {
            if coin.amount.is_zero() || last.is_some_and(|last| last.denom >= coin.denom) {
                return Err(refused(coin).into());
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
