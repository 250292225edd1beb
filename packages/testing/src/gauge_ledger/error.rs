//! What can be wrong with an operation, or with the system under test.

use super::{ClaimError, GaugeId, LockId, NotConserved, ReceivedBound};

/// Why the ledger refused an operation, or how a claim about the system under test fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GaugeLedgerError {
    /// Epochs without length.
    #[error("an epoch of 0 seconds")]
    NoLength,
    /// An operation before the one before it.
    #[error("time goes back from {now} to {time}")]
    TimeGoesBack {
        /// The time of the last operation.
        now: u64,
        /// The time given.
        time: u64,
    },
    /// No such lock.
    #[error("there is no {0}")]
    UnknownLock(LockId),
    /// Its number is taken.
    #[error("there is a {0} already")]
    LockExists(LockId),
    /// Nothing that could be locked, or a part that is nothing or not less than all.
    #[error("{lock}: {amount} is no part of it")]
    BadAmount {
        /// Which lock.
        lock: LockId,
        /// The amount given.
        amount: u128,
    },
    /// The operation is for locks that are not unlocking.
    #[error("{0} is unlocking")]
    Unlocking(LockId),
    /// The operation is for unlocking locks.
    #[error("{0} is not unlocking")]
    NotUnlocking(LockId),
    /// The duration is not above the lock's.
    #[error("{lock}: {duration} seconds are no extension")]
    NoExtension {
        /// Which lock.
        lock: LockId,
        /// The duration given.
        duration: u64,
    },
    /// The principal cannot be withdrawn yet.
    #[error("{lock} ends at {end}")]
    NotOver {
        /// Which lock.
        lock: LockId,
        /// When it can.
        end: u64,
    },
    /// The principal is withdrawn.
    #[error("the principal of {0} is withdrawn")]
    Withdrawn(LockId),
    /// The record of a lock cannot go: it has principal, or is owed a base unit or more.
    #[error("{0} has principal or is owed a base unit or more, and is not finished")]
    NotFinished(LockId),
    /// No such gauge.
    #[error("there is no {0}")]
    UnknownGauge(GaugeId),
    /// Its number is taken.
    #[error("there is a {0} already")]
    GaugeExists(GaugeId),
    /// The gauge is over.
    #[error("{0} is over")]
    GaugeOver(GaugeId),
    /// A gauge over no epochs.
    #[error("{0} is spread over no epochs")]
    NoEpochs(GaugeId),
    /// The total ever received of a denom would reach 2^128.
    #[error(transparent)]
    ReceivedBound(#[from] ReceivedBound),
    /// What the system paid or holds is not what is owed.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The rewards do not add up to what was distributed.
    #[error(transparent)]
    NotConserved(#[from] NotConserved),
}
