//! A chain with one gauges contract.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use cosmwasm_std::{Addr, Coin, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Map, Value, json};

use super::{GaugeEvents, token};
use crate::chain::{EmbeddedChain, NewContract};
use crate::codes::codes;
use crate::scenario::{Action, Advance, ChainSpec, Execute, Instantiate, ScenarioFile, Step, Sudo};

/// Seconds of a day, the suite's epoch.
pub const DAY: u64 = 86_400;
/// Name of the code.
const CODE: &str = "reward-gauges";
/// Name of the contract as an account.
const GAUGES: &str = "gauges";
/// Name of who instantiates and owns it.
const OWNER: &str = "owner";

/// Collects how the contract begins.
pub struct GaugesBuilder {
    balances: BTreeMap<String, Vec<Coin>>,
    msg: Map<String, Value>,
    tokens: Vec<String>,
    recording: Option<String>,
}

impl GaugesBuilder {
    /// Gives an account coins.
    #[must_use]
    pub fn balance(mut self, name: &str, amount: u128, denom: &str) -> Self {
        let coin = Coin::new(amount, denom);
        self.balances.entry(name.into()).or_default().push(coin);
        self
    }

    /// Sets a field of the instantiate message.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.msg.insert(field.into(), value);
        self
    }

    /// Makes a cw20 token with a name, before the contract.
    #[must_use]
    pub fn token(mut self, name: &str) -> Self {
        self.tokens.push(name.into());
        self
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
    pub fn build(self) -> Result<GaugesSuite> {
        let mut builder = EmbeddedChain::builder("cosmos");
        for (name, coins) in &self.balances {
            builder = builder.balance(name, coins.clone());
        }
        let mut chain = builder.build().map_err(|error| anyhow!("{error}"))?;
        let code = codes().make(CODE).context("the registry has no gauges")?;
        let code_id = chain.store_code(code);
        let owner = chain.account(OWNER);
        let mut contracts = BTreeMap::new();
        if !self.tokens.is_empty() {
            let code_id = chain.store_code(token::code());
            for name in &self.tokens {
                let new = NewContract {
                    code_id,
                    sender: &owner,
                    label: name,
                    admin: None,
                    funds: &[],
                };
                let token = chain
                    .instantiate(new, &json!({}))
                    .map_err(|error| anyhow!("{error}"))?;
                contracts.insert(name.clone(), token.address);
            }
        }
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
        let genesis = chain.block().time.seconds();
        let mut suite = GaugesSuite {
            contract: Addr::unchecked("not yet"),
            code_id,
            genesis,
            events: GaugeEvents::default(),
            contracts,
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
        suite.contract = suite
            .chain
            .instantiate(new, &resolved)
            .map_err(|error| anyhow!("{error}"))?
            .address;
        suite.record(Step::new(Action::Instantiate(Instantiate {
            name: GAUGES.into(),
            code: CODE.into(),
            sender: OWNER.into(),
            msg,
            funds: vec![],
            admin: Some(OWNER.into()),
        })));
        Ok(suite)
    }
}

/// A chain with one gauges contract.
pub struct GaugesSuite {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The contract's address.
    pub contract: Addr,
    /// Its code.
    pub code_id: u64,
    /// The chain's first second, which is genesis when the message names none.
    pub genesis: u64,
    /// The contract's ledger, from its events.
    pub events: GaugeEvents,
    contracts: BTreeMap<String, Addr>,
    recording: Option<ScenarioFile>,
}

impl GaugesSuite {
    /// A contract with epochs of a day from the chain's first second on, the durations 1, 7 and 14
    /// days, any native denom to lock and `uatom` for rewards. The accounts `alice`, `bob`, `carol`
    /// have plenty of `ulp`, the account `fees` of `uatom`.
    pub fn builder() -> GaugesBuilder {
        let msg = json!({
            "epoch_length": DAY,
            "durations": [DAY, 7 * DAY, 14 * DAY],
            "reward_assets": [{"native": "uatom"}],
        });
        let Value::Object(msg) = msg else {
            unreachable!("the literal above is an object")
        };
        let mut builder = GaugesBuilder {
            balances: BTreeMap::new(),
            msg,
            tokens: Vec::new(),
            recording: None,
        };
        for name in ["alice", "bob", "carol"] {
            builder = builder.balance(name, 10u128.pow(30), "ulp");
        }
        builder.balance("fees", 10u128.pow(38), "uatom")
    }

    /// The account of a name, the contract itself for `gauges`, a token for its name, or an address
    /// for itself.
    pub fn account(&self, name: &str) -> Addr {
        if name == GAUGES {
            return self.contract.clone();
        }
        if let Some(contract) = self.contracts.get(name) {
            return contract.clone();
        }
        match self.chain.addresses().account_bytes(name) {
            Ok(_) => Addr::unchecked(name),
            Err(_) => self.chain.account(name),
        }
    }

    /// The message with names replaced by addresses.
    pub fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(match text.strip_prefix('@') {
                None => text.clone(),
                Some(name) => self.account(name).into_string(),
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

    /// Sends a message with funds.
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
            contract: GAUGES.into(),
            sender: sender.into(),
            msg,
            funds,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Sends a message to a token.
    ///
    /// # Errors
    /// The token's, or that of the contract that it calls.
    #[track_caller]
    pub fn to_token(&mut self, sender: &str, token: &str, msg: Value) -> Result<AppResponse> {
        let (account, token) = (self.account(sender), self.account(token));
        let resolved = self.resolve(&msg);
        let response = self
            .chain
            .execute(&account, &token, &resolved, &[])
            .map_err(|error| anyhow!("{error}"))?;
        self.events.take(&self.contract, &response.events)?;
        Ok(response)
    }

    /// Sends cw20 tokens to the contract with a message.
    ///
    /// # Errors
    /// The token's or the contract's, as text.
    #[track_caller]
    pub fn send_token(
        &mut self,
        sender: &str,
        token: &str,
        amount: u128,
        msg: Value,
    ) -> Result<AppResponse> {
        let inner = serde_json::to_vec(&self.resolve(&msg))?;
        let send = json!({"send": {
            "contract": "@gauges",
            "amount": amount.to_string(),
            "msg": cosmwasm_std::Binary::from(inner).to_base64(),
        }});
        self.to_token(sender, token, send)
    }

    /// Tells the contract something as the chain itself.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn sudo(&mut self, msg: Value) -> Result<AppResponse> {
        let resolved = self.resolve(&msg);
        let result = self.chain.sudo(&self.contract.clone(), &resolved);
        let step = Step::new(Action::Sudo(Sudo {
            contract: GAUGES.into(),
            msg,
        }));
        self.finish(step, result.map_err(|error| anyhow!("{error}")))
    }

    fn finish(&mut self, step: Step, result: Result<AppResponse>) -> Result<AppResponse> {
        match result {
            Ok(response) => {
                self.record(step);
                self.events
                    .take(&self.contract, &response.events)
                    .context("the contract's events")?;
                Ok(response)
            }
            Err(error) => {
                self.record(step.failing(""));
                Err(error)
            }
        }
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

    /// Lets time pass, in one block.
    ///
    /// # Panics
    /// Past the end of time.
    pub fn pass(&mut self, seconds: u64) {
        assert!(self.chain.advance(1, seconds).is_ok(), "end of time");
        self.record(Step::new(Action::Advance(Advance { blocks: 1, seconds })));
    }

    /// Lets time pass until some seconds after genesis.
    ///
    /// # Panics
    /// When that is over.
    pub fn pass_until(&mut self, after_genesis: u64) {
        let now = self.chain.block().time.seconds();
        let then = self.genesis + after_genesis;
        assert!(then >= now, "{then} is over, it is {now}");
        self.pass(then - now);
    }

    /// What an account has.
    ///
    /// # Panics
    /// When the bank does not answer.
    pub fn balance(&self, name: &str, denom: &str) -> u128 {
        match self.chain.balance(&self.account(name), denom) {
            Ok(balance) => to_u128(balance),
            Err(error) => panic!("balance of {name}: {error}"),
        }
    }

    /// What an account has of a token.
    ///
    /// # Panics
    /// When the token does not answer.
    pub fn token_balance(&self, name: &str, token: &str) -> u128 {
        let query = json!({"balance": {"address": self.account(name)}});
        let answer: Value = self
            .chain
            .query(&self.account(token), &query)
            .expect("the token answers");
        answer["balance"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .expect("a balance")
    }

    /// Locks `ulp` for a duration and returns the lock's id.
    ///
    /// # Panics
    /// When the contract refuses.
    #[track_caller]
    pub fn lock(&mut self, owner: &str, amount: u128, duration: u64) -> u64 {
        self.try_lock(owner, amount, duration).expect("a lock")
    }

    /// [`GaugesSuite::lock`], with the contract's answer.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn try_lock(&mut self, owner: &str, amount: u128, duration: u64) -> Result<u64> {
        let msg = json!({"lock": {"duration": duration}});
        let response = self.execute_with(owner, msg, vec![Coin::new(amount, "ulp")])?;
        id(&response)
    }

    /// Makes a gauge of `uatom` for locks of `ulp`, from now on.
    ///
    /// # Panics
    /// When the contract refuses.
    #[track_caller]
    pub fn gauge(&mut self, duration: u64, coins: u128, epochs: Option<u32>) -> u64 {
        let msg = json!({"create_gauge": {
            "denom": {"native": "ulp"}, "duration": duration, "epochs": epochs, "closable": true,
        }});
        let response = self
            .execute_with("fees", msg, vec![Coin::new(coins, "uatom")])
            .expect("a gauge");
        id(&response).expect("an id")
    }

    /// Settles everything, however many messages it takes.
    ///
    /// # Panics
    /// When the contract refuses, or never comes to an end.
    #[track_caller]
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            let response = self
                .execute("anyone", json!({"settle": {"limit": 100}}))
                .expect("settles");
            let data = response.data.expect("data");
            if data.as_slice() == br#"{"done":true}"# {
                return;
            }
        }
        panic!("settling never ends");
    }

    /// Claims a lock's rewards as somebody.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn claim(&mut self, sender: &str, lock: u64) -> Result<AppResponse> {
        self.execute(sender, json!({"claim": {"lock_ids": [lock], "limit": 100}}))
    }

    /// The whole `uatom` that a lock can claim now.
    ///
    /// # Panics
    /// When the contract does not answer.
    #[track_caller]
    pub fn owed(&self, lock: u64) -> u128 {
        let answer = self.query(json!({"owed": {"id": lock}})).expect("owed");
        answer["claimable"][0]["amount"]
            .as_str()
            .map_or(0, |amount| amount.parse().expect("a number"))
    }

    /// Everything that the contract stores.
    pub fn dump(&self) -> Vec<cosmwasm_std::Record> {
        self.chain.app().dump_wasm_raw(&self.contract)
    }
}

fn to_u128(amount: Uint256) -> u128 {
    amount.to_string().parse().expect("below 2^128")
}

/// The id in the data of a message that makes something.
fn id(response: &AppResponse) -> Result<u64> {
    let data = response.data.as_ref().context("no data")?;
    let data: Value = serde_json::from_slice(data)?;
    data["id"].as_u64().context("no id")
}
