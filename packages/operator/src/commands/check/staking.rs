//! A fee pool against the staking module of its chain.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use distribution_math::TokenScale;
use fee_pool_core::answers::{
    ConfigResponse, DelegationsResponse, LastBlockResponse, ValidatorResponse, ValidatorsResponse,
};
use fee_pool_core::msg::{QueryMsg, Source};

use super::Findings;
use crate::chain::{Validator, View};

/// Entries of a page: the most that contracts give.
const PAGE: u32 = 100;

/// A fee pool as it says it is.
pub struct Pool {
    address: String,
    config: ConfigResponse,
    last_block: LastBlockResponse,
    validators: BTreeMap<String, ValidatorResponse>,
}

impl Pool {
    /// Asks the contract.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn read(view: &View, address: &str) -> Result<Self> {
        let mut pool = Pool {
            address: address.to_string(),
            config: view.smart(address, &QueryMsg::Config {}).await?,
            last_block: view.smart(address, &QueryMsg::LastBlock {}).await?,
            validators: BTreeMap::new(),
        };
        let mut start_after = None;
        loop {
            let query = QueryMsg::Validators {
                start_after,
                limit: Some(PAGE),
            };
            let answer: ValidatorsResponse = view.smart(address, &query).await?;
            start_after = answer.validators.last().map(|last| last.validator.clone());
            let validators = answer.validators.into_iter();
            pool.validators
                .extend(validators.map(|validator| (validator.validator.clone(), validator)));
            if start_after.is_none() {
                return Ok(pool);
            }
        }
    }

    /// The height that the pool was told of last: of the chain itself, or the reporter's.
    fn told(&self) -> u64 {
        match self.last_block.reported_height {
            0 => self.last_block.height,
            reported => reported,
        }
    }

    /// Whether somebody calls `begin_block`.
    pub fn check_lag(&self, height: u64, max_lag: u64, findings: &mut Findings) {
        if !self.config.active {
            findings.add("is not active".to_string());
            return;
        }
        let lag = height.saturating_sub(self.told());
        if lag > max_lag {
            findings.add(format!(
                "its last block is {}, {lag} behind the chain; at most {max_lag} are allowed",
                self.told()
            ));
        }
    }

    /// Compares powers, commissions and units.
    ///
    /// A reporter tells what it saw up to a height, so its pool is compared with that height; a chain's
    /// hooks come at once.
    ///
    /// # Errors
    /// When the node or the contract does not answer, or the node has forgotten the height.
    pub async fn check(&self, view: &View, height: u64, findings: &mut Findings) -> Result<()> {
        let seen = match self.config.source {
            Source::Reporter if self.last_block.reported_height > 0 => {
                self.last_block.reported_height
            }
            _ => height,
        };
        let chain = view.at(seen);
        let validators = chain.validators().await?;
        // A block brings the votes on the one before it.
        let voted = match self.told() {
            0 => seen,
            told => told.saturating_sub(1).max(1),
        };
        let powers = view.powers(voted).await?;
        for validator in &validators {
            let power = powers.get(&validator.key).copied().unwrap_or_default();
            self.check_validator(validator, power, findings);
            if !self.gives_tokens() {
                self.check_delegations(view, &chain, &validator.operator, findings)
                    .await?;
            }
        }
        let there: BTreeSet<&str> = validators.iter().map(|it| it.operator.as_str()).collect();
        for (name, validator) in &self.validators {
            if !there.contains(name.as_str()) && !validator.removed {
                findings.add(format!(
                    "{name} is no validator of the chain, and not removed here"
                ));
            }
        }
        Ok(())
    }

    /// Whether units are made of tokens, which only the contract can: what a share is worth depends on
    /// all slashes since the start.
    fn gives_tokens(&self) -> bool {
        self.config.source.gives_tokens()
    }

    fn check_validator(&self, validator: &Validator, power: u64, findings: &mut Findings) {
        let name = &validator.operator;
        let Some(known) = self.validators.get(name) else {
            findings.add(format!("{name} is not known"));
            return;
        };
        if known.removed {
            findings.add(format!("{name} is removed, the chain has it"));
        }
        if known.power.u64() != power {
            findings.add(format!(
                "{name} has power {} here, {power} on the chain",
                known.power
            ));
        }
        // An announced change of commission is read before the next block is split.
        if !known.commission.stale && known.commission.rate != validator.commission.rate {
            findings.add(format!(
                "{name} takes a commission of {} here, of {} on the chain",
                known.commission.rate, validator.commission.rate
            ));
        }
    }

    async fn check_delegations(
        &self,
        view: &View,
        chain: &View,
        validator: &str,
        findings: &mut Findings,
    ) -> Result<()> {
        let scale = TokenScale::new(self.config.share_places);
        let mut expected = BTreeMap::new();
        for delegation in chain.delegations(validator).await? {
            let units = scale.units_of_shares(&delegation.shares);
            let units =
                units.with_context(|| format!("{} at {validator}", delegation.delegator))?;
            expected.insert(delegation.delegator, units.units);
        }
        let mut start_after = None;
        loop {
            let query = QueryMsg::ValidatorDelegations {
                validator: validator.to_string(),
                start_after,
                limit: Some(PAGE),
            };
            if !self.validators.contains_key(validator) {
                break;
            }
            let page: DelegationsResponse = view.smart(&self.address, &query).await?;
            start_after = page
                .delegations
                .last()
                .map(|last| last.delegator.to_string());
            for delegation in page.delegations {
                let units = expected
                    .remove(delegation.delegator.as_str())
                    .unwrap_or_default();
                if delegation.units.u128() != units {
                    findings.add(format!(
                        "{} has {} units at {validator} here, {units} on the chain",
                        delegation.delegator, delegation.units
                    ));
                }
            }
            if start_after.is_none() {
                break;
            }
        }
        for (delegator, units) in expected.into_iter().filter(|(_, units)| *units > 0) {
            findings.add(format!(
                "{delegator} has no units at {validator} here, {units} on the chain"
            ));
        }
        Ok(())
    }
}
