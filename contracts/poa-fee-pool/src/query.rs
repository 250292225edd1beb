//! Queries. They run the same functions as the messages, on records in memory that are dropped.

use cosmwasm_std::{Binary, Coin, Deps, Env, Uint64, to_json_binary};
use pool_kit::{Amounts, accounts, ownership, paging, undelivered};

use crate::context::Context;
use crate::msg::{
    CheckpointResponse, ClaimerResponse, ConfigResponse, DenomResponse, QueryMsg, RewardsResponse,
    TotalPowerResponse, UndeliveredResponse, ValidatorResponse, ValidatorsResponse,
    WithdrawAddressResponse,
};
use crate::operator::Operator;
use crate::pool::Pool;
use crate::ranking::{self, Place};
use crate::registry::{self, Entry, GivenName, Name};
use crate::{ContractError, audit, group, validators};

pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&config(&ctx)),
        QueryMsg::Validators { start_after, limit } => {
            to_json_binary(&validators_page(&ctx, deps, start_after, limit)?)
        }
        QueryMsg::Candidates { start_after, limit } => {
            to_json_binary(&candidates_page(&ctx, deps, start_after, limit)?)
        }
        QueryMsg::Validator { operator, id } => {
            let entry = GivenName { operator, id }.read(&ctx)?.load(&ctx, storage)?;
            let Entry { id, operator, .. } = entry;
            let power = operator.power;
            to_json_binary(&validator(&ctx, deps, &Place { power, id })?)
        }
        QueryMsg::WithdrawableFees { operator } => {
            to_json_binary(&withdrawable_fees(&ctx, deps, operator)?)
        }
        QueryMsg::PendingOperatorClaim { address } => {
            to_json_binary(&pending_operator_claim(&ctx, deps, &address)?)
        }
        QueryMsg::WithdrawAddress { operator } => {
            let account = ctx.chain.account(&operator)?;
            let settings = accounts::settings(storage, &account)?;
            let own_address = || ctx.chain.show(&account);
            to_json_binary(&WithdrawAddressResponse {
                withdraw_address: settings.withdraw_address.unwrap_or_else(own_address),
            })
        }
        QueryMsg::Claimer { operator } => {
            let account = ctx.chain.account(&operator)?;
            let claimer = accounts::settings(storage, &account)?.claimer;
            to_json_binary(&ClaimerResponse { claimer })
        }
        QueryMsg::Undelivered { account } => {
            let account = ctx.chain.account(&account)?;
            let amount = undelivered::coins(storage, &account)?;
            to_json_binary(&UndeliveredResponse { amount })
        }
        QueryMsg::TotalPower {} => to_json_binary(&TotalPowerResponse {
            total_power: Uint64::new(Pool::load(storage)?.total_power),
        }),
        QueryMsg::Checkpoint {} => to_json_binary(&checkpoint(&ctx, &Pool::load(storage)?)?),
        QueryMsg::Member { addr, at_height } => {
            to_json_binary(&group::member(&ctx, deps, &addr, at_height)?)
        }
        QueryMsg::ListMembers { start_after, limit } => {
            to_json_binary(&group::list_members(&ctx, deps, start_after, limit)?)
        }
        QueryMsg::TotalWeight { at_height } => {
            to_json_binary(&group::total_weight(storage, at_height)?)
        }
        QueryMsg::Hooks {} => to_json_binary(&group::hooks(storage)?),
        QueryMsg::Admin {} => to_json_binary(&group::admin(storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(storage)?),
        QueryMsg::Invariants {} => to_json_binary(&audit::invariants(&ctx, storage)?),
        QueryMsg::Audit { start_after, limit } => {
            to_json_binary(&audit::audit(&ctx, storage, start_after, limit)?)
        }
    }?)
}

fn config(ctx: &Context) -> ConfigResponse {
    let denoms = ctx.config.denoms.iter().map(|(_, denom)| DenomResponse {
        denom: denom.name.clone(),
        active: denom.active,
    });
    ConfigResponse {
        denoms: denoms.collect(),
        creation_fee: ctx.config.creation_fee.clone(),
    }
}

