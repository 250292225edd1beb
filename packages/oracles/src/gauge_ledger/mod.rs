//! Brute-force oracle for rewards over locks.
//!
//! [`GaugeLedger`] computes the gauge scheme as it is defined. It keeps every version of every
//! lock, and at the end of every epoch it visits all of them, decides which count, and gives each
//! its exact part of what the gauges pay.
//!
//! Epoch `e`, from 1, is `[B_{e-1}, B_e)` with `B_e = genesis + e * length`. A pool is the locks of
//! one denom that count for one duration `D`.
//!
//! **The rule.** A lock counts for a pool of duration `D` in epoch `e` if just before `B_e` it
//! exists, has joined `D`, `D` is not above its duration, and it is not unlocking or
//! `B_e + D <= end_time`.
//!
//! At the end of an epoch in which at least one lock counts for the pool, for every gauge of the
//! pool that has begun and is not over:
//!
//! ```text
//! give      = floor((coins - distributed) / remaining epochs)     points; perpetual: all
//! reward_i += give * amount_i / stake                             for every lock i that counts
//! ```
//!
//! When no lock counts, nothing leaves the gauge, and the epoch is not one of the remaining. Nor is it
//! for a gauge that has nothing to give.
//!
//! Only the times of the operations matter ([`At`]): an epoch that is over by the time of an
//! operation is paid before it, by the state at the end of the epoch. There is no message that
//! settles, so a contract must come to the same results however late it is settled.
//!
//! There is no index, no schedule of exits and no rounding, so the ledger cannot share the errors
//! of a contract that has them. What a contract holds or pays is compared with it:
//!
//! * no lock is owed or paid more than its exact reward, and less only by as much as the contract's
//!   roundings may add up to ([`LockTerms`], [`GaugeLedger::check_points`],
//!   [`GaugeLedger::payout`]). Only a part that was split off may be some points above. The
//!   treasury gets what locks fall short;
//! * each gauge has distributed the same points ([`GaugeLedger::gauge`]);
//! * all rewards together are exactly what the gauges distributed
//!   ([`GaugeLedger::check_conservation`]).
//!
//! ```
//! use oracles::gauge_ledger::{
//!     At, DenomAmount, GaugeId, GaugeLedger, GaugeLedgerError, GaugeOperation, LockId, NewGauge,
//!     NewLock, Schedule,
//! };
//!
//! const DAY: u64 = 86_400;
//!
//! # fn main() -> Result<(), GaugeLedgerError> {
//! let mut ledger = GaugeLedger::new(Schedule { genesis: 0, length: DAY }, &[DAY, 7 * DAY])?;
//! let lock = NewLock {
//!     lock: LockId(1),
//!     owner: "alice",
//!     receiver: None,
//!     denom: "ulp",
//!     amount: 1000,
//!     duration: 7 * DAY,
//! };
//! ledger.apply(&At { time: 10, operation: GaugeOperation::Lock(lock) })?;
//! let gauge = NewGauge {
//!     gauge: GaugeId(1),
//!     creator: "bob",
//!     denom: "ulp",
//!     duration: 7 * DAY,
//!     start: None,
//!     epochs: Some(10),
//!     closable: false,
//!     coins: &[DenomAmount { denom: "uatom", amount: 105 }],
//! };
//! ledger.apply(&At { time: 20, operation: GaugeOperation::CreateGauge(gauge) })?;
//! ledger.apply(&At { time: DAY, operation: GaugeOperation::Wait })?;
//! assert_eq!(ledger.payout(LockId(1), "uatom").most, 10);
//! ledger.check_conservation()
//! # }
//! ```

// Integers here are of unlimited size or bounded far below their type, and every index comes from
// the ledger's own tables. Plain operators keep the formulas readable.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod bound;
mod checks;
mod error;
mod gauges;
mod locking;
mod operation;
mod payments;
mod queries;
mod records;
mod schedule;
mod settle;
mod state;
#[cfg(test)]
mod tests;

pub use crate::exact::{ClaimError, DenomAmount, NotConserved, PayoutRange, ReceivedBound};
pub use bound::LockTerms;
pub use checks::LockHolding;
pub use error::GaugeLedgerError;
pub use operation::{
    At, Claim, Exit, Extension, GaugeId, GaugeOperation, LockId, NewGauge, NewLock, NewReceiver,
    Part, RewardPayment, TopUp, TopUpLock,
};
pub use queries::{Dues, GaugeCoins, GaugeState};
pub use records::{LockVersion, PoolKey};
pub use schedule::Schedule;
pub use settle::{GivenCoins, PaidEpoch};
pub use state::GaugeLedger;
