//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw_utils::nonpayable;
use pool_kit::events::action;
use pool_kit::{migration, ownership};

use crate::error::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::registry::GivenName;
use crate::withdraw::Withdrawal;
use crate::{fees, group, powers, query, setup, validators, withdraw};

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
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
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
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    if !matches!(msg, Msg::Deposit {} | Msg::CreateValidator { .. }) {
        nonpayable(&info)?;
    }
    match msg {
        Msg::UpdateValidators { validators } => {
            powers::update_validators(deps, env, info, validators)
        }
        Msg::CreateValidator { metadata, pub_key } => {
            validators::create_validator(deps, env, info, metadata, pub_key)
        }
        Msg::UpdateOperator {
            operator,
            id,
            new_operator,
        } => {
            let validator = GivenName { operator, id };
            validators::update_operator(deps, env, info, validator, new_operator)
        }
        Msg::AcceptOperator { id } => validators::accept_operator(deps, env, info, id),
        Msg::SetWithdrawAddress { withdraw_address } => {
            withdraw::set_withdraw_address(deps, env, info, withdraw_address)
        }
        Msg::SetClaimer { claimer } => withdraw::set_claimer(deps, env, info, claimer),
        Msg::WithdrawFees {
            withdraw_address,
            operator,
            denoms,
        } => {
            let withdrawal = Withdrawal {
                withdraw_address,
                operator,
                denoms,
            };
            withdraw::withdraw_fees(deps, env, info, withdrawal)
        }
        Msg::Checkpoint {} => fees::checkpoint(deps, env),
        Msg::Deposit {} => fees::deposit(deps, env, info),
        Msg::UpdateMembers { remove, add } => powers::update_members(deps, env, info, remove, add),
        Msg::AddHook { addr } => group::add_hook(deps, env, info, addr),
        Msg::RemoveHook { addr } => group::remove_hook(deps, info, addr),
        Msg::UpdateDenoms { add, remove } => fees::update_denoms(deps, env, info, add, remove),
        Msg::UpdateOwnership(update) => {
            let ownership = ownership::update(deps, &env.block, &info.sender, update)?;
            let event = action("update_ownership").add_attributes(ownership.attributes());
            Ok(Response::new().add_event(event))
        }
    }
}

/// Takes the chain's reply to a payout or to a hook that failed.
///
/// # Errors
/// For a reply that belongs to neither.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        group::FAILED_HOOK_REPLY => Ok(group::hook_failed(reply)),
        _ => withdraw::payout_replied(deps, env, reply),
    }
}

/// Answers a query.
///
/// # Errors
/// Named in [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer(deps, env, msg)
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
