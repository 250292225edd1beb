//! A system that works as a contract does: one index of whole points for each pool, scheduled exits
//! and cursors. It settles when a step needs it, which may be late.

use std::collections::BTreeMap;

use num_integer::Integer;
use num_traits::Zero;

use super::{step::Step, *};

#[derive(Default)]
struct Pool {
    stake: i128,
    settled: u64,
    /// Changes of stake, by the epoch from which they count.
    delta: BTreeMap<u64, i128>,
    index: BigInt,
    carry: BigInt,
    /// The index at the end of the epochs that changed it.
    history: BTreeMap<u64, BigInt>,
}

impl Pool {
    fn index_at(&self, epoch: u64) -> BigInt {
        let last = self.history.range(..=epoch).next_back();
        last.map_or_else(BigInt::zero, |(_, index)| index.clone())
    }

    fn change(&mut self, epoch: u64, amount: i128) {
        assert!(epoch > self.settled, "epoch {epoch} is paid");
        *self.delta.entry(epoch).or_default() += amount;
    }
}

/// How far a lock is paid in a pool, and its last epoch there.
#[derive(Clone, Copy)]
struct Cursor {
    paid: u64,
    last: Option<u64>,
}

#[derive(Clone)]
struct Lock {
    amount: i128,
    duration: u64,
    end: Option<u64>,
    cursors: BTreeMap<u64, Cursor>,
    owed: BigInt,
}

struct Gauge {
    duration: u64,
    first: u64,
    remaining: Option<u64>,
    ended: bool,
    /// Points that it has yet to give.
    left: BigInt,
    distributed: BigInt,
}

pub(super) struct Indexed {
    now: u64,
    pools: BTreeMap<u64, Pool>,
    locks: BTreeMap<u64, Lock>,
    gauges: BTreeMap<u64, Gauge>,
    pub treasury: BigInt,
}

fn one() -> BigInt {
    BigInt::from(10).pow(36)
}

impl Indexed {
    pub fn new(days: &[u64]) -> Self {
        Self {
            now: 0,
            pools: days.iter().map(|it| (it * DAY, Pool::default())).collect(),
            locks: BTreeMap::new(),
            gauges: BTreeMap::new(),
            treasury: BigInt::zero(),
        }
    }

    /// Applies a step. Returns what a claim paid.
    pub fn play(&mut self, time: u64, step: Step) -> u128 {
        self.now = time;
        let current = self.current();
        match step {
            Step::Settle => self.settle_all(),
            Step::AddDuration { days } => {
                let settled = current - 1;
                self.pools.entry(days * DAY).or_insert(Pool {
                    settled,
                    ..Pool::default()
                });
            }
            Step::Lock { id, amount, days } => {
                let lock = Lock {
                    amount: amount as i128,
                    duration: days * DAY,
                    end: None,
                    cursors: BTreeMap::new(),
                    owed: BigInt::zero(),
                };
                self.locks.insert(id, lock);
                self.join(id);
            }
            Step::Add { id, amount } => {
                self.accrue(id);
                let amount = amount as i128;
                for (duration, _) in self.cursors(id) {
                    self.pool(duration).change(current, amount);
                }
                self.lock(id).amount += amount;
            }
            Step::Unlock { id, part } => {
                let id = self.split(id, part);
                self.unlock(id);
            }
            Step::Force { id, part } => {
                let id = self.split(id, part);
                self.force(id);
            }
            Step::Cancel { id } => self.cancel(id),
            Step::Extend { id, days } => {
                self.accrue(id);
                self.lock(id).duration = days * DAY;
                self.join(id);
            }
            Step::Refresh { id } => self.join(id),
            // A withdrawal changes no stake.
            Step::Withdraw { .. } => {}
            Step::Claim { id } => {
                self.accrue(id);
                let (coins, fraction) = self.lock(id).owed.div_rem(&one());
                self.lock(id).owed = fraction;
                return coins.try_into().unwrap();
            }
            Step::Gauge {
                id,
                days,
                start,
                epochs,
                amount,
            } => {
                self.settle_all();
                let first = (current..)
                    .find(|&epoch| end_of(epoch) >= start)
                    .unwrap_or(current);
                let gauge = Gauge {
                    duration: days * DAY,
                    first,
                    remaining: epochs,
                    ended: false,
                    left: amount * one(),
                    distributed: BigInt::zero(),
                };
                self.gauges.insert(id, gauge);
            }
            Step::TopUp { id, amount } => {
                self.settle_all();
                self.gauges.get_mut(&id).unwrap().left += amount * one();
            }
            Step::End { id } => {
                self.settle_all();
                let gauge = self.gauges.get_mut(&id).unwrap();
                gauge.ended = true;
                self.treasury += std::mem::take(&mut gauge.left) % one();
            }
        }
        0
    }

    /// What a lock has earned through the last finished epoch and was not paid.
    pub fn points(&mut self, id: u64) -> BigInt {
        self.settle_all();
        self.pending(id) + &self.locks[&id].owed
    }

    /// Moves a finished lock's fraction to the treasury.
    pub fn finish(&mut self, id: u64) {
        self.accrue(id);
        let fraction = std::mem::take(&mut self.lock(id).owed);
        self.treasury += fraction;
    }

