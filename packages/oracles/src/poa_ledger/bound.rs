//! How far a system's entitlements may be from the exact ones.

use num_bigint::BigInt;

use super::{PoaLedger, state::Validator};
use crate::exact::Tolerance;

/// The parts of an account's bound, in points (10^-36 base units).
///
/// A system that keeps an index of whole points for each unit of power, and the remainder of its
/// division as a carry for the next one, may be off the exact entitlement:
///
/// * below it by less than `2 * power + 3` for each checkpoint that allocates anything and for each
///   change of powers, with the power of the account's own validator at that time (the larger of
///   the two for its own change), and 2 for each settlement of it;
/// * above it by less than the total power for each change of powers that leaves the account's
///   validator power: the carry of those before passes on to those after.
///
/// How the ledger counts them:
///
/// * A batch is one change; a batch that sets all powers to what they are is none.
/// * The total power of a change is the largest of these: before, after, the last one above 0 when
///   there was no power before, and the one at the last allocation of any denom. A carry is not
///   divided while there is no power or no fees, so it can be as large as an earlier total power.
/// * A hand-over counts as a change of powers for the old and the new operator.
/// * Withdrawals, changes of its own power and hand-overs settle a validator.
/// * Validators without power earn nothing, so nothing is counted for their operators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoaBoundTerms {
    /// The sum of `2 * power + 3` over checkpoints and changes of powers.
    pub power: u128,
    /// Number of settlements of the account's validator.
    pub settlements: u64,
    /// The sum of the total powers of the changes of powers whose carry may have gone to the account.
    pub carries: u128,
}

impl PoaBoundTerms {
    /// A system holds less than the exact entitlement by less than so many points.
    pub fn points_below(&self) -> BigInt {
        BigInt::from(self.power) + BigInt::from(self.settlements) * 2
    }

    /// A system holds more than the exact entitlement by less than so many points.
    pub fn points_above(&self) -> BigInt {
        BigInt::from(self.carries)
    }

    pub(super) fn tolerance(&self) -> Tolerance {
        Tolerance {
            above: self.points_above(),
            below: self.points_below(),
        }
    }

    fn count_power(&mut self, power: u128) {
        if power > 0 {
            self.power += 2 * power + 3;
        }
    }
}

impl PoaLedger {
    /// Counts a checkpoint, before it is taken.
    pub(super) fn count_checkpoint(&mut self) {
        if !self.will_allocate() {
            return;
        }
        for Validator {
            operator, power, ..
        } in &self.validators
        {
            self.accounts[*operator].terms.count_power(*power);
        }
    }

    /// The bound of an account for a withdrawal now, which takes one more checkpoint and one more
    /// settlement.
    pub(super) fn terms_of_withdrawal(&self, account: usize) -> PoaBoundTerms {
        let mut terms = self.accounts[account].terms;
        let own = self.validators.iter().find(|it| it.operator == account);
        if let Some(validator) = own.filter(|_| self.will_allocate()) {
            terms.count_power(validator.power);
        }
        terms.settlements += 1;
        terms
    }

    /// Counts new powers, in the order of the validators, before they are set.
    pub(super) fn count_power_changes(&mut self, after: &[u128]) {
        let changes = self.validators.iter().zip(after);
        if changes
            .clone()
            .all(|(before, &after)| before.power == after)
        {
            return;
        }
        let total_after = after.iter().sum();
        let total = self.last_power.max(total_after).max(self.divided_by());
        for (before, &after) in changes {
            let terms = &mut self.accounts[before.operator].terms;
            terms.count_power(before.power.max(after));
            if before.power != after {
                terms.settlements += 1;
            }
            if after > 0 {
                terms.carries += total;
            }
        }
        if total_after > 0 {
            self.last_power = total_after;
        }
    }

    /// The largest total power by which the last fees of a denom were divided: every carry is less
    /// than so many points.
    fn divided_by(&self) -> u128 {
        self.pots
            .iter()
            .map(|pot| pot.divided_by)
            .max()
            .unwrap_or(0)
    }

    /// Counts a hand-over, before it happens.
    pub(super) fn count_hand_over(&mut self, place: usize, new_operator: usize) {
        let total = self.sum_of_powers().max(self.divided_by());
        let Validator {
            operator, power, ..
        } = self.validators[place];
        for account in [operator, new_operator] {
            let terms = &mut self.accounts[account].terms;
            terms.count_power(power);
            terms.settlements += 1;
        }
        if power > 0 {
            self.accounts[new_operator].terms.carries += total;
        }
    }
}
