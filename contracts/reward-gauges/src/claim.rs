//! Rewards out.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, to_json_binary};
use distribution_math::Coins;
use pool_kit::events::action;
use pool_kit::paging;
use pool_kit::{DenomId, PerDenom};

use crate::ContractError;
use crate::accounts;
use crate::books::Books;
use crate::bounds;
use crate::context::Context;
use crate::locks::{self, LockPage};
use crate::msg::{ClaimData, ClaimMsg};
use crate::payouts::{self, Payments};
use crate::settle::Steps;
use crate::state::{LOCKS_OF_OWNER, Lock};

/// The most new payouts of one claim: receivers times reward assets. Retries come on top.
const MAX_TRANSFERS: usize = 16;

/// What one account is paid.
struct Due {
    account: AddressBytes,
    coins: PerDenom<Coins>,
}

/// What the accounts of one claim are paid.
struct Dues {
    accounts: Vec<Due>,
    /// The most accounts.
    limit: usize,
}

impl Dues {
    fn new(assets: usize) -> Self {
        let limit = MAX_TRANSFERS.checked_div(assets).unwrap_or_default();
        Dues {
            accounts: Vec::new(),
            limit: limit.max(1),
        }
    }

    /// What an account is paid; none when there would be too many accounts.
    fn of(&mut self, account: AddressBytes) -> Option<&mut Due> {
        let known = self.accounts.iter().position(|due| due.account == account);
        let position = known.unwrap_or(self.accounts.len());
        if known.is_none() && position < self.limit {
            self.accounts.push(Due {
                account,
                coins: PerDenom::default(),
            });
        }
        self.accounts.get_mut(position)
    }
}

pub(crate) fn claim(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ClaimMsg,
) -> Result<Response, ContractError> {
    let limit = paging::limit(msg.limit)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.chain.sender(&info)?;
    let rewards = ctx.reward_ids(msg.denoms.as_deref())?;
    let mut dues = Dues::new(rewards.len());
    let is_page = msg.lock_ids.is_none();
    let LockPage { ids, mut next } = match msg.lock_ids {
        Some(ids) => {
            bounds::named_locks(&ids)?;
            LockPage { ids, next: None }
        }
        None => {
            // Also without locks: what is undelivered to the sender is paid.
            dues.of(sender);
            LockPage::of(
                &LOCKS_OF_OWNER,
                deps.storage,
                &sender,
                msg.start_after,
                limit,
            )
        }
    };
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut steps = Steps::new(limit);
    let mut last = msg.start_after;
    let mut done = true;
    for id in ids {
        let mut lock = locks::load(books.storage, id)?;
        accounts::assert_may_claim(&ctx, books.storage, &lock, &sender)?;
        let limit = dues.limit;
        let Some(due) = dues.of(lock.reward_account()) else {
            if is_page {
                next = last;
                break;
            }
            return Err(ContractError::TooManyReceivers { limit });
        };
        lock.accrue(&mut books, ctx.finished(), &mut steps)?;
        let is_settled = lock.is_settled(ctx.finished());
        done &= is_settled;
        let paid = take_owed(&mut books, &mut lock, &rewards)?;
        for (asset, coins) in paid.iter() {
            due.coins.update(asset, |sum| sum.increase(*coins))?;
        }
        let event = action("claim")
            .add_attribute("lock_id", id.to_string())
            .add_attribute("receiver", ctx.chain.show(&due.account))
            .add_attribute("amount", ctx.coins_text(&paid))
            .add_attribute("done", is_settled.to_string());
        books.emit(|_| event);
        locks::save_or_delete(&mut books, id, &lock)?;
        last = Some(id);
    }
    let events = books.close()?;
    let mut payments = Payments::few();
    for due in dues.accounts {
        let amounts = payouts::amounts_of(ctx.coins(&due.coins));
        let named = |asset: &Asset| msg.denoms.as_ref().is_none_or(|it| it.contains(asset));
        payments.take_up(deps.storage, due.account, amounts, named)?;
    }
    let response = Response::new().add_events(events);
    Ok(payments
        .add_to(&ctx, deps.storage, response)?
        .add_events(locks::next_page(next))
        .set_data(to_json_binary(&ClaimData { next, done })?))
}

/// Takes the whole coins of some reward assets out of what a lock is owed, and out of the ledger.
fn take_owed(
    books: &mut Books,
    lock: &mut Lock,
    rewards: &[DenomId],
) -> Result<PerDenom<Coins>, ContractError> {
    let mut taken = PerDenom::default();
    for asset in rewards {
        let points = lock.owed.get(*asset);
        let coins = Coins::of_points(points)?;
        if coins.is_zero() {
            continue;
        }
        lock.owed.set(*asset, points.fraction());
        books.rewards.update(*asset, |ledger| ledger.pay(coins))?;
        taken.set(*asset, coins);
    }
    Ok(taken)
}
