//! Units: the whole numbers that share a reward.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Uint128, Uint256, Uint512};

use crate::{MathError, Rate};

/// The most units that may share one reward: 10^34, below 2^113.
pub const MAX_UNITS: u128 = 10_000_000_000_000_000_000_000_000_000_000_000;

/// The total of units after the units of one holder changed from `old` to `new`.
///
/// ```
/// use distribution_math::{MAX_UNITS, units};
///
/// assert_eq!(units::after_change(10, 4, 1), Ok(7));
/// assert!(units::after_change(MAX_UNITS, 0, 1).is_err());
/// ```
///
/// # Errors
/// [`MathError::UnitsBound`] if the new total is above [`MAX_UNITS`], [`MathError::Underflow`] if
/// the holder had more units than the total.
pub fn after_change(total: u128, old: u128, new: u128) -> Result<u128, MathError> {
    let others = total.checked_sub(old).ok_or_else(|| MathError::Underflow {
        left: Uint256::from(total),
        right: Uint256::from(old),
    })?;
    // A sum beyond 128 bits is above the bound, so it is refused at the largest number too.
    within_bound(others.saturating_add(new))
}

fn within_bound(units: u128) -> Result<u128, MathError> {
    if units > MAX_UNITS {
        return Err(MathError::UnitsBound {
            units: Uint256::from(units),
        });
    }
    Ok(units)
}

/// Decimal places of shares in staking modules.
const SHARE_DECIMALS: u32 = 18;

/// Units made of an amount of a staking module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScaledUnits {
    /// The units, rounded down.
    pub units: u128,
    /// Whether rounding down cut away more than a millionth of the amount.
    pub truncated: bool,
}

/// How amounts of a staking module become units: the number of decimal places that are kept.
/// Further places are cut off, so nobody gets more units than it has shares.
///
/// All 18 places lose nothing of shares. Fewer make records smaller, and are safe only while shares
/// stay near 1 per base unit: somebody who is alone with a slashed validator can make a share as dear
/// as it likes, and what is cut away of others' shares then earns for those who have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenScale {
    places: u32,
}

impl TokenScale {
    /// Keeps `places` decimal places; more than 18 count as 18.
    pub fn new(places: u8) -> Self {
        TokenScale {
            places: u32::from(places).min(SHARE_DECIMALS),
        }
    }

    /// `floor(shares * 10^places)` of a decimal text with at most 18 places.
    ///
    /// The digits are read into an integer. A decimal with 128 bits would overflow at 340 tokens of
    /// a denom with 18 decimals.
    ///
    /// ```
    /// use distribution_math::TokenScale;
    ///
    /// let exact = TokenScale::new(6).units_of_shares("1000000.0").unwrap();
    /// assert_eq!((exact.units, exact.truncated), (1_000_000_000_000, false));
    /// let cut = TokenScale::new(0).units_of_shares("1.999999999999999999").unwrap();
    /// assert_eq!((cut.units, cut.truncated), (1, true));
    /// ```
    ///
    /// # Errors
    /// [`MathError::InvalidShares`] unless the text consists of digits, with at most one point
    /// between them and at most 18 places after it; [`MathError::UnitsBound`] above [`MAX_UNITS`].
    pub fn units_of_shares(&self, shares: &str) -> Result<ScaledUnits, MathError> {
        let (whole, fraction) = shares.split_once('.').unwrap_or((shares, "0"));
        if !is_number(whole) || !is_number(fraction) || fraction.len() > SHARE_DECIMALS as usize {
            return Err(MathError::InvalidShares {
                shares: shares.chars().take(64).collect(),
            });
        }
        let mut units = 0u128;
        for digit in whole.bytes() {
            units = append_digit(units, digit);
        }
        let mut places = fraction.bytes().chain(std::iter::repeat(b'0'));
        for digit in places.by_ref().take(self.places as usize) {
            units = append_digit(units, digit);
        }
        let cut_places = SHARE_DECIMALS.saturating_sub(self.places);
        let cut = places.take(cut_places as usize).fold(0, append_digit);
        let units = within_bound(units)?;
        // Below 2^173: units are at most 10^34, and at most 18 places are cut.
        let kept = Uint128::new(units).full_mul(10u128.saturating_pow(cut_places));
        Ok(ScaledUnits {
            units,
            truncated: is_above_a_millionth(cut.into(), kept.into()),
        })
    }

