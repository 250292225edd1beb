//! Who gets which part: a block's fees, and a validator's reward.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Decimal256, Uint256};

use crate::{MathError, MathFault, Points, Rate};

/// The rates that split a block's fees: each in [0, 1], and tax, base and bonus together at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SplitRates {
    community_tax: Rate,
    base_proposer_reward: Rate,
    bonus_proposer_reward: Rate,
    equal_share: Rate,
}

impl SplitRates {
    /// Without proposer reward and equal share.
    ///
    /// A tax alone is at most 1, so this cannot fail.
    pub fn tax_only(community_tax: Rate) -> Self {
        SplitRates {
            community_tax,
            base_proposer_reward: Rate::ZERO,
            bonus_proposer_reward: Rate::ZERO,
            equal_share: Rate::ZERO,
        }
    }

    /// With proposer rewards: `base` always, and of `bonus` the part of the power that signed.
    ///
    /// # Errors
    /// [`MathFault::RatesAboveOne`] when they and the tax promise more than there is.
    pub fn with_proposer_reward(self, base: Rate, bonus: Rate) -> Result<Self, MathError> {
        let atomics = [self.community_tax, base, bonus]
            .iter()
            .map(|rate| u128::from(rate.atomics()))
            .sum::<u128>();
        if atomics > u128::from(Rate::ATOMICS_PER_ONE) {
            return Err(MathFault::RatesAboveOne {
                sum: Decimal256::new(Uint256::from(atomics)),
            }
            .into());
        }
        Ok(SplitRates {
            base_proposer_reward: base,
            bonus_proposer_reward: bonus,
            ..self
        })
    }

    /// With a part of the votes' share divided equally among the active validators, the rest of it
    /// by power. It is a part of a part, so no limit but 1 applies.
    pub fn with_equal_share(self, equal_share: Rate) -> Self {
        SplitRates {
            equal_share,
            ..self
        }
    }

    /// The part of fees that goes to the community pool.
    pub fn community_tax(&self) -> Rate {
        self.community_tax
    }

    /// The part of fees that goes to the proposer whoever signed.
    pub fn base_proposer_reward(&self) -> Rate {
        self.base_proposer_reward
    }

    /// The part of fees that goes to the proposer when everybody signed.
    pub fn bonus_proposer_reward(&self) -> Rate {
        self.bonus_proposer_reward
    }

    /// The part of the votes' share that is divided equally, not by power.
    pub fn equal_share(&self) -> Rate {
        self.equal_share
    }

    /// Splits a block's fees. With T the total and G the signed power, one division each:
    ///
    /// ```text
    /// proposer  = floor(fees * (base * T + bonus * G) / T)
    /// votes     = floor(fees * ((1 - tax - base) * T - bonus * G) / T)
    /// equally   = floor(votes * equal_share)        by_power = floor(votes * (1 - equal_share))
    /// community = fees - proposer - equally - by_power
    /// ```
    ///
    /// What one floor leaves is not the other part's: whoever has more of the power than of the
    /// equal parts would get more than its share.
    ///
    /// The fraction of the power that signed is never rounded by itself, and what the floors leave
    /// is in `community`. Without any power everything is the community pool's.
    ///
    /// ```
    /// use cosmwasm_std::Decimal256;
    /// use distribution_math::{Points, Rate, SignedPower, SplitRates};
    ///
    /// let percent = |p| Rate::new(Decimal256::percent(p)).unwrap();
    /// let rates = SplitRates::tax_only(percent(2)).with_proposer_reward(percent(1), percent(4)).unwrap();
    /// let split = rates.split(Points::from_coins(1000), SignedPower::new(400, 300)).unwrap();
    /// assert_eq!(split.proposer, Points::from_coins(40));
    /// assert_eq!(split.by_power, Points::from_coins(940));
    /// assert_eq!(split.community, Points::from_coins(20));
    /// ```
    ///
    /// # Errors
    /// [`MathFault::Overflow`] only for fees outside the bound of the crate.
    pub fn split(&self, fees: Points, power: SignedPower) -> Result<FeeSplit, MathError> {
        if power.total == 0 {
            return Ok(FeeSplit {
                community: fees,
                ..FeeSplit::default()
            });
        }
        // Each rate is at most 10^18 and they sum to at most 10^18, powers are below 2^64: every
        // product and sum here is below 2^124.
        let weight = |rate: u64, power: u64| {
            Uint256::from(u128::from(rate).saturating_mul(u128::from(power)))
        };
        let scale = weight(Rate::ATOMICS_PER_ONE, power.total);
        let proposer_weight = weight(self.base_proposer_reward.atomics(), power.total)
            .wrapping_add(weight(self.bonus_proposer_reward.atomics(), power.signed));
        let votes_weight = weight(self.community_tax.complement().atomics(), power.total)
            .saturating_sub(proposer_weight);

        let proposer = fees.mul_ratio_floor(proposer_weight, scale)?;
        let votes = fees.mul_ratio_floor(votes_weight, scale)?;
        let equally = votes.mul_rate_floor(self.equal_share);
        let by_power = votes.mul_rate_floor(self.equal_share.complement());
        Ok(FeeSplit {
            proposer,
            equally,
            by_power,
            community: fees
                .checked_sub(proposer)?
                .checked_sub(equally)?
                .checked_sub(by_power)?,
        })
    }
}

/// The voting power behind a block: all of it, and the part that signed.
///
/// ```
/// use distribution_math::SignedPower;
///
/// assert_eq!(SignedPower::new(100, 75).signed(), 75);
/// assert_eq!(SignedPower::new(100, 175).signed(), 100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedPower {
    total: u64,
    signed: u64,
}

impl SignedPower {
    /// Signed power above the total counts as the total.
    pub fn new(total: u64, signed: u64) -> Self {
        SignedPower {
            total,
            signed: signed.min(total),
        }
    }

    /// Power of all bonded validators.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Power of those that signed.
    pub fn signed(&self) -> u64 {
        self.signed
    }
}

/// The parts of a block's fees; they add up to the fees. See [`SplitRates::split`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// The proposer's reward beside its share of the votes.
    pub proposer: Points,
    /// For the validators in proportion to their power.
    pub by_power: Points,
    /// For the active validators in equal parts.
    pub equally: Points,
    /// The community pool's: the tax, and what the floors of the proposer's and the votes' parts
    /// leave, less than three points.
    pub community: Points,
}

/// The parts of a validator's reward; they add up to the reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardSplit {
    /// The operator's: `floor(reward * rate)`.
    pub commission: Points,
    /// The delegators': `floor(reward * (1 - rate))`.
    pub delegators: Points,
    /// What both floors leave, at most one point, the community pool's.
    pub remainder: Points,
}

impl RewardSplit {
    /// Splits `reward` at the commission `rate`.
    ///
    /// ```
    /// use cosmwasm_std::Decimal256;
    /// use distribution_math::{Points, Rate, RewardSplit};
    ///
    /// let split = RewardSplit::new(Points::from_coins(49), Rate::new(Decimal256::percent(50)).unwrap()).unwrap();
    /// assert_eq!(split.commission.to_decimal().to_string(), "24.5");
    /// ```
    ///
    /// # Errors
    /// None in practice: the floors never exceed the reward.
    pub fn new(reward: Points, rate: Rate) -> Result<Self, MathError> {
        let commission = reward.mul_rate_floor(rate);
        let delegators = reward.mul_rate_floor(rate.complement());
        Ok(RewardSplit {
            commission,
            delegators,
            remainder: reward.checked_sub(commission)?.checked_sub(delegators)?,
        })
    }
}
