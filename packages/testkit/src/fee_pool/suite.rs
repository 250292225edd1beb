//! A chain with one fee pool.

use std::ops::{Deref, DerefMut};

use anyhow::{Context as _, Result, anyhow};
use cosmwasm_std::{Addr, Coin, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use super::{AccountingKind, EventLedger};
use crate::chain::ValidatorTerms;
use crate::scenario::{Action, Delegation, Step, Validator};
use crate::suite::{Suite, SuiteBuilder};

/// Name of the pool as an account.
const POOL: &str = "pool";

/// Collects how a pool begins.
pub struct FeePoolBuilder {
    suite: SuiteBuilder,
    accounting: AccountingKind,
}

impl FeePoolBuilder {
    /// A pool with this accounting; F1 unless it is said.
    #[must_use]
    pub fn accounting(self, accounting: AccountingKind) -> Self {
        FeePoolBuilder {
            suite: self.suite.code(accounting.code()),
            accounting,
        }
    }

    /// The bech32 prefix of account addresses; `cosmos` unless it is said.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        FeePoolBuilder {
            suite: self.suite.prefix(prefix),
            ..self
        }
    }

    /// What an account has of a denom at the start.
    #[must_use]
    pub fn balance(self, name: &str, amount: u128, denom: &str) -> Self {
        FeePoolBuilder {
            suite: self.suite.balance(name, amount, denom),
            ..self
        }
    }

    /// Sets a field of the instantiate message.
    #[must_use]
    pub fn with(self, field: &str, value: Value) -> Self {
        FeePoolBuilder {
            suite: self.suite.with(field, value),
            ..self
        }
    }

    /// Keeps every step, to be written out as a scenario file of that name.
    #[must_use]
    pub fn recording(self, name: &str) -> Self {
        FeePoolBuilder {
            suite: self.suite.recording(name),
            ..self
        }
    }

    /// The chain with the pool on it.
    ///
    /// # Errors
    /// When the pool refuses its message.
    pub fn build(self) -> Result<FeePoolSuite> {
        let suite = self.suite.build()?;
        Ok(FeePoolSuite {
            accounting: self.accounting,
            pool: suite.contract.clone(),
            events: EventLedger::default(),
            suite,
        })
    }
}

/// A chain with one fee pool.
pub struct FeePoolSuite {
    /// The pool's accounting.
    pub accounting: AccountingKind,
    /// The pool's address.
    pub pool: Addr,
    /// The pool's ledger, from its events.
    pub events: EventLedger,
    suite: Suite,
}

impl Deref for FeePoolSuite {
    type Target = Suite;

    fn deref(&self) -> &Suite {
        &self.suite
    }
}

impl DerefMut for FeePoolSuite {
    fn deref_mut(&mut self) -> &mut Suite {
        &mut self.suite
    }
}

/// `5uatom`.
pub fn coin_text(amount: impl Into<Uint256>, denom: &str) -> String {
    format!("{}{denom}", amount.into())
}

impl FeePoolSuite {
    /// A pool that takes `uatom`, believes the account `reporter`, is active at once and whose
    /// account `fees` has plenty.
    pub fn builder() -> FeePoolBuilder {
        let msg = json!({
            "reward_denoms": ["uatom"],
            "reporters": {"block": ["@reporter"], "staking": ["@reporter"]},
            "active": true,
        });
        let accounting = AccountingKind::F1;
        FeePoolBuilder {
            suite: SuiteBuilder::new(accounting.code(), POOL, msg),
            accounting,
        }
        .balance("fees", 10u128.pow(30), "uatom")
    }

    /// Keeps the events of what succeeded.
    fn finish(&mut self, result: Result<AppResponse>) -> Result<AppResponse> {
        let response = result?;
        self.events
            .take(&self.pool, &response.events)
            .context("the pool's events")?;
        Ok(response)
    }

