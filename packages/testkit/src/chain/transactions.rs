//! What accounts and the chain itself do: each call is one transaction.

use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, CosmosMsg, Empty, WasmMsg, to_json_binary, to_json_vec,
};
use cw_multi_test::{AppResponse, Contract, Executor, SudoMsg, WasmSudo};
use cw_utils::{parse_execute_response_data, parse_instantiate_response_data};
use serde::Serialize;

use super::contained::Contained;
use super::{ChainError, ChainResult, EmbeddedChain};

/// What a contract begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewContract<'a> {
    /// The stored code.
    pub code_id: u64,
    /// Who instantiates it.
    pub sender: &'a Addr,
    /// Its label, not empty.
    pub label: &'a str,
    /// Who may migrate it.
    pub admin: Option<&'a Addr>,
    /// What the sender pays along.
    pub funds: &'a [Coin],
}

/// A contract that was just instantiated.
#[derive(Clone, Debug)]
pub struct Instantiated {
    /// Where it is.
    pub address: Addr,
    /// Its events and data.
    pub response: AppResponse,
}

impl EmbeddedChain {
    /// Stores a contract's code and returns its id, counted from 1.
    pub fn store_code(&mut self, code: Box<dyn Contract<Empty>>) -> u64 {
        let creator = self.account("code creator");
        self.app
            .store_code_with_creator(creator, Box::new(Contained(code)))
    }

    /// Makes a contract of stored code.
    ///
    /// # Errors
    /// The contract's error, or the bank's.
    pub fn instantiate(
        &mut self,
        new: NewContract,
        msg: &impl Serialize,
    ) -> ChainResult<Instantiated> {
        let message = WasmMsg::Instantiate {
            admin: new.admin.map(Addr::to_string),
            code_id: new.code_id,
            msg: to_json_binary(msg)?,
            funds: new.funds.to_vec(),
            label: new.label.to_owned(),
        };
        let response = self.transact(new.sender, message)?;
        let wrapped = response.data.unwrap_or_default();
        let parsed = parse_instantiate_response_data(&wrapped).map_err(unreadable)?;
        let response = AppResponse {
            events: response.events,
            data: parsed.data,
        };
        Ok(Instantiated {
            address: Addr::unchecked(parsed.contract_address),
            response,
        })
    }

    /// Sends a message, and funds, to a contract.
    ///
    /// # Errors
    /// The contract's error, or the bank's.
    pub fn execute(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> ChainResult<AppResponse> {
        self.known_contract(contract)?;
        let message = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: to_json_binary(msg)?,
            funds: funds.to_vec(),
        };
        unwrap_data(self.transact(sender, message)?)
    }

    /// Calls a contract's `sudo` entry point with a JSON message.
    ///
    /// # Errors
    /// The contract's error.
    pub fn sudo(&mut self, contract: &Addr, msg: &impl Serialize) -> ChainResult<AppResponse> {
        self.sudo_bytes(contract, &to_json_vec(msg)?)
    }

    /// Calls a contract's `sudo` entry point with any bytes, JSON or not.
    ///
    /// # Errors
    /// The contract's error.
    pub fn sudo_bytes(&mut self, contract: &Addr, msg: &[u8]) -> ChainResult<AppResponse> {
        self.known_contract(contract)?;
        let message = WasmSudo {
            contract_addr: contract.clone(),
            message: Binary::from(msg),
        };
        Ok(self.app.sudo(SudoMsg::Wasm(message))?)
    }

    /// Replaces a contract's code; `sender` must be its admin.
    ///
    /// # Errors
    /// The contract's error, or that the sender is not its admin.
    pub fn migrate(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        code_id: u64,
        msg: &impl Serialize,
    ) -> ChainResult<AppResponse> {
        self.known_contract(contract)?;
        let message = WasmMsg::Migrate {
            contract_addr: contract.to_string(),
            new_code_id: code_id,
            msg: to_json_binary(msg)?,
        };
        unwrap_data(self.transact(sender, message)?)
    }

    /// Moves coins from one account or contract to another.
    ///
    /// # Errors
    /// The bank's error: not enough, nothing to send, no such recipient, a blocked one.
    pub fn send(&mut self, from: &Addr, to: &Addr, coins: &[Coin]) -> ChainResult<AppResponse> {
        let message = BankMsg::Send {
            to_address: to.to_string(),
            amount: coins.to_vec(),
        };
        self.transact(from, message)
    }

    /// Runs any message of `sender`.
    ///
    /// # Errors
    /// The contract's or module's error.
    pub fn transact(
        &mut self,
        sender: &Addr,
        msg: impl Into<CosmosMsg>,
    ) -> ChainResult<AppResponse> {
        Ok(self.app.execute(sender.clone(), msg.into())?)
    }
}

/// Takes the contract's data out of the envelope in which the chain returns it.
fn unwrap_data(response: AppResponse) -> ChainResult<AppResponse> {
    let data = match response.data {
        Some(wrapped) => {
            parse_execute_response_data(&wrapped)
                .map_err(unreadable)?
                .data
        }
        None => None,
    };
    Ok(AppResponse {
        events: response.events,
        data,
    })
}

fn unreadable(error: impl std::fmt::Display) -> ChainError {
    ChainError::new(format!("the chain's answer cannot be read: {error}"))
}
