//! Exact arithmetic of fee and reward distribution.
//!
//! The crate is pure: it knows numbers, not storage and not messages, so every rule in it can be
//! tested, fuzzed and reasoned about alone. The contracts of the suite and their test oracles meet
//! here and nowhere else.
//!
//! | module | rule it owns |
//! |---|---|
//! | [`adjustment`] | signed amounts, and ratios that are never rounded by themselves |
//! | [`points`] | amounts inside a contract: whole numbers of 10^-36 base units |
//! | [`rate`] | fractions between 0 and 1 with 18 decimals |
//! | [`units`] | what shares a reward: delegator shares, tokens, powers |
//! | [`index`] | reward per unit, with a carry, so that a settlement floors nothing |
//! | [`split`] | who gets which part of a block's fees and of a validator's reward |
//! | [`epochs`] | when epochs end, which of them an unlocking lock counts in, what a gauge gives |
//! | [`dec_coins`] | how fractional amounts are shown |
//!
//! # Rounding
//!
//! Multiply first, divide once, floor, and name the owner of what the floor leaves. Products that
//! can pass 256 bits are formed in 512. No function of this crate rounds up an amount that
//! somebody is paid.
//!
//! # Bound
//!
//! The total ever received of a denom stays below 2^128 base units, which is below 2^248 points.
//! With it no [`index::RewardIndex`] and no `units * index` difference overflows 256 bits. Every
//! operation is checked all the same: an overflow is an error, never a wrapped number or a panic.

pub mod adjustment;
pub mod dec_coins;
mod encoding;
pub mod epochs;
mod error;
pub mod index;
pub mod points;
pub mod rate;
pub mod split;
pub mod units;
mod wide;

pub use adjustment::{FinePoints, Ratio, SignedPoints};
pub use dec_coins::{DecCoin, DecCoins};
pub use encoding::compact;
pub use epochs::{EpochId, Epochs};
pub use error::{MathError, MathFault};
pub use index::{RewardIndex, Spread};
pub use points::Points;
pub use rate::Rate;
pub use split::{FeeSplit, RewardSplit, SignedPower, SplitRates};
pub use units::{ExchangeRate, MAX_UNITS, TokenScale};