    /// Sends a message to the pool, with funds such as `5uatom`.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn execute_with(
        &mut self,
        sender: &str,
        msg: Value,
        funds: Vec<Coin>,
    ) -> Result<AppResponse> {
        let result = self.suite.execute_with(sender, msg, funds);
        self.finish(result)
    }

    /// Sends a message to the pool.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Calls the pool's `sudo`, as the chain does.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn sudo(&mut self, msg: Value) -> Result<AppResponse> {
        let result = self.suite.sudo(msg);
        self.finish(result)
    }

    /// Lets a block pass in which `fees` came in, and reports it: everybody in `last_commit`.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn block(
        &mut self,
        fees: u128,
        proposer: Option<&str>,
        last_commit: Value,
    ) -> Result<AppResponse> {
        self.next_block();
        if fees > 0 {
            self.send("fees", POOL, fees, "uatom")?;
        }
        let mut block = json!({"last_commit": last_commit});
        if let (Some(proposer), Some(fields)) = (proposer, block.as_object_mut()) {
            fields.insert("proposer".into(), json!(format!("@@{proposer}")));
        }
        self.execute("reporter", json!({"begin_block": block}))
    }

    /// Sends a staking event as the reporter.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn staking_event(&mut self, event: Value) -> Result<AppResponse> {
        self.execute("reporter", json!({"staking_event": event}))
    }

    /// Creates a validator with commission limits of 1.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn create_validator(&mut self, validator: &str, rate: &str) -> Result<AppResponse> {
        self.staking_event(json!({"validator_created": {
            "validator": format!("@@{validator}"),
            "commission": {"rate": rate, "max_rate": "1", "max_change_rate": "1"},
        }}))
    }

    /// Sets a validator's power.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn set_power(&mut self, validator: &str, power: u64) -> Result<AppResponse> {
        self.staking_event(json!({"power_changed": {
            "validator": format!("@@{validator}"), "power": power.to_string(),
        }}))
    }

    /// Sets the shares of a delegation.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn set_shares(
        &mut self,
        delegator: &str,
        validator: &str,
        shares: &str,
    ) -> Result<AppResponse> {
        self.staking_event(json!({"delegation_changed": {
            "delegator": format!("@{delegator}"),
            "validator": format!("@@{validator}"),
            "shares": shares,
        }}))
    }

    /// Withdraws the rewards of a delegation.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn withdraw(&mut self, delegator: &str, validator: &str) -> Result<AppResponse> {
        self.execute(
            delegator,
            json!({"withdraw_delegator_reward": {"validator": format!("@@{validator}")}}),
        )
    }

    /// Withdraws an operator's commission.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn withdraw_commission(&mut self, validator: &str) -> Result<AppResponse> {
        self.execute(
            validator,
            json!({"withdraw_validator_commission": {"validator": format!("@@{validator}")}}),
        )
    }

    /// The chain's staking module knows a validator with these terms from now on.
    ///
    /// # Errors
    /// The chain's.
    pub fn set_chain_validator(&mut self, validator: &str, terms: &ValidatorTerms) -> Result<()> {
        let operator = self.operator(validator);
        self.chain
            .set_validator(&operator, terms)
            .map_err(|error| anyhow!("{error}"))?;
        self.record(Step::new(Action::Validator(Validator {
            name: validator.into(),
            exists: true,
            commission: Some(terms.commission),
            max_commission: Some(terms.max_commission),
            max_change_rate: Some(terms.max_change_rate),
        })));
        Ok(())
    }

    /// The chain's staking module knows a validator no more.
    ///
    /// # Errors
    /// The chain's.
    pub fn remove_chain_validator(&mut self, validator: &str) -> Result<()> {
        let operator = self.operator(validator);
        self.chain
            .remove_validator(&operator)
            .map_err(|error| anyhow!("{error}"))?;
        self.record(Step::new(Action::Validator(Validator {
            name: validator.into(),
            exists: false,
            commission: None,
            max_commission: None,
            max_change_rate: None,
        })));
        Ok(())
    }

    /// The chain's staking module says that a delegation is worth these tokens from now on.
    ///
    /// # Errors
    /// The chain's.
    pub fn set_chain_delegation(
        &mut self,
        delegator: &str,
        validator: &str,
        tokens: u128,
    ) -> Result<()> {
        let (account, operator) = (self.account(delegator), self.operator(validator));
        self.chain
            .set_delegation(&account, &operator, Uint256::from(tokens))
            .map_err(|error| anyhow!("{error}"))?;
        self.record(Step::new(Action::Delegation(Delegation {
            delegator: delegator.into(),
            validator: validator.into(),
            amount: Uint256::from(tokens),
        })));
        Ok(())
    }

    /// What a delegation may claim, as the query shows it.
    ///
    /// # Errors
    /// The pool's, as text.
    pub fn rewards(&self, delegator: &str, validator: &str) -> Result<Value> {
        self.query(json!({"delegation_rewards": {
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        }}))
    }
}
