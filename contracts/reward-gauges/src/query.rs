//! Queries. They run the same functions as the messages, on staged storage that is dropped.

use accounting::Amounts;
use accounting::store::Staged;
use cosmwasm_std::{Binary, Deps, Env, Storage};
use distribution_math::{DecCoins, EpochId};
use interfaces::asset::Asset;
use interfaces::payout::AssetAmount;
use interfaces::{json, ownership, paging, payout};

use crate::assets;
use crate::audit;
use crate::books::{Books, OpenPool};
use crate::context::Context;
use crate::ledger::Coins;
use crate::locking::locks_of;
use crate::msg::{
    ClaimerResponse, CoinsResponse, ConfigResponse, CurrentRewardResponse, DurationsResponse,
    EpochResponse, EstimateResponse, HistoricalRewardResponse, LockCursor, LockCursorsResponse,
    LockResponse, LockedResponse, LocksResponse, OwnerRewardsResponse, PoolName, PoolResponse,
    PoolsResponse, QueryMsg, RewardsResponse, ScheduledExit, ScheduledExitsResponse,
    UndeliveredResponse, UnitReward,
};
use crate::positions;
use crate::query_gauges;
use crate::settle::Steps;
use crate::state::{
    CLAIMERS, FORCE_UNLOCKERS, LOCK_ASSETS, LOCKS_OF_RECEIVER, Lock, POOLS, PoolId, STAKE_CHANGES,
    id_key, id_of_key,
};
use crate::withdraw::assert_few;
use crate::{ContractError, Fault};

/// Gauge steps of a query; beyond them it answers with what it has.
const QUERY_STEPS: usize = 3_000;

