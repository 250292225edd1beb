//! The ledger's own payouts, and payments of the system under test.

use num_bigint::BigInt;

use super::{Payment, PoaLedger, PoaLedgerError, Withdrawal};
use crate::exact::{POINT_PLACES, pow10};

/// A payout in one denom; account and denom by their numbers.
struct Payout {
    account: usize,
    denom: usize,
    coins: u128,
    failed: bool,
}

impl PoaLedger {
    /// Pays an account the whole part of what it is owed, in every denom.
    pub(super) fn withdraw(&mut self, withdrawal: &Withdrawal<'_>) {
        self.checkpoint();
        let Some(account) = self.account_names.get(withdrawal.account) else {
            return;
        };
        self.accounts[account].terms.settlements += 1;
        let payouts: Vec<Payout> = (self.received.denoms().enumerate())
            .map(|(id, denom)| Payout {
                account,
                denom: id,
                coins: self
                    .with_undelivered(&withdrawal.account, denom)
                    .floor_coins(),
                failed: withdrawal.failing.contains(&denom),
            })
            .collect();
        for payout in &payouts {
            self.pay(payout);
        }
    }

    /// Records what a system paid for a withdrawal in one denom.
    pub(super) fn record_payment(&mut self, payment: &Payment<'_>) -> Result<(), PoaLedgerError> {
        self.checkpoint();
        let Payment {
            account,
            coin,
            failed,
        } = payment;
        let id = self.account_names.get(account);
        if let Some(id) = id {
            self.accounts[id].terms.settlements += 1;
        }
        self.with_undelivered(account, coin.denom)
            .check_full_payment(coin.amount, &self.tolerance(account))?;

        // An unknown account, or an unknown denom, was checked to be paid 0.
        if let Some((account, denom)) = id.zip(self.received.known(coin.denom)) {
            self.pay(&Payout {
                account,
                denom,
                coins: coin.amount,
                failed: *failed,
            });
        }
        Ok(())
    }

    /// `F_i -= W_i ; A_total -= W_i`. The payout includes earlier undelivered ones; those were taken
    /// from `A_total` by the withdrawals in which they failed.
    fn pay(&mut self, payout: &Payout) {
        let claim = self.accounts[payout.account].claim_mut(payout.denom);
        let pot = &mut self.pots[payout.denom];
        let newly = BigInt::from(payout.coins) - claim.undelivered;
        pot.allocated -= newly * pow10(POINT_PLACES);
        pot.withdrawn = pot.withdrawn + payout.coins - claim.undelivered;

        // Amounts withdrawn are below 2^128 in sum, like everything received.
        if payout.failed {
            claim.undelivered = payout.coins;
        } else {
            claim.undelivered = 0;
            claim.delivered += payout.coins;
        }
    }
}
