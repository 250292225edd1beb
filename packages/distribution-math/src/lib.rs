//! Exact arithmetic for distributing fees and rewards.
//!
//! The crate works on numbers alone and knows neither storage nor messages. The contracts, and the
//! tests that check them, compute every amount with it.
//!
//! | module | what it defines |
//! |---|---|
//! | [`points`] | amounts inside a contract: whole numbers of 10^-36 base units |
//! | [`coins`] | whole base units of one asset |
//! | [`rate`] | fractions between 0 and 1 with 18 decimals |
//! | [`units`] | the whole numbers that share a reward: delegator shares, tokens, locked amounts |
//! | [`index`] | the reward index: points per unit, with a carry, so that a settlement rounds nothing |
//! | [`split`] | the parts of a block's fees and of a validator's reward |
//! | [`adjustment`] | signed amounts and unrounded fractions, for the lazy accounting |
//! | [`epochs`] | when epochs begin and end, and in which of them a lock counts |
//! | [`dec_coins`] | amounts with 18 decimals, as messages and queries show them |
//!
//! # Rounding
//!
//! A formula multiplies first, divides once and rounds down; the documentation of each split names
//! the party that gets what rounding down leaves over. Nobody is ever paid an amount that was
//! rounded up.
//!
//! # Overflow
//!
//! The total ever received of a denom stays below 2^128 base units, which is below 2^248 points,
//! and at most 10^34 units share a reward. Within these bounds no [`RewardIndex`] and no product of
//! an index and units exceeds 256 bits. Products that can exceed 256 bits are formed in 512 bits.
//! Every operation is checked: a number that does not fit is an error.

pub mod adjustment;
pub mod coins;
pub mod dec_coins;
mod encoding;
pub mod epochs;
mod error;
pub mod index;
pub mod points;
pub mod rate;
pub mod split;
pub mod units;

pub use adjustment::{FinePoints, Ratio, SignedPoints};
pub use coins::Coins;
pub use dec_coins::{DecCoin, DecCoins};
pub use encoding::compact;
pub use epochs::{EpochId, Epochs};
pub use error::MathError;
pub use index::RewardIndex;
pub use points::Points;
pub use rate::Rate;
pub use split::{FeeSplit, RewardSplit, SignedPower, SplitRates};
pub use units::{ExchangeRate, MAX_UNITS, ScaledUnits, TokenScale};
