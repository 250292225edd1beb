//! A chain with one fee pool.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use cosmwasm_std::{Addr, Coin, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Map, Value, json};

use super::EventLedger;
use crate::chain::{EmbeddedChain, NewContract};
use crate::codes::codes;
use crate::scenario::{Action, Advance, ChainSpec, Execute, Query, ScenarioFile, Send, Step, Sudo};

/// Name of the pool's code and of its contract.
const CODE: &str = "fee-pool";
/// Name of the pool as an account.
const POOL: &str = "pool";
/// Name of who instantiates and owns the pool.
const OWNER: &str = "owner";
/// Seconds of a block.
const BLOCK_SECONDS: u64 = 5;

/// Collects how a pool begins.
pub struct FeePoolBuilder {
    balances: BTreeMap<String, Vec<Coin>>,
    msg: Map<String, Value>,
    recording: Option<String>,
}

impl FeePoolBuilder {
    /// What an account has of a denom at the start.
    #[must_use]
    pub fn balance(mut self, name: &str, amount: u128, denom: &str) -> Self {
        let coins = self.balances.entry(name.into()).or_default();
        match coins.iter_mut().find(|coin| coin.denom == denom) {
            Some(coin) => coin.amount = Uint256::from(amount),
            None => coins.push(Coin::new(amount, denom)),
        }
        self
    }

    /// Sets a field of the instantiate message.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.msg.insert(field.into(), value);
        self
    }

    /// Keeps every step, to be written out as a scenario file of that name.
    #[must_use]
    pub fn recording(mut self, name: &str) -> Self {
        self.recording = Some(name.into());
        self
    }

    /// The chain with the pool on it.
    ///
    /// # Errors
    /// When the pool refuses its message.
    pub fn build(self) -> Result<FeePoolSuite> {
        let mut builder = EmbeddedChain::builder("cosmos");
        for (name, coins) in &self.balances {
            builder = builder.balance(name, coins.clone());
        }
        let mut chain = builder.build().map_err(|error| anyhow!("{error}"))?;
        let code = codes().make(CODE).context("the registry has no fee-pool")?;
        let code_id = chain.store_code(code);
        let owner = chain.account(OWNER);
        let recording = self.recording.map(|name| ScenarioFile {
            name,
            accounts: None,
            chains: [(
                "hub".to_string(),
                ChainSpec {
                    balances: self.balances,
                    ..ChainSpec::new("cosmos")
                },
            )]
            .into(),
            steps: Vec::new(),
        });
        let msg = Value::Object(self.msg);
        let mut suite = FeePoolSuite {
            pool: Addr::unchecked("not yet"),
            code_id,
            events: EventLedger::default(),
            recording,
            chain,
        };
        let resolved = suite.resolve(&msg);
        let new = NewContract {
            code_id,
            sender: &owner,
            label: CODE,
            admin: Some(&owner),
            funds: &[],
        };
        suite.pool = suite
            .chain
            .instantiate(new, &resolved)
            .map_err(|error| anyhow!("{error}"))?
            .address;
        suite.record(Step::new(Action::Instantiate(
            crate::scenario::Instantiate {
                name: POOL.into(),
                code: CODE.into(),
                sender: OWNER.into(),
                msg,
                funds: vec![],
                admin: Some(OWNER.into()),
            },
        )));
        Ok(suite)
    }
}