    pub fn distributed(&self, gauge: u64) -> &BigInt {
        &self.gauges[&gauge].distributed
    }

    /// The carries of all indexes, which did not go to the treasury yet.
    pub fn carries(&self) -> BigInt {
        self.pools.values().map(|it| &it.carry).sum()
    }

    fn current(&self) -> u64 {
        match self.now.checked_sub(GENESIS) {
            Some(since) => since / DAY + 1,
            None => 1,
        }
    }

    fn pool(&mut self, duration: u64) -> &mut Pool {
        self.pools.get_mut(&duration).unwrap()
    }

    fn lock(&mut self, id: u64) -> &mut Lock {
        self.locks.get_mut(&id).unwrap()
    }

    fn cursors(&self, id: u64) -> Vec<(u64, Cursor)> {
        let cursors = self.locks[&id].cursors.iter();
        cursors.map(|(&duration, &it)| (duration, it)).collect()
    }

    fn join(&mut self, id: u64) {
        let current = self.current();
        let lock = self.locks.get_mut(&id).unwrap();
        for (&duration, pool) in self.pools.range_mut(..=lock.duration) {
            lock.cursors.entry(duration).or_insert_with(|| {
                pool.change(current, lock.amount);
                Cursor {
                    paid: current - 1,
                    last: None,
                }
            });
        }
    }

    fn split(&mut self, id: u64, part: Option<Part>) -> u64 {
        let Some(part) = part else { return id };
        let mut child = self.locks[&id].clone();
        child.amount = part.amount as i128;
        child.owed = BigInt::zero();
        self.lock(id).amount -= child.amount;
        self.locks.insert(part.child.0, child);
        part.child.0
    }

    fn unlock(&mut self, id: u64) {
        let end = self.now + self.locks[&id].duration;
        let amount = self.locks[&id].amount;
        for (duration, cursor) in self.cursors(id) {
            let last = (end - duration).saturating_sub(GENESIS) / DAY;
            self.pool(duration).change(last + 1, -amount);
            let last = Some(last);
            self.lock(id)
                .cursors
                .insert(duration, Cursor { last, ..cursor });
        }
        self.lock(id).end = Some(end);
    }

    fn force(&mut self, id: u64) {
        let current = self.current();
        let amount = self.locks[&id].amount;
        for (duration, cursor) in self.cursors(id) {
            match cursor.last {
                None => self.pool(duration).change(current, -amount),
                Some(last) if last >= current => {
                    self.pool(duration).change(current, -amount);
                    self.pool(duration).change(last + 1, amount);
                }
                Some(_) => {}
            }
            let finished = current - 1;
            let last = Some(cursor.last.map_or(finished, |last| last.min(finished)));
            self.lock(id)
                .cursors
                .insert(duration, Cursor { last, ..cursor });
        }
        self.lock(id).end = Some(self.now);
    }

    fn cancel(&mut self, id: u64) {
        self.accrue(id);
        let current = self.current();
        let amount = self.locks[&id].amount;
        for (duration, cursor) in self.cursors(id) {
            let again = cursor.last.map_or(current, |last| current.max(last + 1));
            self.pool(duration).change(again, amount);
            let paid = current - 1;
            self.lock(id)
                .cursors
                .insert(duration, Cursor { paid, last: None });
        }
        self.lock(id).end = None;
    }

    fn pending(&self, id: u64) -> BigInt {
        let finished = self.current() - 1;
        let each = self.cursors(id).into_iter().map(|(duration, cursor)| {
            let pool = &self.pools[&duration];
            let last = cursor.last.map_or(finished, |last| last.min(finished));
            if last <= cursor.paid {
                return BigInt::zero();
            }
            pool.index_at(last) - pool.index_at(cursor.paid)
        });
        each.sum::<BigInt>() * self.locks[&id].amount
    }

    fn accrue(&mut self, id: u64) {
        self.settle_all();
        let earned = self.pending(id);
        let finished = self.current() - 1;
        let lock = self.lock(id);
        lock.owed += earned;
        lock.cursors
            .values_mut()
            .for_each(|it| it.paid = it.paid.max(finished));
    }

    fn settle_all(&mut self) {
        let finished = self.current() - 1;
        for (&duration, pool) in &mut self.pools {
            while pool.settled < finished {
                pool.settled += 1;
                let epoch = pool.settled;
                if let Some(change) = pool.delta.remove(&epoch) {
                    pool.stake += change;
                    self.treasury += std::mem::take(&mut pool.carry);
                }
                if pool.stake == 0 {
                    continue;
                }
                let mut given = BigInt::zero();
                for gauge in self.gauges.values_mut().filter(|it| {
                    it.duration == duration
                        && it.first <= epoch
                        && !it.ended
                        && it.remaining != Some(0)
                        && !it.left.is_zero()
                }) {
                    let give = &gauge.left / gauge.remaining.unwrap_or(1);
                    gauge.left -= &give;
                    gauge.distributed += &give;
                    gauge.remaining = gauge.remaining.map(|it| it - 1);
                    given += give;
                }
                let total = given + &pool.carry;
                let (step, carry) = total.div_rem(&pool.stake.into());
                pool.index += step;
                pool.carry = carry;
                pool.history.insert(epoch, pool.index.clone());
            }
        }
    }
}
