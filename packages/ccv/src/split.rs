//! The consumer's own part of its fees.

use cosmwasm_std::Uint128;
use distribution_math::{MathError, Points, Rate};

/// The fees of a block, split between a consumer's own stakers and the provider's validators.
///
/// The consumer's part leaves as whole coins; the provider's part stays and fills holding pools.
///
/// ```
/// use ccv::split::ConsumerSplit;
/// use cosmwasm_std::Decimal256;
/// use distribution_math::{Points, Rate};
///
/// let fraction = Rate::new(Decimal256::percent(75)).unwrap();
/// let split = ConsumerSplit::new(101, fraction).unwrap();
/// assert_eq!(split.consumer, 75);
/// assert_eq!(split.provider, Points::from_coins(26));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerSplit {
    /// For the consumer's stakers, in base units: `floor(fees * fraction)`.
    pub consumer: u128,
    /// For the provider's validators: the rest, which has what rounding down left.
    pub provider: Points,
}

impl ConsumerSplit {
    /// Splits `fees`, in base units, at the `consumer_redistribution_fraction`.
    ///
    /// What belongs to the provider's part already (`provider_pending`) is not among the fees: it
    /// was split before.
    pub fn new(fees: u128, fraction: Rate) -> Result<Self, MathError> {
        let fees = Points::from_coins(fees);
        // A rate has 18 decimals and a coin 10^36 points, so this product is exact.
        let coins = fees.mul_rate_floor(fraction).whole_coins();
        let consumer = Uint128::try_from(coins)
            .map_err(|_| MathError::CoinsBound { amount: coins })?
            .u128();
        Ok(ConsumerSplit {
            consumer,
            provider: fees.checked_sub(Points::from_coins(consumer))?,
        })
    }
}
