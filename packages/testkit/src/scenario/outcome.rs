//! What came of a step and of a run.

use std::fmt;

use cosmwasm_std::{Binary, Event};
use cw_multi_test::AppResponse;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Mismatch, Place, RelayedMessage};

/// What came of one step. It serialises to one JSON object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepOutcome {
    /// The step, counted from 0 as in `steps[0]`.
    pub step: usize,
    /// The chain it happened on; the first of two; empty for a step of all.
    pub chain: String,
    /// The key that says what it does, like `execute`.
    pub kind: &'static str,
    /// Whether the chain did it; a step that must fail and did has `false` here and no `failure`.
    pub ok: bool,
    /// What the chain answered.
    #[serde(flatten)]
    pub result: StepResult,
    /// How it differs from what the file expects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What the chain answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum StepResult {
    /// It did not do it.
    Error {
        /// The contract's or module's text.
        error: String,
    },
    /// A transaction, or a call by the chain itself.
    Transaction(Transaction),
    /// A query's answer.
    Answer {
        /// As the contract gave it.
        answer: Value,
    },
    /// A balance.
    Amount {
        /// In base units.
        amount: String,
    },
    /// The block after an advance.
    Block {
        /// Its height, which is each executor's own.
        height: u64,
        /// Its time, in RFC 3339.
        time: String,
    },
    /// A connection.
    Connected {
        /// Its id on the first chain.
        a: String,
        /// Its id on the second.
        b: String,
    },
    /// A channel.
    Opened {
        /// Its id on the first chain.
        a: String,
        /// Its id on the second.
        b: String,
        /// What both ends speak.
        version: String,
        /// Those of contracts, in the order of the handshake.
        events: Vec<ContractEvent>,
    },
    /// A transfer to another chain.
    Sent {
        /// The packet's sequence.
        sequence: u64,
        /// The channel's id on the sending chain.
        channel: String,
        /// As of any message.
        #[serde(flatten)]
        transaction: Transaction,
    },
    /// What a relayer did.
    Relayed {
        /// Each message, in order.
        relayed: Vec<RelayedMessage>,
    },
    /// Nothing to say.
    Done {},
}

/// What a transaction left behind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Transaction {
    /// Of a contract just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// JSON when the contract's bytes are JSON, else their base64.
    pub data: Option<Value>,
    /// Those of contracts, in order.
    pub events: Vec<ContractEvent>,
}

/// An event of a contract.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContractEvent {
    /// `wasm`, or `wasm-` and the contract's own type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The contract's address.
    pub contract: String,
    /// By key; a key that comes several times has the array of its values.
    pub attributes: Map<String, Value>,
}

/// The attribute in which a chain names the contract of an event.
const CONTRACT_ATTRIBUTE: &str = "_contract_address";

impl ContractEvent {
    /// Reads an event, if it is one of a contract.
    fn of(event: Event) -> Option<Self> {
        if event.ty != "wasm" && !event.ty.starts_with("wasm-") {
            return None;
        }
        let mut contract = String::new();
        let mut attributes: Map<String, Value> = Map::new();
        for attribute in event.attributes {
            if attribute.key == CONTRACT_ATTRIBUTE {
                contract = attribute.value;
                continue;
            }
            match attributes.get_mut(&attribute.key) {
                None => drop(attributes.insert(attribute.key, attribute.value.into())),
                Some(Value::Array(values)) => values.push(attribute.value.into()),
                Some(first) => *first = json!([first.take(), attribute.value]),
            }
        }
        Some(Self {
            ty: event.ty,
            contract,
            attributes,
        })
    }
}

impl From<AppResponse> for Transaction {
    fn from(response: AppResponse) -> Self {
        Self {
            address: None,
            data: response.data.filter(|data| !data.is_empty()).map(shown),
            events: contract_events(response.events),
        }
    }
}

/// The events of contracts among those of a chain.
pub(super) fn contract_events(events: Vec<Event>) -> Vec<ContractEvent> {
    events.into_iter().filter_map(ContractEvent::of).collect()
}

/// Bytes of a contract as JSON, or else in base64.
pub(super) fn shown(data: Binary) -> Value {
    serde_json::from_slice(&data).unwrap_or_else(|_| Value::String(data.to_base64()))
}

impl StepResult {
    /// What `expect` and `save` look at.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Answer { answer } => answer.clone(),
            Self::Amount { amount } => Value::String(amount.clone()),
            other => json!(other),
        }
    }
}

/// How a step differs from what the file expects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Failure {
    /// It failed and should not have.
    Failed {
        /// The chain's text.
        error: String,
    },
    /// It did not fail and should have.
    NotFailed {
        /// What the error should contain.
        expected: String,
    },
    /// It failed as it should, with another text.
    OtherError {
        /// What the error should contain.
        expected: String,
        /// The chain's text.
        came: String,
    },
    /// The result is another.
    Mismatch(Mismatch),
    /// There is nothing to save at the place named.
    NothingToSave {
        /// The name to save it as.
        name: String,
        /// The JSON pointer that found nothing.
        pointer: String,
    },
}

impl Failure {
    /// Whether the run cannot go on: the chain is not where the file wants it, or a later step
    /// would miss a saved value. After a failure with another text it can: the chain has not
    /// changed, as the file wants.
    #[must_use]
    pub fn stops(&self) -> bool {
        !matches!(self, Self::Mismatch(_) | Self::OtherError { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { error } => write!(f, "failed: {error}"),
            Self::NotFailed { expected } => {
                write!(f, "expected an error with {expected:?}, came none")
            }
            Self::OtherError { expected, came } => {
                write!(f, "expected an error with {expected:?}, came {came:?}")
            }
            Self::Mismatch(mismatch) => write!(f, "{mismatch}"),
            Self::NothingToSave { name, pointer } => {
                write!(
                    f,
                    "nothing to save as {name:?}: the result has no {pointer:?}"
                )
            }
        }
    }
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The scenario's name.
    pub name: String,
    /// One for each step that ran, in order.
    pub outcomes: Vec<StepOutcome>,
    /// How many steps did not run because one before them stopped the run.
    pub not_run: usize,
}

impl Report {
    /// Whether every step ran and met its expectations.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.not_run == 0 && self.failures().next().is_none()
    }

    /// What was not as expected, as lines like
    /// `steps[4].query: at /claimable/0/amount expected "44", came "40"`.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.outcomes.iter().filter_map(|outcome| {
            let failure = outcome.failure.as_ref()?;
            Some(format!(
                "{}: {failure}",
                Place::step(outcome.step).key(outcome.kind)
            ))
        })
    }
}
