//! A cw20 token, honest until it is told otherwise.
//!
//! It speaks what contracts use of cw20: `transfer`, `send` and the query `balance`. Anybody may
//! mint and set its behaviour.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Storage,
    Uint128, WasmMsg, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};

const BALANCES: Map<&Addr, Uint128> = Map::new("balances");
const BEHAVIOUR: Item<Behaviour> = Item::new("behaviour");

/// What the token does when it is transferred.
#[cw_serde]
pub enum Behaviour {
    /// What it should.
    Honest,
    /// Refuses every transfer.
    Fails,
    /// Stops the machine in every transfer, as running out of gas does.
    Panics,
    /// Succeeds without moving anything.
    Swallows,
    /// Calls a contract in the middle of a transfer, once, and moves on whatever comes of it.
    Calls {
        /// Whom.
        contract: String,
        /// With what.
        msg: Binary,
        /// Whether before the tokens are moved.
        before: bool,
    },
    /// Keeps a tenth of what is sent, and tells the recipient of all.
    TakesFee,
    /// Says everybody has that much.
    BalanceOf(Uint128),
}

/// Messages.
#[cw_serde]
pub enum TokenMsg {
    /// Makes tokens.
    Mint {
        /// For whom.
        to: String,
        /// How many.
        amount: Uint128,
    },
    /// From the sender.
    Transfer {
        /// To whom.
        recipient: String,
        /// How many.
        amount: Uint128,
    },
    /// To a contract, with a message.
    Send {
        /// To whom.
        contract: String,
        /// How many.
        amount: Uint128,
        /// The message.
        msg: Binary,
    },
    /// From now on.
    Behave(Behaviour),
}

/// Queries.
#[cw_serde]
pub enum TokenQuery {
    /// What an account has.
    Balance {
        /// Whose.
        address: String,
    },
}

#[cw_serde]
struct BalanceResponse {
    balance: Uint128,
}

#[cw_serde]
enum ReceiverMsg {
    Receive {
        sender: String,
        amount: Uint128,
        msg: Binary,
    },
}

/// The token as stored code.
#[must_use]
pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(execute, instantiate, query).with_reply(
            |_: DepsMut, _: Env, _: cosmwasm_std::Reply| -> StdResult<Response> {
                Ok(Response::new())
            },
        ),
    )
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    BEHAVIOUR.save(deps.storage, &Behaviour::Honest)?;
    Ok(Response::new())
}

fn balance(storage: &dyn Storage, account: &Addr) -> StdResult<Uint128> {
    Ok(BALANCES.may_load(storage, account)?.unwrap_or_default())
}

fn shift(storage: &mut dyn Storage, from: &Addr, to: &Addr, amount: Uint128) -> StdResult<()> {
    let left = balance(storage, from)?.checked_sub(amount)?;
    BALANCES.save(storage, from, &left)?;
    let sum = balance(storage, to)?.checked_add(amount)?;
    BALANCES.save(storage, to, &sum)
}

fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: TokenMsg) -> StdResult<Response> {
    let behaviour = BEHAVIOUR.load(deps.storage)?;
    match msg {
        TokenMsg::Mint { to, amount } => {
            let to = Addr::unchecked(to);
            let sum = balance(deps.storage, &to)?.checked_add(amount)?;
            BALANCES.save(deps.storage, &to, &sum)?;
            Ok(Response::new())
        }
        TokenMsg::Behave(behaviour) => {
            BEHAVIOUR.save(deps.storage, &behaviour)?;
            Ok(Response::new())
        }
        TokenMsg::Transfer { recipient, amount } => {
            let to = Addr::unchecked(recipient);
            match behaviour {
                Behaviour::Honest | Behaviour::TakesFee | Behaviour::BalanceOf(_) => {
                    shift(deps.storage, &info.sender, &to, amount)?;
                    Ok(Response::new())
                }
                Behaviour::Fails => Err(StdError::msg("this token does not move")),
                Behaviour::Panics => panic!("out of gas"),
                Behaviour::Swallows => Ok(Response::new()),
                Behaviour::Calls {
                    contract,
                    msg,
                    before,
                } => {
                    BEHAVIOUR.save(deps.storage, &Behaviour::Honest)?;
                    let call = WasmMsg::Execute {
                        contract_addr: contract,
                        msg,
                        funds: vec![],
                    };
                    if !before {
                        shift(deps.storage, &info.sender, &to, amount)?;
                        return Ok(Response::new()
                            .add_submessage(cosmwasm_std::SubMsg::reply_always(call, 1)));
                    }
                    // The rest of the transfer is a message of its own, behind the call.
                    let rest = WasmMsg::Execute {
                        contract_addr: env.contract.address.to_string(),
                        msg: to_json_binary(&TokenMsg::Mint {
                            to: to.to_string(),
                            amount,
                        })?,
                        funds: vec![],
                    };
                    let left = balance(deps.storage, &info.sender)?.checked_sub(amount)?;
                    BALANCES.save(deps.storage, &info.sender, &left)?;
                    Ok(Response::new()
                        .add_submessage(cosmwasm_std::SubMsg::reply_always(call, 1))
                        .add_message(rest))
                }
            }
        }
        TokenMsg::Send {
            contract,
            amount,
            msg,
        } => {
            let moved = match behaviour {
                Behaviour::TakesFee => amount.checked_sub(amount / Uint128::new(10))?,
                Behaviour::Swallows => Uint128::zero(),
                _ => amount,
            };
            let to = Addr::unchecked(&contract);
            if !matches!(behaviour, Behaviour::Swallows | Behaviour::BalanceOf(_)) {
                shift(deps.storage, &info.sender, &to, moved)?;
            }
            let told = WasmMsg::Execute {
                contract_addr: contract,
                msg: to_json_binary(&ReceiverMsg::Receive {
                    sender: info.sender.into_string(),
                    amount,
                    msg,
                })?,
                funds: vec![],
            };
            Ok(Response::new().add_message(told))
        }
    }
}

fn query(deps: Deps, _: Env, msg: TokenQuery) -> StdResult<Binary> {
    let TokenQuery::Balance { address } = msg;
    let balance = match BEHAVIOUR.load(deps.storage)? {
        Behaviour::BalanceOf(amount) => amount,
        _ => balance(deps.storage, &Addr::unchecked(address))?,
    };
    to_json_binary(&BalanceResponse { balance })
}
