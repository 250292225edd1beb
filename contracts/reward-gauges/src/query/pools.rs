//! Queries about pools, as far as they are settled.

use chain_types::asset::Asset;
use cosmwasm_std::Storage;
use distribution_math::EpochId;
use pool_kit::paging;

use crate::ContractError;
use crate::assets;
use crate::bounds::QUERY_STEPS;
use crate::context::Context;
use crate::ids::PoolId;
use crate::msg::{
    CurrentRewardResponse, HistoricalRewardResponse, LockedResponse, PoolName, PoolResponse,
    PoolsResponse, ScheduledExit, ScheduledExitsResponse, UnitReward,
};
use crate::pools::{OpenPool, Pool};
use crate::state::{POOLS, STAKE_CHANGES};

/// The pool of an asset and a duration.
///
/// # Errors
/// For a duration that is not configured, and for an asset that nobody ever locked or paid for.
pub(super) fn find(
    ctx: &Context,
    storage: &dyn Storage,
    lock_asset: &Asset,
    duration: u64,
) -> Result<PoolId, ContractError> {
    let duration = ctx.config.duration_id(duration)?;
    match assets::find(storage, lock_asset)? {
        Some(record) => Ok(record.id.pool(duration)),
        None => Err(ContractError::UnknownAsset {
            asset: lock_asset.to_string(),
        }),
    }
}

fn find_named(
    ctx: &Context,
    storage: &dyn Storage,
    name: &PoolName,
) -> Result<PoolId, ContractError> {
    find(ctx, storage, &name.lock_asset, name.duration)
}

pub(super) fn pool(
    ctx: &Context,
    storage: &dyn Storage,
    name: &PoolName,
) -> Result<PoolResponse, ContractError> {
    let id = find_named(ctx, storage, name)?;
    let pool = POOLS.may_load(storage, &id.key())?.unwrap_or_default();
    answer(ctx, storage, id, &pool)
}

fn answer(
    ctx: &Context,
    storage: &dyn Storage,
    id: PoolId,
    pool: &Pool,
) -> Result<PoolResponse, ContractError> {
    Ok(PoolResponse {
        lock_asset: assets::named(storage, id.asset)?,
        duration: ctx.config.duration(id.duration),
        settled: pool.settled.number(),
        stake: pool.stake.amount().into(),
        is_running: pool.running.is_some(),
        gauges: pool.gauges().iter().map(|gauge| gauge.id).collect(),
    })
}

pub(super) fn pools(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<PoolName>,
    limit: Option<u32>,
) -> Result<PoolsResponse, ContractError> {
    let start = start_after.map(|name| find_named(ctx, storage, &name));
    let start = start.transpose()?.map(PoolId::key);
    let start = start.as_ref().map(|key| key.as_slice());
    let mut pools = Vec::new();
    for item in POOLS.range(storage, &[], start).take(paging::limit(limit)?) {
        let (key, pool) = item?;
        if let Some(id) = PoolId::of_key(&key) {
            pools.push(answer(ctx, storage, id, &pool)?);
        }
    }
    Ok(PoolsResponse { pools })
}

/// What counts at the end of the current epoch if nothing more happens: the settled stake with the
/// changes through it. Reads one record for each epoch with a change since the last settlement, at
/// most 400. When there are more, it is what counts at the end of an earlier epoch, which the
/// answer names.
pub(super) fn locked(
    ctx: &Context,
    storage: &dyn Storage,
    name: &PoolName,
) -> Result<LockedResponse, ContractError> {
    let id = find_named(ctx, storage, name)?;
    let mut stake = POOLS
        .may_load(storage, &id.key())?
        .unwrap_or_default()
        .stake;
    let mut through = ctx.epoch;
    let changes = STAKE_CHANGES.range(storage, &[&id.key()], None);
    for (position, item) in changes.enumerate() {
        let (key, change) = item?;
        let epoch = EpochId::of_key(&key).unwrap_or_default();
        if epoch > ctx.epoch {
            break;
        }
        if position >= QUERY_STEPS {
            through = epoch.previous();
            break;
        }
        stake.increase(change.joining)?;
        stake.decrease(change.leaving)?;
    }
    Ok(LockedResponse {
        amount: stake.amount().into(),
        epoch: through.number(),
    })
}

pub(super) fn current_reward(
    ctx: &Context,
    storage: &dyn Storage,
    name: &PoolName,
) -> Result<CurrentRewardResponse, ContractError> {
    let id = find_named(ctx, storage, name)?;
    let pool = POOLS.may_load(storage, &id.key())?.unwrap_or_default();
    let mut rewards = pool.carries;
    rewards.add_all(&pool.running.unwrap_or_default().given)?;
    Ok(CurrentRewardResponse {
        epoch: pool.settled.next().number(),
        stake: pool.stake.amount().into(),
        rewards: ctx.config.rewards.dec_coins(&rewards),
    })
}

pub(super) fn historical_reward(
    ctx: &Context,
    storage: &dyn Storage,
    pool: PoolId,
    epoch: u64,
) -> Result<HistoricalRewardResponse, ContractError> {
    let open = OpenPool::load(storage, pool)?;
    let settled = open.pool.settled.number();
    if epoch > settled {
        return Err(ContractError::NotSettled { epoch, settled });
    }
    let index = open.index_at(storage, EpochId::new(epoch))?;
    let rewards = ctx.config.rewards.named(&index);
    let index = rewards
        .filter(|(_, points)| !points.is_zero())
        .map(|(name, points)| UnitReward {
            denom: Asset::of_name(name),
            points: points.value(),
        })
        .collect();
    Ok(HistoricalRewardResponse { epoch, index })
}

pub(super) fn scheduled_exits(
    storage: &dyn Storage,
    pool: PoolId,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ScheduledExitsResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let start = start_after.map(|epoch| EpochId::new(epoch).key());
    let start = start.as_ref().map(|key| key.as_slice());
    let mut changes = STAKE_CHANGES.range(storage, &[&pool.key()], start);
    let mut exits = Vec::new();
    let mut last = None;
    for item in changes.by_ref().take(limit) {
        let (key, change) = item?;
        let epoch = EpochId::of_key(&key).unwrap_or_default().number();
        last = Some(epoch);
        if !change.leaving.is_zero() {
            exits.push(ScheduledExit {
                epoch,
                amount: change.leaving.amount().into(),
            });
        }
    }
    Ok(ScheduledExitsResponse {
        exits,
        next: last.filter(|_| changes.next().is_some()),
    })
}
