//! What everybody is owed and was paid, and what gauges have.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{
    GaugeId, GaugeLedger, LockId, LockTerms, LockVersion, PaidEpoch, PayoutRange, PoolKey, Schedule,
};
use crate::exact::{ExactSum, Owed};

/// What those have earned who have no account.
pub(super) static NOTHING: ExactSum = ExactSum::ZERO;

/// The treasury in errors.
pub(super) const TREASURY: &str = "treasury";

/// Rewards in one denom that left locks for somebody, in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// What arrived.
    pub delivered: u128,
    /// What could not be delivered and is still owed.
    pub undelivered: u128,
}

/// A gauge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaugeState {
    /// Who made it.
    pub creator: String,
    /// Whom it pays.
    pub pool: PoolKey,
    /// The first epoch that it may pay.
    pub first_epoch: u64,
    /// How many epochs it is still to pay; `None` for a perpetual one.
    pub remaining: Option<u64>,
    /// Whether it ended before its time.
    pub ended: bool,
    /// What it has of each denom.
    pub coins: Vec<GaugeCoins>,
}

/// What a gauge has of one denom, in base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaugeCoins {
    /// The denom.
    pub denom: String,
    /// All that it was ever given.
    pub coins: u128,
    /// What went to locks.
    pub distributed: u128,
    /// What went back to the creator when the gauge ended before its time.
    pub returned: u128,
}

impl GaugeLedger {
    /// When epochs begin and end.
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// All that a lock ever earned of a denom, in base units. What was left of a finished one is
    /// not its any more.
    pub fn earned(&self, lock: LockId, denom: &str) -> BigRational {
        let reward = self.locks.get(&lock).and_then(|it| {
            let denom = self.received.known(denom)?;
            it.rewards.get(denom)
        });
        reward.map_or_else(|| NOTHING.value(), |it| it.earned().value())
    }

    /// What a lock is exactly owed of a denom, in base units: earned and not paid.
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

    /// Rewards of a denom that left locks for somebody.
    pub fn dues(&self, recipient: &str, denom: &str) -> Dues {
        let dues = self.dues.get(recipient).and_then(|it| {
            let denom = self.received.known(denom)?;
            it.get(&denom)
        });
        dues.copied().unwrap_or_default()
    }

    /// What the treasury is exactly owed of a denom, in base units: fees and what was left of
    /// finished locks, less what it was paid. Below zero by less than the sum of all bounds where
    /// it was paid of what locks fall short.
    pub fn treasury(&self, denom: &str) -> BigRational {
        self.treasury_owed(denom).less_points(&BigInt::ZERO)
    }

    /// The whole base units that a system may pay from the treasury now.
    pub fn treasury_payout(&self, denom: &str) -> PayoutRange {
        self.treasury_owed(denom).payout(&self.treasury_tolerance())
    }

    /// The terms of a lock's bound; those of a finished one and of a stranger are 0.
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
            distributed: it.distributed,
            returned: it.returned,
        });
        Some(GaugeState {
            creator: gauge.creator.clone(),
            pool: gauge.pool.clone(),
            first_epoch: gauge.first,
            remaining: gauge.remaining,
            ended: gauge.ended,
            coins: coins.collect(),
        })
    }

    /// The amounts of all locks that count for a pool in an epoch. For an epoch that is not over:
    /// those that would if nothing more happened.
    pub fn stake(&self, pool: &PoolKey, epoch: u64) -> u128 {
        let members = self.members(pool, epoch);
        members.iter().map(|it| it.amount).sum()
    }

    /// The epochs in which a pool's gauges distributed something.
    pub fn paid_epochs(&self, pool: &PoolKey) -> &[PaidEpoch] {
        self.pools.get(pool).map_or(&[], |it| it.paid.as_slice())
    }

    /// What a lock was from the first of its changes to now.
    pub fn versions(&self, lock: LockId) -> &[LockVersion] {
        self.locks
            .get(&lock)
            .map_or(&[], |it| it.versions.as_slice())
    }

    /// Whose principal a lock is.
    pub fn owner(&self, lock: LockId) -> Option<&str> {
        self.locks.get(&lock).map(|it| it.owner.as_str())
    }

    /// Who gets a lock's rewards.
    pub fn recipient(&self, lock: LockId) -> Option<&str> {
        self.locks.get(&lock).map(|it| it.recipient())
    }

    /// What is locked, by its denom.
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

    /// All locks that ever were.
    pub fn locks(&self) -> impl Iterator<Item = LockId> {
        self.locks.keys().copied()
    }

    /// All gauges that ever were.
    pub fn gauges(&self) -> impl Iterator<Item = GaugeId> {
        self.gauges.keys().copied()
    }

    /// All denoms of rewards and of the treasury that came up.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.received.denoms()
    }

    /// Asks what a lock earned of a denom and was paid of it.
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
