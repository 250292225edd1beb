//! A chain with one contract under test, driven by its JSON messages.
//!
//! What the suites of the contracts have in common: names for addresses, verbs that make a test
//! read as prose, and a record of what was done as a scenario file.
//!
//! Names are those of scenario files: in messages `@alice` is an account or contract and `@@v1` the
//! operator address with the bytes of account `v1`. A real address of the chain stands for itself,
//! and `@@cosmos1..` for the operator address with the same bytes.

// Test support: what cannot be is a failed test.
#![allow(clippy::panic)]

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use cosmwasm_std::{Addr, Coin, Empty, Uint256};
use cw_multi_test::{AppResponse, Contract};
use serde_json::{Map, Value};

use crate::chain::{EmbeddedChain, NewContract};
use crate::codes::codes;
use crate::scenario::{
    Action, Advance, ChainSpec, Execute, Instantiate, Query, ScenarioFile, Send, Step, Sudo,
};

/// Name of who instantiates the contract and may migrate it.
const OWNER: &str = "owner";
/// Prefix of account addresses.
const PREFIX: &str = "cosmos";
/// Seconds of a block.
const BLOCK_SECONDS: u64 = 5;

/// Collects how a contract begins.
pub struct SuiteBuilder {
    code: &'static str,
    name: &'static str,
    prefix: String,
    balances: BTreeMap<String, Vec<Coin>>,
    msg: Map<String, Value>,
    funds: Vec<Coin>,
    others: Vec<Other>,
    recording: Option<String>,
}

/// Another contract on the chain.
struct Other {
    name: String,
    code: Box<dyn Contract<Empty>>,
}

impl SuiteBuilder {
    /// A contract of a code of the registry, under the name by which scenarios call it, with the
    /// instantiate message `msg`, an object.
    ///
    /// # Panics
    /// When `msg` is no object.
    pub fn new(code: &'static str, name: &'static str, msg: Value) -> Self {
        let Value::Object(msg) = msg else {
            panic!("an instantiate message is an object, not {msg}");
        };
        SuiteBuilder {
            code,
            name,
            prefix: PREFIX.into(),
            balances: BTreeMap::new(),
            msg,
            funds: vec![],
            others: vec![],
            recording: None,
        }
    }

    /// Another code of the registry.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// Makes another contract before the one under test, with the instantiate message `{}`; `@name`
    /// is its address. A recording leaves it out: no scenario knows its code.
    #[must_use]
    pub fn other(mut self, name: &str, code: Box<dyn Contract<Empty>>) -> Self {
        self.others.push(Other {
            name: name.into(),
            code,
        });
        self
    }

    /// The bech32 prefix of account addresses; `cosmos` unless it is said.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

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

    /// Sends coins along with the instantiate message: the owner has them, and nothing else of the
    /// denom.
    #[must_use]
    pub fn funds(mut self, amount: u128, denom: &str) -> Self {
        self.funds.push(Coin::new(amount, denom));
        self.balance(OWNER, amount, denom)
    }

    /// Keeps every step, to be written out as a scenario file of that name.
    #[must_use]
    pub fn recording(mut self, name: &str) -> Self {
        self.recording = Some(name.into());
        self
    }

