//! The end of an epoch: who counts, what gauges give, and how it is divided.

use std::{collections::BTreeMap, num::NonZeroU128};

use num_bigint::BigInt;

use super::{GaugeLedger, GaugeLedgerError, LockId, PoolKey};
use crate::exact::{Denominator, NUMERATOR_PLACES, POINT_PLACES, pow10};

/// What a pool's gauges distributed at the end of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidEpoch {
    /// The epoch.
    pub epoch: u64,
    /// The sum of the amounts of all locks that counted.
    pub stake: u128,
    /// What these locks got together.
    pub given: Vec<GivenCoins>,
}

/// An amount that gauges distributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCoins {
    /// The denom.
    pub denom: String,
    /// Points (10^-36 base units).
    pub points: BigInt,
}

/// A lock that counts, and its amount then.
pub(super) struct Member {
    pub lock: LockId,
    pub amount: u128,
}

impl GaugeLedger {
    /// Moves the time on and pays every epoch that is over then.
    pub(super) fn advance(&mut self, time: u64) -> Result<(), GaugeLedgerError> {
        if time < self.now {
            return Err(GaugeLedgerError::TimeGoesBack {
                now: self.now,
                time,
            });
        }
        self.now = time;
        let finished = self.schedule.finished(time);
        while self.settled < finished {
            self.settled += 1;
            self.settle(self.settled);
        }
        Ok(())
    }

    /// Pays one epoch in every pool.
    fn settle(&mut self, epoch: u64) {
        let pools: Vec<PoolKey> = self.pools.keys().cloned().collect();
        for pool in pools {
            let members = self.members(&pool, epoch);
            let changed = self.record_members(&pool, &members);
            let stake = members.iter().map(|it| it.amount).sum();
            let Some(stake) = NonZeroU128::new(stake) else {
                continue;
            };
            let given = self.take_from_gauges(&pool, epoch);
            self.give(&members, stake, &given);
            self.count_epoch(&members, changed, !given.is_empty());
            self.add_to_history(pool, epoch, stake, given);
        }
    }

    /// Adds an epoch to the pool's history, if gauges distributed coins in it.
    fn add_to_history(
        &mut self,
        pool: PoolKey,
        epoch: u64,
        stake: NonZeroU128,
        given: BTreeMap<usize, BigInt>,
    ) {
        if given.is_empty() {
            return;
        }
        let name = |id: usize| self.received.name(id).to_owned();
        let given = given
            .into_iter()
            .map(|(id, points)| GivenCoins {
                denom: name(id),
                points,
            })
            .collect();
        let history = &mut self.pools.entry(pool).or_default().paid;
        history.push(PaidEpoch {
            epoch,
            stake: stake.get(),
            given,
        });
    }

    /// The locks that count for a pool in an epoch, by the rule.
    pub(super) fn members(&self, pool: &PoolKey, epoch: u64) -> Vec<Member> {
        let end = self.schedule.boundary(epoch);
        let of_pool = self.locks.iter().filter(|(_, it)| it.denom == pool.denom);
        of_pool
            .filter_map(|(&lock, record)| {
                let version = record.just_before(end)?;
                version.counts(pool.duration, end).then_some(Member {
                    lock,
                    amount: version.amount,
                })
            })
            .collect()
    }

    /// Takes what a pool's gauges give at the end of an epoch with stake, in points. By number of the
    /// denom. A gauge that has nothing pauses: the epoch is none of those that it pays.
    fn take_from_gauges(&mut self, pool: &PoolKey, epoch: u64) -> BTreeMap<usize, BigInt> {
        let mut given: BTreeMap<usize, BigInt> = BTreeMap::new();
        let paying = self.gauges.values_mut().filter(|it| {
            it.pool == *pool && it.first <= epoch && !it.is_over() && !it.is_dormant()
        });
        for gauge in paying {
            let remaining = gauge.remaining.unwrap_or(1);
            for pot in &mut gauge.pots {
                let give = &pot.left / remaining;
                pot.left -= &give;
                pot.distributed += &give;
                *given.entry(pot.denom).or_default() += give;
            }
            if let Some(remaining) = &mut gauge.remaining {
                *remaining -= 1;
            }
        }
        given.retain(|_, give| *give > BigInt::ZERO);
        given
    }

    /// `reward_i += give * amount_i / stake`.
    fn give(&mut self, members: &[Member], stake: NonZeroU128, given: &BTreeMap<usize, BigInt>) {
        for (&denom, give) in given {
            let give = give * pow10(NUMERATOR_PLACES - POINT_PLACES);
            for Member { lock, amount } in members {
                if let Some(lock) = self.locks.get_mut(lock) {
                    let share: BigInt = &give * *amount;
                    let since = &mut lock.reward_mut(denom).since;
                    since.add(share, Denominator::units(stake));
                }
            }
        }
    }
}
