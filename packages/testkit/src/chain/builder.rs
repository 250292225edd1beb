//! How an embedded chain begins.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Api, BlockInfo, Coin, StdResult, Storage, Timestamp, Uint256};
use cw_multi_test::{
    AddressGenerator, AppBuilder, FailingModule, GovFailingModule, SimpleAddressGenerator,
    WasmKeeper,
};

use super::{
    AddressFormat, ChainApi, ChainError, ChainResult, ChainStorage, EmbeddedChain, NoDistribution,
    TestBank, TestModules, TestStaking,
};
use crate::ibc::IbcModule;

/// Height of the block a chain begins in, when nothing else is said.
pub const GENESIS_HEIGHT: u64 = 1;

/// Time of the block a chain begins in, when nothing else is said: 2026-01-01T00:00:00Z.
pub const GENESIS_TIME: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// The denom that the Cosmos SDK bonds by default.
const BOND_DENOM: &str = "stake";

/// Collects how a chain begins.
#[derive(Clone, Debug)]
pub struct ChainBuilder {
    prefix: String,
    chain_id: String,
    bond_denom: String,
    height: u64,
    time: Timestamp,
    balances: BTreeMap<String, Vec<Coin>>,
    callbacks: bool,
    first_instance: u64,
}

impl ChainBuilder {
    /// A chain whose account addresses have this bech32 prefix.
    pub(super) fn new(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            chain_id: "embedded-1".to_owned(),
            bond_denom: BOND_DENOM.to_owned(),
            height: GENESIS_HEIGHT,
            time: GENESIS_TIME,
            balances: BTreeMap::new(),
            callbacks: true,
            first_instance: 0,
        }
    }

    /// Sets the chain id that contracts see; `embedded-1` by default.
    #[must_use]
    pub fn chain_id(mut self, chain_id: impl Into<String>) -> Self {
        self.chain_id = chain_id.into();
        self
    }

    /// Sets the denom in which staking states delegations; `stake` by default.
    #[must_use]
    pub fn bond_denom(mut self, denom: impl Into<String>) -> Self {
        self.bond_denom = denom.into();
        self
    }

    /// Sets the height of the first block; [`GENESIS_HEIGHT`] by default.
    #[must_use]
    pub fn height(mut self, height: u64) -> Self {
        self.height = height;
        self
    }

    /// Sets the time of the first block; [`GENESIS_TIME`] by default.
    #[must_use]
    pub fn time(mut self, time: Timestamp) -> Self {
        self.time = time;
        self
    }

    /// Gives coins to the account called `name`, in addition to what it was given before.
    #[must_use]
    pub fn balance(mut self, name: &str, coins: impl IntoIterator<Item = Coin>) -> Self {
        self.balances
            .entry(name.to_owned())
            .or_default()
            .extend(coins);
        self
    }

    /// Leaves the callbacks middleware out of the transfer module: memos call no contracts.
    #[must_use]
    pub fn without_callbacks(mut self) -> Self {
        self.callbacks = false;
        self
    }

    /// Sets how many contracts there were before, of which the addresses depend: with another number
    /// on each of several chains no contract has the address of one elsewhere. 0 by default.
    #[must_use]
    pub fn first_instance(mut self, number: u64) -> Self {
        self.first_instance = number;
        self
    }

    /// Begins the chain.
    ///
    /// # Errors
    /// When the prefix is no bech32 prefix, or there would be 2^256 or more of a denom.
    pub fn build(self) -> ChainResult<EmbeddedChain> {
        let addresses = AddressFormat::new(&self.prefix)?;
        check_supply(self.balances.values().flatten())?;
        let balances: Vec<_> = self
            .balances
            .into_iter()
            .map(|(name, coins)| (addresses.account(&name), coins))
            .collect();
        let app = AppBuilder::default()
            .with_api(ChainApi::new(addresses.clone()))
            .with_block(BlockInfo {
                height: self.height,
                time: self.time,
                chain_id: self.chain_id,
            })
            .with_storage(ChainStorage::default())
            .with_bank(TestBank::default())
            .with_wasm(WasmKeeper::new().with_address_generator(CountedFrom(self.first_instance)))
            .with_custom(FailingModule::new())
            .with_staking(TestStaking::new(addresses.clone(), self.bond_denom))
            .with_distribution(NoDistribution)
            .with_ibc(IbcModule {
                callbacks: self.callbacks,
            })
            .with_gov(GovFailingModule::new())
            .with_stargate(TestModules::new(addresses))
            .build(|_, _, _| {});
        let mut chain = EmbeddedChain::new(app);
        for (account, coins) in balances {
            chain.set_balance(&account, coins)?;
        }
        Ok(chain)
    }
}

/// Addresses of contracts whose numbers begin later.
struct CountedFrom(u64);

impl AddressGenerator for CountedFrom {
    fn contract_address(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        code_id: u64,
        instance_id: u64,
    ) -> StdResult<Addr> {
        let number = self.0.saturating_add(instance_id);
        SimpleAddressGenerator.contract_address(api, storage, code_id, number)
    }
}

/// Amounts are added with 256 bits everywhere: this makes sure that no sum of them can overflow.
fn check_supply<'a>(coins: impl Iterator<Item = &'a Coin>) -> ChainResult<()> {
    let mut supply: BTreeMap<&str, Uint256> = BTreeMap::new();
    for coin in coins {
        let sum = supply.entry(&coin.denom).or_default();
        *sum = sum
            .checked_add(coin.amount)
            .map_err(|_| ChainError::new(format!("there would be 2^256 {} or more", coin.denom)))?;
    }
    Ok(())
}
