//! A ledger that begins with the state of an earlier pool.

use num_traits::Zero;

use super::{DenomAmount, PoaLedger, PoaLedgerError, changes::check_power};
use crate::exact::{Denominator, NUMERATOR_PLACES, POINT_PLACES, points_of_decimal, pow10};

/// The state of an earlier pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// The balance of the new pool.
    pub balance: &'a [DenomAmount<'a>],
    /// The validators.
    pub validators: &'a [ImportedValidator<'a>],
}

/// A validator and its operator's fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedValidator<'a> {
    /// The operator, who has no other validator.
    pub operator: &'a str,
    /// The validator's power.
    pub power: u128,
    /// `F_i`.
    pub fees: &'a [ImportedFees<'a>],
}

/// What is allocated to an operator and not withdrawn, in one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedFees<'a> {
    /// The denom.
    pub denom: &'a str,
    /// A decimal of at most 36 places, in base units.
    pub amount: &'a str,
}

impl PoaLedger {
    /// A ledger with the state of an earlier pool. `A_total` is the sum of all `F_i`; the balance
    /// above it is undistributed until the first checkpoint.
    ///
    /// # Errors
    /// For operators named twice, powers and receipts above their bounds, texts that are no amounts,
    /// and fees above the balance.
    pub fn import(import: &Import<'_>) -> Result<Self, PoaLedgerError> {
        let powers: Vec<u128> = import.validators.iter().map(|it| it.power).collect();
        check_power(&powers)?;

        let mut ledger = Self::default();
        for coin in import.balance {
            ledger.receive(coin)?;
        }
        for validator in import.validators {
            ledger.import_validator(validator)?;
        }
        ledger.last_power = ledger.sum_of_powers();
        let uncovered = (0..ledger.pots.len()).find(|&id| ledger.unallocated_of(id) < Zero::zero());
        match uncovered.and_then(|id| ledger.received.denoms().nth(id)) {
            None => Ok(ledger),
            Some(denom) => Err(PoaLedgerError::NotCovered {
                denom: denom.to_owned(),
            }),
        }
    }

    fn import_validator(
        &mut self,
        validator: &ImportedValidator<'_>,
    ) -> Result<(), PoaLedgerError> {
        let operator = validator.operator;
        self.refuse_operator(operator, None)?;
        let account = self.push_validator(operator, validator.power);
        for fees in validator.fees {
            let points =
                points_of_decimal(fees.amount).ok_or_else(|| PoaLedgerError::BadAmount {
                    text: fees.amount.to_owned(),
                })?;
            let denom = self.received.denom(fees.denom);
            self.pot_mut(denom).allocated += &points;
            self.accounts[account].claim_mut(denom).earned.add(
                points * pow10(NUMERATOR_PLACES - POINT_PLACES),
                Denominator::ONE,
            );
        }
        Ok(())
    }
}
