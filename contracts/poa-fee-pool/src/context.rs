use chain_types::address::AddressBytes;
use cosmwasm_std::{Env, QuerierWrapper, Storage};
use pool_kit::Chain;

use crate::ContractError;
use crate::state::{CONFIG, Config};

/// Configuration and chain of one message or query.
pub struct Context<'a> {
    pub config: Config,
    pub chain: Chain<'a>,
}

impl<'a> Context<'a> {
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

    /// An account that can be an operator or be paid: any but this contract.
    pub fn account(&self, address: &str) -> Result<AddressBytes, ContractError> {
        let account = self.chain.account(address)?;
        if address == self.chain.env.contract.address.as_str() {
            return Err(ContractError::ThisContract {
                address: address.to_string(),
            });
        }
        Ok(account)
    }
}
