//! How far below its exact share a recipient's entitlement may be.

use num_bigint::BigInt;

use super::{FeeLedger, records::Validator};

/// The parts of a recipient's bound, in points (10^-36 base units).
///
/// A system that keeps whole points (10^-36 base units) and floors them may fall short of the
/// exact share by less than this many points:
///
/// * `2 * power + 3` for each block and for each change of any validator's power, with the power
///   of the recipient's own validator at that time (the larger of the two for its own change);
/// * `2 * units` for each change of units at the recipient's validator, by anybody;
/// * 2 for each settlement of the recipient's validator.
///
/// How the ledger counts them:
///
/// * Setting a power or units to what they are is no change. A removal is a change of power when
///   there was power. It counts as a change of units too: what could not be divided among the
///   units belongs to the community pool then, as before a change of them.
/// * A delegation without units earns nothing, so the blocks and changes of power while it has
///   none add nothing to its own bound. Commission has all of them.
/// * A ledger cannot see settlements. Every operation that may make the system settle a validator
///   counts as one of it: setting its power, commission or units, its removal, a reward or a payout
///   from it, being the proposer of a block, and [`FeeLedger::count_settlement_of`] for what else a
///   system may do (a withdrawal that pays nothing, a refresh). This is at least what really
///   happens, and by far the smallest of the terms.
/// * What an earlier pool owed is imported exactly, and adds nothing.
/// * A record begins with nothing: what happened before the first units, and before a forfeit,
///   is not part of it.
///
/// `units` can be read in two ways, and the terms keep both: all units of the validator, which
/// [`FeeLedger::bound`] uses, and the recipient's own units at each change (the larger of the two
/// for its own), which is what the carry of an index over units can take from a single recipient.
/// The second is much tighter for small delegators; see [`Self::own_points`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoundTerms {
    /// `2 * power + 3` of every block and change of power.
    pub power: u128,
    /// Twice all units of the validator, for every change of them.
    pub validator_units: u128,
    /// Twice the recipient's own units, for every change of its validator's units. 0 for
    /// commission.
    pub own_units: u128,
    /// Number of settlements of the validator.
    pub settlements: u64,
}

impl BoundTerms {
    /// The bound with all units of the validator counted for each change of them.
    pub fn points(&self) -> BigInt {
        self.common() + self.validator_units
    }

    /// The bound with the recipient's own units counted for each change.
    pub fn own_points(&self) -> BigInt {
        self.common() + self.own_units
    }

    fn common(&self) -> BigInt {
        BigInt::from(self.power) + BigInt::from(self.settlements) * 2
    }

    fn count_power(&mut self, power: u64) {
        self.power += 2 * u128::from(power) + 3;
    }
}

/// A change of one delegation's units, and with it of its validator's.
pub(super) struct UnitsChange {
    pub delegator: usize,
    /// The larger of the delegation's units before and after.
    pub own: u128,
    /// The larger of the validator's units before and after.
    pub validator: u128,
}

impl Validator {
    /// A block, or a change of power somewhere, while this validator has this power.
    fn count_power(&mut self, power: u64) {
        self.operator_terms.count_power(power);
        for delegation in &mut self.delegations {
            if delegation.units > 0 {
                delegation.terms.count_power(power);
            }
        }
    }

    pub fn count_settlement(&mut self) {
        self.operator_terms.settlements += 1;
        for delegation in &mut self.delegations {
            delegation.terms.settlements += 1;
        }
    }

    /// A removal, for which nobody's units change.
    pub fn count_removal(&mut self) {
        let all = self.units();
        self.operator_terms.validator_units += 2 * all;
        for delegation in &mut self.delegations {
            delegation.terms.validator_units += 2 * all;
            delegation.terms.own_units += 2 * delegation.units;
        }
    }

    pub fn count_units(&mut self, change: &UnitsChange) {
        self.operator_terms.validator_units += 2 * change.validator;
        for delegation in &mut self.delegations {
            let own = if delegation.delegator == change.delegator {
                change.own
            } else {
                delegation.units
            };
            delegation.terms.validator_units += 2 * change.validator;
            delegation.terms.own_units += 2 * own;
        }
    }
}

impl FeeLedger {
    /// Counts a settlement of a validator that none of the recorded operations shows. Unknown
    /// validators have nothing to settle.
    pub fn count_settlement_of(&mut self, validator: &str) {
        if let Some(id) = self.validator_names.get(validator) {
            self.validators[id].count_settlement();
        }
    }

    pub(super) fn count_block(&mut self) {
        for validator in &mut self.validators {
            validator.count_power(validator.power);
        }
    }

    /// A change of one validator's power, whose larger value is given.
    pub(super) fn count_power_change(&mut self, changed: usize, larger: u64) {
        for (id, validator) in self.validators.iter_mut().enumerate() {
            let power = if id == changed {
                larger
            } else {
                validator.power
            };
            validator.count_power(power);
        }
    }
}
