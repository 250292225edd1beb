//! F1: entitlement from indexes.
//!
//! ```text
//! pool.by_power    += votes / total power                      once per block
//! validator.earned += power * (by_power now - then) + direct   when its power changes
//! delegators.index += (earned now - settled) * (1 - rate) / units
//! delegation.unpaid += units * (index now - then)              when it acts
//! ```
//!
//! Each line is one subtraction of a cumulative number that never falls, so nothing has to be
//! visited in time, and nothing is visited that did not change. An index and its product with
//! units are exact; what a division leaves is the carry, which goes to the community pool before
//! the units change. Slashing changes the value of all shares of a validator alike and no reward.
//!
//! Records: [`records::Earnings`] is what a block touches of its proposer and a power change of a
//! validator, [`records::Sharing`] is what withdrawals and delegation changes touch.

mod delegation;
mod engine;
pub(crate) mod records;
mod validator;

/// The F1 accounting.
pub struct F1;
