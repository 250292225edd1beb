//! What every handler needs: configuration, chain, and the epoch of the block's time.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{Coin, Env, QuerierWrapper, Storage};
use distribution_math::{Coins, EpochId};
use pool_kit::{Chain, DenomId, PerDenom};

use crate::ContractError;
use crate::state::{CONFIG, Config};

/// Configuration and chain of one message or query.
pub struct Context<'a> {
    /// Configuration.
    pub config: Config,
    /// The chain.
    pub chain: Chain<'a>,
    /// The block's time, in seconds.
    pub now: u64,
    /// The epoch of that time; the first one before genesis.
    pub epoch: EpochId,
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
        let chain = Chain::new(querier, env)?;
        Ok(Context::new(CONFIG.load(storage)?, chain))
    }

    /// Takes a configuration that may not be stored yet.
    pub fn new(config: Config, chain: Chain<'a>) -> Self {
        let now = chain.env.block.time.seconds();
        Context {
            epoch: config.epochs.current(now),
            config,
            chain,
            now,
        }
    }

    /// The last epoch that is over, [`EpochId::ZERO`] when none is.
    pub fn finished(&self) -> EpochId {
        self.epoch.previous()
    }

    /// Refuses before genesis.
    pub fn assert_started(&self) -> Result<(), ContractError> {
        if self.config.epochs.is_before_genesis(self.now) {
            return Err(ContractError::BeforeGenesis {
                genesis: self.config.epochs.genesis,
                now: self.now,
            });
        }
        Ok(())
    }

    /// An account that payments can go to: any but this contract.
    ///
    /// # Errors
    /// [`ContractError::PaysItself`], and for what is no account of this chain.
    pub fn recipient(&self, address: &str) -> Result<AddressBytes, ContractError> {
        let account = self.chain.account(address)?;
        if address == self.chain.env.contract.address.as_str() {
            return Err(ContractError::PaysItself {
                address: address.to_string(),
            });
        }
        Ok(account)
    }

    /// The ids of named reward assets, or of all.
    ///
    /// # Errors
    /// For an asset that never was a reward asset.
    pub fn reward_ids(&self, assets: Option<&[Asset]>) -> Result<Vec<DenomId>, ContractError> {
        let names = assets.map(|assets| -> Vec<String> {
            let names = assets.iter().map(Asset::to_string);
            names.collect()
        });
        Ok(self.config.rewards.selected(names.as_deref())?)
    }

    /// Coins of reward assets, sorted by denom, none of them zero.
    pub fn coins(&self, coins: &PerDenom<Coins>) -> Vec<Coin> {
        let points = coins.map(|coins| coins.points());
        self.config.rewards.coins(&points)
    }

    /// Coins of reward assets as events show them; nothing is `0` of the first one.
    pub fn coins_text(&self, coins: &PerDenom<Coins>) -> String {
        self.config.rewards.coins_text(&self.coins(coins))
    }
}
