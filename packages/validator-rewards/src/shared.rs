//! What all validators share, as indexes.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{FeeSplit, MathError, Points, RewardIndex};

use crate::validator_set::PowerTotals;

/// What all validators share of one denom. A block changes nothing else for them, so it costs the
/// same for any number of validators.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct SharedRewards {
    /// Points per unit of voting power.
    by_power: RewardIndex,
    /// Points per active validator.
    equally: RewardIndex,
}

/// The two indexes at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SharedIndexes {
    /// Points per unit of voting power since the beginning.
    pub by_power: Points,
    /// Points per active validator since the beginning.
    pub equally: Points,
}

impl SharedRewards {
    /// Gives the votes' part of a block's fees to the validators, by power and in equal parts, and
    /// returns how much that is.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] for an amount while no validator has power: a split without
    /// power gives the votes nothing. Overflows, which the bound on receipts excludes.
    pub fn add(&mut self, split: &FeeSplit, totals: &PowerTotals) -> Result<Points, MathError> {
        let power = u128::from(totals.power);
        let active_validators = u128::from(totals.active_validators);
        let mut added = Points::ZERO;
        let parts = [
            (&mut self.by_power, split.by_power, power),
            (&mut self.equally, split.equally, active_validators),
        ];
        for (index, amount, units) in parts {
            if !amount.is_zero() {
                index.add(amount, units)?;
                added = added.checked_add(amount)?;
            }
        }
        Ok(added)
    }

    /// The indexes now.
    pub fn indexes(&self) -> SharedIndexes {
        SharedIndexes {
            by_power: self.by_power.index(),
            equally: self.equally.index(),
        }
    }

    /// What the indexes could not divide yet.
    pub fn carry(&self) -> Result<Points, MathError> {
        self.by_power.carry().checked_add(self.equally.carry())
    }

    /// Takes the carries out, because a power is about to change: whoever joins would otherwise be
    /// paid from what others earned.
    pub fn take_carry(&mut self) -> Result<Points, MathError> {
        let by_power = self.by_power.take_carry();
        by_power.checked_add(self.equally.take_carry())
    }
}

impl SharedIndexes {
    /// What a validator with `power` earned from the indexes `start` to these ones, exactly.
    ///
    /// # Errors
    /// [`MathError::Underflow`] if the start is later.
    pub fn earned_since(&self, start: SharedIndexes, power: u64) -> Result<Points, MathError> {
        if power == 0 {
            return Ok(Points::ZERO);
        }
        let per_power = self.by_power.checked_sub(start.by_power)?;
        let by_power = per_power.checked_mul(power.into())?;
        by_power.checked_add(self.equally.checked_sub(start.equally)?)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use cosmwasm_std::Uint256;
    use proptest::prelude::*;

    fn split(by_power: u128, equally: u128) -> FeeSplit {
        FeeSplit {
            by_power: Points::new(Uint256::from(by_power)),
            equally: Points::new(Uint256::from(equally)),
            ..FeeSplit::default()
        }
    }

    proptest! {
        /// What all validators earned, plus the carry, is what was added.
        #[test]
        fn nothing_is_lost(
            powers in prop::collection::vec(1u64..1 << 40, 1..20),
            blocks in prop::collection::vec((0u128..1 << 100, 0u128..1 << 100), 1..20),
        ) {
            let totals = PowerTotals {
                power: powers.iter().sum(),
                active_validators: powers.len() as u32,
            };
            let mut shared = SharedRewards::default();
            let mut added = Points::ZERO;
            for (by_power, equally) in blocks {
                let part = shared.add(&split(by_power, equally), &totals).unwrap();
                added = added.checked_add(part).unwrap();
            }
            let now = shared.indexes();
            let earned = powers
                .iter()
                .map(|power| now.earned_since(SharedIndexes::default(), *power).unwrap());
            let earned = Points::sum(earned).unwrap();
            prop_assert_eq!(earned.checked_add(shared.carry().unwrap()).unwrap(), added);
        }
    }

    #[test]
    fn an_amount_without_power_is_refused() {
        let mut shared = SharedRewards::default();
        assert!(shared.add(&split(1, 0), &PowerTotals::default()).is_err());
        assert!(shared.add(&split(0, 1), &PowerTotals::default()).is_err());
        let nothing = shared.add(&split(0, 0), &PowerTotals::default()).unwrap();
        assert_eq!(nothing, Points::ZERO);
    }
}
