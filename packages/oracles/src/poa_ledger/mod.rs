//! Brute-force oracle for the PoA fee pool.
//!
//! [`PoaLedger`] computes the checkpoint scheme as it is defined. Fees gather; a checkpoint visits
//! every validator and allocates its share of them by the powers in force until then. For each denom,
//! with `B` the balance less undelivered payouts, `A_total` all that is allocated and not withdrawn,
//! `F_i` what the operator of validator `i` has of it, and `P_i` the validator's power:
//!
//! ```text
//! U   = B - A_total
//! S_i = U * P_i / P_total          for P_i > 0
//! F_i += S_i ;  A_total += U
//! withdraw: W_i = floor(F_i) ;  F_i -= W_i ;  A_total -= W_i
//! ```
//!
//! Every amount is an exact rational. There is no index, no settlement and no carry, so it cannot
//! share the errors of a contract that has them. What a contract holds or pays is compared with it:
//!
//! * an operator's entitlement differs from the exact one by no more than the contract's roundings
//!   may add up to ([`PoaBoundTerms`], [`PoaLedger::check_withdrawable`]);
//! * a payout is one of the admissible whole amounts ([`PoaLedger::payout`]), and one that is not
//!   is refused ([`PoaOperation::Paid`]);
//! * the totals are the same to the last point ([`PoaLedger::totals`]), and all entitlements
//!   together are exactly `A_total` ([`PoaLedger::check_conservation`]).
//!
//! Entitlements belong to accounts, not to validators: an operator that hands its validator over
//! keeps what it earned until it withdraws it. Its name means that validator from then on, whoever
//! operates it, and it can operate no other one.
//!
//! ```
//! use oracles::poa_ledger::{
//!     DenomAmount, NewValidator, PoaLedger, PoaLedgerError, PoaOperation, Withdrawal,
//! };
//!
//! # fn main() -> Result<(), PoaLedgerError> {
//! let mut ledger = PoaLedger::default();
//! for (operator, power) in [("a", 100), ("b", 200)] {
//!     ledger.apply(&PoaOperation::AddValidator(NewValidator { operator, power }))?;
//! }
//! ledger.apply(&PoaOperation::Receive(DenomAmount { denom: "uatom", amount: 10 }))?;
//! ledger.apply(&PoaOperation::Withdraw(Withdrawal { account: "a", failing: &[] }))?;
//! assert_eq!(ledger.paid("a", "uatom"), 3);
//! assert_eq!(ledger.payout("b", "uatom").most, 6);
//! ledger.check_conservation()
//! # }
//! ```

// Integers here are of unlimited size or bounded far below their type, and every index comes from
// the ledger's own tables. Plain operators keep the formulas readable.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod bound;
mod changes;
mod checkpoint;
mod checks;
mod error;
mod import;
mod operation;
mod payments;
mod queries;
mod state;
#[cfg(test)]
mod tests;

pub use crate::exact::{
    ClaimError, DenomAmount, NotConserved, PayoutRange, PointsRange, ReceivedBound,
};
pub use bound::PoaBoundTerms;
pub use checks::Holding;
pub use error::PoaLedgerError;
pub use import::{Import, ImportedFees, ImportedValidator};
pub use operation::{
    Acceptance, DenomChange, NewValidator, OperatorChange, Payment, PoaOperation, PowerChange,
    Withdrawal,
};
pub use queries::PoaTotals;
pub use state::PoaLedger;