fn rewards(ctx: &Context, owed: &Amounts) -> RewardsResponse {
    RewardsResponse {
        rewards: ctx.config.denoms.dec_coins(owed),
        claimable: ctx.config.denoms.coins(owed),
    }
}

/// What a withdrawal would take out now.
fn withdrawable_fees(
    ctx: &Context,
    deps: Deps,
    operator: String,
) -> Result<RewardsResponse, ContractError> {
    let account = ctx.chain.account(&operator)?;
    let Some(mut record) = Operator::may_load(deps.storage, &account)? else {
        return Err(ContractError::UnknownOperator { operator });
    };
    let mut pool = Pool::load(deps.storage)?;
    pool.checkpoint(ctx)?;
    record.settle(&pool)?;
    Ok(rewards(ctx, &record.owed()))
}

/// What a former operator has not withdrawn; nothing for every other account.
fn pending_operator_claim(
    ctx: &Context,
    deps: Deps,
    address: &str,
) -> Result<RewardsResponse, ContractError> {
    let account = ctx.chain.account(address)?;
    let owed = match Operator::may_load(deps.storage, &account)? {
        Some(operator) if registry::is_former(deps.storage, &account, &operator)? => {
            operator.owed()
        }
        _ => Amounts::default(),
    };
    Ok(rewards(ctx, &owed))
}

fn validator(ctx: &Context, deps: Deps, place: &Place) -> Result<ValidatorResponse, ContractError> {
    let Place { power, id } = *place;
    let validator = registry::load(deps.storage, id)?;
    let profile = validators::load_profile(deps.storage, id)?;
    let show = |account| ctx.chain.show(&account);
    Ok(ValidatorResponse {
        id,
        operator: show(validator.operator),
        pending_operator: validator.pending_operator.map(show),
        power: Uint64::new(power),
        metadata: profile.metadata,
        pub_key: profile.pub_key,
    })
}

fn page(ctx: &Context, deps: Deps, places: &[Place]) -> Result<ValidatorsResponse, ContractError> {
    let validators = places.iter().map(|place| validator(ctx, deps, place));
    Ok(ValidatorsResponse {
        validators: validators.collect::<Result<_, _>>()?,
    })
}

/// The validator that the last page ended with.
fn entry(ctx: &Context, deps: Deps, operator: &str) -> Result<Entry, ContractError> {
    Name::Account(ctx.chain.account(operator)?).load(ctx, deps.storage)
}

fn validators_page(
    ctx: &Context,
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ValidatorsResponse, ContractError> {
    let start = match start_after {
        None => None,
        Some(operator) => {
            let Entry {
                id,
                operator: Operator { power, .. },
                ..
            } = entry(ctx, deps, &operator)?;
            if power == 0 {
                // Its place is behind all validators now: the page would be empty.
                return Err(ContractError::CursorWithoutPower { operator });
            }
            Some(Place { power, id })
        }
    };
    let places = ranking::validators(deps.storage, start, paging::limit(limit)?)?;
    page(ctx, deps, &places)
}

fn candidates_page(
    ctx: &Context,
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ValidatorsResponse, ContractError> {
    let start = match start_after {
        None => None,
        Some(operator) => Some(entry(ctx, deps, &operator)?.id),
    };
    let places = ranking::candidates(deps.storage, start, paging::limit(limit)?)?;
    page(ctx, deps, &places)
}

fn checkpoint(ctx: &Context, pool: &Pool) -> Result<CheckpointResponse, ContractError> {
    let mut balances = Vec::new();
    let mut allocated = Amounts::default();
    let mut unallocated = Amounts::default();
    for (denom, listed) in ctx.config.denoms.iter() {
        let balance = ctx.chain.balance(&listed.name)?;
        let record = pool.denoms.get(denom);
        let available = record.available(balance);
        if !available.is_zero() {
            balances.push(Coin::new(available, listed.name.as_str()));
        }
        allocated.add(denom, record.allocated())?;
        unallocated.add(denom, record.unallocated(balance)?.total())?;
    }
    balances.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(CheckpointResponse {
        balance: balances,
        total_allocated: ctx.config.denoms.dec_coins(&allocated),
        unallocated: ctx.config.denoms.dec_coins(&unallocated),
    })
}
