//! The fee pool with the lazy accounting, as a contract: the entry points of
//! [`fee_pool_core::contract`] with [`Lazy`].
//!
//! This crate is the `.wasm` file and nothing else, because cargo optimises across crates only where
//! no Rust library is built beside it: the file is an eighth smaller.

use chain_types::hooks::RawSudo;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, entry_point};

use fee_pool_core::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use fee_pool_core::{ContractError, Lazy, contract};

/// Sets up the pool. See [`contract::instantiate`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    contract::instantiate::<Lazy>(deps, env, info, msg)
}

/// Executes a message. See [`contract::execute`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    contract::execute::<Lazy>(deps, env, info, msg)
}

/// What the chain sends: blocks, staking events, hooks, clock. See [`contract::sudo`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn sudo(deps: DepsMut, env: Env, msg: RawSudo) -> Result<Response, ContractError> {
    contract::sudo::<Lazy>(deps, env, msg)
}

/// What became of a payout. See [`contract::reply`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    contract::reply::<Lazy>(deps, env, reply)
}

/// Answers a query. See [`contract::query`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    contract::query::<Lazy>(deps, env, msg)
}

/// Moves to this version of the contract. See [`contract::migrate`].
///
/// # Errors
/// As there.
#[entry_point]
pub fn migrate(deps: DepsMut, env: Env, msg: MigrateMsg) -> Result<Response, ContractError> {
    contract::migrate::<Lazy>(deps, env, msg)
}
