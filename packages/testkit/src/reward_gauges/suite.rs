//! A chain with one gauges contract.

use std::ops::{Deref, DerefMut};

use anyhow::{Context as _, Result, anyhow};
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use super::{GaugeEvents, token};
use crate::suite::{Suite, SuiteBuilder};

/// Seconds of a day, the suite's epoch.
pub const DAY: u64 = 86_400;
/// The code's name in scenario files.
const CODE: &str = "reward-gauges";
/// The contract's name in scenario files.
const GAUGES: &str = "gauges";

/// Builds a [`GaugesSuite`].
pub struct GaugesBuilder(SuiteBuilder);

impl GaugesBuilder {
    /// Gives an account coins.
    #[must_use]
    pub fn balance(self, name: &str, amount: u128, denom: &str) -> Self {
        GaugesBuilder(self.0.balance(name, amount, denom))
    }

    /// Sets a field of the instantiate message.
    #[must_use]
    pub fn with(self, field: &str, value: Value) -> Self {
        GaugesBuilder(self.0.with(field, value))
    }

    /// Adds a cw20 token with this name; it is made before the contract.
    #[must_use]
    pub fn token(self, name: &str) -> Self {
        GaugesBuilder(self.0.other(name, token::code()))
    }

    /// Records every step as a scenario file of that name.
    #[must_use]
    pub fn recording(self, name: &str) -> Self {
        GaugesBuilder(self.0.recording(name))
    }

    /// The chain with the contract on it.
    ///
    /// # Errors
    /// When the contract refuses its instantiate message.
    pub fn build(self) -> Result<GaugesSuite> {
        let suite = self.0.build()?;
        let genesis = suite.chain.block().time.seconds();
        Ok(GaugesSuite {
            genesis,
            events: GaugeEvents::default(),
            suite,
        })
    }
}

/// A chain with one gauges contract. Every transaction of the methods below also goes to the ledger
/// of events.
pub struct GaugesSuite {
    /// The chain's first second, which is genesis unless the instantiate message names another.
    pub genesis: u64,
    /// The contract's ledger, rebuilt from its events.
    pub events: GaugeEvents,
    suite: Suite,
}

impl Deref for GaugesSuite {
    type Target = Suite;

    fn deref(&self) -> &Suite {
        &self.suite
    }
}

impl DerefMut for GaugesSuite {
    fn deref_mut(&mut self) -> &mut Suite {
        &mut self.suite
    }
}

impl GaugesSuite {
    /// A contract with epochs of a day from the chain's first second on and durations of 1, 7 and
    /// 14 days. Any native denom can be locked, `uatom` is the reward asset, and `fees` makes gauges. `alice`, `bob` and
    /// `carol` have 10^30 `ulp` each, `fees` has 10^38 `uatom`.
    pub fn builder() -> GaugesBuilder {
        let msg = json!({
            "epoch_length": DAY,
            "durations": [DAY, 7 * DAY, 14 * DAY],
            "reward_assets": [{"native": "uatom"}],
            "gauge_creators": ["@fees"],
        });
        let mut builder = SuiteBuilder::new(CODE, GAUGES, msg);
        for name in ["alice", "bob", "carol"] {
            builder = builder.balance(name, 10u128.pow(30), "ulp");
        }
        GaugesBuilder(builder.balance("fees", 10u128.pow(38), "uatom"))
    }

    /// Applies the events of a transaction to the ledger of events.
    fn apply_events(&mut self, response: AppResponse) -> Result<AppResponse> {
        self.events
            .apply(&self.suite.contract, &response.events)
            .context("the contract's events")?;
        Ok(response)
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
        let response = self.suite.execute_with(sender, msg, funds)?;
        self.apply_events(response)
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
        self.apply_events(response)
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

    /// Calls the contract by sudo, as the chain does.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn sudo(&mut self, msg: Value) -> Result<AppResponse> {
        let response = self.suite.sudo(msg)?;
        self.apply_events(response)
    }

    /// Lets time pass, in one block.
    ///
    /// # Panics
    /// Past the end of time.
    pub fn pass(&mut self, seconds: u64) {
        self.advance(1, seconds);
    }

    /// Lets time pass until so many seconds after genesis.
    ///
    /// # Panics
    /// When that time is past.
    pub fn pass_until(&mut self, after_genesis: u64) {
        let now = self.chain.block().time.seconds();
        let then = self.genesis + after_genesis;
        assert!(then >= now, "{then} is past, it is {now}");
        self.pass(then - now);
    }

    /// An account's balance.
    ///
    /// # Panics
    /// When it is 2^128 or more.
    pub fn balance(&self, name: &str, denom: &str) -> u128 {
        let balance = self.suite.balance(name, denom).to_string();
        balance.parse().expect("below 2^128")
    }

    /// An account's balance of a token.
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

    /// [`GaugesSuite::lock`], which may be refused.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn try_lock(&mut self, owner: &str, amount: u128, duration: u64) -> Result<u64> {
        let msg = json!({"lock": {"duration": duration}});
        let response = self.execute_with(owner, msg, vec![Coin::new(amount, "ulp")])?;
        id(&response)
    }

    /// Makes a closable gauge of `fees`, which pays `uatom` to locks of `ulp` from now on, and
    /// returns its id. Without `epochs` it is perpetual.
    ///
    /// # Panics
    /// When the contract refuses.
    #[track_caller]
    pub fn gauge(&mut self, duration: u64, coins: u128, epochs: Option<u32>) -> u64 {
        let msg = json!({"create_gauge": {
            "lock_asset": {"native": "ulp"}, "duration": duration, "epochs": epochs,
            "closable": true,
        }});
        let response = self
            .execute_with("fees", msg, vec![Coin::new(coins, "uatom")])
            .expect("a gauge");
        id(&response).expect("an id")
    }

    /// Settles all pools that have something to settle, with as many messages as it takes.
    ///
    /// # Panics
    /// When the contract refuses, or is not done after 10 000 messages.
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
        panic!("settling does not end");
    }

    /// Claims a lock's rewards with at most 100 settlement steps.
    ///
    /// # Errors
    /// The contract's, as text.
    #[track_caller]
    pub fn claim(&mut self, sender: &str, lock: u64) -> Result<AppResponse> {
        self.execute(sender, json!({"claim": {"lock_ids": [lock], "limit": 100}}))
    }

    /// The whole base units of `uatom` that a lock can claim now.
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
}

/// The id in the data of a response.
fn id(response: &AppResponse) -> Result<u64> {
    let data = response.data.as_ref().context("no data")?;
    let data: Value = serde_json::from_slice(data)?;
    data["id"].as_u64().context("no id")
}
