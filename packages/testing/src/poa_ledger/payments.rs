//! Money out: the ledger's own payouts, and what the system under test really paid.

use num_bigint::BigInt;

use super::{Payment, PoaLedger, PoaLedgerError, Withdrawal};
use crate::exact::{POINT_PLACES, pow10};

/// A payout in one denom, by numbers.
struct Payout {
    account: usize,
    denom: usize,
    coins: u128,
    failed: bool,
}

impl PoaLedger {
    /// Pays an account the whole part of all that it is owed.
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

        // Whoever is unknown, or a denom that is, was just paid nothing.
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

    /// `F_i -= W_i ; A_total -= W_i`, with what could not be delivered before.
    fn pay(&mut self, payout: &Payout) {
        let claim = self.accounts[payout.account].claim_mut(payout.denom);
        let pot = &mut self.pots[payout.denom];
        let newly = BigInt::from(payout.coins) - claim.undelivered;
        pot.allocated -= newly * pow10(POINT_PLACES);
        pot.withdrawn = pot.withdrawn + payout.coins - claim.undelivered;

        // Amounts withdrawn are below 2^128 in sum, as all that was received is.
        if payout.failed {
            claim.undelivered = payout.coins;
        } else {
            claim.undelivered = 0;
            claim.delivered += payout.coins;
        }
    }
}
