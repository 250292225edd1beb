//! Changes of powers, commissions and delegations.

use super::{FeeLedger, Fraction, LedgerError, bound::UnitsChange, import::Aspect};

/// Units of one validator, at most.
const MAX_UNITS: u128 = 10_u128.pow(34);

impl FeeLedger {
    /// A validator with this commission: a new record, or a removed validator that is back and
    /// goes on with what it earned before.
    pub fn create_validator(&mut self, validator: &str, commission: Fraction) {
        self.set_commission(validator, commission);
        let id = self.validator_or_new(validator);
        self.validators[id].removed = false;
    }

    /// The power of a validator from the next block on. An unknown validator gets a record with
    /// commission 0, unless it has no power. A removed one stays removed: its power counts, and it proposes nothing.
    pub fn set_power(&mut self, validator: &str, power: u64) {
        self.said_by_event(Aspect::power(validator));
        if power > 0 || self.validator_names.get(validator).is_some() {
            let id = self.validator_or_new(validator);
            self.change_power(id, power);
        }
    }

    pub(super) fn change_power(&mut self, id: usize, power: u64) {
        let before = self.validators[id].power;
        self.validators[id].count_settlement();
        if before != power {
            self.count_power_change(id, before.max(power));
            self.validators[id].power = power;
        }
    }

    /// The commission of a validator from the next reward on. An unknown validator gets a record.
    pub fn set_commission(&mut self, validator: &str, commission: Fraction) {
        let id = self.validator_or_new(validator);
        self.said_by_event(Aspect::commission(validator));
        self.validators[id].count_settlement();
        self.validators[id].commission = commission;
    }

    /// What a delegation has of its validator from the next reward on. Both get a record when
    /// they are new and there are units.
    ///
    /// # Errors
    /// [`LedgerError::UnitsBound`] when the validator's units would be above 10^34 in sum,
    /// [`LedgerError::Removed`] for more units of a removed validator. Nothing changes then.
    pub fn set_units(
        &mut self,
        delegator: &str,
        validator: &str,
        units: u128,
    ) -> Result<(), LedgerError> {
        self.change_units(delegator, validator, units)?;
        self.said_by_event(Aspect::units(delegator, validator));
        Ok(())
    }

    pub(super) fn change_units(
        &mut self,
        delegator: &str,
        validator: &str,
        units: u128,
    ) -> Result<(), LedgerError> {
        let delegator = self.delegators.intern(delegator);
        let id = self.validator_or_new(validator);
        let record = &mut self.validators[id];

        let own_before = record.delegation(delegator).map_or(0, |it| it.units);
        if record.removed && units > own_before {
            return Err(LedgerError::Removed {
                validator: validator.to_owned(),
            });
        }
        let all_before = record.units();
        let all_after = (all_before - own_before)
            .checked_add(units)
            .filter(|sum| *sum <= MAX_UNITS)
            .ok_or_else(|| LedgerError::UnitsBound {
                validator: validator.to_owned(),
            })?;

        record.count_settlement();
        if units != own_before {
            record.delegation_or_new(delegator);
            record.count_units(&UnitsChange {
                delegator,
                own: own_before.max(units),
                validator: all_before.max(all_after),
            });
            record.delegation_or_new(delegator).units = units;
        }
        Ok(())
    }

    /// Removes a validator, until it is created again: it has no power, what it would get as a
    /// proposer belongs to the community pool, it takes no rewards and no new units. What it and
    /// its delegators earned stays theirs. Power that it is told to have later counts.
    ///
    /// # Errors
    /// [`LedgerError::UnknownValidator`].
    pub fn remove_validator(&mut self, validator: &str) -> Result<(), LedgerError> {
        let id = self.known_validator(validator)?;
        self.set_power(validator, 0);
        self.said_by_event(Aspect::commission(validator));
        let record = &mut self.validators[id];
        record.removed = true;
        record.count_removal();
        Ok(())
    }
}
