//! A chain that answers what tests tell it to.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{
    Binary, ContractResult, IbcChannel, Querier, QuerierResult, SystemError, SystemResult,
};
use serde_json::{Value, json};

/// Balances of the contract, open channels, and who is a validator.
#[derive(Default)]
pub struct Chain {
    /// Of the contract, by denom.
    pub balances: BTreeMap<String, u128>,
    /// Those that are open.
    pub channels: Vec<IbcChannel>,
    /// In the form of the target.
    pub validators: BTreeSet<String>,
    /// Of the group.
    pub admin: Option<String>,
    /// Validators that nothing is said about.
    pub unanswered: BTreeSet<String>,
    /// Whether nothing is said about validators.
    pub is_silent: bool,
}

impl Querier for Chain {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let request: Value = serde_json::from_slice(request).unwrap();
        match self.answer(&request) {
            Some(answer) => {
                let answer = Binary::from(answer.to_string().into_bytes());
                SystemResult::Ok(ContractResult::Ok(answer))
            }
            None => SystemResult::Err(SystemError::UnsupportedRequest {
                kind: request.to_string(),
            }),
        }
    }
}

impl Chain {
    fn answer(&self, request: &Value) -> Option<Value> {
        if let Some(query) = request.pointer("/bank/balance") {
            let denom = query["denom"].as_str()?;
            let amount = self.balances.get(denom).copied().unwrap_or_default();
            return Some(json!({"amount": {"denom": denom, "amount": amount.to_string()}}));
        }
        if let Some(query) = request.pointer("/ibc/channel") {
            let port = query["port_id"].as_str().unwrap_or("wasm.provider");
            let id = query["channel_id"].as_str()?;
            let found = self.channels.iter().find(|channel| {
                channel.endpoint.channel_id == id && channel.endpoint.port_id == port
            });
            return Some(json!({"channel": found}));
        }
        if self.is_silent {
            return None;
        }
        if let Some(address) = request.pointer("/staking/validator/address") {
            if self.unanswered.contains(address.as_str()?) {
                return None;
            }
            let exists = self.validators.contains(address.as_str()?);
            let terms = json!({"address": address, "commission": "0.1"});
            return Some(json!({"validator": exists.then_some(terms)}));
        }
        let query = request.pointer("/wasm/smart/msg")?.as_str()?;
        let query = Binary::from_base64(query).ok()?;
        self.answer_contract(&serde_json::from_slice(&query).ok()?)
    }

    fn answer_contract(&self, query: &Value) -> Option<Value> {
        if let Some(names) = query.pointer("/validators_known/validators") {
            let exists = |name: &Value| self.validators.contains(name.as_str().unwrap());
            let known: Vec<bool> = names.as_array()?.iter().map(exists).collect();
            return Some(json!({"known": known}));
        }
        if let Some(addr) = query.pointer("/member/addr") {
            let is_member = self.validators.contains(addr.as_str()?);
            return Some(json!({"weight": is_member.then_some(1)}));
        }
        query.get("admin")?;
        Some(json!({"admin": self.admin}))
    }
}
