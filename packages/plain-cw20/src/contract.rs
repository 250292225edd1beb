//! Entry points.

use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult, Storage, Uint128,
    WasmMsg, entry_point, to_json_binary,
};
use cw_storage_plus::{Item, Map};

use crate::msg::{
    BalanceResponse, ExecuteMsg, InstantiateMsg, Minter, QueryMsg, ReceiverMsg, TokenInfoResponse,
};

const TOKEN: Item<TokenInfoResponse> = Item::new("token_info");
const MINTER: Item<Minter> = Item::new("minter");
const BALANCES: Map<&Addr, Uint128> = Map::new("balance");

/// Makes the token.
///
/// # Errors
/// For an address that is none, an account that is listed twice, and more tokens than the cap or
/// 2^128 - 1.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    let mut token = TokenInfoResponse {
        name: msg.name,
        symbol: msg.symbol,
        decimals: msg.decimals,
        total_supply: Uint128::zero(),
    };
    for it in msg.initial_balances {
        let account = deps.api.addr_validate(&it.address)?;
        if BALANCES.has(deps.storage, &account) {
            let message = format!("initial_balances: {account} is listed twice");
            return Err(StdError::msg(message));
        }
        token.total_supply = token.total_supply.checked_add(it.amount)?;
        BALANCES.save(deps.storage, &account, &it.amount)?;
    }
    if let Some(mint) = msg.mint {
        deps.api.addr_validate(&mint.minter)?;
        check_cap(&mint, token.total_supply)?;
        MINTER.save(deps.storage, &mint)?;
    }
    TOKEN.save(deps.storage, &token)?;
    Ok(Response::new())
}

/// Executes a message.
///
/// # Errors
/// For an amount of 0 or above what there is, and for whoever may not.
#[entry_point]
pub fn execute(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    let response = Response::new();
    let sender = info.sender;
    match msg {
        ExecuteMsg::Transfer { recipient, amount } => {
            let to = deps.api.addr_validate(&recipient)?;
            subtract(deps.storage, &sender, amount)?;
            add(deps.storage, &to, amount)?;
            Ok(response
                .add_attribute("action", "transfer")
                .add_attribute("from", sender)
                .add_attribute("to", to)
                .add_attribute("amount", amount))
        }
        ExecuteMsg::Burn { amount } => {
            subtract(deps.storage, &sender, amount)?;
            let mut token = TOKEN.load(deps.storage)?;
            token.total_supply = token.total_supply.checked_sub(amount)?;
            TOKEN.save(deps.storage, &token)?;
            Ok(response
                .add_attribute("action", "burn")
                .add_attribute("from", sender)
                .add_attribute("amount", amount))
        }
        ExecuteMsg::Send {
            contract,
            amount,
            msg,
        } => {
            let to = deps.api.addr_validate(&contract)?;
            subtract(deps.storage, &sender, amount)?;
            add(deps.storage, &to, amount)?;
            let call = WasmMsg::Execute {
                contract_addr: contract,
                msg: to_json_binary(&ReceiverMsg::Receive {
                    sender: sender.to_string(),
                    amount,
                    msg,
                })?,
                funds: vec![],
            };
            Ok(response
                .add_message(call)
                .add_attribute("action", "send")
                .add_attribute("from", sender)
                .add_attribute("to", to)
                .add_attribute("amount", amount))
        }
        ExecuteMsg::Mint { recipient, amount } => {
            let to = deps.api.addr_validate(&recipient)?;
            let minter = MINTER.may_load(deps.storage)?;
            let Some(minter) = minter.filter(|it| it.minter == sender.as_str()) else {
                return Err(StdError::msg("Unauthorized: only the minter mints"));
            };
            let mut token = TOKEN.load(deps.storage)?;
            token.total_supply = token.total_supply.checked_add(amount)?;
            check_cap(&minter, token.total_supply)?;
            TOKEN.save(deps.storage, &token)?;
            add(deps.storage, &to, amount)?;
            Ok(response
                .add_attribute("action", "mint")
                .add_attribute("to", to)
                .add_attribute("amount", amount))
        }
    }
}

/// Answers a query.
///
/// # Errors
/// For an address that is none.
#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Balance { address } => {
            let account = deps.api.addr_validate(&address)?;
            let balance = balance(deps.storage, &account)?;
            to_json_binary(&BalanceResponse { balance })
        }
        QueryMsg::TokenInfo {} => to_json_binary(&TOKEN.load(deps.storage)?),
        QueryMsg::Minter {} => to_json_binary(&MINTER.may_load(deps.storage)?),
    }
}

fn check_cap(minter: &Minter, supply: Uint128) -> StdResult<()> {
    match minter.cap {
        Some(cap) if supply > cap => Err(StdError::msg(format!(
            "there would be {supply} tokens, above the cap of {cap}"
        ))),
        _ => Ok(()),
    }
}

fn balance(storage: &dyn Storage, account: &Addr) -> StdResult<Uint128> {
    Ok(BALANCES.may_load(storage, account)?.unwrap_or_default())
}

/// Adds to a balance. What all have together fits into 128 bits.
fn add(storage: &mut dyn Storage, account: &Addr, amount: Uint128) -> StdResult<()> {
    if amount.is_zero() {
        return Err(StdError::msg("amount: 0 tokens cannot be made or moved"));
    }
    let sum = balance(storage, account)?.checked_add(amount)?;
    BALANCES.save(storage, account, &sum)
}

fn subtract(storage: &mut dyn Storage, account: &Addr, amount: Uint128) -> StdResult<()> {
    let has = balance(storage, account)?;
    let left = has.checked_sub(amount).map_err(|_| {
        StdError::msg(format!(
            "insufficient tokens: {account} has {has}, not {amount}"
        ))
    })?;
    BALANCES.save(storage, account, &left)
}
