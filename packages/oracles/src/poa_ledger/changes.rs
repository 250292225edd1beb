//! Changes of the validator set and of the denoms. Each takes a checkpoint first.

use super::{
    DenomChange, NewValidator, OperatorChange, PoaLedger, PoaLedgerError, PowerChange,
    state::Validator,
};

/// The largest total power.
const MAX_POWER: u128 = 10_u128.pow(30);

impl PoaLedger {
    pub(super) fn set_powers(&mut self, changes: &[PowerChange<'_>]) -> Result<(), PoaLedgerError> {
        let mut after: Vec<u128> = self.validators.iter().map(|it| it.power).collect();
        for change in changes {
            after[self.known_validator(change.operator)?] = change.power;
        }
        self.change_powers(&after)
    }

    pub(super) fn add_validator(
        &mut self,
        validator: &NewValidator<'_>,
    ) -> Result<(), PoaLedgerError> {
        self.refuse_operator(validator.operator)?;
        let mut after: Vec<u128> = self.validators.iter().map(|it| it.power).collect();
        after.push(validator.power);
        check_power(&after)?;

        let operator = self.account_or_new(validator.operator);
        self.validators.push(Validator { operator, power: 0 });
        self.change_powers(&after)
    }

    pub(super) fn change_operator(
        &mut self,
        change: &OperatorChange<'_>,
    ) -> Result<(), PoaLedgerError> {
        let place = self.known_validator(change.operator)?;
        self.refuse_operator(change.new_operator)?;
        self.checkpoint();
        let operator = self.account_or_new(change.new_operator);
        self.count_hand_over(place, operator);
        self.validators[place].operator = operator;
        Ok(())
    }

    pub(super) fn collect_denom(&mut self, change: &DenomChange<'_>) {
        self.checkpoint();
        let denom = self.received.denom(change.denom);
        self.pot_mut(denom).waits = !change.collected;
    }

    /// A checkpoint, then the new powers, in the order of the validators.
    fn change_powers(&mut self, after: &[u128]) -> Result<(), PoaLedgerError> {
        check_power(after)?;
        self.checkpoint();
        self.count_power_changes(after);
        for (validator, &power) in self.validators.iter_mut().zip(after) {
            validator.power = power;
        }
        Ok(())
    }

    /// Refuses an account that operates a validator already.
    pub(super) fn refuse_operator(&self, operator: &str) -> Result<(), PoaLedgerError> {
        match self.validator_of(operator) {
            Some(_) => Err(PoaLedgerError::OperatorExists {
                operator: operator.to_owned(),
            }),
            None => Ok(()),
        }
    }
}

/// Refuses a total power above the bound.
pub(super) fn check_power(powers: &[u128]) -> Result<(), PoaLedgerError> {
    powers
        .iter()
        .try_fold(0_u128, |sum, &power| sum.checked_add(power))
        .filter(|sum| *sum <= MAX_POWER)
        .map(|_| ())
        .ok_or(PoaLedgerError::PowerBound)
}
