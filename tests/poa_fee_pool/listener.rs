//! Contracts that a pool tells of changes.

use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult,
    SubMsg, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use testing::chain::NewContract;
use testing::poa_pool::PoaSuite;
use testing::puppet::{self, Run};

/// What it was told, as text.
const HEARD: Item<Vec<String>> = Item::new("heard");
/// What it does when it is told the next time.
const PLAN: Item<Run> = Item::new("plan");
/// What came of it, one text for each message.
const OUTCOMES: Item<Vec<String>> = Item::new("outcomes");

/// What comes of a message that is done.
pub const DONE: &str = "done";

/// Messages and queries beside those of the pool.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ask {
    Plan(Run),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tell {
    Heard,
    Outcomes,
}

fn push(list: &Item<Vec<String>>, deps: DepsMut, text: String) -> StdResult<()> {
    let mut all = list.may_load(deps.storage)?.unwrap_or_default();
    all.push(text);
    list.save(deps.storage, &all)
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: Value) -> StdResult<Response> {
    if let Ok(Ask::Plan(run)) = serde_json::from_value(msg.clone()) {
        PLAN.save(deps.storage, &run)?;
        return Ok(Response::new());
    }
    let plan = PLAN.may_load(deps.storage)?;
    PLAN.remove(deps.storage);
    push(&HEARD, deps, msg.to_string())?;
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
    Err(StdError::msg("I do not want to hear it"))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, tell: Tell) -> StdResult<Binary> {
    let list = match tell {
        Tell::Heard => HEARD,
        Tell::Outcomes => OUTCOMES,
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

/// A contract that keeps what it is told.
pub fn listener(suite: &mut PoaSuite) -> Addr {
    let code = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
    new(suite, Box::new(code))
}

/// A contract that does not want to be told anything.
pub fn deaf(suite: &mut PoaSuite) -> Addr {
    let code = ContractWrapper::new(fail, instantiate, query);
    new(suite, Box::new(code))
}

/// The pool tells it from now on.
#[track_caller]
pub fn add_hook(suite: &mut PoaSuite, hook: &Addr) {
    let admin = suite.query(json!({"admin": {}})).unwrap()["admin"].clone();
    suite
        .execute(admin.as_str().unwrap(), json!({"add_hook": {"addr": hook}}))
        .unwrap();
}

/// When a listener is told the next time, it sends these messages to the pool. A message that fails
/// fails alone, or takes with it what the listener has done, when the plan is strict.
#[track_caller]
pub fn plan(suite: &mut PoaSuite, hook: &Addr, calls: &[Value], strict: bool) {
    let messages = calls
        .iter()
        .map(|msg| puppet::call(suite, msg.clone(), vec![]))
        .collect();
    let anyone = suite.account("anyone");
    let ask = Ask::Plan(Run { messages, strict });
    suite.chain.execute(&anyone, hook, &ask, &[]).unwrap();
}

/// What a hook was told.
pub fn heard(suite: &PoaSuite, hook: &Addr) -> Vec<Value> {
    let texts = suite.chain.query::<Vec<String>>(hook, &Tell::Heard);
    let texts = texts.unwrap();
    texts
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

/// What came of the messages of a plan, [`DONE`] or an error.
pub fn outcomes(suite: &PoaSuite, hook: &Addr) -> Vec<String> {
    suite.chain.query(hook, &Tell::Outcomes).unwrap()
}
