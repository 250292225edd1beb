//! Contracts that have a fixture's state.

use std::fs;

use anyhow::{Context as _, Result};
use cosmwasm_std::{Addr, Order, Timestamp};
use serde_json::{Value, json};
use testkit::chain::{EmbeddedChain, NewContract};
use testkit::codes::codes;

use crate::fixture::{Fixture, INSTANTIATION, Record, folder, stored};

impl Fixture {
    /// A chain with a contract that has this state and these coins, and was migrated to the current
    /// code.
    pub fn load(&self) -> Result<Loaded> {
        let mut loaded = self.place()?;
        loaded.migrate(&self.contract)?;
        Ok(loaded)
    }

    /// A chain with a contract that has this state and these coins.
    pub fn place(&self) -> Result<Loaded> {
        let mut builder = EmbeddedChain::builder("cosmos").balance("fees", self.balance.clone());
        if let Some(time) = self.time {
            builder = builder.time(Timestamp::from_seconds(time));
        }
        let mut chain = builder.build()?;
        let code = codes().make(&self.contract).context("no such contract")?;
        let code_id = chain.store_code(code);
        let owner = chain.account("owner");
        let new = NewContract {
            code_id,
            sender: &owner,
            label: &self.contract,
            admin: Some(&owner),
            funds: &[],
        };
        let msg = fs::read_to_string(folder(&self.contract).join(INSTANTIATION))?;
        let msg: Value = serde_json::from_str(&msg)?;
        let contract = chain.instantiate(new, &msg)?.address;
        let mut storage = chain.app_mut().contract_storage_mut(&contract);
        let fresh: Vec<_> = storage.range(None, None, Order::Ascending).collect();
        for (key, _) in fresh {
            storage.remove(&key);
        }
        for record in &self.state {
            storage.set(&record.key, &record.value);
        }
        drop(storage);
        if !self.balance.is_empty() {
            chain.send(&chain.account("fees"), &contract, &self.balance)?;
        }
        Ok(Loaded { chain, contract })
    }
}

/// A contract with the state of a fixture.
pub struct Loaded {
    chain: EmbeddedChain,
    contract: Addr,
}

impl Loaded {
    /// Moves the contract to the current code of a crate.
    pub fn migrate(&mut self, contract: &str) -> Result<()> {
        let code = codes().make(contract).context("no such contract")?;
        let code_id = self.chain.store_code(code);
        let owner = self.chain.account("owner");
        self.chain
            .migrate(&owner, &self.contract, code_id, &json!({}))?;
        Ok(())
    }

    /// Everything that the contract stores.
    pub fn state(&self) -> Vec<Record> {
        stored(&self.chain, &self.contract)
    }

    /// Asks the contract.
    pub fn query(&self, query: &Value) -> Result<Value> {
        let answer = self.chain.query(&self.contract, query);
        answer.with_context(|| query.to_string())
    }
}
