//! Block, bank and addresses around one message or query.

use chain_types::address::{AddressBytes, AddressCodec};
use cosmwasm_std::{Addr, Env, MessageInfo, QuerierWrapper, StdResult, Uint256};

use crate::KitError;

/// The chain that a contract runs on, for the time of one message or query.
#[derive(Clone, Copy)]
pub struct Chain<'a> {
    /// Block and contract.
    pub env: &'a Env,
    /// The chain's modules and other contracts.
    pub querier: QuerierWrapper<'a>,
    /// How addresses are written here.
    pub addresses: AddressCodec,
}

impl<'a> Chain<'a> {
    /// Learns the chain's address prefixes from the contract's own address.
    ///
    /// # Errors
    /// When the contract's address is not bech32.
    pub fn new(querier: QuerierWrapper<'a>, env: &'a Env) -> Result<Self, KitError> {
        Ok(Chain {
            env,
            querier,
            addresses: AddressCodec::of_contract(&env.contract.address)?,
        })
    }

    /// What the contract holds of a denom, in base units.
    ///
    /// # Errors
    /// When the bank does not answer.
    pub fn balance(&self, denom: &str) -> StdResult<Uint256> {
        let balance = self
            .querier
            .query_balance(&self.env.contract.address, denom)?;
        Ok(balance.amount)
    }

    /// An account of this chain.
    ///
    /// # Errors
    /// [`KitError::Address`].
    pub fn account(&self, address: &str) -> Result<AddressBytes, KitError> {
        Ok(self.addresses.account(address)?)
    }

    /// The account that sent a message.
    ///
    /// # Errors
    /// [`KitError::Address`], on chains whose accounts are not bech32.
    pub fn sender(&self, info: &MessageInfo) -> Result<AddressBytes, KitError> {
        self.account(info.sender.as_str())
    }

    /// An account that payments can go to: any but this contract.
    ///
    /// # Errors
    /// [`KitError::PaysItself`], and [`KitError::Address`] for what is no account of this chain.
    pub fn recipient(&self, address: &str) -> Result<AddressBytes, KitError> {
        let account = self.account(address)?;
        if address == self.env.contract.address.as_str() {
            return Err(KitError::PaysItself {
                address: address.to_string(),
            });
        }
        Ok(account)
    }

    /// How an account is written.
    pub fn show(&self, account: &AddressBytes) -> Addr {
        self.addresses.show_account(account)
    }
}
