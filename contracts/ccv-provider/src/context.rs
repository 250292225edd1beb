use cosmwasm_std::{Addr, Env, QuerierWrapper, Storage};
use pool_kit::{Chain, ownership};

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
}

/// Refuses everybody but the owner.
pub fn assert_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    Ok(ownership::assert_owner(storage, sender)?)
}
