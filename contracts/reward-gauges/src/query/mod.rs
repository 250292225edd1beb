//! Queries. They compute with the functions of the messages, on staged storage that is dropped.

mod gauges;
mod locks;
mod pools;

use chain_types::asset::Asset;
use cosmwasm_std::{Binary, Coin, Deps, Env, Storage, to_json_binary};
use pool_kit::staged::Staged;
use pool_kit::{accounts, ownership, undelivered};

use crate::ContractError;
use crate::audit;
use crate::books::Books;
use crate::context::Context;
use crate::msg::{
    ClaimerResponse, ConfigResponse, DurationsResponse, EpochResponse, QueryMsg,
    ToDistributeResponse, UndeliveredResponse,
};
use crate::state::{
    FORCE_UNLOCKERS, GAUGE_CREATORS, LOCK_ASSETS, LOCKS_OF_OWNER, LOCKS_OF_RECEIVER, REWARDS,
};

pub(crate) fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = &Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(ctx, storage)?),
        QueryMsg::Epoch { at } => to_json_binary(&epoch(ctx, at.unwrap_or(ctx.now))),
        QueryMsg::Durations {} => to_json_binary(&DurationsResponse {
            durations: ctx.config.durations.clone(),
        }),
        QueryMsg::Pool(pool) => to_json_binary(&pools::pool(ctx, storage, &pool)?),
        QueryMsg::Pools { start_after, limit } => {
            to_json_binary(&pools::pools(ctx, storage, start_after, limit)?)
        }
        QueryMsg::Gauge { id } => to_json_binary(&gauges::gauge(ctx, storage, id)?),
        QueryMsg::Gauges(page) => to_json_binary(&gauges::all(ctx, storage, page)?),
        QueryMsg::ActiveGauges(page) => to_json_binary(&gauges::active(ctx, storage, page)?),
        QueryMsg::UpcomingGauges(page) => to_json_binary(&gauges::upcoming(ctx, storage, page)?),
        QueryMsg::FinishedGauges(page) => to_json_binary(&gauges::finished(ctx, storage, page)?),
        QueryMsg::ToDistribute {} => to_json_binary(&to_distribute(ctx, storage)?),
        QueryMsg::Lock { id } => to_json_binary(&locks::lock(ctx, storage, id)?),
        QueryMsg::Locks {
            owner,
            start_after,
            limit,
        } => {
            let list = &LOCKS_OF_OWNER;
            to_json_binary(&locks::listed(
                ctx,
                storage,
                list,
                &owner,
                start_after,
                limit,
            )?)
        }
        QueryMsg::LocksByReceiver {
            receiver,
            start_after,
            limit,
        } => {
            let list = &LOCKS_OF_RECEIVER;
            to_json_binary(&locks::listed(
                ctx,
                storage,
                list,
                &receiver,
                start_after,
                limit,
            )?)
        }
        QueryMsg::Locked(pool) => to_json_binary(&pools::locked(ctx, storage, &pool)?),
        QueryMsg::Owed { id } => to_json_binary(&locks::owed(ctx, storage, id)?),
        QueryMsg::Rewards {
            owner,
            start_after,
            limit,
        } => to_json_binary(&locks::rewards(ctx, storage, &owner, start_after, limit)?),
        QueryMsg::Estimate {
            lock_ids,
            until_epoch,
        } => to_json_binary(&locks::estimate(ctx, storage, &lock_ids, until_epoch)?),
        QueryMsg::CurrentReward(pool) => {
            to_json_binary(&pools::current_reward(ctx, storage, &pool)?)
        }
        QueryMsg::HistoricalReward {
            lock_asset,
            duration,
            epoch,
        } => {
            let pool = pools::find(ctx, storage, &lock_asset, duration)?;
            to_json_binary(&pools::historical_reward(ctx, storage, pool, epoch)?)
        }
        QueryMsg::LockCursors { id } => to_json_binary(&locks::cursors(ctx, storage, id)?),
        QueryMsg::ScheduledExits {
            lock_asset,
            duration,
            start_after,
            limit,
        } => {
            let pool = pools::find(ctx, storage, &lock_asset, duration)?;
            to_json_binary(&pools::scheduled_exits(storage, pool, start_after, limit)?)
        }
        QueryMsg::Undelivered { account } => {
            to_json_binary(&undelivered_to(ctx, storage, &account)?)
        }
        QueryMsg::Claimer { account } => {
            let account = ctx.chain.account(&account)?;
            let claimer = accounts::settings(storage, &account)?.claimer;
            to_json_binary(&ClaimerResponse { claimer })
        }
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(storage)?),
        QueryMsg::Invariants { start_after, limit } => {
            to_json_binary(&audit::invariants(ctx, storage, start_after, limit)?)
        }
        QueryMsg::Audit { start_after, limit } => {
            let mut staged = Staged::new(storage);
            let mut books = Books::open_to_read(ctx, &mut staged)?;
            to_json_binary(&audit::audit(&mut books, start_after, limit)?)
        }
    };
    Ok(answer?)
}

fn config(ctx: &Context, storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = &ctx.config;
    let rewards = |is_active: bool| {
        let rewards = config.rewards.iter();
        let rewards = rewards.filter(|(_, denom)| denom.active == is_active);
        rewards
            .map(|(_, denom)| Asset::of_name(&denom.name))
            .collect()
    };
    Ok(ConfigResponse {
        treasury: config.treasury.clone(),
        genesis: config.epochs.genesis,
        epoch_length: config.epochs.length,
        durations: config.durations.clone(),
        lock_assets: LOCK_ASSETS.load(storage)?,
        reward_assets: rewards(true),
        removed_reward_assets: rewards(false),
        creation_fee: config.creation_fee.clone(),
        gauge_creators: GAUGE_CREATORS.load(storage)?,
        min_per_epoch: config.min_per_epoch,
        min_lock: config.min_lock,
        force_unlockers: FORCE_UNLOCKERS.load(storage)?,
    })
}

fn epoch(ctx: &Context, at: u64) -> EpochResponse {
    let epochs = &ctx.config.epochs;
    let epoch = epochs.current(at);
    EpochResponse {
        epoch: epoch.number(),
        start: epochs.start(epoch),
        end: epochs.end(epoch),
    }
}

fn to_distribute(
    ctx: &Context,
    storage: &dyn Storage,
) -> Result<ToDistributeResponse, ContractError> {
    let ledgers = REWARDS.may_load(storage)?.unwrap_or_default();
    let left = ledgers.map(|ledger| ledger.to_distribute);
    Ok(ToDistributeResponse {
        coins: ctx.config.rewards.dec_coins(&left),
    })
}

fn undelivered_to(
    ctx: &Context,
    storage: &dyn Storage,
    account: &str,
) -> Result<UndeliveredResponse, ContractError> {
    let account = ctx.chain.account(account)?;
    let owed = undelivered::of_account(storage, &account)?.into_iter();
    let mut amount: Vec<Coin> = owed
        .map(|owed| Coin::new(owed.amount, owed.asset.to_string()))
        .collect();
    amount.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(UndeliveredResponse { amount })
}
