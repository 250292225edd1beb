//! Queries. They compute with the same functions as the messages, on a staged storage whose changes
//! are dropped: what a query shows is what a message would do.

mod delegations;
mod pool;
mod validators;

use cosmwasm_std::{Binary, Deps, Env, to_json_binary};
use pool_kit::staged::Staged;
use pool_kit::{Amounts, ownership, paging};

use crate::ContractError;
use crate::accounting::{Accounting, LazyQuery};
use crate::answers::RewardsResponse;
use crate::audit;
use crate::books::Books;
use crate::context::Context;
use crate::delegations::PageArgs;
use crate::msg::QueryMsg;

/// Answers a query.
///
/// # Errors
/// For addresses of other chains, unknown validators, and pages of no entries.
pub(crate) fn answer<A: Accounting>(
    deps: Deps,
    env: Env,
    msg: QueryMsg,
) -> Result<Binary, ContractError> {
    let mut storage = Staged::new(deps.storage);
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let books = &mut Books::<A>::open(&ctx, &mut storage)?;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&pool::config(&ctx)),
        QueryMsg::Params {} => to_json_binary(&ctx.config.params),
        QueryMsg::Reporters {} => to_json_binary(&pool::reporters(books.storage)?),
        QueryMsg::RewardDenoms {} => to_json_binary(&pool::reward_denoms(&ctx)),
        QueryMsg::LastBlock {} => to_json_binary(&pool::last_block(books)),
        QueryMsg::CommunityPool {} => to_json_binary(&pool::community_pool(books)?),
        QueryMsg::ValidatorSet {} => to_json_binary(&pool::validator_set(books)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(books.storage)?),
        QueryMsg::Invariants {} => to_json_binary(&audit::invariants(books)?),
        QueryMsg::Audit { start_after, limit } => {
            to_json_binary(&audit::audit(books, start_after, limit)?)
        }
        QueryMsg::Undelivered { account } => to_json_binary(&pool::undelivered(books, &account)?),

        QueryMsg::Validator { validator } => {
            let validator = books.known_validator(&validator)?;
            to_json_binary(&validators::validator(books, &validator)?)
        }
        QueryMsg::Validators { start_after, limit } => {
            let page = PageArgs { start_after, limit };
            to_json_binary(&validators::validators(books, page)?)
        }
        QueryMsg::ValidatorsKnown { validators } => {
            to_json_binary(&validators::known(books, &validators)?)
        }
        QueryMsg::ValidatorOutstandingRewards { validator } => {
            let validator = books.known_validator(&validator)?;
            let amounts = A::outstanding_rewards(books, &validator)?;
            to_json_binary(&rewards(&ctx, &amounts))
        }
        QueryMsg::ValidatorCommission { validator } => {
            let validator = books.known_validator(&validator)?;
            let amounts = A::commission(books, &validator)?;
            to_json_binary(&rewards(&ctx, &amounts))
        }
        QueryMsg::ValidatorCurrentRewards { validator } => {
            let validator = books.known_validator(&validator)?;
            to_json_binary(&validators::current_rewards(books, &validator)?)
        }
        QueryMsg::ValidatorDistributionInfo { validator } => {
            let validator = books.known_validator(&validator)?;
            to_json_binary(&validators::distribution_info(books, &validator)?)
        }

        QueryMsg::Delegation {
            delegator,
            validator,
        } => {
            let key = books.delegation_key(&delegator, &validator)?;
            to_json_binary(&delegations::delegation(books, key)?)
        }
        QueryMsg::DelegatorDelegations {
            delegator,
            start_after,
            limit,
        } => {
            let page = PageArgs { start_after, limit };
            to_json_binary(&delegations::of_delegator(books, &delegator, page)?)
        }
        QueryMsg::ValidatorDelegations {
            validator,
            start_after,
            limit,
        } => {
            let validator = books.known_validator(&validator)?;
            let page = PageArgs { start_after, limit };
            to_json_binary(&delegations::of_validator(books, &validator, page)?)
        }
        QueryMsg::DelegatorValidators {
            delegator,
            start_after,
            limit,
        } => {
            let page = PageArgs { start_after, limit };
            to_json_binary(&delegations::validators(books, &delegator, page)?)
        }
        QueryMsg::DelegationRewards {
            delegator,
            validator,
        } => {
            let key = books.delegation_key(&delegator, &validator)?;
            let amounts = A::delegation_rewards(books, key)?;
            to_json_binary(&rewards(&ctx, &amounts))
        }
        QueryMsg::DelegationTotalRewards {
            delegator,
            start_after,
            limit,
        } => {
            let page = PageArgs { start_after, limit };
            to_json_binary(&delegations::total_rewards(books, &delegator, page)?)
        }
        QueryMsg::DelegatorWithdrawAddress { delegator } => {
            to_json_binary(&delegations::withdraw_address(books, &delegator)?)
        }
        QueryMsg::Claimer { delegator } => {
            to_json_binary(&delegations::claimer(books, &delegator)?)
        }

        QueryMsg::DelegationAdjustment {
            delegator,
            validator,
        } => {
            let key = books.delegation_key(&delegator, &validator)?;
            return A::query_lazy(books, LazyQuery::DelegationAdjustment(key));
        }
        QueryMsg::CommissionAdjustment { validator } => {
            let validator = books.known_validator(&validator)?;
            return A::query_lazy(books, LazyQuery::CommissionAdjustment(validator));
        }
        QueryMsg::PowerChanges { start_after, limit } => {
            let limit = paging::limit(limit)?;
            return A::query_lazy(books, LazyQuery::PowerChanges { start_after, limit });
        }
    };
    Ok(answer?)
}

fn rewards(ctx: &Context, amounts: &Amounts) -> RewardsResponse {
    RewardsResponse {
        rewards: ctx.config.denoms.dec_coins(amounts),
        claimable: ctx.config.denoms.coins(amounts),
    }
}
