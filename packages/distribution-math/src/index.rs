//! The reward index: points per unit.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Uint256;

use crate::{MathError, Points};

/// The points that each unit has earned since the beginning, and a carry: the remainder that the
/// last division left, which joins the next one.
///
/// A participant with `units` since the index was `start` has earned `units * (index - start)`.
/// Index and product are exact, so a settlement rounds nothing: what all participants have earned,
/// plus the carry, always equals what was added.
///
/// Before the units of a participant change, its rewards are settled and the carry is taken out.
/// The carry was earned by the units until then; dividing it later would give it to others.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, RewardIndex};
///
/// let mut index = RewardIndex::default();
/// index.add(Points::new(Uint256::from(10u128)), 3).unwrap();
/// assert_eq!(index.owed(3, Points::ZERO).unwrap(), Points::new(Uint256::from(9u128)));
/// assert_eq!(index.take_carry(), Points::new(Uint256::from(1u128)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RewardIndex {
    index: Points,
    carry: Points,
}

impl RewardIndex {
    /// An index whose two parts are stored apart.
    pub const fn new(index: Points, carry: Points) -> Self {
        RewardIndex { index, carry }
    }

    /// Points per unit since the beginning. It never falls.
    pub fn index(&self) -> Points {
        self.index
    }

    /// The remainder of the last addition: fewer points than the units it was divided among.
    pub fn carry(&self) -> Points {
        self.carry
    }

    /// Divides `amount` and the carry among `units`: `total = amount + carry`,
    /// `index += total / units`, `carry = total % units`.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] if there are no units, [`MathError::Overflow`] if the total
    /// or the index exceeds 256 bits. The index is unchanged then.
    pub fn add(&mut self, amount: Points, units: u128) -> Result<(), MathError> {
        let total = amount.checked_add(self.carry)?;
        let quotient = total.value().checked_div(Uint256::from(units));
        let per_unit = Points::new(quotient.map_err(|_| MathError::DivisionByZero {
            amount: total.value(),
        })?);
        // A product costs less gas than a second division. It is at most the total.
        let divided = per_unit.checked_mul(units)?;
        let carry = total.checked_sub(divided)?;
        *self = RewardIndex::new(self.index.checked_add(per_unit)?, carry);
        Ok(())
    }

    /// Takes the carry out and leaves 0.
    pub fn take_carry(&mut self) -> Points {
        std::mem::take(&mut self.carry)
    }

    /// The points that `units` have earned since the index was `start`, exactly:
    /// `units * (index - start)`.
    ///
    /// # Errors
    /// [`MathError::Underflow`] if `start` is above the index, [`MathError::Overflow`] if the
    /// product exceeds 256 bits, which needs more units than ever shared in the index.
    pub fn owed(&self, units: u128, start: Points) -> Result<Points, MathError> {
        self.index.checked_sub(start)?.checked_mul(units)
    }
}
