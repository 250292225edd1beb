//! A fee pool as it says it is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use fee_pool_core::answers::{
    ConfigResponse, DelegationsResponse, DelegatorWithdrawAddressResponse, LastBlockResponse,
    ValidatorResponse, ValidatorsResponse,
};
use fee_pool_core::msg::{QueryMsg, Source};

use crate::chain::View;
use crate::progress::Progress;

/// A fee pool.
pub struct Pool {
    /// What was fixed when it was set up.
    pub config: ConfigResponse,
    /// The last block.
    pub last_block: LastBlockResponse,
    /// By operator address, removed ones included.
    pub validators: BTreeMap<String, ValidatorResponse>,
    /// Units by validator and delegator.
    pub delegations: BTreeMap<(String, String), u128>,
    /// Where rewards and commissions are sent, of accounts about whom it was asked.
    pub withdraw_addresses: BTreeMap<String, String>,
}

impl Pool {
    /// Reads a pool.
    ///
    /// # Errors
    /// When the node or the contract does not answer.
    pub async fn read(view: &View, address: &str) -> Result<Self> {
        let mut pool = Pool::open(view, address).await?;
        pool.read_records(view, address, |_| true).await?;
        Ok(pool)
    }

    /// Reads its configuration and its last block.
    ///
    /// # Errors
    /// As [`Pool::read`].
    pub async fn open(view: &View, address: &str) -> Result<Self> {
        Ok(Pool {
            config: view.smart(address, &QueryMsg::Config {}).await?,
            last_block: view.smart(address, &QueryMsg::LastBlock {}).await?,
            validators: BTreeMap::new(),
            delegations: BTreeMap::new(),
            withdraw_addresses: BTreeMap::new(),
        })
    }

    /// Reads all validators, and the delegations of some of them.
    ///
    /// # Errors
    /// As [`Pool::read`].
    pub async fn read_records(
        &mut self,
        view: &View,
        address: &str,
        is_read: impl Fn(&str) -> bool,
    ) -> Result<()> {
        self.validators = validators(view, address).await?;
        for validator in self.validators.keys().filter(|name| is_read(name)) {
            let delegations = delegations(view, address, validator).await?;
            self.delegations.extend(delegations);
        }
        Ok(())
    }

    /// Asks where the rewards and commissions of some accounts are sent.
    ///
    /// # Errors
    /// As [`Pool::read`].
    pub async fn read_withdraw_addresses(
        &mut self,
        view: &View,
        address: &str,
        accounts: BTreeSet<String>,
    ) -> Result<()> {
        let progress = Progress::of(accounts.len(), "withdraw addresses compared");
        for account in accounts {
            let query = QueryMsg::DelegatorWithdrawAddress {
                delegator: account.clone(),
            };
            let answer: DelegatorWithdrawAddressResponse = view.smart(address, &query).await?;
            let to = answer.withdraw_address.into_string();
            self.withdraw_addresses.insert(account, to);
            progress.advance(1);
        }
        Ok(())
    }

    /// The height of the last block that the pool was told of: of the chain itself, or the reporter's.
    pub fn told(&self) -> u64 {
        match self.last_block.reported_height {
            0 => self.last_block.height,
            reported => reported,
        }
    }

    /// The height up to which it knows of delegations; `now` is that of its state.
    pub fn seen(&self, now: u64) -> u64 {
        match (self.config.source, self.last_block.reported_height) {
            (Source::Reporter, reported) if reported > 0 => reported,
            _ => now,
        }
    }
}

async fn validators(view: &View, address: &str) -> Result<BTreeMap<String, ValidatorResponse>> {
    let validators = view.list(
        address,
        |start_after, limit| QueryMsg::Validators { start_after, limit },
        |page: ValidatorsResponse| page.validators,
        |last| last.validator.clone(),
    );
    let validators = validators.await?.into_iter();
    Ok(validators.map(|it| (it.validator.clone(), it)).collect())
}

async fn delegations(
    view: &View,
    address: &str,
    validator: &str,
) -> Result<BTreeMap<(String, String), u128>> {
    let delegations = view.list(
        address,
        |start_after, limit| QueryMsg::ValidatorDelegations {
            validator: validator.to_string(),
            start_after,
            limit,
        },
        |page: DelegationsResponse| page.delegations,
        |last| last.delegator.to_string(),
    );
    let delegations = delegations.await?.into_iter().map(|it| {
        let key = (validator.to_string(), it.delegator.into_string());
        (key, it.units.u128())
    });
    Ok(delegations.collect())
}
