//! What locks and the treasury are owed and were paid, and what gauges hold.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{
    GaugeId, GaugeLedger, LockId, LockTerms, LockVersion, PaidEpoch, PayoutRange, PoolKey, Schedule,
};
use crate::exact::{ExactSum, Owed};

/// An amount of 0.
pub(super) static NOTHING: ExactSum = ExactSum::ZERO;

/// The treasury's name in errors.
pub(super) const TREASURY: &str = "treasury";

/// Rewards in one denom that were paid to a recipient, in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// Paid and received.
    pub delivered: u128,
    /// Paid with a failed transfer, and still owed.
    pub undelivered: u128,
}

/// A gauge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaugeState {
    /// The account that made it.
    pub creator: String,
    /// The pool that it pays.
    pub pool: PoolKey,
    /// The first epoch that it may pay.
    pub first_epoch: u64,
    /// The number of epochs that it still has to pay; `None` for a perpetual one.
    pub remaining: Option<u64>,
    /// Whether it was closed or evicted.
    pub ended: bool,
    /// Whether it goes on and has nothing to give.
    pub dormant: bool,
    /// Its coins, by denom.
    pub coins: Vec<GaugeCoins>,
}

/// A gauge's coins of one denom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaugeCoins {
    /// The denom.
    pub denom: String,
    /// Base units that were ever put into it.
    pub coins: u128,
    /// Points that went to locks.
    pub distributed: BigInt,
    /// Points that it has yet to give.
    pub left: BigInt,
    /// Base units that returned to the creator when it was closed or evicted.
    pub returned: u128,
}

impl GaugeState {
    /// What it is doing in an epoch: `upcoming`, `active`, `dormant`, `finished` or `closed`.
    pub fn status(&self, epoch: u64) -> &'static str {
        match self {
            GaugeState { ended: true, .. } => "closed",
            GaugeState {
                remaining: Some(0), ..
            } => "finished",
            GaugeState { dormant: true, .. } => "dormant",
            GaugeState { first_epoch, .. } if *first_epoch > epoch => "upcoming",
            _ => "active",
        }
    }
}

impl GaugeLedger {
    /// When epochs begin and end.
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// All that a lock ever earned of a denom, in base units, without the fraction that went to the
    /// treasury when it finished.
    pub fn earned(&self, lock: LockId, denom: &str) -> BigRational {
        let reward = self.locks.get(&lock).and_then(|it| {
            let denom = self.received.known(denom)?;
            it.rewards.get(denom)
        });
        reward.map_or_else(|| NOTHING.value(), |it| it.earned().value())
    }

    /// What a lock is exactly owed of a denom, in base units: what it earned less what it was paid.
    pub fn owed(&self, lock: LockId, denom: &str) -> BigRational {
        self.with_owed(lock, denom, |owed| owed.less_points(&BigInt::ZERO))
    }

    /// What a lock was paid of a denom, in base units.
    pub fn paid(&self, lock: LockId, denom: &str) -> u128 {
        self.with_owed(lock, denom, |owed| owed.paid)
    }

    /// The whole base units that a system may pay of a lock's rewards now.
    pub fn payout(&self, lock: LockId, denom: &str) -> PayoutRange {
        let tolerance = self.terms(lock).tolerance();
        self.with_owed(lock, denom, |owed| owed.payout(&tolerance))
    }

    /// Rewards of a denom that were paid to a recipient.
    pub fn dues(&self, recipient: &str, denom: &str) -> Dues {
        let dues = self.dues.get(recipient).and_then(|it| {
            let denom = self.received.known(denom)?;
            it.get(&denom)
        });
        dues.copied().unwrap_or_default()
    }

    /// What the treasury is exactly owed of a denom, in base units: fees and the fractions of
    /// finished locks, less what it was paid. A system also pays it what its locks hold less than
    /// their exact rewards; then this is below zero, by less than the sum of the locks' bounds.
    pub fn treasury(&self, denom: &str) -> BigRational {
        self.treasury_owed(denom).less_points(&BigInt::ZERO)
    }

