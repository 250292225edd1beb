//! A contract for the tests of this crate: counts, pays, fails, panics and says what it saw.

use cosmwasm_std::{
    BankMsg, BankQuery, Binary, Coin, ContractResult, CosmosMsg, Deps, DepsMut, Empty, Env, Event,
    MessageInfo, Order, QueryRequest, Reply, Response, StdError, StdResult, Storage, SubMsg,
    SubMsgResult, SystemResult, Uint256, WasmMsg, from_json, to_json_binary, to_json_vec,
};
use cw_multi_test::Contract;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The contract. It reads raw bytes, so that a test sees exactly what the chain delivered.
pub struct Counter;

/// What the counter remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub count: u64,
    pub owner: String,
    /// What came with the last execute.
    pub funds: Vec<Coin>,
    /// The last sudo message, as it came.
    pub sudo: Binary,
    /// The outcome of every sub-message with a reply.
    pub replies: Vec<String>,
    /// The balance at every `look`, and who looked.
    pub looks: Vec<Look>,
    /// The version a migration set.
    pub version: u64,
}

/// One balance seen by `look`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub by: String,
    pub amount: Uint256,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct InstantiateMsg {
    #[serde(default)]
    count: u64,
    #[serde(default)]
    owner: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ExecuteMsg {
    /// Adds to the count.
    Increment {
        #[serde(default = "one")]
        by: u64,
    },
    /// Adds to the count, owner only.
    Reset {},
    /// Pays; a payment that fails fails the call.
    Pay { to: String, amount: Vec<Coin> },
    /// Pays; a payment that fails is remembered.
    TryPay { to: String, amount: Vec<Coin> },
    /// Calls itself; a call that fails is remembered.
    TrySelf { msg: Value },
    /// Remembers its balance.
    Look { denom: String },
    /// Counts, then fails.
    Fail { text: String },
    /// Counts, then panics.
    Panic { text: String },
    /// Answers with these bytes.
    Answer { data: Binary },
    /// Remembers any text.
    Note { memo: String },
}

fn one() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum QueryMsg {
    State {},
    Count {},
    Block {},
    /// Gives back what came.
    Echo {
        value: Value,
    },
    /// Asks the chain, raw.
    Chain {
        request: Value,
    },
    /// Whether this is an address of the chain.
    Validate {
        address: String,
    },
    Panic {},
}

const KEY: &[u8] = b"state";

fn load(storage: &dyn Storage) -> StdResult<State> {
    storage
        .get(KEY)
        .map_or_else(|| Ok(State::default()), from_json)
}

fn save(storage: &mut dyn Storage, state: &State) -> StdResult<()> {
    storage.set(KEY, &to_json_vec(state)?);
    Ok(())
}

impl Contract<Empty> for Counter {
    fn instantiate(
        &self,
        deps: DepsMut,
        _: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        let InstantiateMsg { count, owner } = from_json(msg)?;
        save(
            deps.storage,
            &State {
                count,
                owner,
                funds: info.funds,
                ..State::default()
            },
        )?;
        Ok(Response::new()
            .add_attribute("action", "instantiate")
            .set_data(to_json_binary(&json!({ "count": count }))?))
    }

    fn execute(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        let mut state = load(deps.storage)?;
        state.funds = info.funds;
        let response = Response::new();
        let response = match from_json(msg)? {
            ExecuteMsg::Increment { by } => {
                state.count += by;
                response
                    .add_attribute("action", "increment")
                    .add_attribute("count", state.count.to_string())
                    .add_event(Event::new("counted").add_attribute("by", by.to_string()))
                    .set_data(to_json_binary(&json!({ "count": state.count }))?)
            }
            ExecuteMsg::Reset {} => {
                if info.sender.as_str() != state.owner {
                    return Err(StdError::msg("Unauthorized"));
                }
                state.count = 0;
                response
            }
            ExecuteMsg::Pay { to, amount } => response.add_message(BankMsg::Send {
                to_address: to,
                amount,
            }),
            ExecuteMsg::TryPay { to, amount } => response.add_submessage(SubMsg::reply_always(
                BankMsg::Send {
                    to_address: to,
                    amount,
                },
                0,
            )),
            ExecuteMsg::TrySelf { msg } => {
                let call: CosmosMsg = WasmMsg::Execute {
                    contract_addr: env.contract.address.into_string(),
                    msg: to_json_binary(&msg)?,
                    funds: vec![],
                }
                .into();
                response.add_submessage(SubMsg::reply_always(call, 0))
            }
            ExecuteMsg::Look { denom } => {
                let amount = deps
                    .querier
                    .query_balance(env.contract.address, denom)?
                    .amount;
                state.looks.push(Look {
                    by: info.sender.into_string(),
                    amount,
                });
                response
            }
            ExecuteMsg::Fail { text } => {
                state.count += 1;
                save(deps.storage, &state)?;
                return Err(StdError::msg(text));
            }
            ExecuteMsg::Panic { text } => {
                state.count += 1;
                save(deps.storage, &state)?;
                panic!("{text}");
            }
            ExecuteMsg::Answer { data } => response.set_data(data),
            ExecuteMsg::Note { memo } => response.add_attribute("memo", memo),
        };
        save(deps.storage, &state)?;
        Ok(response)
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> StdResult<Binary> {
        match from_json(msg)? {
            QueryMsg::State {} => to_json_binary(&load(deps.storage)?),
            QueryMsg::Count {} => to_json_binary(&json!({ "count": load(deps.storage)?.count })),
            QueryMsg::Block {} => to_json_binary(&env.block),
            QueryMsg::Echo { value } => to_json_binary(&value),
            QueryMsg::Chain { request } => match deps.querier.raw_query(&to_json_vec(&request)?) {
                SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
                SystemResult::Ok(ContractResult::Err(error)) => Err(StdError::msg(error)),
                SystemResult::Err(error) => Err(StdError::msg(error.to_string())),
            },
            QueryMsg::Validate { address } => to_json_binary(&deps.api.addr_validate(&address)?),
            QueryMsg::Panic {} => panic!("a query that panics"),
        }
    }

    fn reply(&self, deps: DepsMut, _: Env, msg: Reply) -> StdResult<Response> {
        let mut state = load(deps.storage)?;
        state.replies.push(match msg.result {
            SubMsgResult::Ok(_) => "ok".to_owned(),
            SubMsgResult::Err(error) => error,
        });
        save(deps.storage, &state)?;
        Ok(Response::new())
    }

    fn sudo(&self, deps: DepsMut, _: Env, msg: Vec<u8>) -> StdResult<Response> {
        let mut state = load(deps.storage)?;
        state.sudo = msg.into();
        save(deps.storage, &state)?;
        Ok(Response::new().add_attribute("action", "sudo"))
    }

    fn migrate(&self, deps: DepsMut, _: Env, msg: Vec<u8>) -> StdResult<Response> {
        let mut state = load(deps.storage)?;
        let Some(version) = from_json::<Value>(msg)?
            .get("version")
            .and_then(Value::as_u64)
        else {
            return Err(StdError::msg("no version"));
        };
        state.version = version;
        save(deps.storage, &state)?;
        Ok(Response::new().add_attribute("action", "migrate"))
    }
}

/// Keys in the root storage of a chain, to see that nothing was left behind.
pub fn keys_of(storage: &dyn Storage) -> Vec<Vec<u8>> {
    storage
        .range(None, None, Order::Ascending)
        .map(|(key, _)| key)
        .collect()
}

/// A bank query as a raw request.
pub fn balance_request(address: &str, denom: &str) -> QueryRequest<Empty> {
    QueryRequest::Bank(BankQuery::Balance {
        address: address.to_owned(),
        denom: denom.to_owned(),
    })
}
