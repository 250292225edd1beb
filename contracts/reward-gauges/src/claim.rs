//! Rewards out.

use accounting::{Amounts, DenomId};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::{json, paging};

use crate::accounts;
use crate::books::Books;
use crate::context::Context;
use crate::events::action;
use crate::ledger::Coins;
use crate::locking::{locks_of, tell_next};
use crate::msg::ClaimData;
use crate::payouts::{self, Payments};
use crate::positions;
use crate::settle::Steps;
use crate::withdraw::{assert_few, save_or_close};
use crate::{ContractError, Fault};

/// The most transfers of one claim: receivers times reward assets.
const MAX_TRANSFERS: usize = 16;

/// Which locks a claim is about, and how far it may settle.
pub struct ClaimOf {
    /// These, or the sender's own in pages.
    pub lock_ids: Option<Vec<u64>>,
    /// Which reward assets; all when none.
    pub denoms: Option<Vec<Asset>>,
    /// The last lock of the page before.
    pub start_after: Option<u64>,
    /// Locks of a page, and gauge steps.
    pub limit: Option<u32>,
}

/// What one account is paid.
struct Due {
    account: AddressBytes,
    coins: accounting::PerDenom<Coins>,
}

/// What the accounts of one claim are paid.
struct Dues {
    by_account: Vec<Due>,
    most: usize,
}

impl Dues {
    /// The account's due; none when there would be too many accounts.
    fn of(&mut self, account: AddressBytes) -> Option<&mut Due> {
        let position = match self
            .by_account
            .iter()
            .position(|due| due.account == account)
        {
            Some(position) => position,
            None if self.by_account.len() >= self.most => return None,
            None => {
                self.by_account.push(Due {
                    account,
                    coins: accounting::PerDenom::default(),
                });
                self.by_account.len().saturating_sub(1)
            }
        };
        self.by_account.get_mut(position)
    }
}

pub(crate) fn claim(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claim: ClaimOf,
) -> Result<Response, ContractError> {
    let limit = paging::limit(claim.limit)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_started()?;
    let sender = ctx.sender(&info)?;
    let denoms = ctx.reward_ids(claim.denoms.as_deref())?;
    let mut dues = Dues {
        by_account: Vec::new(),
        most: MAX_TRANSFERS
            .checked_div(denoms.len())
            .unwrap_or_default()
            .max(1),
    };
    let is_page = claim.lock_ids.is_none();
    let (ids, mut next) = match claim.lock_ids {
        Some(ids) => {
            assert_few("locks", ids.len())?;
            (ids, None)
        }
        None => {
            // Also when no lock is left: what is undelivered to the sender is paid.
            dues.of(sender);
            let page = locks_of(deps.storage, &sender, claim.start_after, limit)?;
            (page.ids, page.next)
        }
    };
    let mut books = Books::open(deps.storage)?;
    let mut steps = Steps::new(limit);
    let mut last = claim.start_after;
    let mut done = true;
    for id in ids {
        let mut lock = positions::load(books.storage, id)?;
        accounts::assert_may_claim(&ctx, books.storage, &lock, &sender)?;
        let most = dues.most;
        let Some(due) = dues.of(lock.reward_account()) else {
            if is_page {
                next = last;
                break;
            }
            return Err(Fault::TooManyReceivers { limit: most }.into());
        };
        lock.accrue(&ctx, &mut books, &mut steps)?;
        let is_settled = lock.is_settled(ctx.finished());
        done &= is_settled;
        let paid = take(&mut books, &mut lock.owed, &denoms)?;
        for (denom, coins) in paid.iter() {
            due.coins
                .set(denom, due.coins.get(denom).checked_add(*coins)?);
        }
        books.journal.push(
            action("claim")
                .add_attribute("lock_id", id.to_string())
                .add_attribute("receiver", ctx.show(&lock.reward_account()))
                .add_attribute("amount", ctx.coins_text(&paid))
                .add_attribute("done", is_settled.to_string()),
        );
        save_or_close(&ctx, &mut books, id, &lock)?;
        last = Some(id);
    }
    let journal = books.close()?;
    let mut payments = Payments::few();
    for due in dues.by_account {
        let amounts = payouts::of_coins(&ctx.coins(&due.coins));
        let retried = |asset: &Asset| {
            claim
                .denoms
                .as_ref()
                .is_none_or(|denoms| denoms.contains(asset))
        };
        payments.pay(&ctx, deps.storage, due.account, amounts, retried)?;
    }
    let response = payments.add_to(Response::new().add_events(journal));
    Ok(tell_next(response, next).set_data(json::to_binary(&ClaimData { next, done })?))
}

/// Takes the whole coins of some assets out of what is owed, and out of the ledger.
fn take(
    books: &mut Books,
    owed: &mut Amounts,
    denoms: &[DenomId],
) -> Result<accounting::PerDenom<Coins>, ContractError> {
    let mut taken = accounting::PerDenom::default();
    for denom in denoms {
        let points = owed.get(*denom);
        let coins = Coins::of_points(points)?;
        if coins.is_zero() {
            continue;
        }
        owed.set(*denom, points.fraction());
        books.update(*denom, |ledger| ledger.pay(coins))?;
        taken.set(*denom, coins);
    }
    Ok(taken)
}