    /// The whole base units that a system may pay the treasury now.
    pub fn treasury_payout(&self, denom: &str) -> PayoutRange {
        self.treasury_owed(denom).payout(&self.treasury_tolerance())
    }

    /// The terms of a lock's bound; 0 for a lock that is finished or unknown.
    pub fn terms(&self, lock: LockId) -> LockTerms {
        self.locks
            .get(&lock)
            .map_or_else(LockTerms::default, |it| it.terms.clone())
    }

    /// A gauge, paid through the last epoch that is over.
    pub fn gauge(&self, gauge: GaugeId) -> Option<GaugeState> {
        let gauge = self.gauges.get(&gauge)?;
        let coins = gauge.pots.iter().map(|it| GaugeCoins {
            denom: self.received.name(it.denom).to_owned(),
            coins: it.coins,
            distributed: it.distributed.clone(),
            left: it.left.clone(),
            returned: it.returned,
        });
        Some(GaugeState {
            creator: gauge.creator.clone(),
            pool: gauge.pool.clone(),
            first_epoch: gauge.first,
            remaining: gauge.remaining,
            ended: gauge.ended,
            dormant: gauge.is_dormant(),
            coins: coins.collect(),
        })
    }

    /// The sum of the amounts of all locks that count for a pool in an epoch. For an epoch that is
    /// not over: as if there were no more operations.
    pub fn stake(&self, pool: &PoolKey, epoch: u64) -> u128 {
        let members = self.members(pool, epoch);
        members.iter().map(|it| it.amount).sum()
    }

    /// The epochs in which a pool's gauges distributed coins.
    pub fn paid_epochs(&self, pool: &PoolKey) -> &[PaidEpoch] {
        self.pools.get(pool).map_or(&[], |it| it.paid.as_slice())
    }

    /// All versions of a lock, from the first to the current one.
    pub fn versions(&self, lock: LockId) -> &[LockVersion] {
        self.locks
            .get(&lock)
            .map_or(&[], |it| it.versions.as_slice())
    }

    /// The owner of a lock.
    pub fn owner(&self, lock: LockId) -> Option<&str> {
        self.locks.get(&lock).map(|it| it.owner.as_str())
    }

    /// The account that gets a lock's rewards: its receiver or its owner.
    pub fn recipient(&self, lock: LockId) -> Option<&str> {
        self.locks.get(&lock).map(|it| it.recipient())
    }

    /// The denom that a lock holds.
    pub fn locked_denom(&self, lock: LockId) -> Option<&str> {
        self.locks.get(&lock).map(|it| it.denom.as_str())
    }

    /// What the treasury was paid of a denom, in base units.
    pub fn treasury_paid(&self, denom: &str) -> u128 {
        self.treasury_owed(denom).paid
    }

    /// The principal of all locks of a denom, in base units.
    pub fn principal(&self, denom: &str) -> u128 {
        let of_denom = self.locks.values().filter(|it| it.denom == denom);
        of_denom.map(|it| it.now().amount).sum()
    }

    /// All locks that were ever made.
    pub fn locks(&self) -> impl Iterator<Item = LockId> {
        self.locks.keys().copied()
    }

    /// All gauges that were ever made.
    pub fn gauges(&self) -> impl Iterator<Item = GaugeId> {
        self.gauges.keys().copied()
    }

    /// All denoms that gauges and the treasury ever received.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.received.denoms()
    }

    /// Calls a function with what a lock earned and was paid of a denom.
    pub(super) fn with_owed<T>(
        &self,
        lock: LockId,
        denom: &str,
        ask: impl FnOnce(Owed<'_>) -> T,
    ) -> T {
        let reward = self.locks.get(&lock).and_then(|it| {
            let denom = self.received.known(denom)?;
            it.rewards.get(denom)
        });
        ask(Owed {
            recipient: &lock,
            denom,
            earned: &reward.map_or(ExactSum::ZERO, |it| it.earned()),
            paid: reward.map_or(0, |it| it.paid),
        })
    }
}
