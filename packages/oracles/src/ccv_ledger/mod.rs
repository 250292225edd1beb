//! Brute-force oracle for the flow of fees from a consumer chain to its provider.
//!
//! Two ledgers, one for each side, and what must hold across both:
//!
//! * [`ConsumerLedger`] splits the fees of every block over every validator with power, in exact
//!   rationals. It has no index, no settlement, no carry and no points, so it has none of the
//!   contract's ways to be wrong. A system's pools and weights are held against it within
//!   [`PoolBound`], and what it holds altogether to the last point.
//! * [`ProviderLedger`] takes the weights as they were on the wire and shares the tokens that arrived
//!   out by the source's two steps ([`Distribution`]): the part by all weights, and the part of the
//!   disqualified pool by the qualified ones. From there on everything is whole coins, and a
//!   system has to agree exactly.
//! * [`check_two_chains`] says that everything collected on the consumer is somewhere, once.
//! * [`properties`] are checks of a running system's balances, units, events and calls.
//!
//! A harness drives them with what happened to the system under test, one verb for each event. A
//! verb that makes no sense at that time (a second unit of a denom, tokens that arrive twice, a
//! payment that nobody is owed) is refused with an error: then the system is wrong.
//!
//! ```
//! use oracles::ccv_ledger::{
//!     CcvLedgerError, ConsumerBlock, ConsumerLedger, ConsumerParams, DenomAmount, Policy,
//!     ProviderLedger, UnitId, check_two_chains,
//! };
//!
//! # fn main() -> Result<(), CcvLedgerError> {
//! let mut consumer = ConsumerLedger::new(ConsumerParams::default())?;
//! consumer.set_power("v1", 1);
//! consumer.set_power("v2", 2);
//! let fees = &[DenomAmount { denom: "stake", amount: 100 }];
//! consumer.block(&ConsumerBlock { fees, proposer: Some("v1"), signed_power: 3 })?;
//!
//! // The epoch closes: v1 has 5 + 95 / 3, v2 has 2 * 95 / 3.
//! consumer.freeze("stake")?;
//! let tokens = consumer.closing_tokens("stake")?.exact;
//! consumer.close("stake", tokens)?;
//! let weights = consumer.weights_in_points("stake")?;
//! consumer.check_weights("stake", &weights)?;
//!
//! // The tokens travel. On the provider only v2 exists.
//! consumer.send("stake")?;
//! consumer.arrive("stake")?;
//! let mut provider = ProviderLedger::default();
//! provider.set_exists("v2", true);
//! let unit = UnitId { consumer: "c", denom: "ibc/STAKE", epoch: 1 };
//! provider.arrive(&unit, tokens)?;
//! provider.process(&unit, &weights)?;
//! provider.pay("v2", "ibc/STAKE", 100)?;
//! consumer.deliver("stake")?;
//! check_two_chains(&consumer.totals("stake"), &[provider.totals("c", "ibc/STAKE")])
//! # }
//! ```

// Integers here are of unlimited size or bounded far below their type, and totals stay below what
// was received. Plain operators keep the formulas readable.
#![allow(clippy::arithmetic_side_effects)]

mod blocks;
mod bound;
mod consumer;
mod consumer_checks;
mod consumer_totals;
mod error;
mod params;
pub mod properties;
mod provider;
mod provider_payments;
mod provider_totals;
mod split;
#[cfg(test)]
mod tests;
mod unit;

pub use crate::{
    exact::{ClaimError, DenomAmount, NotConserved, ReceivedBound},
    ledger::Fraction,
};
pub use blocks::{ConsumerBlock, FeeSplit};
pub use bound::PoolBound;
pub use consumer::ConsumerLedger;
pub use consumer_totals::ConsumerTotals;
pub use error::CcvLedgerError;
pub use params::ConsumerParams;
pub use provider::{ProviderLedger, UnitId};
pub use provider_totals::{ProviderTotals, check_two_chains};
pub use split::{Distribution, Policy, Share, Weight};
pub use unit::{ClosingTokens, UnitStage};

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::exact::{POINT_PLACES, pow10};

/// Whole base units as a rational.
fn whole(coins: u128) -> BigRational {
    BigRational::from(BigInt::from(coins))
}

/// Points (10^-36 base units) in base units.
fn base_units(points: &BigInt) -> BigRational {
    BigRational::new(points.clone(), pow10(POINT_PLACES))
}

/// An amount in base units as whole points, rounded down.
fn floor_points(amount: &BigRational) -> BigInt {
    (amount * pow10(POINT_PLACES)).floor().to_integer()
}

/// An amount in base units as coins, rounded down; 0 for less than nothing.
fn floor_coins(amount: &BigRational) -> u128 {
    u128::try_from(amount.floor().to_integer()).unwrap_or_default()
}
