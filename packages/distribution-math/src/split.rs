//! How a block's fees and a validator's reward are split.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Decimal256, Uint256};

use crate::{MathError, Points, Rate};

/// The rates that split a block's fees. Community tax, base and bonus proposer reward are together
/// at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SplitRates {
    community_tax: Rate,
    base_proposer_reward: Rate,
    bonus_proposer_reward: Rate,
    equal_share: Rate,
}

impl SplitRates {
    /// A community tax, without proposer reward and equal share.
    pub fn tax_only(community_tax: Rate) -> Self {
        SplitRates {
            community_tax,
            base_proposer_reward: Rate::ZERO,
            bonus_proposer_reward: Rate::ZERO,
            equal_share: Rate::ZERO,
        }
    }

    /// Sets the proposer's reward: `base`, plus `bonus` times the part of the power that signed.
    ///
    /// # Errors
    /// [`MathError::RatesAboveOne`] if the community tax, `base` and `bonus` add up to more than 1.
    pub fn with_proposer_reward(self, base: Rate, bonus: Rate) -> Result<Self, MathError> {
        // Three rates are at most 3 * 10^18 together, below 2^64.
        let atomics = [self.community_tax, base, bonus].map(Rate::atomics);
        let sum = atomics.into_iter().fold(0, u64::saturating_add);
        if sum > Rate::ATOMICS_PER_ONE {
            return Err(MathError::RatesAboveOne {
                sum: Decimal256::new(Uint256::from(sum)),
            });
        }
        Ok(SplitRates {
            base_proposer_reward: base,
            bonus_proposer_reward: bonus,
            ..self
        })
    }

    /// Sets the part of the votes' share that the active validators get in equal parts. The other
    /// part of it is divided by power.
    pub fn with_equal_share(self, equal_share: Rate) -> Self {
        SplitRates {
            equal_share,
            ..self
        }
    }

    /// The part of the fees that goes to the community pool.
    pub fn community_tax(&self) -> Rate {
        self.community_tax
    }

    /// The part of the fees that goes to the proposer in any case.
    pub fn base_proposer_reward(&self) -> Rate {
        self.base_proposer_reward
    }

    /// The part of the fees that goes to the proposer if all power signed. If less signed, the
    /// proposer gets it in proportion to the power that signed.
    pub fn bonus_proposer_reward(&self) -> Rate {
        self.bonus_proposer_reward
    }

    /// The part of the votes' share that is divided equally instead of by power.
    pub fn equal_share(&self) -> Rate {
        self.equal_share
    }

    /// Splits a block's fees. T is the total power and G the power that signed:
    ///
    /// ```text
    /// proposer  = floor(fees * (base * T + bonus * G) / T)
    /// votes     = floor(fees * ((1 - tax - base) * T - bonus * G) / T)
    /// equally   = floor(votes * equal_share)        by_power = floor(votes * (1 - equal_share))
    /// community = fees - proposer - equally - by_power
    /// ```
    ///
    /// `equally` and `by_power` are each rounded down. Computing one as what the other leaves of
    /// `votes` would give its receivers a fraction of a point that the receivers of the other have
    /// earned. The community pool gets all that rounding down leaves. If the total power is 0 it
    /// gets all fees.
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
    pub fn split(&self, fees: Points, power: SignedPower) -> Result<FeeSplit, MathError> {
        if power.total == 0 {
            return Ok(FeeSplit {
                community: fees,
                ..FeeSplit::default()
            });
        }
        // A rate is below 2^60 and a power below 2^64, so a weight is below 2^124 and a sum of two
        // below 2^125. The votes' weight is not negative, because tax, base and bonus are together
        // at most 1 and the signed power is at most the total.
        let weight =
            |rate: Rate, power: u64| u128::from(rate.atomics()).saturating_mul(u128::from(power));
        let proposer_weight = weight(self.base_proposer_reward, power.total)
            .saturating_add(weight(self.bonus_proposer_reward, power.signed));
        let votes_weight =
            weight(self.community_tax.complement(), power.total).saturating_sub(proposer_weight);
        let all = Uint256::from(weight(Rate::ONE, power.total));

        let proposer = fees.mul_ratio_floor(proposer_weight.into(), all)?;
        let votes = fees.mul_ratio_floor(votes_weight.into(), all)?;
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

/// The voting power of a block: the total, and the part that signed.
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
    /// The power of all validators and of those that signed. Signed power above the total counts as
    /// the total.
    pub fn new(total: u64, signed: u64) -> Self {
        SignedPower {
            total,
            signed: signed.min(total),
        }
    }

    /// The power of all bonded validators.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The power of the validators that signed.
    pub fn signed(&self) -> u64 {
        self.signed
    }
}

/// The parts of a block's fees, which add up to the fees. See [`SplitRates::split`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// The proposer's reward, without its share as one of the validators.
    pub proposer: Points,
    /// For the validators in proportion to their power.
    pub by_power: Points,
    /// For the active validators in equal parts.
    pub equally: Points,
    /// For the community pool: the tax, plus less than three points that rounding the other parts
    /// down leaves.
    pub community: Points,
}

/// The parts of a validator's reward, which add up to the reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardSplit {
    /// For the operator: `floor(reward * rate)`.
    pub commission: Points,
    /// For the delegators: `floor(reward * (1 - rate))`.
    pub delegators: Points,
    /// For the community pool: what rounding both down leaves, at most one point.
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
