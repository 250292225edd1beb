//! Entry points and dispatch.

use chain_types::hooks::RawSudo;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw_utils::nonpayable;
use pool_kit::migration;

use crate::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::{
    accounts, admin, claim, crank, cw20, gauges, locking, payouts, query, treasury, unlocking,
    withdraw,
};

/// Name in cw2.
pub const CONTRACT_NAME: &str = "cw-distribution:reward-gauges";
/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets up the contract.
///
/// # Errors
/// For settings or addresses that break a rule.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    admin::instantiate(deps, env, info, msg)
}

/// Executes a message.
///
/// # Errors
/// Named in [`ContractError`]; state and balances are as before then.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let takes_funds = matches!(
        msg,
        ExecuteMsg::Lock { .. }
            | ExecuteMsg::AddToLock { .. }
            | ExecuteMsg::CreateGauge { .. }
            | ExecuteMsg::AddToGauge { .. }
    );
    if !takes_funds {
        nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::Lock(lock) => locking::execute_lock(deps, env, info, lock),
        ExecuteMsg::AddToLock { id } => locking::execute_add_to_lock(deps, env, info, id),
        ExecuteMsg::BeginUnlock { id, amount } => {
            unlocking::begin_unlock(deps, env, info, id, amount)
        }
        ExecuteMsg::BeginUnlockAll { start_after, limit } => {
            unlocking::begin_unlock_all(deps, env, info, start_after, limit)
        }
        ExecuteMsg::CancelUnlock { id } => unlocking::cancel_unlock(deps, env, info, id),
        ExecuteMsg::ExtendLock { id, duration } => {
            locking::extend_lock(deps, env, info, id, duration)
        }
        ExecuteMsg::ForceUnlock { id, amount } => {
            withdraw::force_unlock(deps, env, info, id, amount)
        }
        ExecuteMsg::Withdraw { ids } => withdraw::withdraw(deps, env, info, ids),
        ExecuteMsg::SetReceiver { id, receiver } => {
            accounts::set_receiver(deps, env, info, id, receiver)
        }
        ExecuteMsg::SetClaimer { claimer } => accounts::set_claimer(deps, env, info, claimer),
        ExecuteMsg::Claim(claim) => claim::claim(deps, env, info, claim),
        ExecuteMsg::Refresh { id } => locking::refresh(deps, env, info, id),
        ExecuteMsg::CreateGauge(gauge) => gauges::execute_create_gauge(deps, env, info, gauge),
        ExecuteMsg::AddToGauge { id } => gauges::execute_add_to_gauge(deps, env, info, id),
        ExecuteMsg::CloseGauge { id } => gauges::close_gauge(deps, env, info, id),
        ExecuteMsg::EvictGauge { id } => gauges::evict_gauge(deps, env, info, id),
        ExecuteMsg::Settle(settle) => crank::settle(deps, env, settle),
        ExecuteMsg::WithdrawTreasury {} => treasury::withdraw_treasury(deps, env),
        ExecuteMsg::UpdateConfig(update) => admin::update_config(deps, env, info, update),
        ExecuteMsg::UpdateOwnership(action) => admin::update_ownership(deps, env, info, action),
        ExecuteMsg::Receive(message) => cw20::receive(deps, env, info, message),
    }
}

/// What the chain sends by itself: its clock.
///
/// # Errors
/// Never for a payload: what cannot be read or done is the event `hook_ignored` and changes
/// nothing.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn sudo(deps: DepsMut, env: Env, msg: RawSudo) -> Result<Response, ContractError> {
    Ok(crank::sudo(deps, env, &msg))
}

/// What became of a payout.
///
/// # Errors
/// For a reply that belongs to no payout.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    payouts::reply(deps, env, reply)
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::query(deps, env, msg)
}

/// Moves to this version of the contract; the state is kept as it is.
///
/// # Errors
/// From another contract, or from a newer version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}
