//! Money in: the fees of blocks, rewards for single validators, gifts to the community pool.

use std::num::{NonZeroU64, NonZeroU128};

use num_bigint::BigInt;

use super::{
    DenomAmount, Denominator, FeeLedger, FeeParams, Fraction, LedgerError,
    records::{Accounts, Validator},
};
use crate::exact::{NUMERATOR_PLACES, pow10};

/// Places of the numerators of a validator's reward: those of all but the commission's 18.
const REWARD_PLACES: u32 = NUMERATOR_PLACES - 18;

/// The fees that a block distributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockFees<'a> {
    /// The fees.
    pub fees: &'a [DenomAmount<'a>],
    /// The validator that gets the proposer's part; without one that is known and not removed the
    /// part belongs to the community pool.
    pub proposer: Option<&'a str>,
    /// Power that signed. Above the total power it counts as the total power.
    pub signed_power: u64,
}

/// The split of a block's fees, with everything that the denoms have in common.
///
/// All fields are parts of one base unit of fees, times `10^36 * total_power^2 * validators`.
struct Split {
    /// The votes' part for each unit of power.
    per_power: BigInt,
    /// The votes' part for each validator with power.
    per_validator: BigInt,
    /// The proposer's part.
    proposer: BigInt,
    denominator: Denominator,
}

impl Split {
    fn new(
        params: &FeeParams,
        signed_power: u64,
        total_power: NonZeroU64,
        validators: NonZeroU64,
    ) -> Self {
        let total = BigInt::from(total_power.get());
        let signed = BigInt::from(signed_power.min(total_power.get()));
        let bonus = params.bonus_proposer_reward.scaled() * signed;
        let base = params.base_proposer_reward.scaled();
        let tax = params.community_tax.scaled();
        let one = Fraction::ONE.scaled();

        // Both times 10^18 * total.
        let proposer = &base * &total + &bonus;
        let votes = (&one - tax - base) * &total - bonus;

        // A block without an equal share need not be divided by the number of validators.
        let validators = if params.equal_share == Fraction::ZERO {
            NonZeroU64::MIN
        } else {
            validators
        };
        Self {
            per_power: &votes * params.equal_share.complement().scaled() * validators.get(),
            per_validator: votes * params.equal_share.scaled() * &total,
            proposer: proposer * one * total * validators.get(),
            denominator: Denominator {
                total_power,
                validators,
                ..Denominator::ONE
            },
        }
    }

    /// The reward of one validator for each base unit of fees.
    fn reward(&self, power: u64, proposes: bool) -> BigInt {
        let mut reward = BigInt::ZERO;
        if power > 0 {
            reward += &self.per_power * power + &self.per_validator;
        }
        if proposes {
            reward += &self.proposer;
        }
        reward
    }
}

/// A validator's reward in one denom: `numerator / (10^36 * denominator)` base units.
struct Reward {
    denom: usize,
    numerator: BigInt,
    denominator: Denominator,
}

impl Validator {
    /// Gives a reward to the operator by the commission and to the delegators by units, and
    /// without units the delegators' part to the community pool.
    fn earn(&mut self, reward: &Reward, community: &mut Accounts) {
        let commission = &reward.numerator * self.commission.atomics();
        let delegators = &reward.numerator * self.commission.complement().atomics();
        self.operator
            .get_mut(reward.denom)
            .earned
            .add(commission, reward.denominator);

        let Some(units) = NonZeroU128::new(self.units()) else {
            community
                .get_mut(reward.denom)
                .earned
                .add(delegators, reward.denominator);
            return;
        };
        let denominator = Denominator {
            units,
            ..reward.denominator
        };
        for delegation in &mut self.delegations {
            if delegation.units > 0 {
                delegation
                    .accounts
                    .get_mut(reward.denom)
                    .earned
                    .add(&delegators * delegation.units, denominator);
            }
        }
    }
}

