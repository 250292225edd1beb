//! Params and the provider: defaults, partial updates, and the rules that they keep.

use chain_types::address::AddressCodec;
use cosmwasm_std::{Addr, Decimal256, Event};
use distribution_math::{Rate, SplitRates};
use pool_kit::KitError;
use pool_kit::events::action;

use crate::ContractError;
use crate::msg::{InstantiateMsg, Params, ParamsUpdate, Provider};

/// The bounds of both timeouts, in seconds: a minute and a year. Beyond them no relayer is in time,
/// or nobody waits.
const TIMEOUTS: (u64, u64) = (60, 365 * 24 * 60 * 60);

impl InstantiateMsg {
    pub(crate) fn params(&self) -> ParamsUpdate {
        ParamsUpdate {
            fee_pool: self.fee_pool.clone(),
            blocks_per_distribution_transmission: self.blocks_per_distribution_transmission,
            consumer_redistribution_fraction: self.consumer_redistribution_fraction,
            base_proposer_reward: self.base_proposer_reward,
            bonus_proposer_reward: self.bonus_proposer_reward,
            transfer_timeout_seconds: self.transfer_timeout_seconds,
            weights_timeout_seconds: self.weights_timeout_seconds,
        }
    }
}

impl Params {
    /// The defaults.
    pub(crate) fn new(has_fee_pool: bool) -> Self {
        Params {
            blocks_per_distribution_transmission: 1000,
            consumer_redistribution_fraction: match has_fee_pool {
                true => Decimal256::percent(75),
                false => Decimal256::zero(),
            },
            base_proposer_reward: Decimal256::percent(1),
            bonus_proposer_reward: Decimal256::percent(4),
            transfer_timeout_seconds: 60 * 60,
            weights_timeout_seconds: 28 * 24 * 60 * 60,
        }
    }

    /// The params with some of them changed.
    pub(crate) fn updated(&self, update: ParamsUpdate) -> Self {
        Params {
            blocks_per_distribution_transmission: update
                .blocks_per_distribution_transmission
                .unwrap_or(self.blocks_per_distribution_transmission),
            consumer_redistribution_fraction: update
                .consumer_redistribution_fraction
                .unwrap_or(self.consumer_redistribution_fraction),
            base_proposer_reward: update
                .base_proposer_reward
                .unwrap_or(self.base_proposer_reward),
            bonus_proposer_reward: update
                .bonus_proposer_reward
                .unwrap_or(self.bonus_proposer_reward),
            transfer_timeout_seconds: update
                .transfer_timeout_seconds
                .unwrap_or(self.transfer_timeout_seconds),
            weights_timeout_seconds: update
                .weights_timeout_seconds
                .unwrap_or(self.weights_timeout_seconds),
        }
    }

    /// The rates that split the provider's part of a block.
    ///
    /// # Errors
    /// For a rate above 1, and for base and bonus above 1 together.
    pub fn split_rates(&self) -> Result<SplitRates, ContractError> {
        let base = Rate::new(self.base_proposer_reward)?;
        let bonus = Rate::new(self.bonus_proposer_reward)?;
        // No tax: what belongs to a community is the provider's affair.
        Ok(SplitRates::tax_only(Rate::ZERO).with_proposer_reward(base, bonus)?)
    }

    /// The consumer's own fraction of what comes in.
    ///
    /// # Errors
    /// Above 1.
    pub fn consumer_fraction(&self) -> Result<Rate, ContractError> {
        Ok(Rate::new(self.consumer_redistribution_fraction)?)
    }

    /// Refuses params that break a rule.
    pub(crate) fn check(&self, has_fee_pool: bool) -> Result<(), ContractError> {
        self.split_rates()?;
        self.consumer_fraction()?;
        if !self.consumer_redistribution_fraction.is_zero() && !has_fee_pool {
            return Err(ContractError::NoFeePool {
                fraction: self.consumer_redistribution_fraction,
            });
        }
        if self.blocks_per_distribution_transmission == 0 {
            return Err(ContractError::ZeroBlocks);
        }
        let (least, most) = TIMEOUTS;
        for seconds in [self.transfer_timeout_seconds, self.weights_timeout_seconds] {
            if !(least..=most).contains(&seconds) {
                return Err(ContractError::Timeout {
                    seconds,
                    least,
                    most,
                });
            }
        }
        Ok(())
    }

    /// An event with all of them.
    pub(crate) fn event(&self, name: &str) -> Event {
        let fraction = self.consumer_redistribution_fraction;
        action(name)
            .add_attribute(
                "blocks_per_distribution_transmission",
                self.blocks_per_distribution_transmission.to_string(),
            )
            .add_attribute("consumer_redistribution_fraction", fraction.to_string())
            .add_attribute(
                "base_proposer_reward",
                self.base_proposer_reward.to_string(),
            )
            .add_attribute(
                "bonus_proposer_reward",
                self.bonus_proposer_reward.to_string(),
            )
            .add_attribute(
                "transfer_timeout_seconds",
                self.transfer_timeout_seconds.to_string(),
            )
            .add_attribute(
                "weights_timeout_seconds",
                self.weights_timeout_seconds.to_string(),
            )
    }
}

impl Provider {
    /// How the provider's chain writes addresses: as it does the receiver's.
    ///
    /// # Errors
    /// For a receiver that is no address.
    pub fn addresses(&self) -> Result<AddressCodec, ContractError> {
        let receiver = Addr::unchecked(self.receiver.as_str());
        Ok(AddressCodec::of_contract(&receiver).map_err(KitError::from)?)
    }

    /// Refuses a provider that cannot be one.
    pub(crate) fn check(&self) -> Result<(), ContractError> {
        self.addresses()?
            .account(&self.receiver)
            .map_err(KitError::from)?;
        let after_prefix = self.receiver.strip_prefix(&self.prefix);
        if !after_prefix.is_some_and(|rest| rest.starts_with('1')) {
            return Err(ContractError::ProviderPrefix {
                prefix: self.prefix.clone(),
                receiver: self.receiver.clone(),
            });
        }
        for name in [&self.connection_id, &self.port_id, &self.transfer_channel] {
            ccv::name::Name::new(name)?;
        }
        Ok(())
    }

    /// An event about it.
    pub(crate) fn event(&self, name: &str) -> Event {
        action(name)
            .add_attribute("connection_id", &self.connection_id)
            .add_attribute("port_id", &self.port_id)
            .add_attribute("transfer_channel", &self.transfer_channel)
            .add_attribute("receiver", &self.receiver)
    }
}