pub(crate) fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Config {} => json::to_binary(&config(&ctx, storage)?),
        QueryMsg::Epoch { at } => json::to_binary(&epoch(&ctx, at.unwrap_or(ctx.now))),
        QueryMsg::Durations {} => json::to_binary(&DurationsResponse {
            durations: ctx.config.durations.clone(),
        }),
        QueryMsg::Pool { denom, duration } => {
            let pool = pool_id(&ctx, storage, &denom, duration)?;
            json::to_binary(&pool_answer(&ctx, storage, pool)?)
        }
        QueryMsg::Pools { start_after, limit } => {
            json::to_binary(&pools(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::Gauge { id } => json::to_binary(&query_gauges::gauge(&ctx, storage, id)?),
        QueryMsg::Gauges { start_after, limit } => {
            json::to_binary(&query_gauges::all(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::ActiveGauges {
            denom,
            start_after,
            limit,
        } => {
            let range = query_gauges::Begun::Yes;
            json::to_binary(&query_gauges::open(
                &ctx,
                storage,
                range,
                denom,
                start_after,
                limit,
            )?)
        }
        QueryMsg::UpcomingGauges {
            denom,
            start_after,
            limit,
        } => {
            let range = query_gauges::Begun::No;
            json::to_binary(&query_gauges::open(
                &ctx,
                storage,
                range,
                denom,
                start_after,
                limit,
            )?)
        }
        QueryMsg::FinishedGauges { start_after, limit } => {
            json::to_binary(&query_gauges::over(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::ToDistribute {} => json::to_binary(&to_distribute(&ctx, storage)?),
        QueryMsg::Lock { id } => json::to_binary(&lock(&ctx, storage, id)?),
        QueryMsg::Locks {
            owner,
            start_after,
            limit,
        } => {
            let owner = ctx.addresses.account(&owner)?;
            let page = locks_of(storage, &owner, start_after, paging::limit(limit)?)?;
            json::to_binary(&locks(&ctx, storage, &page.ids)?)
        }
        QueryMsg::LocksByReceiver {
            receiver,
            start_after,
            limit,
        } => {
            let receiver = ctx.addresses.account(&receiver)?;
            let start = start_after.map(id_key);
            let mut ids = Vec::new();
            for item in LOCKS_OF_RECEIVER
                .range(
                    storage,
                    &[receiver.as_slice()],
                    start.as_ref().map(|key| key.as_slice()),
                )
                .take(paging::limit(limit)?)
            {
                ids.extend(id_of_key(&item?.0));
            }
            json::to_binary(&locks(&ctx, storage, &ids)?)
        }
        QueryMsg::Locked { denom, duration } => {
            let pool = pool_id(&ctx, storage, &denom, duration)?;
            json::to_binary(&locked(&ctx, storage, pool)?)
        }
        QueryMsg::Owed { id } => json::to_binary(&owed(&ctx, storage, id)?),
        QueryMsg::Rewards {
            owner,
            start_after,
            limit,
        } => json::to_binary(&rewards(&ctx, storage, &owner, start_after, limit)?),
        QueryMsg::Estimate {
            lock_ids,
            until_epoch,
        } => json::to_binary(&estimate(&ctx, storage, &lock_ids, until_epoch)?),
        QueryMsg::CurrentReward { denom, duration } => {
            let pool = pool_id(&ctx, storage, &denom, duration)?;
            json::to_binary(&current_reward(&ctx, storage, pool)?)
        }
        QueryMsg::HistoricalReward {
            denom,
            duration,
            epoch,
        } => {
            let pool = pool_id(&ctx, storage, &denom, duration)?;
            json::to_binary(&historical_reward(&ctx, storage, pool, epoch)?)
        }
        QueryMsg::LockCursors { id } => json::to_binary(&lock_cursors(&ctx, storage, id)?),
        QueryMsg::ScheduledExits {
            denom,
            duration,
            start_after,
            limit,
        } => {
            let pool = pool_id(&ctx, storage, &denom, duration)?;
            json::to_binary(&scheduled_exits(storage, pool, start_after, limit)?)
        }
        QueryMsg::Undelivered { account } => {
            let account = ctx.addresses.account(&account)?;
            json::to_binary(&UndeliveredResponse {
                amount: named_coins(payout::undelivered(storage, &account)?),
            })
        }
        QueryMsg::Claimer { account } => {
            let account = ctx.addresses.account(&account)?;
            let claimer = CLAIMERS.may_load(storage, account.as_slice())?;
            json::to_binary(&ClaimerResponse {
                claimer: claimer.map(|claimer| ctx.show(&claimer)),
            })
        }
        QueryMsg::Ownership {} => json::to_binary(&ownership::query(storage)?),
        QueryMsg::Invariants { start_after, limit } => {
            json::to_binary(&audit::invariants(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::Audit { start_after, limit } => {
            let mut staged = Staged::new(storage);
            let mut books = Books::open(&mut staged)?;
            json::to_binary(&audit::audit(&ctx, &mut books, start_after, limit)?)
        }
    };
    Ok(answer?)
}

fn named_coins(mut amounts: Vec<AssetAmount>) -> Vec<cosmwasm_std::Coin> {
    amounts.sort_by_key(|owed| owed.asset.to_string());
    amounts
        .into_iter()
        .map(|owed| cosmwasm_std::Coin::new(owed.amount, owed.asset.to_string()))
        .collect()
}

fn config(ctx: &Context, storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = &ctx.config;
    let rewards = |is_active: bool| {
        config
            .rewards
            .iter()
            .filter(|(_, denom)| denom.active == is_active)
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

/// The pool of an asset and a duration.
///
/// # Errors
/// For a duration that is not configured, and for an asset that nobody ever locked or paid for.
pub fn pool_id(
    ctx: &Context,
    storage: &dyn Storage,
    denom: &Asset,
    duration: u64,
) -> Result<PoolId, ContractError> {
    let duration = ctx.duration_id(duration)?;
    let record = assets::find(storage, denom)?.ok_or_else(|| Fault::UnknownAsset {
        asset: denom.to_string(),
    })?;
    Ok(PoolId {
        asset: record.id,
        duration,
    })
}

fn pool_answer(
    ctx: &Context,
    storage: &dyn Storage,
    id: PoolId,
) -> Result<PoolResponse, ContractError> {
    let pool = POOLS.may_load(storage, &id.key())?.unwrap_or_default();
    Ok(PoolResponse {
        denom: assets::named(storage, id.asset)?,
        duration: ctx.config.duration(id.duration),
        settled: pool.settled.number(),
        stake: pool.stake.into(),
        is_running: pool.running.is_some(),
        gauges: pool.gauges.iter().map(|gauge| gauge.id).collect(),
    })
}

fn pools(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<PoolName>,
    limit: Option<u32>,
) -> Result<PoolsResponse, ContractError> {
    let start = start_after
        .map(|name| pool_id(ctx, storage, &name.denom, name.duration))
        .transpose()?
        .map(PoolId::key);
    let mut pools = Vec::new();
    for item in POOLS
        .range(storage, &[], start.as_ref().map(|key| key.as_slice()))
        .take(paging::limit(limit)?)
    {
        if let Some(id) = PoolId::of_key(&item?.0) {
            pools.push(pool_answer(ctx, storage, id)?);
        }
    }
    Ok(PoolsResponse { pools })
}

fn to_distribute(ctx: &Context, storage: &dyn Storage) -> Result<CoinsResponse, ContractError> {
    let mut staged = Staged::new(storage);
    let books = Books::open(&mut staged)?;
    let mut rest = accounting::PerDenom::default();
    for asset in ctx.config.rewards.ids() {
        rest.set(asset, books.ledger(asset).to_distribute);
    }
    Ok(CoinsResponse {
        coins: ctx.coins(&rest),
    })
}

fn lock(ctx: &Context, storage: &dyn Storage, id: u64) -> Result<LockResponse, ContractError> {
    let lock = positions::load(storage, id)?;
    Ok(LockResponse {
        id,
        owner: ctx.show(&lock.owner),
        receiver: ctx.show(&lock.reward_account()),
        denom: assets::named(storage, lock.asset)?,
        amount: lock.amount.amount().into(),
        duration: lock.duration,
        end_time: lock.end_time,
        withdrawn: lock.is_withdrawn,
    })
}

fn locks(
    ctx: &Context,
    storage: &dyn Storage,
    ids: &[u64],
) -> Result<LocksResponse, ContractError> {
    Ok(LocksResponse {
        locks: ids
            .iter()
            .map(|id| lock(ctx, storage, *id))
            .collect::<Result<_, _>>()?,
    })
}

/// What counts at the end of the current epoch if nothing more happens: the settled stake with the
/// changes through it. Reads one record for each epoch with a change since the last settlement, at
/// most 3 000; what counts at the end of an earlier epoch when there are more, which the answer
/// names.
fn locked(
    ctx: &Context,
    storage: &dyn Storage,
    pool: PoolId,
) -> Result<LockedResponse, ContractError> {
    let record = POOLS.may_load(storage, &pool.key())?.unwrap_or_default();
    let mut stake = Coins::new(record.stake);
    let mut through = ctx.epoch;
    let changes = STAKE_CHANGES.range(storage, &[&pool.key()], None);
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
        stake = stake
            .checked_add(change.joining)?
            .checked_sub(change.leaving)?;
    }
    Ok(LockedResponse {
        amount: stake.amount().into(),
        epoch: through.number(),
    })
}

/// A lock as it is at the end of an epoch, settled as far as the steps reach.
fn accrued(
    ctx: &Context,
    books: &mut Books,
    id: u64,
    through: EpochId,
    steps: &mut Steps,
) -> Result<Lock, ContractError> {
    let mut lock = positions::load(books.storage, id)?;
    lock.accrue_through(ctx, books, through, steps)?;
    Ok(lock)
}

/// The rewards of several locks.
#[derive(Default)]
struct Total {
    owed: Amounts,
    claimable: Amounts,
    is_partial: bool,
}

impl Total {
    /// What the locks have at the end of an epoch.
    fn of(
        ctx: &Context,
        storage: &dyn Storage,
        ids: &[u64],
        through: EpochId,
    ) -> Result<Self, ContractError> {
        let mut staged = Staged::new(storage);
        let mut books = Books::open(&mut staged)?;
        let mut steps = Steps::new(QUERY_STEPS);
        let mut total = Total::default();
        for id in ids {
            let lock = accrued(ctx, &mut books, *id, through, &mut steps)?;
            total.is_partial |= !lock.is_settled(through);
            total.owed.add_all(&lock.owed)?;
            for (asset, points) in lock.owed.iter() {
                let coins = Coins::of_points(*points)?;
                total.claimable.add(asset, coins.points())?;
            }
        }
        Ok(total)
    }

    fn rewards(&self, ctx: &Context) -> DecCoins {
        ctx.config.rewards.dec_coins(&self.owed)
    }

    fn claimable(&self, ctx: &Context) -> Vec<cosmwasm_std::Coin> {
        ctx.config.rewards.coins(&self.claimable)
    }
}

fn owed(ctx: &Context, storage: &dyn Storage, id: u64) -> Result<RewardsResponse, ContractError> {
    let mut staged = Staged::new(storage);
    let mut books = Books::open(&mut staged)?;
    let mut steps = Steps::new(QUERY_STEPS);
    let lock = accrued(ctx, &mut books, id, ctx.finished(), &mut steps)?;
    Ok(ctx.rewards(&lock.owed, !lock.is_settled(ctx.finished())))
}

fn rewards(
    ctx: &Context,
    storage: &dyn Storage,
    owner: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<OwnerRewardsResponse, ContractError> {
    let owner = ctx.addresses.account(owner)?;
    let page = locks_of(storage, &owner, start_after, paging::limit(limit)?)?;
    let total = Total::of(ctx, storage, &page.ids, ctx.finished())?;
    Ok(OwnerRewardsResponse {
        rewards: total.rewards(ctx),
        claimable: total.claimable(ctx),
        is_partial: total.is_partial,
        next: page.next,
    })
}

/// Settles ahead, as far as the epoch asked for, with the gauges and exits that are known now.
///
/// # Errors
/// For an epoch before the last one that is over: what a lock had then is not kept.
fn estimate(
    ctx: &Context,
    storage: &dyn Storage,
    ids: &[u64],
    until: Option<u64>,
) -> Result<EstimateResponse, ContractError> {
    assert_few("locks", ids.len())?;
    let until = EpochId::new(until.unwrap_or(ctx.epoch.number()));
    if until < ctx.finished() {
        return Err(Fault::EpochOver {
            epoch: until.number(),
            finished: ctx.finished().number(),
        }
        .into());
    }
    let total = Total::of(ctx, storage, ids, until)?;
    Ok(EstimateResponse {
        rewards: total.rewards(ctx),
        claimable: total.claimable(ctx),
        epoch: until.number(),
        is_partial: total.is_partial,
    })
}

/// A pool with its index, as it is settled.
fn opened(storage: &dyn Storage, pool: PoolId) -> Result<OpenPool, ContractError> {
    let mut staged = Staged::new(storage);
    Books::open(&mut staged)?.take(pool)
}

fn current_reward(
    ctx: &Context,
    storage: &dyn Storage,
    pool: PoolId,
) -> Result<CurrentRewardResponse, ContractError> {
    let pool = opened(storage, pool)?.pool;
    let mut rewards = pool.carries.clone();
    for (asset, coins) in pool.running.unwrap_or_default().given.iter() {
        rewards.add(asset, coins.points())?;
    }
    Ok(CurrentRewardResponse {
        epoch: pool.settled.next().number(),
        stake: pool.stake.into(),
        rewards: ctx.config.rewards.dec_coins(&rewards),
    })
}

fn historical_reward(
    ctx: &Context,
    storage: &dyn Storage,
    pool: PoolId,
    epoch: u64,
) -> Result<HistoricalRewardResponse, ContractError> {
    let pool = opened(storage, pool)?;
    if epoch > pool.pool.settled.number() {
        return Err(Fault::NotSettled {
            epoch,
            settled: pool.pool.settled.number(),
        }
        .into());
    }
    let index = pool.index_at(storage, EpochId::new(epoch))?;
    Ok(HistoricalRewardResponse {
        epoch,
        index: ctx
            .config
            .rewards
            .named(&index)
            .filter(|(_, points)| !points.is_zero())
            .map(|(name, points)| UnitReward {
                denom: Asset::of_name(name),
                points: points.value(),
            })
            .collect(),
    })
}

fn lock_cursors(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<LockCursorsResponse, ContractError> {
    let lock = positions::load(storage, id)?;
    let mut cursors: Vec<LockCursor> = lock
        .joined
        .iter()
        .map(|joined| LockCursor {
            duration: ctx.config.duration(joined.duration),
            cursor: joined.cursor.number(),
            last: joined.last.map(EpochId::number),
        })
        .collect();
    cursors.sort_by_key(|cursor| cursor.duration);
    Ok(LockCursorsResponse { cursors })
}

fn scheduled_exits(
    storage: &dyn Storage,
    pool: PoolId,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ScheduledExitsResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let start = start_after.map(|epoch| EpochId::new(epoch).key());
    let mut exits = Vec::new();
    let mut last = None;
    let mut seen = 0usize;
    for item in STAKE_CHANGES
        .range(
            storage,
            &[&pool.key()],
            start.as_ref().map(|key| key.as_slice()),
        )
        .take(limit.saturating_add(1))
    {
        let (key, change) = item?;
        seen = seen.saturating_add(1);
        if seen > limit {
            return Ok(ScheduledExitsResponse { exits, next: last });
        }
        let epoch = EpochId::of_key(&key).unwrap_or_default().number();
        last = Some(epoch);
        if !change.leaving.is_zero() {
            exits.push(ScheduledExit {
                epoch,
                amount: change.leaving.amount().into(),
            });
        }
    }
    Ok(ScheduledExitsResponse { exits, next: None })
}
