//! What one validator has got of one denom.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{MathError, Points};

use crate::shared::SharedIndexes;

/// What a validator has got of one denom: by name (as a proposer, or deposited for it) at once, of
/// what all share when its record is brought up to date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Earned {
    /// Points got, until the indexes were at `start`.
    pub total: Points,
    /// The indexes then.
    pub start: SharedIndexes,
}

impl Earned {
    /// Points got until the indexes `now`, by a validator that has had this power since the record
    /// was brought up to date.
    ///
    /// # Errors
    /// Overflow, which the bound on receipts excludes.
    pub fn total(&self, now: SharedIndexes, power: u64) -> Result<Points, MathError> {
        self.total.checked_add(now.earned_since(self.start, power)?)
    }

    /// The record at the indexes `now`, so that the power can change.
    ///
    /// # Errors
    /// As [`Earned::total`].
    pub fn up_to(&self, now: SharedIndexes, power: u64) -> Result<Self, MathError> {
        Ok(Earned {
            total: self.total(now, power)?,
            start: now,
        })
    }
}
