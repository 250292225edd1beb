//! Payouts: the ledger's own, and those of the system under test.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::{
    Claim, DenomAmount, GaugeLedger, GaugeLedgerError, LockId, RewardPayment,
    queries::{Dues, TREASURY},
};
use crate::exact::{Owed, POINT_PLACES, pow10};

/// A payout of a lock's rewards in one denom, which is given by its number.
struct Payout {
    lock: LockId,
    denom: usize,
    coins: u128,
    failed: bool,
}

impl Dues {
    /// Adds a payout. One that succeeds also delivers what was undelivered before.
    fn add(&mut self, coins: u128, failed: bool) {
        if failed {
            self.undelivered += coins;
        } else {
            self.delivered += coins + self.undelivered;
            self.undelivered = 0;
        }
    }
}

impl GaugeLedger {
    /// Pays the whole base units that a lock is owed.
    pub(super) fn claim(&mut self, claim: &Claim<'_>) -> Result<(), GaugeLedgerError> {
        let lock = claim.lock;
        self.begin_payout(lock)?;
        let wanted = |denom: &str| claim.denoms.is_none_or(|it| it.contains(&denom));
        let payouts: Vec<Payout> = (self.received.denoms().enumerate())
            .filter(|(_, denom)| wanted(denom))
            .map(|(id, denom)| Payout {
                lock,
                denom: id,
                coins: self.with_owed(lock, denom, |owed| owed.floor_coins()),
                failed: claim.failing.contains(&denom),
            })
            .collect();
        for payout in &payouts {
            self.pay(payout)?;
        }
        Ok(())
    }

    /// Records what a system paid of a lock's rewards in one denom.
    pub(super) fn record_payment(
        &mut self,
        payment: &RewardPayment<'_>,
    ) -> Result<(), GaugeLedgerError> {
        let RewardPayment {
            lock,
            coin,
            failed,
            complete,
        } = *payment;
        self.begin_payout(lock)?;
        let tolerance = self.terms(lock).tolerance();
        self.with_owed(lock, coin.denom, |owed| match complete {
            true => owed.check_full_payment(coin.amount, &tolerance),
            false => owed.check_payment(coin.amount, &tolerance),
        })?;
        let Some(denom) = self.received.known(coin.denom) else {
            // The amount is 0, of a denom that was never received.
            return Ok(());
        };
        self.pay(&Payout {
            lock,
            denom,
            coins: coin.amount,
            failed,
        })
    }

    /// Gives what is left of a lock's rewards to the treasury.
    pub(super) fn finish(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        let lock = self.known_lock(id)?;
        let bound = lock.terms.points_below();
        let below_one_coin = lock.rewards.iter().all(|reward| {
            // A system may hold less by the bound, so it may hold less than a base unit although
            // the exact reward is a little more.
            let one_more = (BigInt::from(reward.paid) + 1) * pow10(POINT_PLACES) + &bound;
            reward.earned().cmp_points(&one_more) == Ordering::Less
        });
        if lock.now().amount > 0 || !below_one_coin {
            return Err(GaugeLedgerError::NotFinished(id));
        }

        let lock = self.known_lock_mut(id)?;
        let terms = std::mem::take(&mut lock.terms);
        let fractions: Vec<_> = (lock.rewards.iter_mut())
            .map(|reward| {
                let mut fraction = reward.earned();
                fraction.add_coins(-BigInt::from(reward.paid));
                reward.accrue();
                reward.accrued.subtract(&fraction);
                fraction
            })
            .collect();
        self.finished_points += terms.points_below();
        for (denom, fraction) in fractions.into_iter().enumerate() {
            self.treasury_mut(denom).accrued.add_sum(&fraction);
        }
        Ok(())
    }

    /// Records what a system paid the treasury.
    pub(super) fn record_treasury_payment(
        &mut self,
        coin: &DenomAmount<'_>,
    ) -> Result<(), GaugeLedgerError> {
        self.treasury_owed(coin.denom)
            .check_payment(coin.amount, &self.treasury_tolerance())?;
        let denom = self.received.denom(coin.denom);
        self.treasury_mut(denom).paid += coin.amount;
        Ok(())
    }

    /// A payout accrues what the lock has earned, and counts as a settlement of it.
    fn begin_payout(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        self.accrue(id)?;
        self.known_lock_mut(id)?.terms.settlements += 1;
        Ok(())
    }

    fn pay(&mut self, payout: &Payout) -> Result<(), GaugeLedgerError> {
        let lock = self.known_lock_mut(payout.lock)?;
        // Below 2^128, since it is not above what was earned.
        lock.reward_mut(payout.denom).paid += payout.coins;
        let recipient = lock.recipient().to_owned();
        let dues = self.dues.entry(recipient).or_default();
        dues.entry(payout.denom)
            .or_default()
            .add(payout.coins, payout.failed);
        Ok(())
    }

    /// What the treasury earned and was paid of a denom.
    pub(super) fn treasury_owed<'a>(&'a self, denom: &'a str) -> Owed<'a> {
        let id = self.received.known(denom);
        let account = id.and_then(|id| self.treasury.get(id));
        Owed {
            recipient: &TREASURY,
            denom,
            earned: account.map_or(&super::queries::NOTHING, |it| &it.accrued),
            paid: account.map_or(0, |it| it.paid),
        }
    }
}
