//! What every handler needs: configuration, addresses, the chain.

use cosmwasm_std::{Addr, Env, MessageInfo, QuerierWrapper, Storage, Uint256};
use interfaces::address::{AddressBytes, AddressCodec};
use interfaces::bank_query;

use crate::state::{CONFIG, Config};
use crate::{ContractError, Fault};

/// Configuration and surroundings of one message or query.
pub struct Context<'a> {
    /// Configuration.
    pub config: Config,
    /// Addresses of this chain.
    pub addresses: AddressCodec,
    /// Block and contract.
    pub env: &'a Env,
    /// The chain.
    pub querier: QuerierWrapper<'a>,
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
        Context::new(CONFIG.load(storage)?, querier, env)
    }

    /// Surrounds a configuration.
    ///
    /// # Errors
    /// When the contract's own address is not bech32.
    pub fn new(
        config: Config,
        querier: QuerierWrapper<'a>,
        env: &'a Env,
    ) -> Result<Self, ContractError> {
        Ok(Context {
            config,
            addresses: AddressCodec::of_contract(&env.contract.address)?,
            env,
            querier,
        })
    }

    /// What the contract holds of a denom.
    ///
    /// # Errors
    /// When the bank does not answer.
    pub fn balance(&self, denom: &str) -> Result<Uint256, ContractError> {
        let contract = self.env.contract.address.as_str();
        Ok(bank_query::balance(&self.querier, contract, denom)?)
    }

    /// An account that can act and be paid: any but this contract.
    ///
    /// # Errors
    /// For this contract, and for what is no account of this chain.
    pub fn account(&self, address: &str) -> Result<AddressBytes, ContractError> {
        let account = self.addresses.account(address)?;
        if address == self.env.contract.address.as_str() {
            return Err(Fault::ThisContract {
                address: address.to_string(),
            }
            .into());
        }
        Ok(account)
    }

    /// Who sent a message.
    ///
    /// # Errors
    /// None in practice.
    pub fn sender(&self, info: &MessageInfo) -> Result<AddressBytes, ContractError> {
        self.account(info.sender.as_str())
    }

    /// How an account is written.
    pub fn show(&self, account: &AddressBytes) -> Addr {
        self.addresses.show_account(account)
    }
}
