//! Queries. They run the same functions as the messages, on records in memory that are dropped.

use accounting::Amounts;
use cosmwasm_std::{Binary, Coin, Deps, Env, Uint64};
use interfaces::address::AddressBytes;
use interfaces::{json, ownership, paging, payout};

use crate::context::Context;
use crate::msg::{
    CheckpointResponse, ConfigResponse, DenomResponse, QueryMsg, RewardsResponse,
    TotalPowerResponse, UndeliveredResponse, ValidatorResponse, ValidatorsResponse,
};
use crate::operator::Operator;
use crate::pool::Pool;
use crate::ranking::{self, Place};
use crate::{ContractError, Fault, audit, checkpoint, members, validators};

pub(crate) fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Config {} => json::to_binary(&config(&ctx)),
        QueryMsg::Validators { start_after, limit } => {
            json::to_binary(&validators_page(&ctx, deps, start_after, limit)?)
        }
        QueryMsg::Candidates { start_after, limit } => {
            json::to_binary(&candidates_page(&ctx, deps, start_after, limit)?)
        }
        QueryMsg::Validator { operator } => {
            let place = place(&ctx, deps, &operator)?;
            json::to_binary(&validator(&ctx, deps, &place)?)
        }
        QueryMsg::WithdrawableFees { operator } => {
            let account = ctx.addresses.account(&operator)?;
            let record = Operator::may_load(storage, &account)?
                .ok_or(Fault::UnknownOperator { operator })?;
            json::to_binary(&withdrawable(&ctx, deps, record)?)
        }
        QueryMsg::PendingOperatorClaim { address } => {
            let account = ctx.addresses.account(&address)?;
            let former = Operator::may_load(storage, &account)?
                .filter(|operator| !operator.in_office)
                .unwrap_or_default();
            json::to_binary(&rewards(&ctx, &former.owed()))
        }
        QueryMsg::Undelivered { account } => {
            let account = ctx.addresses.account(&account)?;
            json::to_binary(&UndeliveredResponse {
                amount: payout::undelivered_coins(storage, &account)?,
            })
        }
        QueryMsg::TotalPower {} => json::to_binary(&TotalPowerResponse {
            total_power: Uint64::new(Pool::load(storage)?.total_power),
        }),
        QueryMsg::Checkpoint {} => json::to_binary(&standing(&ctx, &Pool::load(storage)?)?),
        QueryMsg::Member { addr, at_height } => {
            json::to_binary(&members::member(deps, &addr, at_height)?)
        }
        QueryMsg::ListMembers { start_after, limit } => {
            json::to_binary(&members::list_members(deps, start_after, limit)?)
        }
        QueryMsg::TotalWeight { at_height } => {
            json::to_binary(&members::total_weight(storage, at_height)?)
        }
        QueryMsg::Hooks {} => json::to_binary(&members::hooks(storage)?),
        QueryMsg::Admin {} => json::to_binary(&members::admin(storage)?),
        QueryMsg::Ownership {} => json::to_binary(&ownership::query(storage)?),
        QueryMsg::Invariants {} => {
            json::to_binary(&audit::invariants(&ctx, &Pool::load(storage)?)?)
        }
        QueryMsg::Audit { start_after, limit } => {
            json::to_binary(&audit::audit(&ctx, storage, start_after, limit)?)
        }
    };
    Ok(answer?)
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
fn withdrawable(
    ctx: &Context,
    deps: Deps,
    mut operator: Operator,
) -> Result<RewardsResponse, ContractError> {
    let mut pool = Pool::load(deps.storage)?;
    checkpoint::take(ctx, &mut pool)?;
    operator.settle(&pool)?;
    Ok(rewards(ctx, &operator.owed()))
}

/// Where an operator in office stands.
fn place(ctx: &Context, deps: Deps, operator: &str) -> Result<Place, ContractError> {
    let account: AddressBytes = ctx.addresses.account(operator)?;
    Operator::may_load(deps.storage, &account)?
        .filter(|record| record.in_office)
        .map(|record| Place {
            power: record.power,
            operator: account,
        })
        .ok_or_else(|| {
            Fault::UnknownOperator {
                operator: operator.to_string(),
            }
            .into()
        })
}

fn validator(ctx: &Context, deps: Deps, place: &Place) -> Result<ValidatorResponse, ContractError> {
    let profile = validators::profile(deps.storage, &place.operator)?;
    Ok(ValidatorResponse {
        operator: ctx.show(&place.operator),
        power: Uint64::new(place.power),
        metadata: profile.metadata,
        pub_key: profile.pub_key,
    })
}

fn shown(ctx: &Context, deps: Deps, places: &[Place]) -> Result<ValidatorsResponse, ContractError> {
    let validators = places
        .iter()
        .map(|place| validator(ctx, deps, place))
        .collect::<Result<_, _>>()?;
    Ok(ValidatorsResponse { validators })
}

fn validators_page(
    ctx: &Context,
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ValidatorsResponse, ContractError> {
    let start = start_after
        .map(|operator| match place(ctx, deps, &operator) {
            // It stands behind everybody now: the rest of the list would be missing.
            Ok(place) if place.power == 0 => Err(Fault::CursorWithoutPower { operator }.into()),
            found => found,
        })
        .transpose()?;
    let mut places = ranking::page(deps.storage, start, paging::limit(limit)?)?;
    places.retain(|place| place.power > 0);
    shown(ctx, deps, &places)
}

fn candidates_page(
    ctx: &Context,
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ValidatorsResponse, ContractError> {
    // Behind the place that it has or would have: candidates are in the order of their bytes.
    let start = start_after
        .map(|operator| ctx.addresses.account(&operator))
        .transpose()?
        .map(|operator| Place { power: 0, operator });
    let places = ranking::candidates(deps.storage, start, paging::limit(limit)?)?;
    shown(ctx, deps, &places)
}

fn standing(ctx: &Context, pool: &Pool) -> Result<CheckpointResponse, ContractError> {
    let mut balances = Vec::new();
    let mut allocated = Amounts::default();
    let mut unallocated = Amounts::default();
    for (denom, listed) in ctx.config.denoms.iter() {
        let balance = ctx.balance(&listed.name)?;
        let record = pool.denoms.get(denom);
        let income = record.income(balance)?;
        let disposable = record.disposable(balance);
        if !disposable.is_zero() {
            balances.push(Coin::new(disposable, listed.name.as_str()));
        }
        allocated.add(denom, record.allocated())?;
        unallocated.add(denom, income.total())?;
    }
    balances.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(CheckpointResponse {
        balance: balances,
        total_allocated: ctx.config.denoms.dec_coins(&allocated),
        unallocated: ctx.config.denoms.dec_coins(&unallocated),
    })
}
