//! A checkpoint: the allocation of what is undistributed.

use std::num::NonZeroU128;

use num_bigint::BigInt;
use num_traits::Zero;

use super::{PoaLedger, state::Validator};
use crate::exact::{Denominator, ExactSum, NUMERATOR_PLACES, POINT_PLACES, pow10};

/// `S_i = U * P_i / P_total`.
pub(super) struct Shares {
    /// `U` in 10^-54 base units.
    unallocated: BigInt,
    total_power: Denominator,
}

impl Shares {
    /// Adds one validator's share.
    pub fn give(&self, validator: &Validator, earned: &mut ExactSum) {
        earned.add(&self.unallocated * validator.power, self.total_power);
    }
}

impl PoaLedger {
    /// The shares of the next checkpoint in a denom, `None` while there is no power or the denom is
    /// removed.
    pub(super) fn shares(&self, denom: usize) -> Option<Shares> {
        if self.pots[denom].waits {
            return None;
        }
        let total_power = NonZeroU128::new(self.sum_of_powers())?;
        Some(Shares {
            unallocated: self.unallocated_of(denom) * pow10(NUMERATOR_PLACES - POINT_PLACES),
            total_power: Denominator::units(total_power),
        })
    }

    /// Allocates to every validator its share of what is undistributed, in every denom.
    pub(super) fn checkpoint(&mut self) {
        self.count_checkpoint();
        for denom in 0..self.pots.len() {
            let unallocated = self.unallocated_of(denom);
            let Some(shares) = self.shares(denom).filter(|_| !unallocated.is_zero()) else {
                continue;
            };
            for validator in self.validators.iter().filter(|it| it.power > 0) {
                let claim = self.accounts[validator.operator].claim_mut(denom);
                shares.give(validator, &mut claim.earned);
            }
            let divided_by = self.sum_of_powers();
            let pot = &mut self.pots[denom];
            pot.allocated += unallocated;
            pot.divided_by = divided_by;
        }
    }

    /// Whether the next checkpoint allocates anything.
    pub(super) fn will_allocate(&self) -> bool {
        let allocates =
            |denom: usize| !self.pots[denom].waits && !self.unallocated_of(denom).is_zero();
        self.sum_of_powers() > 0 && (0..self.pots.len()).any(allocates)
    }
}
