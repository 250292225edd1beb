//! What every handler needs: configuration and chain.

use chain_types::address::{AddressBytes, ValidatorForm, ValidatorName};
use cosmwasm_std::{Addr, Env, Event, QuerierWrapper, Storage};
use distribution_math::TokenScale;
use pool_kit::events::action;
use pool_kit::{Chain, ownership};

use crate::ContractError;
use crate::state::{CONFIG, Config};

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

    /// How shares and tokens become units here.
    pub fn scale(&self) -> TokenScale {
        TokenScale::new(self.config.share_places)
    }

    /// Refuses before activation.
    ///
    /// # Errors
    /// [`ContractError::NotActive`].
    pub fn assert_active(&self) -> Result<(), ContractError> {
        if self.config.active {
            Ok(())
        } else {
            Err(ContractError::NotActive)
        }
    }

    /// Refuses after activation.
    ///
    /// # Errors
    /// [`ContractError::AlreadyActive`].
    pub fn assert_not_active(&self) -> Result<(), ContractError> {
        if self.config.active {
            Err(ContractError::AlreadyActive)
        } else {
            Ok(())
        }
    }

    /// A validator, whichever form its name has.
    ///
    /// # Errors
    /// When it is no address of this chain.
    pub fn validator(&self, name: &str) -> Result<AddressBytes, ContractError> {
        Ok(self.chain.addresses.validator(name)?.bytes)
    }

    /// Keeps the form of the first validator that the pool hears of: answers and events write
    /// validators in it.
    ///
    /// # Errors
    /// When the name is no address of this chain.
    pub fn learn_form(
        &mut self,
        storage: &mut dyn Storage,
        name: &str,
    ) -> Result<(), ContractError> {
        if self.config.validator_form.is_none() {
            let ValidatorName { form, .. } = self.chain.addresses.validator(name)?;
            self.config.validator_form = Some(form);
            CONFIG.save(storage, &self.config)?;
        }
        Ok(())
    }

    /// How a validator is written in answers and events.
    pub fn show_validator(&self, validator: &AddressBytes) -> String {
        let form = self.config.validator_form;
        let form = form.unwrap_or(ValidatorForm::Operator);
        self.chain.addresses.show_validator(validator, form)
    }

    /// A validator's operator address, as the chain's staking module writes it.
    pub fn operator_address(&self, validator: &AddressBytes) -> String {
        let addresses = &self.chain.addresses;
        addresses.show_validator(validator, ValidatorForm::Operator)
    }

    /// An event about a validator.
    pub fn validator_event(&self, name: &str, validator: &AddressBytes) -> Event {
        action(name).add_attribute("validator", self.show_validator(validator))
    }

    /// The error for a validator without a record.
    pub fn unknown_validator(&self, validator: &AddressBytes) -> ContractError {
        ContractError::UnknownValidator {
            validator: self.show_validator(validator),
        }
    }

    /// The error for a validator that was removed.
    pub fn removed_validator(&self, validator: &AddressBytes) -> ContractError {
        ContractError::RemovedValidator {
            validator: self.show_validator(validator),
        }
    }
}

/// Refuses everybody but the owner.
///
/// # Errors
/// [`KitError::Ownership`](pool_kit::KitError::Ownership).
pub fn assert_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    Ok(ownership::assert_owner(storage, sender)?)
}
