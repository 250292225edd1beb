//! What every handler needs: configuration and chain.

use ccv::name::Name;
use chain_types::address::{AddressBytes, AddressCodec, ValidatorForm};
use cosmwasm_std::{Env, Event, QuerierWrapper, Storage};
use pool_kit::events::action;
use pool_kit::{Chain, DenomId};

use crate::ContractError;
use crate::state::{CONFIG, Config, PROVIDER_NAMES};

/// Configuration and chain of one message or query.
pub struct Context<'a> {
    /// Configuration.
    pub config: Config,
    /// The chain.
    pub chain: Chain<'a>,
}

impl<'a> Context<'a> {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Before instantiation, or when the record cannot be read.
    pub fn load(
        storage: &dyn Storage,
        querier: QuerierWrapper<'a>,
        env: &'a Env,
    ) -> Result<Self, ContractError> {
        Ok(Context {
            config: CONFIG.load(storage)?,
            chain: Chain::new(querier, env)?,
        })
    }

    /// A validator of this chain, whichever form its name has.
    ///
    /// # Errors
    /// When it is no address of this chain.
    pub fn validator(&self, name: &str) -> Result<AddressBytes, ContractError> {
        Ok(self.chain.addresses.validator(name)?.bytes)
    }

    /// The operator address of a validator.
    pub fn show_validator(&self, validator: &AddressBytes) -> String {
        let addresses = &self.chain.addresses;
        addresses.show_validator(validator, ValidatorForm::Operator)
    }

    /// An event about a validator.
    pub fn validator_event(&self, name: &str, validator: &AddressBytes) -> Event {
        action(name).add_attribute("validator", self.show_validator(validator))
    }

    /// An event about an epoch of a denom.
    pub fn unit_event(&self, name: &str, denom: DenomId, epoch: u32) -> Event {
        action(name)
            .add_attribute("denom", self.denom_name(denom))
            .add_attribute("epoch", epoch.to_string())
    }

    /// The name of a listed denom.
    pub fn denom_name(&self, denom: DenomId) -> &str {
        let mut denoms = self.config.denoms.iter();
        denoms
            .find(|(id, _)| *id == denom)
            .map_or("", |(_, denom)| denom.name.as_str())
    }

    /// The name of a listed denom, as it stands on the wire.
    pub fn wire_denom(&self, denom: DenomId) -> Result<Name, ContractError> {
        Ok(Name::new(self.denom_name(denom))?)
    }

    /// How the provider's chain writes addresses.
    pub fn provider_addresses(&self) -> Result<AddressCodec, ContractError> {
        self.config.provider.addresses()
    }

    /// What a validator of this chain is called on the provider: what its operator has set,
    /// otherwise the operator address with the same bytes. A name that was set for a chain with another
    /// prefix does not count on this one.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn provider_name(
        &self,
        storage: &dyn Storage,
        validator: &AddressBytes,
    ) -> Result<Name, ContractError> {
        let addresses = self.provider_addresses()?;
        let set = PROVIDER_NAMES.may_load(storage, validator.as_slice())?;
        let name = set.filter(|name| addresses.validator(name).is_ok());
        let name =
            name.unwrap_or_else(|| addresses.show_validator(validator, ValidatorForm::Operator));
        Ok(Name::new(&name)?)
    }
}
