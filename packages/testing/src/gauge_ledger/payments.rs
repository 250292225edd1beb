//! Money out: the ledger's own payouts, and what the system under test really paid.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::{
    Claim, DenomAmount, GaugeLedger, GaugeLedgerError, LockId, RewardPayment,
    queries::{Dues, TREASURY},
};
use crate::exact::{Owed, POINT_PLACES, pow10};

/// A payout of a lock's rewards in one denom, by number of the denom.
struct Payout {
    lock: LockId,
    denom: usize,
    coins: u128,
    failed: bool,
}

impl Dues {
    /// A payout with what could not be delivered before.
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
    /// Pays the whole part of what a lock is owed.
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
            // Nothing of a denom that never came up.
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
            // Also for a system that is below the exact reward by the bound.
            let one_more = (BigInt::from(reward.paid) + 1) * pow10(POINT_PLACES) + &bound;
            reward.earned().cmp_points(&one_more) == Ordering::Less
        });
        if lock.now().amount > 0 || !below_one_coin {
            return Err(GaugeLedgerError::NotFinished(id));
        }

        let lock = self.known_lock_mut(id)?;
        let terms = std::mem::take(&mut lock.terms);
        let rests: Vec<_> = (lock.rewards.iter_mut())
            .map(|reward| {
                let mut rest = reward.earned();
                rest.add_coins(-BigInt::from(reward.paid));
                reward.accrue();
                reward.accrued.subtract(&rest);
                rest
            })
            .collect();
        self.finished_points += terms.points_below();
        for (denom, rest) in rests.into_iter().enumerate() {
            self.treasury_mut(denom).accrued.add_sum(&rest);
        }
        Ok(())
    }

    /// Records what was paid from the treasury.
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

    /// A payout is an operation on a lock, and what it earned becomes its own.
    fn begin_payout(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        self.accrue(id)?;
        self.known_lock_mut(id)?.terms.settlements += 1;
        Ok(())
    }

    fn pay(&mut self, payout: &Payout) -> Result<(), GaugeLedgerError> {
        let lock = self.known_lock_mut(payout.lock)?;
        // What was earned is less than 2^128, and so is what was paid of it.
        lock.reward_mut(payout.denom).paid += payout.coins;
        let recipient = lock.recipient().to_owned();
        let dues = self.dues.entry(recipient).or_default();
        dues.entry(payout.denom)
            .or_default()
            .add(payout.coins, payout.failed);
        Ok(())
    }

    /// What the treasury earned of a denom and was paid of it.
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
