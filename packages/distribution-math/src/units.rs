//! Units: the whole numbers that share a reward.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Uint256;

use crate::wide::Wide;
use crate::{MathError, MathFault, Rate};

/// The most units that may share one reward: 10^30.
pub const MAX_UNITS: u128 = 1_000_000_000_000_000_000_000_000_000_000;

/// The units that share a reward after one holder's `old` became `new`.
///
/// # Errors
/// [`MathFault::UnitsBound`] above 10^30 units.
pub fn after_change(total: u128, old: u128, new: u128) -> Result<u128, MathError> {
    within_bound(total.saturating_sub(old).saturating_add(new))
}

fn within_bound(units: u128) -> Result<u128, MathError> {
    if units > MAX_UNITS {
        return Err(MathFault::UnitsBound {
            units: Uint256::from(units),
        }
        .into());
    }
    Ok(units)
}

/// Decimal places of shares in staking modules.
const SHARE_DECIMALS: u32 = 18;

/// How the amounts of a staking module become units: the decimal places that are kept. What lies
/// behind them is cut off, so units are never too many.
///
/// Six places suit tokens with six decimals, whose shares stay near 1 per base unit; none suits
/// tokens with 18 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenScale {
    places: u32,
}

impl TokenScale {
    /// `places` decimal places, at most 18; more count as 18.
    pub fn new(places: u8) -> Self {
        TokenScale {
            places: u32::from(places).min(SHARE_DECIMALS),
        }
    }

    /// `floor(shares * 10^places)` of a decimal text with at most 18 places.
    ///
    /// The digits are read into an integer: a 128 bit decimal would overflow at 340 tokens of a
    /// denom with 18 decimals.
    ///
    /// ```
    /// use distribution_math::TokenScale;
    ///
    /// assert_eq!(TokenScale::new(6).units_of_shares("1000000.0").unwrap(), 1_000_000_000_000);
    /// assert_eq!(TokenScale::new(0).units_of_shares("1.999999999999999999").unwrap(), 1);
    /// ```
    ///
    /// # Errors
    /// [`MathFault::InvalidShares`] for anything but digits with at most one point and 18 places
    /// behind it, [`MathFault::UnitsBound`] above 10^30 units.
    pub fn units_of_shares(&self, shares: &str) -> Result<u128, MathError> {
        let (whole, fraction) = shares.split_once('.').unwrap_or((shares, "0"));
        if !is_number(whole) || !is_number(fraction) || fraction.len() > SHARE_DECIMALS as usize {
            return Err(no_shares(shares));
        }
        let mut units = 0u128;
        for digit in whole.bytes() {
            units = followed_by(units, digit);
        }
        let mut places = fraction.bytes();
        for _ in 0..self.places {
            units = followed_by(units, places.next().unwrap_or(b'0'));
        }
        within_bound(units)
    }

    /// `floor(tokens * 10^places / rate)`: the units of an amount of tokens, in base units of the
    /// staking token.
    ///
    /// A slash lowers tokens and rate alike, so it leaves the units as they were:
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
    /// [`MathFault::UnitsBound`] above 10^30 units.
    pub fn units_of_tokens(&self, tokens: Uint256, rate: ExchangeRate) -> Result<u128, MathError> {
        let units = self.unbounded_units(tokens, rate);
        units
            .to_128()
            .filter(|units| *units <= MAX_UNITS)
            .ok_or_else(|| {
                MathFault::UnitsBound {
                    units: units.to_256().unwrap_or(Uint256::MAX),
                }
                .into()
            })
    }

    /// `floor(power * reduction * 10^places / rate)`: the units behind a voting power, where one
    /// power stands for `reduction` base units.
    ///
    /// Stops at 2^128 - 1 instead of failing: the number only divides a reward, and it is above
    /// the 10^30 units that may be recorded all the same.
    ///
    /// ```
    /// use distribution_math::{ExchangeRate, TokenScale};
    ///
    /// let scale = TokenScale::new(6);
    /// assert_eq!(scale.units_of_power(7, 1_000_000, ExchangeRate::ONE), 7_000_000_000_000);
    /// ```
    pub fn units_of_power(&self, power: u64, reduction: u64, rate: ExchangeRate) -> u128 {
        // Both factors are below 2^64.
        let tokens = Uint256::from(u128::from(power).saturating_mul(u128::from(reduction)));
        self.unbounded_units(tokens, rate)
            .to_128()
            .unwrap_or(u128::MAX)
    }

    /// Saturates at the largest number.
    #[inline(never)]
    fn unbounded_units(&self, tokens: Uint256, rate: ExchangeRate) -> Wide {
        // At most 10^18, so the product is below 2^436.
        let scale = (0..self.places).fold(1u64, |scale, _| scale.wrapping_mul(10));
        Wide::from(tokens)
            .times(&Wide::from(ExchangeRate::ONE.0))
            .and_then(|tokens| tokens.times(&Wide::from(u128::from(scale))))
            .and_then(|tokens| tokens.divided(&Wide::from(rate.0)))
            .map_or(Wide::MAX, |divided| divided.quotient)
    }
}

#[inline(never)]
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cold]
#[inline(never)]
fn no_shares(shares: &str) -> MathError {
    MathFault::InvalidShares {
        shares: shares.chars().take(64).collect(),
    }
    .into()
}

/// A number with one more digit, given as text. Saturates.
#[inline(never)]
fn followed_by(number: u128, digit: u8) -> u128 {
    number
        .saturating_mul(10)
        .saturating_add(u128::from(digit.saturating_sub(b'0')))
}

/// Tokens per share of a validator, with 36 decimals: 1 at first, lowered by every slash, always
/// in [[`ExchangeRate::MIN`], [`ExchangeRate::ONE`]].
///
/// A source that tells tokens and not shares needs it, because a slash changes the tokens of a
/// delegation and not its share of the validator. It is shown as a decimal without trailing
/// zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ExchangeRate(u128);

impl ExchangeRate {
    /// 1, the rate of a validator that was never slashed.
    pub const ONE: ExchangeRate = ExchangeRate(1_000_000_000_000_000_000_000_000_000_000_000_000);
    /// 10^-9, below which a rate does not fall.
    pub const MIN: ExchangeRate = ExchangeRate(1_000_000_000_000_000_000_000_000_000);

    /// The rate after a slash of `fraction`: `ceil(rate * (1 - fraction))`.
    ///
    /// `None` when that lies below [`ExchangeRate::MIN`]. Rounded up, so that units computed from
    /// it are never too many.
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
        // Below 2^120 * 2^60.
        let product =
            Wide::from(self.0).times(&Wide::from(u128::from(fraction.complement().atomics())))?;
        let divided = product.divided(&Wide::from(u128::from(Rate::ATOMICS_PER_ONE)))?;
        let floor = divided.quotient.to_128()?;
        let rounded_up = floor.saturating_add((!divided.remainder.is_zero()).into());
        let rate = ExchangeRate(rounded_up);
        (rate.0 >= Self::MIN.0).then_some(rate)
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