impl FeeLedger {
    /// Splits the fees of a block over the powers as they are now.
    ///
    /// # Errors
    /// [`LedgerError::Inactive`], [`LedgerError::PowerBound`], [`LedgerError::ReceivedBound`]. Nothing
    /// changes then.
    pub fn begin_block(&mut self, block: &BlockFees<'_>) -> Result<(), LedgerError> {
        self.active()?;
        let total_power: u128 = self.validators.iter().map(|it| u128::from(it.power)).sum();
        let total_power = u64::try_from(total_power)
            .ok()
            .filter(|total| *total < 1 << 63)
            .ok_or(LedgerError::PowerBound { total_power })?;
        self.received.add(block.fees)?;

        let proposer = block
            .proposer
            .and_then(|name| self.validator_names.get(name))
            .filter(|id| !self.validators[*id].removed);
        let with_power = self.validators.iter().filter(|it| it.power > 0).count() as u64;
        match (NonZeroU64::new(total_power), NonZeroU64::new(with_power)) {
            (Some(total), Some(validators)) => {
                let split = Split::new(&self.params, block.signed_power, total, validators);
                for fee in block.fees {
                    self.distribute(fee, &split, proposer);
                }
            }
            _ => {
                for fee in block.fees {
                    self.give_to_community(fee);
                }
            }
        }

        self.count_block();
        if let Some(id) = proposer {
            self.validators[id].count_settlement();
        }
        Ok(())
    }

    /// A reward for one validator: its commission first, the rest to its delegators.
    ///
    /// # Errors
    /// [`LedgerError::UnknownValidator`], [`LedgerError::Removed`], [`LedgerError::ReceivedBound`].
    /// Nothing changes then.
    pub fn reward_validator(
        &mut self,
        validator: &str,
        denom: &str,
        amount: u128,
    ) -> Result<(), LedgerError> {
        let id = self.known_validator(validator)?;
        if self.validators[id].removed {
            return Err(LedgerError::Removed {
                validator: validator.to_owned(),
            });
        }
        self.received.add(&[DenomAmount { denom, amount }])?;
        let reward = Reward {
            denom: self.received.denom(denom),
            numerator: BigInt::from(amount) * pow10(REWARD_PLACES),
            denominator: Denominator::ONE,
        };
        self.validators[id].earn(&reward, &mut self.community);
        self.validators[id].count_settlement();
        Ok(())
    }

    /// A gift to the community pool.
    ///
    /// # Errors
    /// [`LedgerError::ReceivedBound`]. Nothing changes then.
    pub fn fund_community_pool(&mut self, denom: &str, amount: u128) -> Result<(), LedgerError> {
        let gift = DenomAmount { denom, amount };
        self.received.add(&[gift])?;
        self.give_to_community(&gift);
        Ok(())
    }

    /// Gives every validator and the community pool their part of the fees in one denom.
    fn distribute(&mut self, fee: &DenomAmount<'_>, split: &Split, proposer: Option<usize>) {
        let denom = self.received.denom(fee.denom);
        let amount = BigInt::from(fee.amount);

        let tax = &amount * self.params.community_tax.atomics() * pow10(REWARD_PLACES);
        let community = &mut self.community.get_mut(denom).earned;
        community.add(tax, Denominator::ONE);
        if proposer.is_none() {
            let part = &amount * &split.proposer * Fraction::ONE.atomics();
            community.add(part, split.denominator);
        }

        for (id, validator) in self.validators.iter_mut().enumerate() {
            let reward = Reward {
                denom,
                numerator: split.reward(validator.power, proposer == Some(id)) * &amount,
                denominator: split.denominator,
            };
            validator.earn(&reward, &mut self.community);
        }
    }

    fn give_to_community(&mut self, gift: &DenomAmount<'_>) {
        let denom = self.received.denom(gift.denom);
        self.community.get_mut(denom).earned.add_coins(gift.amount);
    }
}
