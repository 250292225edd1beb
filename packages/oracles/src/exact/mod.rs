//! What the brute-force oracles share: exact amounts, and what a system under test is held against.
//!
//! * [`ExactSum`] is an amount without rounding, however many different divisions made it.
//! * `Owed` is what somebody earned and was paid: a system's points and payouts are held against
//!   it, with a tolerance for the roundings that the system may do.
//! * [`ClaimError`], [`NotConserved`] and [`ReceivedBound`] are the errors that all oracles have.

// Integers here are of unlimited size or bounded far below their type, and every index comes from
// the module's own tables. Plain operators keep the formulas readable.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod coins;
mod decimal;
mod error;
mod names;
mod owed;
mod parts;
mod received;
mod sum;
#[cfg(test)]
mod tests;

pub use coins::{DenomAmount, PayoutRange, PointsRange};
pub use error::{ClaimError, NotConserved, ReceivedBound};
pub use parts::Denominator;
pub use sum::ExactSum;

pub(crate) use decimal::points_of_decimal;
pub(crate) use names::Names;
pub(crate) use owed::{Owed, Tolerance};
pub(crate) use parts::{NUMERATOR_PLACES, Parts, pow10};
pub(crate) use received::Received;
pub(crate) use sum::POINT_PLACES;