    /// `floor(tokens * 10^places / rate)`: the units of an amount in base units of the staking
    /// token.
    ///
    /// A slash lowers tokens and rate in the same proportion, so the units stay as they were:
    ///
    /// ```
    /// use cosmwasm_std::{Decimal256, Uint256};
    /// use distribution_math::{ExchangeRate, Rate, TokenScale};
    ///
    /// let scale = TokenScale::new(6);
    /// let tokens = |amount: u128| Uint256::from(amount);
    /// let before = scale.units_of_tokens(tokens(100), ExchangeRate::ONE).unwrap();
    /// let halved = ExchangeRate::ONE.slashed(Rate::new(Decimal256::percent(50)).unwrap()).unwrap();
    /// assert_eq!(scale.units_of_tokens(tokens(50), halved).unwrap(), before);
    /// ```
    ///
    /// # Errors
    /// [`MathError::UnitsBound`] above [`MAX_UNITS`].
    pub fn units_of_tokens(
        &self,
        tokens: Uint256,
        rate: ExchangeRate,
    ) -> Result<ScaledUnits, MathError> {
        // The rate counts 10^-36, so tokens are multiplied by 10^36 (below 2^120) and by up to
        // 10^18 (below 2^60): the product is below 2^436. The rate is at least 10^-9, not 0.
        let scale = Uint128::new(ExchangeRate::ONE.0).full_mul(10u128.saturating_pow(self.places));
        let scaled = tokens.full_mul(scale);
        let rate = Uint512::from(rate.0);
        let quotient = scaled.checked_div(rate).unwrap_or(Uint512::MAX);
        let units = Uint128::try_from(quotient)
            .map(|units| units.u128())
            .ok()
            .filter(|units| *units <= MAX_UNITS)
            .ok_or_else(|| MathError::UnitsBound {
                units: Uint256::try_from(quotient).unwrap_or(Uint256::MAX),
            })?;
        let cut = scaled.checked_rem(rate).unwrap_or_default();
        Ok(ScaledUnits {
            units,
            truncated: is_above_a_millionth(cut, scaled.saturating_sub(cut)),
        })
    }
}

/// Whether what is cut away is more than a millionth of an amount of which `kept` stays. Both are
/// below 2^436.
fn is_above_a_millionth(cut: Uint512, kept: Uint512) -> bool {
    let whole = kept.saturating_add(cut);
    cut.saturating_mul(Uint512::from(1_000_000u32)) > whole
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number with one more decimal digit, or the largest number if it exceeds 128 bits, which is
/// above [`MAX_UNITS`] and stays there.
fn append_digit(number: u128, digit: u8) -> u128 {
    number
        .saturating_mul(10)
        .saturating_add(u128::from(digit.saturating_sub(b'0')))
}

/// Tokens per share of a validator, with 36 decimals. It is 1 at first, every slash lowers it, and
/// it never falls below [`ExchangeRate::MIN`].
///
/// A slash changes the tokens of a delegation but not its shares. Where the chain reports tokens
/// instead of shares, this rate converts them.
///
/// It is displayed as a decimal without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ExchangeRate(u128);

impl ExchangeRate {
    /// 1, the rate of a validator that was never slashed.
    pub const ONE: ExchangeRate = ExchangeRate(1_000_000_000_000_000_000_000_000_000_000_000_000);
    /// 10^-9, the lowest rate.
    pub const MIN: ExchangeRate = ExchangeRate(1_000_000_000_000_000_000_000_000_000);

    /// The rate after a slash of `fraction`: `ceil(rate * (1 - fraction))`, or `None` if that is
    /// below [`ExchangeRate::MIN`].
    ///
    /// It is rounded up, so that units, which are tokens divided by the rate, are never too many.
    ///
    /// ```
    /// use cosmwasm_std::Decimal256;
    /// use distribution_math::{ExchangeRate, Rate};
    ///
    /// let half = Rate::new(Decimal256::percent(50)).unwrap();
    /// let rate = ExchangeRate::ONE.slashed(half).unwrap();
    /// assert_eq!(rate.to_string(), "0.5");
    /// assert_eq!(ExchangeRate::ONE.slashed(Rate::ONE), None);
    /// ```
    pub fn slashed(self, fraction: Rate) -> Option<Self> {
        // The product in 256 bits is below 2^120 * 2^60, and the result is at most `self`.
        let left = (fraction.complement().atomics(), Rate::ATOMICS_PER_ONE);
        let rate = Uint128::new(self.0).checked_mul_ceil(left).ok()?.u128();
        (rate >= Self::MIN.0).then_some(ExchangeRate(rate))
    }
}

impl std::fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = self.0.checked_div(Self::ONE.0).unwrap_or_default();
        let fraction = self.0.checked_rem(Self::ONE.0).unwrap_or_default();
        let digits = format!("{fraction:036}");
        match digits.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            significant => write!(f, "{whole}.{significant}"),
        }
    }
}
