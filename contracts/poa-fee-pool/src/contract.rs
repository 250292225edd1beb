//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw_utils::nonpayable;
use interfaces::events::action;
use interfaces::json::Lean;
use interfaces::{migration, ownership};

use crate::error::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::{checkpoint, deposits, hooks, members, query, setup, validators, withdraw};

/// Name in cw2.
pub const CONTRACT_NAME: &str = "cw-distribution:poa-fee-pool";
/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets up the pool, with the state of an earlier one if there is any.
///
/// # Errors
/// For denoms, validators or fees that break a rule.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Lean(msg): Lean<InstantiateMsg>,
) -> Result<Response, ContractError> {
    migration::record(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    setup::instantiate(deps, env, info, msg)
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
    Lean(msg): Lean<ExecuteMsg>,
) -> Result<Response, ContractError> {
    let takes_funds = matches!(
        msg,
        ExecuteMsg::Deposit {} | ExecuteMsg::CreateValidator { .. }
    );
    if !takes_funds {
        nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::UpdateValidators { validators } => {
            validators::update_validators(deps, env, info, validators)
        }
        ExecuteMsg::CreateValidator { metadata, pub_key } => {
            validators::create_validator(deps, env, info, metadata, pub_key)
        }
        ExecuteMsg::UpdateOperator {
            operator,
            new_operator,
        } => validators::update_operator(deps, env, info, operator, new_operator),
        ExecuteMsg::WithdrawFees {
            withdraw_address,
            denoms,
        } => withdraw::withdraw_fees(deps, env, info, withdraw_address, denoms),
        ExecuteMsg::Checkpoint {} => checkpoint::run(deps, env),
        ExecuteMsg::Deposit {} => deposits::deposit(deps, env, info),
        ExecuteMsg::UpdateMembers { remove, add } => {
            members::update_members(deps, env, info, remove, add)
        }
        ExecuteMsg::AddHook { addr } => hooks::add_hook(deps, info, addr),
        ExecuteMsg::RemoveHook { addr } => hooks::remove_hook(deps, info, addr),
        ExecuteMsg::UpdateDenoms { add, remove } => {
            setup::update_denoms(deps, env, info, add, remove)
        }
        ExecuteMsg::UpdateOwnership(update) => {
            let ownership = ownership::update(deps, &env.block, &info.sender, update)?;
            let event = action("update_ownership").add_attributes(ownership.attributes());
            Ok(Response::new().add_event(event))
        }
    }
}

/// What became of a payout or of a hook.
///
/// # Errors
/// For a reply that belongs to neither.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        hooks::FAILED_HOOK_REPLY => Ok(hooks::failed(reply)),
        _ => withdraw::payout_replied(deps, env, reply),
    }
}

/// Answers a query.
///
/// # Errors
/// Named in [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, Lean(msg): Lean<QueryMsg>) -> Result<Binary, ContractError> {
    query::answer(deps, env, msg)
}

/// Moves to this version of the contract; the state is kept as it is.
///
/// # Errors
/// From another contract, or from a newer version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _: Lean<MigrateMsg>) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}
