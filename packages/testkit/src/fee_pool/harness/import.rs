//! A pool that starts with the state of a chain.

use anyhow::{Context as _, Result};
use cosmwasm_std::{Decimal256, Uint128};
use serde_json::{Value, json};

use super::{Harness, fraction};
use crate::fee_pool::{AccountingKind, FeePoolBuilder, FeePoolSuite};
use crate::hub_state::{HubCommission, HubParams, HubState};
use oracles::ledger::{FeeLedger, FeeParams, Fraction};

/// Decimal places of shares in a state.
const SHARE_PLACES: u32 = 18;

impl Harness {
    /// An active pool with the params of a chain, into which the chain's validators and delegations
    /// were imported, so many in a message; and a ledger that knows the same.
    ///
    /// Fees are in the bond denom. Delegators are called by their addresses and validators by the
    /// addresses of their operators' accounts, see [`Harness::operator_account`].
    ///
    /// # Errors
    /// When the pool refuses the state.
    pub fn with_state(state: &HubState, accounting: AccountingKind, page: usize) -> Result<Self> {
        Self::start(FeePoolSuite::builder(), state, accounting, page)
    }

    /// As [`Harness::with_state`], and keeps every step of the pool's life, to be written out as a
    /// scenario file of that name. Those files call accounts by names: take a state that does as
    /// well, see [`HubState::with_names`].
    ///
    /// # Errors
    /// When the pool refuses the state.
    pub fn recorded_with_state(
        name: &str,
        state: &HubState,
        accounting: AccountingKind,
        page: usize,
    ) -> Result<Self> {
        let builder = FeePoolSuite::builder().recording(name);
        Self::start(builder, state, accounting, page)
    }

    fn start(
        builder: FeePoolBuilder,
        state: &HubState,
        accounting: AccountingKind,
        page: usize,
    ) -> Result<Self> {
        let denom = &state.staking_params.bond_denom;
        let suite = builder
            .prefix(&state.prefix)
            .balance("fees", 10u128.pow(30), denom)
            .with("active", json!(false))
            .accounting(accounting)
            .with("reward_denoms", json!([denom]))
            .with("params", params(&state.params))
            .build()?;
        let ledger = FeeLedger::new(fee_params(&state.params)?)?;
        let mut harness = Self::new(suite, ledger)?;
        harness.import(state, page.max(1))?;
        harness.suite.execute("owner", json!({"activate": {}}))?;
        Ok(harness)
    }

    /// The account with the bytes of an operator address: the name of a validator that came with a
    /// state. A name that is no address stands for itself.
    ///
    /// # Errors
    /// For an address of another chain.
    pub fn operator_account(&self, operator: &str) -> Result<String> {
        if !operator.contains("valoper") {
            return Ok(operator.to_string());
        }
        let account = self.suite.chain.addresses().account_of(operator);
        Ok(account.map_err(anyhow::Error::msg)?.into_string())
    }

    fn import(&mut self, state: &HubState, page: usize) -> Result<()> {
        for validators in state.validators.chunks(page) {
            let lines: Vec<Value> = validators
                .iter()
                .map(|it| {
                    json!({
                        "validator": format!("@@{}", it.validator),
                        "power": it.power,
                        "commission": commission(&it.commission),
                    })
                })
                .collect();
            self.suite
                .execute("owner", json!({"import": {"validators": lines}}))?;
        }
        for delegations in state.delegations.chunks(page) {
            let lines: Vec<Value> = delegations
                .iter()
                .map(|it| {
                    json!({
                        "delegator": format!("@{}", it.delegator),
                        "validator": format!("@@{}", it.validator),
                        "shares": it.shares,
                    })
                })
                .collect();
            self.suite
                .execute("owner", json!({"import": {"delegations": lines}}))?;
        }
        self.import_into_ledger(state)
    }

    fn import_into_ledger(&mut self, state: &HubState) -> Result<()> {
        for it in &state.validators {
            let name = self.operator_account(&it.validator)?;
            let power = u64::try_from(it.power.u128())?;
            self.learn(&name);
            self.ledger
                .create_validator(&name, rate(it.commission.rate)?);
            self.ledger.set_power(&name, power);
            self.validators
                .insert(name, super::ValidatorState { power });
        }
        for it in &state.delegations {
            let validator = self.operator_account(&it.validator)?;
            let shares = Uint128::try_from(it.shares.atomics())?.u128();
            let one = 10u128.pow(SHARE_PLACES);
            self.learn(&it.delegator);
            self.ledger
                .set_units(&it.delegator, &validator, shares / (one / self.unit_scale))?;
            self.shares
                .insert((it.delegator.clone(), validator), shares / one);
        }
        Ok(())
    }
}

fn params(params: &HubParams) -> Value {
    json!({
        "community_tax": params.community_tax,
        "base_proposer_reward": params.base_proposer_reward,
        "bonus_proposer_reward": params.bonus_proposer_reward,
        "withdraw_addr_enabled": params.withdraw_addr_enabled,
    })
}

fn fee_params(params: &HubParams) -> Result<FeeParams> {
    Ok(FeeParams {
        community_tax: rate(params.community_tax)?,
        base_proposer_reward: rate(params.base_proposer_reward)?,
        bonus_proposer_reward: rate(params.bonus_proposer_reward)?,
        equal_share: Fraction::ZERO,
    })
}

fn commission(terms: &HubCommission) -> Value {
    json!({
        "rate": terms.rate,
        "max_rate": terms.max_rate,
        "max_change_rate": terms.max_change_rate,
    })
}

fn rate(rate: Decimal256) -> Result<Fraction> {
    let atomics = Uint128::try_from(rate.atomics())?.u128();
    fraction(u64::try_from(atomics).context("a rate above 1")?)
}
