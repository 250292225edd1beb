//! A scenario file as a value.

use std::collections::BTreeMap;

use cosmwasm_std::{Coin, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Action, coins, time};
use crate::chain::GENESIS_TIME;

/// A whole file. The [module](super) describes each key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What the scenario is about.
    pub name: String,
    /// The names that are accounts; without it every name that is no contract is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<String>>,
    /// The chains by name, at least one.
    #[serde(deserialize_with = "super::parse::unique_keys")]
    pub chains: BTreeMap<String, ChainSpec>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// How a chain begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainSpec {
    /// The bech32 prefix of account addresses.
    pub prefix: String,
    /// The time of the first block.
    #[serde(with = "time", default = "genesis_time")]
    pub time: Timestamp,
    /// What accounts have, by name.
    #[serde(
        with = "coins::by_name",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub balances: BTreeMap<String, Vec<Coin>>,
    /// Whether transfers call the contracts that their memo names.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub callbacks: bool,
}

fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}

impl ChainSpec {
    /// A chain with this prefix that begins at [`GENESIS_TIME`] with nothing on it.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            time: GENESIS_TIME,
            balances: BTreeMap::new(),
            callbacks: true,
        }
    }
}

fn genesis_time() -> Timestamp {
    GENESIS_TIME
}

/// One thing that happens, and what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// On which chain; needed when there are several, and none for a step between chains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// What happens.
    #[serde(flatten)]
    pub action: Action,
    /// What the result must contain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Value>,
    /// The step must fail with an error that contains this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What to keep of the result: JSON pointers by the name to keep it as.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub save: BTreeMap<String, String>,
}

impl Step {
    /// A step of the only chain that expects nothing but to succeed.
    pub fn new(action: Action) -> Self {
        Self {
            chain: None,
            action,
            expect: None,
            error: None,
            save: BTreeMap::new(),
        }
    }

    /// The same step on a chain.
    #[must_use]
    pub fn on(self, chain: impl Into<String>) -> Self {
        Self {
            chain: Some(chain.into()),
            ..self
        }
    }

    /// The same step, whose result must contain this.
    #[must_use]
    pub fn expecting(self, result: Value) -> Self {
        Self {
            expect: Some(result),
            ..self
        }
    }

    /// The same step, which must fail with an error that contains this.
    #[must_use]
    pub fn failing(self, error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }

    /// The same step, which keeps what a JSON pointer finds in its result.
    #[must_use]
    pub fn saving(mut self, name: impl Into<String>, pointer: impl Into<String>) -> Self {
        self.save.insert(name.into(), pointer.into());
        self
    }
}
