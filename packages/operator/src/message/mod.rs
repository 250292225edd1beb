//! What is sent: each message as a transaction holds it, and as JSON for people and for proposals.

mod governance;
mod registration;
mod wasm;

use cosmrs::Any;
use prost::Name;
use serde_json::{Map, Value, json};

pub use governance::{Proposal, submit};
pub use registration::{Cron, cron, juno_clock, juno_hooks, neutron_hooks};
pub use wasm::{Instantiate, execute, instantiate, pin, store};

/// The longest value that is shown to people.
const SHOWN: usize = 10_000;

/// A message of a transaction or of a proposal.
pub struct Message {
    any: Any,
    json: Map<String, Value>,
}

impl Message {
    /// `json` is an object with the fields of the message, in the form that the chain's commands read.
    fn new<T: prost::Message + Name>(message: &T, json: Value) -> Self {
        let mut fields = Map::new();
        fields.insert("@type".to_string(), Value::String(T::type_url()));
        if let Value::Object(rest) = json {
            fields.extend(rest);
        }
        Message {
            any: Any {
                type_url: T::type_url(),
                value: message.encode_to_vec(),
            },
            json: fields,
        }
    }

    /// As a transaction holds it.
    pub fn any(&self) -> Any {
        self.any.clone()
    }

    /// As a proposal's file holds it.
    pub fn json(&self) -> Value {
        Value::Object(self.json.clone())
    }

    /// As people read it: of a wasm file the size only.
    pub fn shown(&self) -> Value {
        let mut fields = self.json.clone();
        for value in fields.values_mut() {
            if value.as_str().is_some_and(|text| text.len() > SHOWN) {
                let characters = value.as_str().map(str::len);
                *value = json!(format!("({} characters)", characters.unwrap_or_default()));
            }
        }
        Value::Object(fields)
    }
}

/// Coins in the order of their denoms, in which the chain wants them.
pub fn in_order(mut coins: Vec<cosmwasm_std::Coin>) -> Vec<cosmwasm_std::Coin> {
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    coins
}

/// Coins as JSON has them.
fn coins(coins: &[cosmwasm_std::Coin]) -> Vec<Value> {
    let coin =
        |coin: &cosmwasm_std::Coin| json!({"denom": coin.denom, "amount": coin.amount.to_string()});
    coins.iter().map(coin).collect()
}

/// Coins as a transaction has them.
fn proto_coins(coins: &[cosmwasm_std::Coin]) -> Vec<cosmos_sdk_proto::cosmos::base::v1beta1::Coin> {
    let coin = |coin: &cosmwasm_std::Coin| cosmos_sdk_proto::cosmos::base::v1beta1::Coin {
        denom: coin.denom.clone(),
        amount: coin.amount.to_string(),
    };
    coins.iter().map(coin).collect()
}
