//! What can happen to locks and gauges.

use std::fmt;

use super::{DenomAmount, GaugeLedger, GaugeLedgerError};

/// A lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockId(pub u64);

impl fmt::Display for LockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lock {}", self.0)
    }
}

/// A gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GaugeId(pub u64);

impl fmt::Display for GaugeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gauge {}", self.0)
    }
}

/// An operation and when it happens. Times never go back; several operations may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// Seconds.
    pub time: u64,
    /// What happens.
    pub operation: GaugeOperation<'a>,
}

/// Everything that can happen.
///
/// Every epoch that is over by the time of an operation is paid before it. Where the ledger refuses
/// an operation nothing else changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaugeOperation<'a> {
    /// Nothing but the time.
    Wait,
    /// One more duration that locks can join.
    AddDuration(u64),
    /// A new lock. It joins every duration that is not above its own.
    Lock(NewLock<'a>),
    /// More principal for a lock that is not unlocking.
    AddToLock(TopUpLock),
    /// A lock that is not unlocking begins to, wholly or in part.
    BeginUnlock(Exit),
    /// An unlocking lock is a locked one again.
    CancelUnlock(LockId),
    /// A longer duration for a lock that is not unlocking. It joins every duration that is not
    /// above the new one.
    ExtendLock(Extension),
    /// A lock ends at once, wholly or in part.
    ForceUnlock(Exit),
    /// A lock that is not unlocking joins the durations that were added since.
    Refresh(LockId),
    /// Who gets a lock's rewards from its next claim on.
    SetReceiver(NewReceiver<'a>),
    /// The principal of a lock that is over goes back to its owner.
    Withdraw(LockId),
    /// The ledger's own payout of a lock's rewards: their whole part.
    Claim(Claim<'a>),
    /// What the system under test paid of a lock's rewards in one denom.
    Paid(RewardPayment<'a>),
    /// What a lock has earned becomes its own, see [`Part`]. Claims, additions, cancellations and
    /// extensions do that by themselves.
    Accrue(LockId),
    /// The record of a lock is gone whose principal is, and what was left of its rewards, less than
    /// a base unit of each denom, belongs to the treasury.
    Finish(LockId),
    /// A new gauge.
    CreateGauge(NewGauge<'a>),
    /// More coins for a gauge that is not over.
    AddToGauge(TopUp<'a>),
    /// A gauge is over before its time, and what it did not distribute goes back to its creator.
    EndGauge(GaugeId),
    /// A fee that belongs to the treasury.
    TreasuryFee(DenomAmount<'a>),
    /// What the system under test paid from the treasury.
    TreasuryPaid(DenomAmount<'a>),
}

/// A new lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLock<'a> {
    /// Not used before.
    pub lock: LockId,
    /// Who gets the principal back.
    pub owner: &'a str,
    /// Who gets the rewards; without one the owner.
    pub receiver: Option<&'a str>,
    /// What is locked.
    pub denom: &'a str,
    /// How much of it, above 0.
    pub amount: u128,
    /// Seconds from the begin of unlocking to the end.
    pub duration: u64,
}

/// More principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUpLock {
    /// Where.
    pub lock: LockId,
    /// How much.
    pub amount: u128,
}

/// The exit of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Which one.
    pub lock: LockId,
    /// A part that is split off first and exits alone; without one all of it.
    pub part: Option<Part>,
}

/// A part of a lock that becomes a lock of its own.
///
/// It takes with it what its amount has earned since the lock's rewards became the lock's own last,
/// by a claim, an addition, a cancellation, an extension or [`GaugeOperation::Accrue`]. What was
/// earned before stays with the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// More than 0 and less than all.
    pub amount: u128,
    /// Not used before.
    pub child: LockId,
}

/// A longer duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Of which lock.
    pub lock: LockId,
    /// Seconds, more than it had.
    pub duration: u64,
}

/// Another receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewReceiver<'a> {
    /// Of which lock.
    pub lock: LockId,
    /// Who; without one the owner.
    pub receiver: Option<&'a str>,
}

/// A claim of a lock's rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Of which lock.
    pub lock: LockId,
    /// In which denoms; `None`: all.
    pub denoms: Option<&'a [&'a str]>,
    /// Denoms whose payout fails: it stays owed to who was to get it.
    pub failing: &'a [&'a str],
}

/// What a system paid of a lock's rewards in one denom, to the lock's receiver or owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardPayment<'a> {
    /// Of which lock.
    pub lock: LockId,
    /// How much, without what could not be delivered before.
    pub coin: DenomAmount<'a>,
    /// Whether it could not be delivered. What could not be delivered before is when this is.
    pub failed: bool,
    /// Whether this must be all that the lock is owed in whole base units. A system that was not
    /// cranked through the last epoch may pay less.
    pub complete: bool,
}

/// A new gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGauge<'a> {
    /// Not used before.
    pub gauge: GaugeId,
    /// Who gets back what is not distributed when it ends before its time.
    pub creator: &'a str,
    /// Locks of this denom are paid.
    pub denom: &'a str,
    /// Locks that count for this duration are paid.
    pub duration: u64,
    /// The first epoch that is paid does not end before it; `None`: now.
    pub start: Option<u64>,
    /// Number of epochs with stake over which the coins are spread; `None`: all at the end of each
    /// epoch, for ever.
    pub epochs: Option<u64>,
    /// What is distributed.
    pub coins: &'a [DenomAmount<'a>],
}

/// More coins for a gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp<'a> {
    /// Which one.
    pub gauge: GaugeId,
    /// What is added, of any denom.
    pub coins: &'a [DenomAmount<'a>],
}

impl GaugeLedger {
    /// Pays every epoch that is over, and does an operation.
    ///
    /// # Errors
    /// See [`GaugeLedgerError`]. Nothing but the time changes then; where the time went back, not
    /// even that.
    pub fn apply(&mut self, at: &At<'_>) -> Result<(), GaugeLedgerError> {
        self.advance(at.time)?;
        match &at.operation {
            GaugeOperation::Wait => Ok(()),
            GaugeOperation::AddDuration(duration) => {
                self.durations.insert(*duration);
                Ok(())
            }
            GaugeOperation::Lock(lock) => self.lock(lock),
            GaugeOperation::AddToLock(top_up) => self.add_to_lock(top_up),
            GaugeOperation::BeginUnlock(exit) => self.begin_unlock(exit),
            GaugeOperation::CancelUnlock(lock) => self.cancel_unlock(*lock),
            GaugeOperation::ExtendLock(extension) => self.extend_lock(extension),
            GaugeOperation::ForceUnlock(exit) => self.force_unlock(exit),
            GaugeOperation::Refresh(lock) => self.refresh(*lock),
            GaugeOperation::SetReceiver(receiver) => self.set_receiver(receiver),
            GaugeOperation::Withdraw(lock) => self.withdraw(*lock),
            GaugeOperation::Claim(claim) => self.claim(claim),
            GaugeOperation::Paid(payment) => self.record_payment(payment),
            GaugeOperation::Accrue(lock) => self.accrue(*lock),
            GaugeOperation::Finish(lock) => self.finish(*lock),
            GaugeOperation::CreateGauge(gauge) => self.create_gauge(gauge),
            GaugeOperation::AddToGauge(top_up) => self.add_to_gauge(top_up),
            GaugeOperation::EndGauge(gauge) => self.end_gauge(*gauge),
            GaugeOperation::TreasuryFee(fee) => self.treasury_fee(fee),
            GaugeOperation::TreasuryPaid(coin) => self.record_treasury_payment(coin),
        }
    }
}
