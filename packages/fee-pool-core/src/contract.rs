//! What the entry points do: dispatch, generic over the accounting.

use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw_utils::nonpayable;
use pool_kit::events::action;
use pool_kit::{migration, ownership};

use crate::accounting::Accounting;
use crate::delegations::PageArgs;
use crate::error::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::{
    admin, block, commission, community_pool, deposits, hooks, import, powers, query, staking,
    withdraw,
};
use chain_types::hooks::RawSudo;

/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets up the pool.
///
/// # Errors
/// For params, denoms or addresses that break a rule.
pub fn instantiate<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, A::CONTRACT_NAME, CONTRACT_VERSION)?;
    admin::instantiate(deps, env, info, msg)
}

/// Executes a message.
///
/// # Errors
/// Named in [`ContractError`]; state and balances are as before then.
pub fn execute<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let takes_funds = matches!(
        msg,
        ExecuteMsg::Import(_)
            | ExecuteMsg::Activate {}
            | ExecuteMsg::Deposit {}
            | ExecuteMsg::DepositValidatorRewards { .. }
            | ExecuteMsg::FundCommunityPool {}
    );
    if !takes_funds {
        nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::Import(page) => import::import::<A>(deps, env, info, page),
        ExecuteMsg::Activate {} => import::activate::<A>(deps, env, info),
        ExecuteMsg::BeginBlock(msg) => block::report::<A>(deps, env, info, msg),
        ExecuteMsg::Deposit {} => deposits::deposit::<A>(deps, env, info),
        ExecuteMsg::StakingEvent(event) => staking::report::<A>(deps, env, info, event),
        ExecuteMsg::MemberChangedHook(hook) => powers::member_changed::<A>(deps, env, info, hook),
        ExecuteMsg::RefreshValidator { validator } => {
            commission::refresh_validator::<A>(deps, env, validator)
        }
        ExecuteMsg::UpdateCommissionTerms(update) => {
            commission::update_terms::<A>(deps, env, info, update)
        }
        ExecuteMsg::DepositValidatorRewards { allocations } => {
            deposits::deposit_validator_rewards::<A>(deps, env, info, allocations)
        }
        ExecuteMsg::FundCommunityPool {} => deposits::fund_community_pool::<A>(deps, env, info),
        ExecuteMsg::CommunityPoolSpend { recipient, amount } => {
            community_pool::spend::<A>(deps, env, info, recipient, amount)
        }
        ExecuteMsg::SetWithdrawAddress { withdraw_address } => {
            withdraw::set_withdraw_address(deps, env, info, withdraw_address)
        }
        ExecuteMsg::SetClaimer { claimer } => withdraw::set_claimer(deps, env, info, claimer),
        ExecuteMsg::WithdrawDelegatorReward {
            validator,
            denoms,
            delegator,
        } => withdraw::delegator_reward::<A>(deps, env, info, validator, denoms, delegator),
        ExecuteMsg::WithdrawDelegation {
            withdraw_address,
            start_after,
            limit,
            delegator,
        } => {
            let page = PageArgs { start_after, limit };
            withdraw::delegations::<A>(deps, env, info, delegator, page, withdraw_address)
        }
        ExecuteMsg::WithdrawValidatorCommission { validator } => {
            withdraw::validator_commission::<A>(deps, env, info, validator)
        }
        ExecuteMsg::WithdrawValidator {
            validator,
            withdraw_address,
        } => withdraw::validator::<A>(deps, env, info, validator, withdraw_address),
        ExecuteMsg::EditCommission { rate } => {
            commission::edit_commission::<A>(deps, env, info, rate)
        }
        ExecuteMsg::UpdateParams(update) => admin::update_params(deps, env, info, update),
        ExecuteMsg::UpdateReporters(update) => {
            admin::update_reporters::<A>(deps, env, info, update)
        }
        ExecuteMsg::UpdateRewardDenoms { add, remove } => {
            admin::update_reward_denoms(deps, env, info, add, remove)
        }
        ExecuteMsg::UpdateOwnership(update) => {
            let ownership = ownership::update(deps, &env.block, &info.sender, update)?;
            let event = action("update_ownership").add_attributes(ownership.attributes());
            Ok(Response::new().add_event(event))
        }
    }
}

/// What the chain sends: blocks, staking events, hooks, clock.
///
/// # Errors
/// Never for a payload: what cannot be read or done is the event `hook_ignored` and changes
/// nothing.
pub fn sudo<A: Accounting>(
    deps: DepsMut,
    env: Env,
    msg: RawSudo,
) -> Result<Response, ContractError> {
    Ok(hooks::sudo::<A>(deps, env, &msg))
}

/// What became of a payout.
///
/// # Errors
/// For a reply that belongs to no payout.
pub fn reply<A: Accounting>(
    deps: DepsMut,
    env: Env,
    reply: Reply,
) -> Result<Response, ContractError> {
    withdraw::payout_replied::<A>(deps, env, reply)
}

/// Answers a query.
///
/// # Errors
/// Named in [`ContractError`].
pub fn query<A: Accounting>(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer::<A>(deps, env, msg)
}

/// Moves to this version of the contract; the state is kept as it is.
///
/// # Errors
/// From another contract, or from a newer version.
pub fn migrate<A: Accounting>(
    deps: DepsMut,
    _env: Env,
    _msg: MigrateMsg,
) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, A::CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}
