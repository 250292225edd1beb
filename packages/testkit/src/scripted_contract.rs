//! A contract that does whatever its caller says: hostile tokens, keepers, groups.

#![allow(clippy::unwrap_used)]

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Coin, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response,
    StdResult, SubMsg, WasmMsg, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use serde_json::Value;

use crate::chain::NewContract;
use crate::suite::Suite;

/// The messages are sent one after the other, each in its own sub-message.
#[cw_serde]
pub struct Run {
    /// What to send.
    pub messages: Vec<CosmosMsg>,
    /// Whether the whole run fails when one of them fails.
    pub strict: bool,
}

fn execute(_: DepsMut, _: Env, _: MessageInfo, run: Run) -> StdResult<Response> {
    let messages = run.messages.into_iter().map(|message| {
        if run.strict {
            SubMsg::new(message)
        } else {
            SubMsg::reply_always(message, 0)
        }
    });
    Ok(Response::new().add_submessages(messages))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

fn reply(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let outcome = match reply.result.into_result() {
        Ok(_) => "done".to_string(),
        Err(error) => error,
    };
    Ok(Response::new().add_attribute("outcome", outcome))
}

fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

/// A new one on the chain of a suite.
#[track_caller]
pub fn new(suite: &mut Suite) -> Addr {
    let code_id = suite.chain.store_code(code());
    let owner = suite.account("owner");
    let new = NewContract {
        code_id,
        sender: &owner,
        label: "scripted-contract",
        admin: None,
        funds: &[],
    };
    suite.chain.instantiate(new, &Empty {}).unwrap().address
}

/// A call of the contract under test, with the names in it resolved.
pub fn call(suite: &Suite, msg: Value, funds: Vec<Coin>) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: suite.contract.to_string(),
        msg: to_json_binary(&suite.resolve(&msg)).unwrap(),
        funds,
    }
    .into()
}
