//! What every handler needs: configuration and chain.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Addr, Env, QuerierWrapper, Storage};
use pool_kit::{Chain, KitError, ownership};

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

    /// A validator, whichever form its name has.
    ///
    /// # Errors
    /// When it is no address of this chain.
    pub fn validator(&self, name: &str) -> Result<AddressBytes, ContractError> {
        let validator = self.chain.addresses.validator(name);
        Ok(validator.map_err(KitError::from)?.bytes)
    }
}

/// Refuses everybody but the owner.
///
/// # Errors
/// [`KitError::Ownership`].
pub fn assert_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    Ok(ownership::assert_owner(storage, sender)?)
}
