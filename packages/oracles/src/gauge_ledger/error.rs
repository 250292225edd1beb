//! Why an operation is refused, or how the system under test differs from the ledger.

use super::{ClaimError, GaugeId, LockId, NotConserved, ReceivedBound};

/// Why the ledger refuses an operation, or how the system under test differs from it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GaugeLedgerError {
    /// The length of an epoch is 0.
    #[error("an epoch of 0 seconds")]
    NoLength,
    /// The time of an operation is before that of the last one.
    #[error("time goes back from {now} to {time}")]
    TimeGoesBack {
        /// The time of the last operation.
        now: u64,
        /// The time given.
        time: u64,
    },
    /// There is no lock of this number.
    #[error("there is no {0}")]
    UnknownLock(LockId),
    /// The number of a new lock is taken.
    #[error("there is a {0} already")]
    LockExists(LockId),
    /// An amount of 0, or a part that is not less than the whole lock.
    #[error("{lock}: {amount} is no part of it")]
    BadAmount {
        /// The lock.
        lock: LockId,
        /// The amount given.
        amount: u128,
    },
    /// The operation needs a lock that is not unlocking.
    #[error("{0} is unlocking")]
    Unlocking(LockId),
    /// The operation needs a lock that is unlocking.
    #[error("{0} is not unlocking")]
    NotUnlocking(LockId),
    /// An extension is not longer than the lock's duration.
    #[error("{lock}: {duration} seconds are no extension")]
    NoExtension {
        /// The lock.
        lock: LockId,
        /// The duration given.
        duration: u64,
    },
    /// The principal cannot be withdrawn yet.
    #[error("{lock} ends at {end}")]
    NotOver {
        /// The lock.
        lock: LockId,
        /// When it can be withdrawn.
        end: u64,
    },
    /// The principal is withdrawn.
    #[error("the principal of {0} is withdrawn")]
    Withdrawn(LockId),
    /// A lock cannot be finished: it has principal, or is owed a base unit or more.
    #[error("{0} has principal or is owed a base unit or more, and is not finished")]
    NotFinished(LockId),
    /// There is no gauge of this number.
    #[error("there is no {0}")]
    UnknownGauge(GaugeId),
    /// The number of a new gauge is taken.
    #[error("there is a {0} already")]
    GaugeExists(GaugeId),
    /// The gauge is over.
    #[error("{0} is over")]
    GaugeOver(GaugeId),
    /// Only its creator adds to a closable gauge.
    #[error("{0} is closable: only its creator adds to it")]
    NotTheCreator(GaugeId),
    /// Only its creator wakes a gauge with a number of epochs.
    #[error("{0} has nothing to give, and epochs of its creator's: only its creator adds to it")]
    WokenByAStranger(GaugeId),
    /// The gauge cannot be closed.
    #[error("{0} is not closable")]
    NotClosable(GaugeId),
    /// A gauge of 0 epochs.
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