    /// The chain with the contract on it.
    ///
    /// # Errors
    /// When the contract refuses its message.
    pub fn build(self) -> Result<Suite> {
        let mut builder = EmbeddedChain::builder(self.prefix.as_str());
        for (name, coins) in &self.balances {
            builder = builder.balance(name, coins.clone());
        }
        let mut chain = builder.build().map_err(|error| anyhow!("{error}"))?;
        let code = codes()
            .make(self.code)
            .with_context(|| format!("the registry has no {}", self.code))?;
        let code_id = chain.store_code(code);
        let owner = chain.account(OWNER);
        let mut others = BTreeMap::new();
        for other in self.others {
            let new = NewContract {
                code_id: chain.store_code(other.code),
                sender: &owner,
                label: &other.name,
                admin: None,
                funds: &[],
            };
            let made = chain
                .instantiate(new, &Empty {})
                .map_err(|error| anyhow!("{error}"))?;
            others.insert(other.name, made.address);
        }
        let recording = self.recording.map(|name| ScenarioFile {
            name,
            accounts: None,
            chains: [(
                "hub".to_string(),
                ChainSpec {
                    balances: self.balances,
                    ..ChainSpec::new(self.prefix)
                },
            )]
            .into(),
            steps: Vec::new(),
        });
        let msg = Value::Object(self.msg);
        let mut suite = Suite {
            name: self.name,
            contract: Addr::unchecked("not yet"),
            code_id,
            instantiated: AppResponse::default(),
            others,
            recording,
            chain,
        };
        let resolved = suite.resolve(&msg);
        let new = NewContract {
            code_id,
            sender: &owner,
            label: self.code,
            admin: Some(&owner),
            funds: &self.funds,
        };
        let instantiated = suite
            .chain
            .instantiate(new, &resolved)
            .map_err(|error| anyhow!("{error}"))?;
        suite.contract = instantiated.address;
        suite.instantiated = instantiated.response;
        suite.record(Step::new(Action::Instantiate(Instantiate {
            name: self.name.into(),
            code: self.code.into(),
            sender: OWNER.into(),
            msg,
            funds: self.funds,
            admin: Some(OWNER.into()),
        })));
        Ok(suite)
    }
}

/// A chain with one contract under test.
pub struct Suite {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The contract's address.
    pub contract: Addr,
    /// The contract's code.
    pub code_id: u64,
    /// Events and data of its instantiation.
    pub instantiated: AppResponse,
    name: &'static str,
    others: BTreeMap<String, Addr>,
    recording: Option<ScenarioFile>,
}

impl Suite {
    /// The account of a name, a contract for its own, or an address for itself.
    pub fn account(&self, name: &str) -> Addr {
        if name == self.name {
            return self.contract.clone();
        }
        if let Some(other) = self.others.get(name) {
            return other.clone();
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

    /// Keeps a step of the scenario, when the suite is recording. Nothing happens now.
    pub fn record(&mut self, step: Step) {
        if let Some(file) = &mut self.recording {
            file.steps.push(step);
        }
    }

    /// Keeps the step; a failure is kept with its error.
    fn finish(&mut self, step: Step, result: Result<AppResponse>) -> Result<AppResponse> {
        self.record(match &result {
            Ok(_) => step,
            Err(_) => step.failing(""),
        });
        result
    }

    /// What was done so far as a scenario file, when the suite is recording.
    pub fn scenario(&self) -> Option<&ScenarioFile> {
        self.recording.as_ref()
    }

    /// Sends a message to the contract, with funds.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn execute_with(
        &mut self,
        sender: &str,
        msg: Value,
        funds: Vec<Coin>,
    ) -> Result<AppResponse> {
        let (account, contract) = (self.account(sender), self.contract.clone());
        let resolved = self.resolve(&msg);
        let result = self.chain.execute(&account, &contract, &resolved, &funds);
        let step = Step::new(Action::Execute(Execute {
            contract: self.name.into(),
            sender: sender.into(),
            msg,
            funds,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    /// Sends a message to the contract.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Calls the contract's `sudo`, as the chain does.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn sudo(&mut self, msg: Value) -> Result<AppResponse> {
        let resolved = self.resolve(&msg);
        let result = self.chain.sudo(&self.contract.clone(), &resolved);
        let step = Step::new(Action::Sudo(Sudo {
            contract: self.name.into(),
            msg,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    /// Asks the contract.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn query(&self, msg: Value) -> Result<Value> {
        self.chain
            .query(&self.contract, &self.resolve(&msg))
            .map_err(|error| anyhow!("{error}"))
    }

    /// Asks the contract, and keeps question and answer as an expectation of the scenario.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn query_and_record(&mut self, msg: Value) -> Result<Value> {
        let answer = self.query(msg.clone())?;
        self.expect_answer(msg, answer.clone());
        Ok(answer)
    }

    /// Keeps a question with the answer that it must have when the scenario is played. Nothing is
    /// asked now.
    pub fn expect_answer(&mut self, msg: Value, answer: Value) {
        let contract = self.name.into();
        self.record(Step::new(Action::Query(Query { contract, msg })).expecting(answer));
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

    /// Everything that the contract stores.
    pub fn dump(&self) -> Vec<cosmwasm_std::Record> {
        self.chain.app().dump_wasm_raw(&self.contract)
    }
}
