//! Scripted contracts that are hooks of a pool.

use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult,
    SubMsg, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use testkit::chain::NewContract;
use testkit::poa_pool::PoaSuite;
use testkit::scripted_contract::{self, Run};

/// Notifications that it received, as JSON.
const RECEIVED: Item<Vec<String>> = Item::new("received");
/// What it sends at the next notification.
const PLAN: Item<Run> = Item::new("plan");
/// The outcome of each message that it sent: [`DONE`] or an error.
const OUTCOMES: Item<Vec<String>> = Item::new("outcomes");

/// The outcome of a message that succeeded.
pub const DONE: &str = "done";

/// The message that is no notification of the pool.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExecuteMsg {
    Plan(Run),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum QueryMsg {
    Received,
    Outcomes,
}

fn push(list: &Item<Vec<String>>, deps: DepsMut, text: String) -> StdResult<()> {
    let mut all = list.may_load(deps.storage)?.unwrap_or_default();
    all.push(text);
    list.save(deps.storage, &all)
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: Value) -> StdResult<Response> {
    if let Ok(ExecuteMsg::Plan(run)) = serde_json::from_value(msg.clone()) {
        PLAN.save(deps.storage, &run)?;
        return Ok(Response::new());
    }
    let plan = PLAN.may_load(deps.storage)?;
    PLAN.remove(deps.storage);
    push(&RECEIVED, deps, msg.to_string())?;
    let Some(run) = plan else {
        return Ok(Response::new());
    };
    let messages = run.messages.into_iter().map(|message| {
        if run.strict {
            SubMsg::reply_on_success(message, 0)
        } else {
            SubMsg::reply_always(message, 0)
        }
    });
    Ok(Response::new().add_submessages(messages))
}

fn reply(deps: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let outcome = match reply.result.into_result() {
        Ok(_) => DONE.to_string(),
        Err(error) => error,
    };
    push(&OUTCOMES, deps, outcome)?;
    Ok(Response::new())
}

fn fail(deps: DepsMut, env: Env, info: MessageInfo, msg: Value) -> StdResult<Response> {
    execute(deps, env, info, msg)?;
    Err(StdError::msg("this hook fails"))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
    let list = match msg {
        QueryMsg::Received => RECEIVED,
        QueryMsg::Outcomes => OUTCOMES,
    };
    to_json_binary(&list.may_load(deps.storage)?.unwrap_or_default())
}

fn new(suite: &mut PoaSuite, code: Box<dyn Contract<Empty>>) -> Addr {
    let code_id = suite.chain.store_code(code);
    let owner = suite.account("owner");
    let new = NewContract {
        code_id,
        sender: &owner,
        label: "hook",
        admin: None,
        funds: &[],
    };
    suite.chain.instantiate(new, &Empty {}).unwrap().address
}

/// A contract that keeps every notification, and sends what [`plan`] says.
pub fn listener(suite: &mut PoaSuite) -> Addr {
    let code = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
    new(suite, Box::new(code))
}

/// A contract that fails at every notification.
pub fn failing_hook(suite: &mut PoaSuite) -> Addr {
    let code = ContractWrapper::new(fail, instantiate, query);
    new(suite, Box::new(code))
}

/// Makes a contract a hook of the pool, by the pool's admin.
#[track_caller]
pub fn add_hook(suite: &mut PoaSuite, hook: &Addr) {
    let admin = suite.query(json!({"admin": {}})).unwrap()["admin"].clone();
    suite
        .execute(admin.as_str().unwrap(), json!({"add_hook": {"addr": hook}}))
        .unwrap();
}

/// At its next notification a listener sends these messages to the pool. When one fails, a strict
/// plan fails as a whole, with the notification; otherwise only that message fails.
#[track_caller]
pub fn plan(suite: &mut PoaSuite, hook: &Addr, calls: &[Value], strict: bool) {
    let messages = calls
        .iter()
        .map(|msg| scripted_contract::call(suite, msg.clone(), vec![]))
        .collect();
    let anyone = suite.account("anyone");
    let msg = ExecuteMsg::Plan(Run { messages, strict });
    suite.chain.execute(&anyone, hook, &msg, &[]).unwrap();
}

/// The notifications that a hook received.
pub fn received(suite: &PoaSuite, hook: &Addr) -> Vec<Value> {
    let texts = suite.chain.query::<Vec<String>>(hook, &QueryMsg::Received);
    let texts = texts.unwrap();
    texts
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

/// The outcome of each message that a listener sent: [`DONE`] or an error.
pub fn outcomes(suite: &PoaSuite, hook: &Addr) -> Vec<String> {
    suite.chain.query(hook, &QueryMsg::Outcomes).unwrap()
}
