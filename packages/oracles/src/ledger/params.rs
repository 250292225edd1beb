//! Parameters of the split of a block's fees.

use super::{Fraction, LedgerError};

/// How the fees of a block are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeParams {
    /// Part of all fees that belongs to the community pool.
    pub community_tax: Fraction,
    /// Part of all fees that belongs to the proposer whatever was signed.
    pub base_proposer_reward: Fraction,
    /// Part of all fees that belongs to the proposer when all power signed, and in proportion to
    /// the signed power when less did.
    pub bonus_proposer_reward: Fraction,
    /// Part of the validators' votes share that is the same for every validator with power; the
    /// rest goes by power.
    pub equal_share: Fraction,
}

impl FeeParams {
    /// # Errors
    /// [`LedgerError::BadParams`] when tax, base and bonus are above 1 in sum.
    pub(super) fn checked(self) -> Result<Self, LedgerError> {
        // Three values of at most 10^18 fit 64 bits.
        let sum = self.community_tax.atomics()
            + self.base_proposer_reward.atomics()
            + self.bonus_proposer_reward.atomics();
        match Fraction::from_atomics(sum) {
            Some(_) => Ok(self),
            None => Err(LedgerError::BadParams),
        }
    }
}

impl Default for FeeParams {
    /// Tax 2 %, base 1 %, bonus 4 %, no equal share.
    fn default() -> Self {
        let percent =
            |hundredths| Fraction::from_atomics(hundredths * (Fraction::ONE.atomics() / 100));
        Self {
            community_tax: percent(2).unwrap_or_default(),
            base_proposer_reward: percent(1).unwrap_or_default(),
            bonus_proposer_reward: percent(4).unwrap_or_default(),
            equal_share: Fraction::ZERO,
        }
    }
}
