//! Operations on locks and gauges.

use std::fmt;

use super::{DenomAmount, GaugeLedger, GaugeLedgerError};

/// The number of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockId(pub u64);

impl fmt::Display for LockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lock {}", self.0)
    }
}

/// The number of a gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GaugeId(pub u64);

impl fmt::Display for GaugeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gauge {}", self.0)
    }
}

/// An operation and its time. Times do not go back; several operations may have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// Seconds.
    pub time: u64,
    /// The operation.
    pub operation: GaugeOperation<'a>,
}

/// An operation.
///
/// Every epoch that is over by its time is paid before it. An operation that the ledger refuses
/// changes nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaugeOperation<'a> {
    /// Only time passes.
    Wait,
    /// Adds a duration that locks can join.
    AddDuration(u64),
    /// Makes a lock. It joins every duration that is not above its own.
    Lock(NewLock<'a>),
    /// Adds principal to a lock that is not unlocking.
    AddToLock(TopUpLock),
    /// A lock, or a part of it, begins to unlock.
    BeginUnlock(Exit),
    /// Cancels the unlocking of a lock.
    CancelUnlock(LockId),
    /// Gives a lock that is not unlocking a longer duration. It joins every duration that is not
    /// above the new one.
    ExtendLock(Extension),
    /// A lock, or a part of it, ends at once.
    ForceUnlock(Exit),
    /// A lock that is not unlocking joins the durations that were added since.
    Refresh(LockId),
    /// Sets who gets a lock's rewards, from its next claim on.
    SetReceiver(NewReceiver<'a>),
    /// The owner withdraws the principal of a lock that has ended.
    Withdraw(LockId),
    /// The ledger itself pays a lock's rewards in whole base units.
    Claim(Claim<'a>),
    /// The system under test paid rewards of a lock in one denom.
    Paid(RewardPayment<'a>),
    /// Accrues what a lock has earned, see [`Part`]. Claims, additions, cancellations and
    /// extensions do that by themselves.
    Accrue(LockId),
    /// The system deletes the record of a lock whose principal is withdrawn. What is left of its
    /// rewards, less than a base unit of each denom, goes to the treasury.
    Finish(LockId),
    /// Makes a gauge.
    CreateGauge(NewGauge<'a>),
    /// Adds coins to a gauge that is not over; to a closable one only its creator does.
    AddToGauge(TopUp<'a>),
    /// The creator of a closable gauge ends it early. The whole base units that it has not
    /// distributed return; the fraction goes to the treasury.
    CloseGauge(GaugeId),
    /// Ends any gauge in the same way.
    EvictGauge(GaugeId),
    /// Receives a fee for the treasury.
    TreasuryFee(DenomAmount<'a>),
    /// The system under test paid the treasury.
    TreasuryPaid(DenomAmount<'a>),
}

/// A new lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLock<'a> {
    /// Its number, not used before.
    pub lock: LockId,
    /// Who gets the principal back.
    pub owner: &'a str,
    /// Who gets the rewards; without one the owner.
    pub receiver: Option<&'a str>,
    /// The denom that is locked.
    pub denom: &'a str,
    /// Base units, above 0.
    pub amount: u128,
    /// Seconds from the begin of unlocking to the end.
    pub duration: u64,
}

/// More principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUpLock {
    /// The lock.
    pub lock: LockId,
    /// Base units.
    pub amount: u128,
}

/// The exit of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The lock.
    pub lock: LockId,
    /// The part that is split off first and exits; without one the whole lock exits.
    pub part: Option<Part>,
}

/// A part of a lock that becomes a lock of its own.
///
/// It takes with it what its amount has earned since the lock last accrued: by a claim, an
/// addition, a cancellation, an extension or [`GaugeOperation::Accrue`]. What accrued before stays
/// with the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Base units: more than 0 and less than the whole.
    pub amount: u128,
    /// The number of the new lock, not used before.
    pub child: LockId,
}

/// A longer duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The lock.
    pub lock: LockId,
    /// Seconds, more than before.
    pub duration: u64,
}

/// Another receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewReceiver<'a> {
    /// The lock.
    pub lock: LockId,
    /// The receiver; without one the owner gets the rewards.
    pub receiver: Option<&'a str>,
}

/// A claim of a lock's rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The lock.
    pub lock: LockId,
    /// The denoms that are claimed; `None` for all.
    pub denoms: Option<&'a [&'a str]>,
    /// Denoms whose payout fails; the recipient is still owed it.
    pub failing: &'a [&'a str],
}

/// Rewards of a lock in one denom that a system paid to the lock's receiver or owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardPayment<'a> {
    /// The lock.
    pub lock: LockId,
    /// The amount, without what was undelivered before.
    pub coin: DenomAmount<'a>,
    /// Whether the payout failed. One that succeeds also delivers what was undelivered before.
    pub failed: bool,
    /// Whether it must be all that the lock is owed in whole base units. A system that is not
    /// settled through the last epoch may pay less.
    pub complete: bool,
}

/// A new gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGauge<'a> {
    /// Its number, not used before.
    pub gauge: GaugeId,
    /// Who gets what is not distributed when the gauge ends early.
    pub creator: &'a str,
    /// The denom of the locks that it pays.
    pub denom: &'a str,
    /// The duration for which these locks have to count, in seconds.
    pub duration: u64,
    /// The first epoch that it pays ends at this time or later; `None` for now.
    pub start: Option<u64>,
    /// The number of epochs with stake among which the coins are spread. `None` for a perpetual
    /// gauge, which gives all that it has at the end of each epoch.
    pub epochs: Option<u64>,
    /// Whether its creator may close it.
    pub closable: bool,
    /// The coins that it begins with.
    pub coins: &'a [DenomAmount<'a>],
}

/// More coins for a gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp<'a> {
    /// The gauge.
    pub gauge: GaugeId,
    /// Who adds; to a closable gauge only its creator does.
    pub sender: &'a str,
    /// The coins that are added, of any denoms.
    pub coins: &'a [DenomAmount<'a>],
}

impl GaugeLedger {
    /// Pays every epoch that is over, then applies an operation.
    ///
    /// # Errors
    /// See [`GaugeLedgerError`]. After an error only the time has changed, and not even that for
    /// [`GaugeLedgerError::TimeGoesBack`].
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
            GaugeOperation::CloseGauge(gauge) => self.close_gauge(*gauge),
            GaugeOperation::EvictGauge(gauge) => self.evict_gauge(*gauge),
            GaugeOperation::TreasuryFee(fee) => self.treasury_fee(fee),
            GaugeOperation::TreasuryPaid(coin) => self.record_treasury_payment(coin),
        }
    }
}
