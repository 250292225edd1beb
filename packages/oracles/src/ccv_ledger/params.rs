//! What a consumer is configured with.

use num_rational::BigRational;

use super::{CcvLedgerError, Fraction};

/// What a consumer is configured with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsumerParams {
    /// Part of the fees that stays for the consumer's own stakers.
    pub consumer_fraction: Fraction,
    /// Part of the provider's part that the proposer of a block gets in any case.
    pub base_proposer_reward: Fraction,
    /// Part that it gets in addition when all power signed, and proportionally less when not.
    pub bonus_proposer_reward: Fraction,
}

impl ConsumerParams {
    pub(super) fn checked(self) -> Result<Self, CcvLedgerError> {
        // Two values of at most 10^18 fit 64 bits.
        let sum = self.base_proposer_reward.atomics() + self.bonus_proposer_reward.atomics();
        Fraction::from_atomics(sum)
            .map(|_| self)
            .ok_or(CcvLedgerError::BadParams)
    }

    /// The consumer's part of one base unit.
    pub(super) fn consumer_part(&self) -> BigRational {
        rational(self.consumer_fraction)
    }

    /// The proposer's part of one base unit: base, and bonus by the power that signed. Nothing
    /// without power.
    pub(super) fn proposer_part(&self, signed_power: u64, total: u64) -> BigRational {
        if total == 0 {
            return BigRational::default();
        }
        let signed = BigRational::new(signed_power.min(total).into(), total.into());
        rational(self.base_proposer_reward) + rational(self.bonus_proposer_reward) * signed
    }
}

fn rational(rate: Fraction) -> BigRational {
    BigRational::new(rate.atomics().into(), Fraction::ONE.atomics().into())
}
