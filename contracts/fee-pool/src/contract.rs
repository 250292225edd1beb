//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw_utils::nonpayable;
use interfaces::hooks::RawSudo;
use interfaces::json::Lean;
use interfaces::{migration, ownership};

use crate::context::Context;
use crate::error::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::{
    accounts, admin, block, deposits, events, hooks, import, query, registry, sampling, staking,
    withdraw,
};

/// Name in cw2.
pub const CONTRACT_NAME: &str = "cw-distribution:fee-pool";
/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

interfaces::memory_of_one_call!();

/// Sets up the pool.
///
/// # Errors
/// For params, denoms or addresses that break a rule.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    Lean(msg): Lean<InstantiateMsg>,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    migration::record(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    admin::instantiate(deps, info, msg)
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
        ExecuteMsg::Deposit {}
            | ExecuteMsg::DepositValidatorRewards { .. }
            | ExecuteMsg::FundCommunityPool {}
    );
    if !takes_funds {
        nonpayable(&info)?;
    }
    let DepsMut {
        storage,
        api,
        querier,
    } = deps;
    let mut ctx = Context::load(storage, querier, &env)?;
    let (ctx, info) = (&mut ctx, &info);
    match msg {
        ExecuteMsg::Import {
            validators,
            delegations,
        } => import::import(ctx, storage, info, validators, delegations),
        ExecuteMsg::Activate {} => import::activate(ctx, storage, info),
        ExecuteMsg::BeginBlock(block) => block::report(ctx, storage, info, block),
        ExecuteMsg::Deposit {} => deposits::deposit(ctx, storage, info),
        ExecuteMsg::StakingEvent(event) => staking::report(ctx, storage, info, event),
        ExecuteMsg::MemberChangedHook(hook) => staking::member_changed(ctx, storage, info, hook),
        ExecuteMsg::SyncDelegation {
            delegator,
            validator,
        } => sampling::sync_delegation(ctx, storage, delegator, validator),
        ExecuteMsg::RefreshValidator { validator } => {
            registry::refresh_validator(ctx, storage, validator)
        }
        ExecuteMsg::DepositValidatorRewards { allocations } => {
            deposits::deposit_validator_rewards(ctx, storage, info, allocations)
        }
        ExecuteMsg::FundCommunityPool {} => deposits::fund_community_pool(ctx, storage, info),
        ExecuteMsg::CommunityPoolSpend { recipient, amount } => {
            withdraw::community_pool_spend(ctx, storage, info, recipient, amount)
        }
        ExecuteMsg::SetWithdrawAddress { withdraw_address } => {
            accounts::set_withdraw_address(ctx, storage, info, withdraw_address)
        }
        ExecuteMsg::SetClaimer { claimer } => accounts::set_claimer(ctx, storage, info, claimer),
        ExecuteMsg::WithdrawDelegatorReward {
            validator,
            denoms,
            delegator,
        } => withdraw::delegator_reward(ctx, storage, info, validator, denoms, delegator),
        ExecuteMsg::WithdrawDelegation {
            withdraw_address,
            start_after,
            limit,
            delegator,
        } => {
            let page = withdraw::DelegationsPage { start_after, limit };
            withdraw::delegations(ctx, storage, info, page, delegator, withdraw_address)
        }
        ExecuteMsg::WithdrawValidatorCommission { validator } => {
            withdraw::validator_commission(ctx, storage, info, validator)
        }
        ExecuteMsg::WithdrawValidator {
            validator,
            withdraw_address,
        } => withdraw::validator(ctx, storage, info, validator, withdraw_address),
        ExecuteMsg::EditCommission { rate } => registry::edit_commission(ctx, storage, info, rate),
        ExecuteMsg::UpdateParams(update) => admin::update_params(ctx, storage, info, update),
        ExecuteMsg::UpdateReporters(update) => {
            admin::update_reporters(ctx, storage, api, info, update)
        }
        ExecuteMsg::UpdateRewardDenoms { add, remove } => {
            admin::update_reward_denoms(ctx, storage, info, add, remove)
        }
        ExecuteMsg::UpdateOwnership(action) => {
            let deps = DepsMut {
                storage,
                api,
                querier,
            };
            let ownership = ownership::update(deps, &env.block, &info.sender, action)?;
            let event = events::action("update_ownership").add_attributes(ownership.attributes());
            Ok(events::response(event))
        }
    }
}

/// What the chain tells: blocks, staking events, hooks, clock.
///
/// # Errors
/// Never for a payload: what cannot be read or done is the event `hook_ignored` and changes
/// nothing.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn sudo(deps: DepsMut, env: Env, msg: RawSudo) -> Result<Response, ContractError> {
    Ok(hooks::sudo(deps, env, &msg))
}

/// What became of a payout.
///
/// # Errors
/// For a reply that belongs to no payout.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    withdraw::payout_replied(&ctx, deps.storage, reply)
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
    admin::migrate(deps)
}
