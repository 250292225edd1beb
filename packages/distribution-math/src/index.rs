//! The reward index: points per unit.

use crate::{MathError, MathFault, Points, wide::Wide};
use borsh::{BorshDeserialize, BorshSerialize};

/// An amount divided among units: what each unit gets, and what the division leaves.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, Spread};
///
/// let points = |number: u128| Points::new(Uint256::from(number));
/// let spread = Spread::new(points(10), 3).unwrap();
/// assert_eq!(spread.per_unit, points(3));
/// assert_eq!(spread.remainder, points(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Points for each unit.
    pub per_unit: Points,
    /// What is left over: fewer points than there are units.
    pub remainder: Points,
}

impl Spread {
    /// Divides `amount` among `units`; `per_unit * units + remainder == amount`.
    ///
    /// # Errors
    /// [`MathFault::DivisionByZero`] without units.
    pub fn new(amount: Points, units: u128) -> Result<Self, MathError> {
        let divided = Wide::from(amount.value()).divided(&Wide::from(units));
        // Both are at most the amount.
        let points = |number: Wide| number.to_256().map(Points::new);
        divided
            .and_then(|divided| {
                Some(Spread {
                    per_unit: points(divided.quotient)?,
                    remainder: points(divided.remainder)?,
                })
            })
            .ok_or_else(|| {
                MathFault::DivisionByZero {
                    amount: amount.value(),
                }
                .into()
            })
    }
}

/// Points per unit ever given to whoever shares a reward, with what could not be divided yet.
///
/// A recipient with `units` since the index was `then` has earned `units * (index - then)`. Both
/// the index and that product are exact, so a settlement floors nothing: over any number of
/// additions, what the recipients earned and the carry add up to what was added.
///
/// Before the units change, every recipient whose own units change is settled and the carry is
/// taken out: it was earned by the units until then, and dividing it by others would pay them for
/// it.
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
    /// Points per unit since the beginning; never falls.
    index: Points,
    /// What the last addition could not divide: fewer points than there are units.
    carry: Points,
}

impl RewardIndex {
    /// Points per unit since the beginning.
    pub fn index(&self) -> Points {
        self.index
    }

    /// What is not divided yet: fewer points than the units of the last addition.
    pub fn carry(&self) -> Points {
        self.carry
    }

    /// Shares `amount` among `units`: `total = amount + carry`, `index += total / units`,
    /// `carry = total % units`.
    ///
    /// # Errors
    /// [`MathFault::DivisionByZero`] without units; [`MathFault::Overflow`], which the bound of
    /// the crate excludes. The index is as before then.
    pub fn add(&mut self, amount: Points, units: u128) -> Result<(), MathError> {
        let spread = Spread::new(amount.checked_add(self.carry)?, units)?;
        self.index = self.index.checked_add(spread.per_unit)?;
        self.carry = spread.remainder;
        Ok(())
    }

    /// Takes the carry out, for the party that owns it once the units change.
    pub fn take_carry(&mut self) -> Points {
        std::mem::take(&mut self.carry)
    }

    /// `units * (index - then)`, exact: the points that `units` have earned since the index was
    /// `then`.
    ///
    /// # Errors
    /// [`MathFault::Underflow`] when `then` lies in the future; [`MathFault::Overflow`] for more
    /// units than have shared in the index since then.
    pub fn owed(&self, units: u128, then: Points) -> Result<Points, MathError> {
        self.index.checked_sub(then)?.checked_mul(units)
    }
}
