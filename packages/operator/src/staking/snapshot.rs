//! The staking of a chain at one height.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chain_types::staking_event::CommissionTerms;
use fee_pool_core::msg::Source;

use super::Pool;
use super::owed::Owed;
use crate::chain::{self, View, Voter};
use crate::progress::Progress;

/// A validator of the chain.
pub struct Validator {
    /// Its voting power, 0 when it has none.
    pub power: u64,
    /// Its commission.
    pub commission: CommissionTerms,
}

/// Validators and delegations at one height.
#[derive(Default)]
pub struct Snapshot {
    /// By operator address.
    pub validators: BTreeMap<String, Validator>,
    /// By validator and delegator: shares as decimals, or tokens for a pool whose chain gives these.
    pub delegations: BTreeMap<(String, String), String>,
    /// Where rewards and commissions are sent, by account, of those who have named another one. Empty until
    /// it is read, which takes a query for each account.
    pub withdraw_addresses: BTreeMap<String, String>,
    /// What has not been paid; none until it is read.
    pub owed: Option<Owed>,
}

impl Snapshot {
    /// What is staked at the height of the view, for a pool of this source: of validators and voters that
    /// were read before, with the delegations of some of the validators.
    ///
    /// # Errors
    /// When the node does not answer, or has forgotten the height.
    pub async fn of_some(
        view: &View,
        validators: &[chain::Validator],
        voters: &[Voter],
        source: Source,
        is_read: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let powers: BTreeMap<_, _> = voters.iter().map(|it| (&it.key, it.power)).collect();
        let progress = Progress::of(validators.len(), "validators read");
        let mut snapshot = Snapshot::default();
        for validator in validators {
            let delegations = if is_read(&validator.operator) {
                view.delegations(&validator.operator).await?
            } else {
                Vec::new()
            };
            for delegation in delegations {
                let key = (validator.operator.clone(), delegation.delegator);
                let stake = if source.gives_tokens() {
                    delegation.tokens
                } else {
                    delegation.shares
                };
                snapshot.delegations.insert(key, stake);
            }
            let power = powers.get(&validator.key).copied().unwrap_or_default();
            let commission = validator.commission;
            let here = Validator { power, commission };
            snapshot.validators.insert(validator.operator.clone(), here);
            progress.advance(1);
        }
        Ok(snapshot)
    }

    /// Reads where the rewards and commissions of these accounts are sent.
    ///
    /// # Errors
    /// As [`Snapshot::of_some`]; and when the chain has no x/distribution.
    pub async fn read_withdraw_addresses(
        &mut self,
        view: &View,
        accounts: BTreeSet<String>,
    ) -> Result<()> {
        let progress = Progress::of(accounts.len(), "withdraw addresses read");
        for account in accounts {
            let address = view.withdraw_address(&account).await?;
            if address != account {
                self.withdraw_addresses.insert(account, address);
            }
            progress.advance(1);
        }
        Ok(())
    }

    /// Reads what x/distribution has not paid.
    ///
    /// # Errors
    /// As [`Snapshot::read_withdraw_addresses`].
    pub async fn read_owed(&mut self, view: &View) -> Result<()> {
        let delegators = self.delegations.keys().map(|(_, delegator)| delegator);
        let delegators = delegators.collect();
        self.owed = Some(Owed::read(view, delegators, self.validators.keys()).await?);
        Ok(())
    }

    /// What a pool should know at a height: validators, delegations and the powers that vote. A reporter
    /// tells what it saw up to the height of its report, so its pool is compared with that height; a chain's
    /// hooks come at once.
    ///
    /// # Errors
    /// As [`Snapshot::of_some`].
    pub async fn of_pool(view: &View, pool: &Pool, height: u64) -> Result<Self> {
        let then = view.at(pool.seen(height));
        let told = match pool.told() {
            0 => height,
            told => told,
        };
        // A block brings the votes on the one before it.
        let voters = then.voters(told.saturating_sub(1).max(1)).await?;
        let validators = then.validators().await?;
        Snapshot::of_some(&then, &validators, &voters, pool.config.source, |_| true).await
    }
}
