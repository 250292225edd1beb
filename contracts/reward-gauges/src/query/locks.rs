//! Queries about locks and what they earned.

use cosmwasm_std::{Coin, Storage};
use distribution_math::{Coins, DecCoins, EpochId};
use pool_kit::Amounts;
use pool_kit::paging;
use pool_kit::staged::Staged;

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::bounds::{self, QUERY_STEPS};
use crate::context::Context;
use crate::locks::{self, LockPage};
use crate::msg::{
    EstimateResponse, LockCursor, LockCursorsResponse, LockResponse, LocksResponse,
    OwnerRewardsResponse, RewardsResponse,
};
use crate::settle::Steps;
use crate::state::{LOCKS_OF_OWNER, LocksByAccount};

pub(super) fn lock(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<LockResponse, ContractError> {
    let lock = locks::load(storage, id)?;
    Ok(LockResponse {
        id,
        owner: ctx.chain.show(&lock.owner),
        receiver: ctx.chain.show(&lock.reward_account()),
        lock_asset: assets::named(storage, lock.asset)?,
        amount: lock.amount.amount().into(),
        duration: lock.duration,
        end_time: lock.end_time,
        withdrawn: lock.is_withdrawn,
    })
}

/// One page of the locks of an account in one of the lists.
pub(super) fn listed(
    ctx: &Context,
    storage: &dyn Storage,
    list: &LocksByAccount,
    account: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<LocksResponse, ContractError> {
    let account = ctx.chain.account(account)?;
    let limit = paging::limit(limit)?;
    let page = LockPage::of(list, storage, &account, start_after, limit);
    let locks = page.ids.into_iter().map(|id| lock(ctx, storage, id));
    Ok(LocksResponse {
        locks: locks.collect::<Result<_, _>>()?,
    })
}

/// The rewards of several locks.
#[derive(Default)]
struct Total {
    owed: Amounts,
    /// The whole coins: each lock pays its own.
    claimable: Amounts,
    is_partial: bool,
}

impl Total {
    /// What the locks are owed at the end of an epoch, settled as far as the steps of a query reach.
    fn of(
        ctx: &Context,
        storage: &dyn Storage,
        ids: &[u64],
        through: EpochId,
    ) -> Result<Self, ContractError> {
        let mut staged = Staged::new(storage);
        let mut books = Books::open_to_read(ctx, &mut staged)?;
        let mut steps = Steps::new(QUERY_STEPS);
        let mut total = Total::default();
        for id in ids {
            let mut lock = locks::load(books.storage, *id)?;
            lock.accrue(&mut books, through, &mut steps)?;
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

    fn claimable(&self, ctx: &Context) -> Vec<Coin> {
        ctx.config.rewards.coins(&self.claimable)
    }
}

pub(super) fn owed(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<RewardsResponse, ContractError> {
    let total = Total::of(ctx, storage, &[id], ctx.finished())?;
    Ok(RewardsResponse {
        rewards: total.rewards(ctx),
        claimable: total.claimable(ctx),
        is_partial: total.is_partial,
    })
}

pub(super) fn rewards(
    ctx: &Context,
    storage: &dyn Storage,
    owner: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<OwnerRewardsResponse, ContractError> {
    let owner = ctx.chain.account(owner)?;
    let limit = paging::limit(limit)?;
    let page = LockPage::of(&LOCKS_OF_OWNER, storage, &owner, start_after, limit);
    let total = Total::of(ctx, storage, &page.ids, ctx.finished())?;
    Ok(OwnerRewardsResponse {
        rewards: total.rewards(ctx),
        claimable: total.claimable(ctx),
        is_partial: total.is_partial,
        next: page.next,
    })
}

/// Settles ahead through the epoch that was asked for, with the gauges and exits that are known now.
///
/// # Errors
/// For an epoch before the last one that is over: what a lock had then is not kept.
pub(super) fn estimate(
    ctx: &Context,
    storage: &dyn Storage,
    ids: &[u64],
    until: Option<u64>,
) -> Result<EstimateResponse, ContractError> {
    bounds::named_locks(ids)?;
    let until = until.map_or(ctx.epoch, EpochId::new);
    if until < ctx.finished() {
        return Err(ContractError::EpochOver {
            epoch: until.number(),
            finished: ctx.finished().number(),
        });
    }
    let total = Total::of(ctx, storage, ids, until)?;
    Ok(EstimateResponse {
        rewards: total.rewards(ctx),
        claimable: total.claimable(ctx),
        epoch: until.number(),
        is_partial: total.is_partial,
    })
}

pub(super) fn cursors(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<LockCursorsResponse, ContractError> {
    let lock = locks::load(storage, id)?;
    let positions = lock.positions.iter();
    let mut cursors: Vec<LockCursor> = positions
        .map(|position| LockCursor {
            duration: ctx.config.duration(position.duration),
            cursor: position.cursor.number(),
            last: position.last.map(EpochId::number),
        })
        .collect();
    cursors.sort_by_key(|cursor| cursor.duration);
    Ok(LockCursorsResponse { cursors })
}
