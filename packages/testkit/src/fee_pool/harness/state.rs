//! A pool that starts with the state of a chain.

use anyhow::{Context as _, Result};
use cosmwasm_std::{Decimal256, Uint128};
use serde_json::{Value, json};

use super::{Harness, fraction};
use crate::fee_pool::{AccountingKind, FeePoolBuilder, FeePoolSuite, Line, Terms};
use crate::hub_state::{HubParams, HubState};
use oracles::ledger::{FeeLedger, FeeParams, Fraction};

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

    /// A pool with the params of a chain that waits for its state, and fees in the bond denom.
    ///
    /// # Errors
    /// When the pool refuses the params.
    pub fn waiting_for(state: &HubState, accounting: AccountingKind) -> Result<Self> {
        Self::inactive(FeePoolSuite::builder(), state, accounting)
    }

    fn start(
        builder: FeePoolBuilder,
        state: &HubState,
        accounting: AccountingKind,
        page: usize,
    ) -> Result<Self> {
        let mut harness = Self::inactive(builder, state, accounting)?;
        for lines in harness.lines_of(state)?.chunks(page.max(1)) {
            harness.import(lines, &[])?;
        }
        harness.activate(&[])?;
        Ok(harness)
    }

    fn inactive(
        builder: FeePoolBuilder,
        state: &HubState,
        accounting: AccountingKind,
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
        Self::new(suite, FeeLedger::new(fee_params(&state.params)?)?)
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

    /// Validators and delegations of a state, in this order.
    ///
    /// # Errors
    /// For addresses of another chain and rates above 1.
    fn lines_of(&self, state: &HubState) -> Result<Vec<Line>> {
        let validators = state.validators.iter().map(|it| {
            Ok(Line::Validator {
                validator: self.operator_account(&it.validator)?,
                power: u64::try_from(it.power.u128())?,
                terms: Terms {
                    rate: atomics(it.commission.rate)?,
                    max_rate: atomics(it.commission.max_rate)?,
                    max_change_rate: atomics(it.commission.max_change_rate)?,
                },
            })
        });
        let delegations = state.delegations.iter().map(|it| {
            Ok(Line::Delegation {
                delegator: it.delegator.clone(),
                validator: self.operator_account(&it.validator)?,
                shares: it.shares.to_string(),
            })
        });
        validators.chain(delegations).collect()
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

fn atomics(rate: Decimal256) -> Result<u64> {
    let atomics = Uint128::try_from(rate.atomics())?.u128();
    u64::try_from(atomics).context("a rate above 1")
}

fn rate(rate: Decimal256) -> Result<Fraction> {
    fraction(atomics(rate)?)
}
