//! Entry points called directly, on a copy of a contract's storage.

use std::fmt::Display;

use anyhow::{Result, anyhow, ensure};
use cosmwasm_std::testing::{MockStorage, mock_env};
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Env, IbcAckCallbackMsg, IbcAcknowledgement, IbcPacket,
    IbcSourceCallbackMsg, IbcTimeoutCallbackMsg, Order, QuerierWrapper, Record, Storage,
};
use holding_pools::contract::ibc_source_callback;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Liabilities, check_audit};
use crate::chain::EmbeddedChain;
use crate::ibc::PortQuerier;

/// The query entry point of a contract.
type Query<Q, E> = fn(Deps, Env, Q) -> std::result::Result<Binary, E>;

/// A contract of a chain. What its calls change stays in this copy of its storage, and messages that
/// it sends go nowhere.
pub struct Direct<'c> {
    chain: &'c EmbeddedChain,
    env: Env,
    storage: MockStorage,
}

impl<'c> Direct<'c> {
    pub fn new(chain: &'c EmbeddedChain, contract: &Addr) -> Self {
        let mut storage = MockStorage::new();
        let stored = chain.app().contract_storage(contract);
        for (key, value) in stored.range(None, None, Order::Ascending) {
            storage.set(&key, &value);
        }
        let mut env = mock_env();
        env.block = chain.block();
        env.contract.address = contract.clone();
        Self {
            chain,
            env,
            storage,
        }
    }

    /// Calls an entry point that may write. The chain would take back what one that fails has
    /// written; this copy is not to be used any more then.
    pub fn call<T>(&mut self, entry_point: impl FnOnce(DepsMut, Env) -> T) -> T {
        let app = self.chain.app();
        let querier = PortQuerier::new(app.wrap(), &self.env.contract.address);
        let deps = DepsMut {
            storage: &mut self.storage,
            api: app.api(),
            querier: QuerierWrapper::new(&querier),
        };
        entry_point(deps, self.env.clone())
    }

    /// The source callback of holding-pools for a transfer, which timed out if it was not acknowledged.
    ///
    /// # Errors
    /// The contract's: never.
    pub fn call_back(&mut self, packet: &IbcPacket, ack: Option<&[u8]>) -> Result<()> {
        let (packet, relayer) = (packet.clone(), Addr::unchecked("relayer"));
        let msg = match ack {
            Some(ack) => {
                let ack = IbcAcknowledgement::new(ack);
                let msg = IbcAckCallbackMsg::new(ack, packet, relayer);
                IbcSourceCallbackMsg::Acknowledgement(msg)
            }
            None => IbcSourceCallbackMsg::Timeout(IbcTimeoutCallbackMsg::new(packet, relayer)),
        };
        self.call(|deps, env| ibc_source_callback(deps, env, msg))?;
        Ok(())
    }

    /// What the contract stores.
    pub fn records(&self) -> Vec<Record> {
        self.storage.range(None, None, Order::Ascending).collect()
    }

    /// What the contract owes, which its records add up to and its balance covers.
    ///
    /// # Errors
    /// When they do not, or it does not.
    pub fn liabilities<Q: DeserializeOwned, E: Display>(
        &self,
        query: Query<Q, E>,
    ) -> Result<Liabilities> {
        let invariants = self.audited(query)?;
        for denom in invariants["denoms"].as_array().into_iter().flatten() {
            let difference = denom["difference"].as_str().unwrap_or_default();
            ensure!(
                !difference.starts_with('-'),
                "more is owed than held: {denom}"
            );
        }
        Liabilities::read(&invariants)
    }

    /// The records add up to the running totals: the answer with these. (A callback that claims a refund which no chain has
    /// paid makes the contract owe more than it has.)
    ///
    /// # Errors
    /// When they do not.
    pub fn audited<Q: DeserializeOwned, E: Display>(&self, query: Query<Q, E>) -> Result<Value> {
        check_audit(&|msg| self.ask(query, msg))
    }

    fn ask<Q: DeserializeOwned, E: Display>(
        &self,
        query: Query<Q, E>,
        msg: &Value,
    ) -> Result<Value> {
        let app = self.chain.app();
        let querier = PortQuerier::new(app.wrap(), &self.env.contract.address);
        let deps = Deps {
            storage: &self.storage,
            api: app.api(),
            querier: QuerierWrapper::new(&querier),
        };
        let msg = serde_json::from_value(msg.clone())?;
        let answer = query(deps, self.env.clone(), msg);
        let answer = answer.map_err(|error| anyhow!("{error}"))?;
        Ok(serde_json::from_slice(&answer)?)
    }
}