/// A chain with one fee pool.
pub struct FeePoolSuite {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The pool's address.
    pub pool: Addr,
    /// The pool's code.
    pub code_id: u64,
    /// The pool's ledger, from its events.
    pub events: EventLedger,
    recording: Option<ScenarioFile>,
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
        let Value::Object(msg) = msg else {
            unreachable!("the literal above is an object")
        };
        FeePoolBuilder {
            balances: BTreeMap::new(),
            msg,
            recording: None,
        }
        .balance("fees", 10u128.pow(30), "uatom")
    }

    /// The account of a name, the pool itself for `pool`, or an address for itself.
    pub fn account(&self, name: &str) -> Addr {
        if name == POOL {
            return self.pool.clone();
        }
        match self.chain.addresses().account_bytes(name) {
            Ok(_) => Addr::unchecked(name),
            Err(_) => self.chain.account(name),
        }
    }

    /// The operator address of a name or of an account's address, or an operator address for itself.
    pub fn operator(&self, name: &str) -> String {
        let addresses = self.chain.addresses();
        if addresses.check_operator(name).is_ok() {
            return name.to_string();
        }
        addresses
            .operator_of(&Addr::unchecked(name))
            .unwrap_or_else(|_| self.chain.operator(name))
    }

    /// The message with names replaced by addresses.
    pub fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(match text.strip_prefix('@') {
                None => text.clone(),
                Some(name) => match name.strip_prefix('@') {
                    Some(validator) => self.operator(validator),
                    None => self.account(name).into_string(),
                },
            }),
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(key, value)| (key.clone(), self.resolve(value)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    fn record(&mut self, step: Step) {
        if let Some(file) = &mut self.recording {
            file.steps.push(step);
        }
    }

    /// What was done so far as a scenario file, when the suite is recording.
    pub fn scenario(&self) -> Option<&ScenarioFile> {
        self.recording.as_ref()
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
        let (account, pool) = (self.account(sender), self.pool.clone());
        let resolved = self.resolve(&msg);
        let result = self.chain.execute(&account, &pool, &resolved, &funds);
        let step = Step::new(Action::Execute(Execute {
            contract: POOL.into(),
            sender: sender.into(),
            msg,
            funds,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    /// Sends a message to the pool.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Tells the pool something as the chain itself.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn sudo(&mut self, msg: Value) -> Result<AppResponse> {
        let resolved = self.resolve(&msg);
        let result = self.chain.sudo(&self.pool.clone(), &resolved);
        let step = Step::new(Action::Sudo(Sudo {
            contract: POOL.into(),
            msg,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    /// Keeps the step and the events of what succeeded; a failure is kept with its error.
    fn finish(&mut self, step: Step, result: Result<AppResponse>) -> Result<AppResponse> {
        match result {
            Ok(response) => {
                self.record(step);
                self.events
                    .take(&self.pool, &response.events)
                    .context("the pool's events")?;
                Ok(response)
            }
            Err(error) => {
                self.record(step.failing(""));
                Err(error)
            }
        }
    }

    /// Asks the pool.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn query(&self, msg: Value) -> Result<Value> {
        self.chain
            .query(&self.pool, &self.resolve(&msg))
            .map_err(|error| anyhow!("{error}"))
    }

    /// Asks the pool, and keeps question and answer as an expectation of the scenario.
    ///
    /// # Errors
    /// The pool's, as text.
    pub fn query_and_record(&mut self, msg: Value) -> Result<Value> {
        let answer = self.query(msg.clone())?;
        let step = Step::new(Action::Query(Query {
            contract: POOL.into(),
            msg,
        }));
        self.record(step.expecting(answer.clone()));
        Ok(answer)
    }

    /// Sends coins from one account to another.
    ///
    /// # Errors
    /// The bank's.
    #[track_caller]
    pub fn send(&mut self, from: &str, to: &str, amount: u128, denom: &str) -> Result<()> {
        let coins = vec![Coin::new(amount, denom)];
        let (sender, recipient) = (self.account(from), self.account(to));
        self.chain
            .send(&sender, &recipient, &coins)
            .map_err(|error| anyhow!("{error}"))?;
        self.record(Step::new(Action::Send(Send {
            from: from.into(),
            to: to.into(),
            amount: coins,
        })));
        Ok(())
    }

    /// Lets one block pass.
    pub fn next_block(&mut self) {
        self.advance(1, BLOCK_SECONDS);
    }

    /// Lets blocks and time pass.
    ///
    /// # Panics
    /// When the chain cannot: past the end of time.
    pub fn advance(&mut self, blocks: u64, seconds: u64) {
        assert!(self.chain.advance(blocks, seconds).is_ok(), "end of time");
        self.record(Step::new(Action::Advance(Advance { blocks, seconds })));
    }

    /// What an account has.
    ///
    /// # Panics
    /// When the bank does not answer.
    pub fn balance(&self, name: &str, denom: &str) -> Uint256 {
        match self.chain.balance(&self.account(name), denom) {
            Ok(balance) => balance,
            Err(error) => panic!("balance of {name}: {error}"),
        }
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

    /// Tells a staking event as the reporter.
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

    /// What a delegation may claim, as the query shows it.
    ///
    /// # Errors
    /// The pool's, as text.
    pub fn rewards(&self, delegator: &str, validator: &str) -> Result<Value> {
        self.query(json!({"delegation_rewards": {
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        }}))
    }

    /// Everything that the pool stores.
    pub fn dump(&self) -> Vec<cosmwasm_std::Record> {
        self.chain.app().dump_wasm_raw(&self.pool)
    }
}
