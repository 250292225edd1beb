//! A cw20 token, honest until a test sets its behaviour.
//!
//! It has the messages and queries of cw20 that contracts use: `transfer`, `send` and `balance`.
//! Anyone may mint and set its behaviour.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult,
    Storage, SubMsg, Uint128, WasmMsg, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};

const BALANCES: Map<&Addr, Uint128> = Map::new("balances");
const BEHAVIOUR: Item<Behaviour> = Item::new("behaviour");

/// What the token does in a `transfer`. A `send` moves the tokens as it should, unless the
/// behaviour says otherwise.
#[cw_serde]
pub enum Behaviour {
    /// Moves the tokens.
    Honest,
    /// Returns an error.
    Fails,
    /// Panics, as a contract does that runs out of gas.
    Panics,
    /// Succeeds without moving anything.
    Swallows,
    /// Moves the tokens and calls a contract, in the next transfer only. A call that fails changes
    /// nothing about the transfer.
    Calls {
        /// The contract.
        contract: String,
        /// The message.
        msg: Binary,
        /// Whether the recipient gets the tokens after the call, instead of before it.
        before: bool,
    },
    /// Keeps a tenth of what is sent, and announces all of it to the recipient.
    TakesFee,
    /// Answers every query for a balance with this amount, and moves nothing in a `send`.
    BalanceOf(Uint128),
}

/// Messages.
#[cw_serde]
pub enum TokenMsg {
    /// Makes tokens.
    Mint {
        /// The account that gets them.
        to: String,
        /// Base units.
        amount: Uint128,
    },
    /// Moves tokens of the sender.
    Transfer {
        /// The account that gets them.
        recipient: String,
        /// Base units.
        amount: Uint128,
    },
    /// Moves tokens of the sender to a contract, and calls it.
    Send {
        /// The contract.
        contract: String,
        /// Base units.
        amount: Uint128,
        /// The message.
        msg: Binary,
    },
    /// Sets the behaviour.
    Behave(Behaviour),
}

/// Queries.
#[cw_serde]
pub enum TokenQuery {
    /// An account's balance.
    Balance {
        /// The account.
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
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    BEHAVIOUR.save(deps.storage, &Behaviour::Honest)?;
    Ok(Response::new())
}

/// A failed call of [`Behaviour::Calls`] is ignored.
fn reply(_: DepsMut, _: Env, _: Reply) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: TokenMsg) -> StdResult<Response> {
    match msg {
        TokenMsg::Mint { to, amount } => {
            add(deps.storage, &Addr::unchecked(to), amount)?;
            Ok(Response::new())
        }
        TokenMsg::Behave(behaviour) => {
            BEHAVIOUR.save(deps.storage, &behaviour)?;
            Ok(Response::new())
        }
        TokenMsg::Transfer { recipient, amount } => transfer(deps, env, info, recipient, amount),
        TokenMsg::Send {
            contract,
            amount,
            msg,
        } => send(deps, info, contract, amount, msg),
    }
}

fn transfer(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    recipient: String,
    amount: Uint128,
) -> StdResult<Response> {
    let to = Addr::unchecked(&recipient);
    match BEHAVIOUR.load(deps.storage)? {
        Behaviour::Honest | Behaviour::TakesFee | Behaviour::BalanceOf(_) => {
            subtract(deps.storage, &info.sender, amount)?;
            add(deps.storage, &to, amount)?;
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
            let call = SubMsg::reply_always(execute_msg(contract, msg), 1);
            subtract(deps.storage, &info.sender, amount)?;
            if !before {
                add(deps.storage, &to, amount)?;
                return Ok(Response::new().add_submessage(call));
            }
            // The call runs first, then this message, which gives the recipient the tokens.
            let mint = TokenMsg::Mint {
                to: recipient,
                amount,
            };
            let token = env.contract.address.into_string();
            Ok(Response::new()
                .add_submessage(call)
                .add_message(execute_msg(token, to_json_binary(&mint)?)))
        }
    }
}

fn send(
    deps: DepsMut,
    info: MessageInfo,
    contract: String,
    amount: Uint128,
    msg: Binary,
) -> StdResult<Response> {
    let moved = match BEHAVIOUR.load(deps.storage)? {
        Behaviour::TakesFee => amount.checked_sub(amount / Uint128::new(10))?,
        Behaviour::Swallows | Behaviour::BalanceOf(_) => Uint128::zero(),
        _ => amount,
    };
    if !moved.is_zero() {
        subtract(deps.storage, &info.sender, moved)?;
        add(deps.storage, &Addr::unchecked(&contract), moved)?;
    }
    let receive = ReceiverMsg::Receive {
        sender: info.sender.into_string(),
        amount,
        msg,
    };
    Ok(Response::new().add_message(execute_msg(contract, to_json_binary(&receive)?)))
}

fn execute_msg(contract_addr: String, msg: Binary) -> WasmMsg {
    WasmMsg::Execute {
        contract_addr,
        msg,
        funds: vec![],
    }
}

fn balance(storage: &dyn Storage, account: &Addr) -> StdResult<Uint128> {
    Ok(BALANCES.may_load(storage, account)?.unwrap_or_default())
}

fn add(storage: &mut dyn Storage, account: &Addr, amount: Uint128) -> StdResult<()> {
    let sum = balance(storage, account)?.checked_add(amount)?;
    BALANCES.save(storage, account, &sum)
}

fn subtract(storage: &mut dyn Storage, account: &Addr, amount: Uint128) -> StdResult<()> {
    let left = balance(storage, account)?.checked_sub(amount)?;
    BALANCES.save(storage, account, &left)
}

fn query(deps: Deps, _: Env, msg: TokenQuery) -> StdResult<Binary> {
    let TokenQuery::Balance { address } = msg;
    let balance = match BEHAVIOUR.load(deps.storage)? {
        Behaviour::BalanceOf(amount) => amount,
        _ => balance(deps.storage, &Addr::unchecked(address))?,
    };
    to_json_binary(&BalanceResponse { balance })
}
