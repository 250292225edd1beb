//! Brute-force oracle for the fee pool.
//!
//! [`FeeLedger`] does what no contract could afford: in every block it visits every validator and
//! every delegation and adds the exact rational share of the block's fees to each. There are no
//! indexes, no settlements, no points and no rounding in it, so it has none of the contract's ways
//! to be wrong. What a contract owes or pays is held against it:
//!
//! * nobody is ever owed or paid more than the exact share, and less only by as much as the
//!   contract's roundings may add up to ([`FeeLedger::bound`], [`FeeLedger::check_points`],
//!   [`FeeLedger::payout`]);
//! * every payout is recorded, and one above the exact share is refused with the excess;
//! * all shares together are exactly what was received ([`FeeLedger::check_conservation`]).
//!
//! A pool that begins with the state of an earlier one is a ledger that is inactive at first
//! ([`FeeLedger::inactive`]): what the earlier one owed is owed from its line of the import on, and
//! all of the above holds for it too.
//!
//! ```
//! use oracles::ledger::{BlockFees, DenomAmount, FeeLedger, FeeParams, Recipient};
//!
//! # fn main() -> Result<(), oracles::ledger::LedgerError> {
//! let mut ledger = FeeLedger::new(FeeParams::default())?;
//! ledger.create_validator("v1", "0.1".parse()?);
//! ledger.set_power("v1", 100);
//! ledger.set_units("alice", "v1", 100)?;
//! ledger.begin_block(&BlockFees {
//!     fees: &[DenomAmount { denom: "uatom", amount: 1_000 }],
//!     proposer: Some("v1"),
//!     signed_power: 100,
//! })?;
//!
//! let alice = Recipient::Delegation { delegator: "alice", validator: "v1" };
//! assert_eq!(ledger.floor_coins(alice, "uatom"), 882); // 98 % of the fees, less 10 % commission
//! ledger.pay_delegation("alice", "v1", "uatom", 882)?;
//! assert!(ledger.pay_delegation("alice", "v1", "uatom", 1).is_err());
//! ledger.check_conservation()
//! # }
//! ```
//!
//! # How exactness stays cheap
//!
//! A plain rational per recipient would grow by one denominator for every change of total power,
//! and every addition would pay for all of them. [`ExactSum`] keeps a sum of fractions apart by
//! denominator instead, so that a block adds one integer to one entry; a common denominator is
//! computed only for answers that cannot be decided by bounds.

// Integers here are of unlimited size or bounded far below their type, and every index comes from
// the ledger's own name tables. Plain operators keep the formulas readable.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod blocks;
mod bound;
mod changes;
mod checks;
mod error;
mod fraction;
mod import;
mod params;
mod payments;
mod queries;
mod recipient;
mod records;
mod state;
#[cfg(test)]
mod tests;

pub use crate::exact::{
    ClaimError, DenomAmount, Denominator, ExactSum, NotConserved, PayoutRange, ReceivedBound,
};
pub use blocks::BlockFees;
pub use bound::BoundTerms;
pub use error::LedgerError;
pub use fraction::Fraction;
pub use import::{ImportedAmount, ImportedValidator};
pub use params::FeeParams;
pub use recipient::Recipient;
pub use state::FeeLedger;

/// Decimal places of the finest amounts that the ledger shows as integers.
pub const PART_PLACES: u32 = crate::exact::NUMERATOR_PLACES;
