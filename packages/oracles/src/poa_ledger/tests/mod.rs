//! Tests of the ledger: worked examples, random histories against plain rationals, refusals.

#![allow(clippy::unwrap_used)]

mod bounds;
mod cases;
mod hand_overs;
mod imports;
mod payments;
mod properties;
mod refusals;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;

const DENOM: &str = "uatom";

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn coin(amount: u128) -> DenomAmount<'static> {
    DenomAmount {
        denom: DENOM,
        amount,
    }
}

/// Operations in short forms.
trait Verbs {
    fn fees(&mut self, amount: u128);
    fn checkpoint_now(&mut self);
    fn join(&mut self, operator: &str, power: u128);
    fn power_of(&mut self, operator: &str, power: u128);
    fn hand_over(&mut self, operator: &str, new_operator: &str);
    fn withdraws(&mut self, account: &str) -> u128;
    fn fails_to_withdraw(&mut self, account: &str);
    fn was_paid(&mut self, account: &str, amount: u128) -> Result<(), PoaLedgerError>;
    fn has(&self, account: &str) -> BigRational;
}

impl Verbs for PoaLedger {
    #[track_caller]
    fn fees(&mut self, amount: u128) {
        self.apply(&PoaOperation::Receive(coin(amount))).unwrap();
    }

    #[track_caller]
    fn checkpoint_now(&mut self) {
        self.apply(&PoaOperation::Checkpoint).unwrap();
    }

    #[track_caller]
    fn join(&mut self, operator: &str, power: u128) {
        self.apply(&PoaOperation::AddValidator(NewValidator {
            operator,
            power,
        }))
        .unwrap();
    }

    #[track_caller]
    fn power_of(&mut self, operator: &str, power: u128) {
        let change = PowerChange { operator, power };
        self.apply(&PoaOperation::SetPowers(&[change])).unwrap();
    }

    #[track_caller]
    fn hand_over(&mut self, operator: &str, new_operator: &str) {
        self.apply(&PoaOperation::ChangeOperator(OperatorChange {
            operator,
            new_operator,
        }))
        .unwrap();
    }

    #[track_caller]
    fn withdraws(&mut self, account: &str) -> u128 {
        let before = self.paid(account, DENOM);
        let withdrawal = Withdrawal {
            account,
            failing: &[],
        };
        self.apply(&PoaOperation::Withdraw(withdrawal)).unwrap();
        self.paid(account, DENOM) - before
    }

    #[track_caller]
    fn fails_to_withdraw(&mut self, account: &str) {
        let withdrawal = Withdrawal {
            account,
            failing: &[DENOM],
        };
        self.apply(&PoaOperation::Withdraw(withdrawal)).unwrap();
    }

    fn was_paid(&mut self, account: &str, amount: u128) -> Result<(), PoaLedgerError> {
        self.apply(&PoaOperation::Paid(Payment {
            account,
            coin: coin(amount),
            failed: false,
        }))
    }

    /// What is allocated, after a check of the ledger's own sums.
    #[track_caller]
    fn has(&self, account: &str) -> BigRational {
        self.check_conservation().unwrap();
        self.allocated(account, DENOM)
    }
}

/// Validators `v1`, `v2`.. of these powers.
fn with_powers(powers: &[u128]) -> PoaLedger {
    let mut ledger = PoaLedger::default();
    for (place, &power) in powers.iter().enumerate() {
        ledger.join(&format!("v{}", place + 1), power);
    }
    ledger
}
