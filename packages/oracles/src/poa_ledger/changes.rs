//! Changes of the validator set and of the denoms. Each takes a checkpoint first.

use super::{
    Acceptance, DenomChange, NewValidator, OperatorChange, PoaLedger, PoaLedgerError, PowerChange,
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
        self.refuse_operator(validator.operator, None)?;
        let mut after: Vec<u128> = self.validators.iter().map(|it| it.power).collect();
        after.push(validator.power);
        check_power(&after)?;

        self.push_validator(validator.operator, 0);
        self.change_powers(&after)
    }

    pub(super) fn offer_validator(
        &mut self,
        change: &OperatorChange<'_>,
    ) -> Result<(), PoaLedgerError> {
        let place = self.known_validator(change.operator)?;
        self.refuse_operator(change.new_operator, Some(place))?;
        let is_operator = self.validator_of(change.new_operator) == Some(place);
        self.validators[place].offered_to = (!is_operator).then(|| change.new_operator.to_owned());
        Ok(())
    }

    pub(super) fn accept_validator(
        &mut self,
        acceptance: &Acceptance<'_>,
    ) -> Result<(), PoaLedgerError> {
        let Acceptance { id, new_operator } = *acceptance;
        let offered = Some(new_operator.to_owned());
        let place = usize::try_from(id)
            .ok()
            .and_then(|id| id.checked_sub(1))
            .filter(|&place| {
                let validator = self.validators.get(place);
                validator.is_some_and(|it| it.offered_to == offered)
            })
            .ok_or_else(|| PoaLedgerError::NotOffered {
                id,
                account: new_operator.to_owned(),
            })?;
        self.hand_over(place, new_operator)
    }

    pub(super) fn change_operator(
        &mut self,
        change: &OperatorChange<'_>,
    ) -> Result<(), PoaLedgerError> {
        let place = self.known_validator(change.operator)?;
        self.hand_over(place, change.new_operator)
    }

    /// A checkpoint, then the new operator. Ends an offer.
    fn hand_over(&mut self, place: usize, new_operator: &str) -> Result<(), PoaLedgerError> {
        self.refuse_operator(new_operator, Some(place))?;
        if self.validator_of(new_operator) == Some(place) {
            self.validators[place].offered_to = None;
            return Ok(());
        }
        self.checkpoint();
        let operator = self.operates(new_operator, place);
        self.count_hand_over(place, operator);
        self.validators[place].operator = operator;
        self.validators[place].offered_to = None;
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

    /// Refuses an account that operates or has operated another validator than the one at a place.
    pub(super) fn refuse_operator(
        &self,
        operator: &str,
        place: Option<usize>,
    ) -> Result<(), PoaLedgerError> {
        let named = self.validator_named(operator);
        if named.is_none() || named == place {
            return Ok(());
        }
        Err(PoaLedgerError::OperatorExists {
            operator: operator.to_owned(),
        })
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
