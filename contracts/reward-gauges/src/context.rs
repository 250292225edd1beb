//! What every handler needs: configuration, addresses, the time and its epoch.

use accounting::{Amounts, DenomId, PerDenom};
use cosmwasm_std::{Addr, Coin, Env, MessageInfo, QuerierWrapper, Storage};
use distribution_math::EpochId;
use interfaces::address::{AddressBytes, AddressCodec};
use interfaces::asset::Asset;

use crate::ledger::Coins;
use crate::msg::RewardsResponse;
use crate::state::{CONFIG, Config, DurationId};
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
        let config = CONFIG.load(storage)?;
        let now = env.block.time.seconds();
        Ok(Context {
            epoch: config.epochs.current(now),
            addresses: AddressCodec::of_contract(&env.contract.address)?,
            config,
            env,
            querier,
            now,
        })
    }

    /// The last epoch that is over, [`EpochId::ZERO`] when none is.
    pub fn finished(&self) -> EpochId {
        self.epoch.previous()
    }

    /// Refuses before genesis: only `lock` and `create_gauge` work then.
    ///
    /// # Errors
    /// [`Fault::BeforeGenesis`].
    pub fn assert_started(&self) -> Result<(), ContractError> {
        if self.config.epochs.is_before_genesis(self.now) {
            return Err(Fault::BeforeGenesis {
                genesis: self.config.epochs.genesis,
                now: self.now,
            }
            .into());
        }
        Ok(())
    }

    /// The sender of a message.
    ///
    /// # Errors
    /// None on a real chain.
    pub fn sender(&self, info: &MessageInfo) -> Result<AddressBytes, ContractError> {
        Ok(self.addresses.account(info.sender.as_str())?)
    }

    /// How an account is named.
    pub fn show(&self, account: &AddressBytes) -> Addr {
        self.addresses.show_account(account)
    }

    /// An account that money can go to: any but this contract.
    ///
    /// # Errors
    /// For this contract, and for what is no account of this chain.
    pub fn recipient(&self, address: &str) -> Result<AddressBytes, ContractError> {
        let account = self.addresses.account(address)?;
        if self.show(&account) == self.env.contract.address {
            return Err(Fault::PaysItself {
                address: address.to_string(),
            }
            .into());
        }
        Ok(account)
    }

    /// The number of a configured duration.
    ///
    /// # Errors
    /// [`Fault::UnknownDuration`].
    pub fn duration_id(&self, seconds: u64) -> Result<DurationId, ContractError> {
        self.config.duration_id(seconds).ok_or_else(|| {
            Fault::UnknownDuration {
                duration: seconds,
                durations: self.config.durations.clone(),
            }
            .into()
        })
    }

    /// The ids of named reward assets, or of all.
    ///
    /// # Errors
    /// For an asset that never was one of them.
    pub fn reward_ids(&self, assets: Option<&[Asset]>) -> Result<Vec<DenomId>, ContractError> {
        match assets {
            None => Ok(self.config.rewards.ids().collect()),
            Some(assets) => assets
                .iter()
                .map(|asset| Ok(self.config.rewards.claimable(&asset.to_string())?))
                .collect(),
        }
    }

    /// Coins of reward assets, sorted by denom, none of them zero.
    pub fn coins(&self, coins: &PerDenom<Coins>) -> Vec<Coin> {
        let mut coins: Vec<Coin> = self
            .config
            .rewards
            .named(coins)
            .filter(|(_, coins)| !coins.is_zero())
            .map(|(name, coins)| Coin::new(coins.amount(), name))
            .collect();
        coins.sort_by(|a, b| a.denom.cmp(&b.denom));
        coins
    }

    /// Coins of reward assets as events show them; nothing is `0` of the first one.
    pub fn coins_text(&self, coins: &PerDenom<Coins>) -> String {
        self.config.rewards.coins_text(&self.coins(coins))
    }

    /// The answer to a reward query.
    pub fn rewards(&self, amounts: &Amounts, is_partial: bool) -> RewardsResponse {
        RewardsResponse {
            rewards: self.config.rewards.dec_coins(amounts),
            claimable: self.config.rewards.coins(amounts),
            is_partial,
        }
    }
}
