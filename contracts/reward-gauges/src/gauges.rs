//! Gauges: made, added to, closed, evicted.
//!
//! A change of a gauge settles its pool first, so it never reaches back into an epoch that is over.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, to_json_binary};
use distribution_math::MathError;
use distribution_math::epochs::share_of_epoch;
use pool_kit::coins::ReceivableCoin;
use pool_kit::events::action;
use pool_kit::{KitError, PerDenom, ownership};

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::bounds::{self, MAX_AHEAD, MAX_EPOCHS, MAX_GAUGES};
use crate::context::Context;
use crate::income;
use crate::ledger::Coins;
use crate::msg::{IdData, NewGauge};
use crate::payouts::{self, Payments};
use crate::pools::OpenPool;
use crate::settle::{self, Steps};
use crate::state::{Gauge, GaugeState, LAST_GAUGE, OpenGauge, load_gauge, next_id, save_gauge};
use crate::treasury;

pub(crate) fn execute_create_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new: NewGauge,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let creator = ctx.chain.sender(&info)?;
    let mut coins = income::some_coins(&ctx, info)?;
    let fee = treasury::take_fee(&ctx, deps.storage, &mut coins)?;
    let response = create_gauge(&ctx, deps.storage, creator, &coins, new)?;
    Ok(response.add_events(fee))
}

/// Makes a gauge. One that pays a creation fee may be made without coins.
///
/// # Errors
/// For a pool, a schedule or coins out of bounds, and for a full pool.
pub fn create_gauge(
    ctx: &Context,
    storage: &mut dyn Storage,
    creator: AddressBytes,
    coins: &[Coin],
    new: NewGauge,
) -> Result<Response, ContractError> {
    if let Some(epochs) = new.epochs {
        bounds::in_range("epochs", epochs.into(), 1, MAX_EPOCHS.into())?;
    }
    let start = new.start.unwrap_or(ctx.now);
    bounds::in_range("start", start, 0, ctx.now.saturating_add(MAX_AHEAD))?;
    let duration = ctx.config.duration_id(new.duration)?;
    assets::check(ctx, &new.lock_asset)?;
    assets::check_lockable(ctx, storage, &new.lock_asset)?;
    let pool = assets::number(storage, &new.lock_asset)?.pool(duration);

    let mut books = Books::open(ctx, storage)?;
    let mut open = books.take_pool(pool)?;
    settle::settle_all(&mut books, &mut open, &mut Steps::default())?;
    if open.pool.gauges.len() >= MAX_GAUGES && !make_room(&mut books, &mut open)? {
        return Err(ContractError::TooManyGauges {
            lock_asset: new.lock_asset.to_string(),
            duration: new.duration,
            limit: MAX_GAUGES,
        });
    }
    let first = ctx.config.epochs.first_paid(start, ctx.now);
    let mut gauge = Gauge {
        creator,
        pool,
        start,
        first,
        epochs: new.epochs,
        filled: 0,
        is_closable: new.closable.unwrap_or(false),
        state: GaugeState::Open,
        coins: PerDenom::default(),
        distributed: PerDenom::default(),
    };
    let received = fund(&mut books, &mut gauge, coins)?;
    let id = next_id(books.storage, &LAST_GAUGE)?;
    save_gauge(books.storage, id, &gauge)?;
    let listed = OpenGauge {
        id,
        first,
        is_dormant: gauge.epochs.is_none() && coins.is_empty(),
    };
    open.add_gauge(books.storage, listed)?;
    books.put_pool(open);
    let epochs = new.epochs.map(|epochs| epochs.to_string());
    let event = action("create_gauge")
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("creator", ctx.chain.show(&creator))
        .add_attribute("denom", new.lock_asset.to_string())
        .add_attribute("duration", new.duration.to_string())
        .add_attribute("first_epoch", first.to_string())
        .add_attribute("epochs", epochs.unwrap_or("perpetual".to_string()))
        .add_attribute("amount", ctx.coins_text(&received));
    Ok(Response::new()
        .add_events(books.close()?)
        .add_event(event)
        .set_data(to_json_binary(&IdData { id })?))
}

/// Ends the oldest gauge of a full pool that has nothing to give, such as an empty perpetual one.
/// False when there is none.
fn make_room(books: &mut Books, open: &mut OpenPool) -> Result<bool, ContractError> {
    let ids: Vec<u64> = open.pool.gauges.iter().map(|gauge| gauge.id).collect();
    for id in ids {
        let gauge = load_gauge(books.storage, id)?;
        if gauge.is_empty() {
            settle::finish_gauge(books, open, id, gauge)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Receives coins for a gauge.
fn fund(
    books: &mut Books,
    gauge: &mut Gauge,
    coins: &[Coin],
) -> Result<PerDenom<Coins>, ContractError> {
    let mut received = PerDenom::default();
    let config = &books.ctx.config;
    let min = config.min_per_epoch.u128();
    for ReceivableCoin { denom: asset, coin } in config.rewards.receivable_coins(coins)? {
        let bound = |reason: MathError| ContractError::ReceiptBound {
            asset: coin.denom.clone(),
            amount: coin.amount,
            reason: reason.to_string(),
        };
        let amount = Coins::of_amount(coin.amount).map_err(bound)?;
        let per_epoch = share_of_epoch(amount.amount(), gauge.remaining());
        if per_epoch < min {
            return Err(ContractError::BelowMinimumPerEpoch {
                amount: format!("{per_epoch}{}", coin.denom),
                min,
            });
        }
        let rewards = &mut books.rewards;
        let counted = rewards.update(asset, |ledger| ledger.receive(amount));
        counted.map_err(bound)?;
        gauge.coins.update(asset, |coins| coins.increase(amount))?;
        received.set(asset, amount);
    }
    Ok(received)
}

/// A gauge that goes on, with its settled pool.
struct OpenedGauge {
    gauge: Gauge,
    pool: OpenPool,
}

fn open_gauge(books: &mut Books, id: u64) -> Result<OpenedGauge, ContractError> {
    let pool = load_gauge(books.storage, id)?.pool;
    let mut pool = books.take_pool(pool)?;
    settle::settle_all(books, &mut pool, &mut Steps::default())?;
    // Read again: settling may have been its end.
    let gauge = load_gauge(books.storage, id)?;
    if gauge.state != GaugeState::Open {
        return Err(ContractError::GaugeOver { id });
    }
    Ok(OpenedGauge { gauge, pool })
}

pub(crate) fn execute_add_to_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let sender = ctx.chain.sender(&info)?;
    let coins = income::some_coins(&ctx, info)?;
    add_to_gauge(&ctx, deps.storage, sender, &coins, id)
}

/// Adds coins to a gauge, for the epochs that it still pays.
///
/// # Errors
/// For a gauge that is over, and for coins out of bounds.
pub fn add_to_gauge(
    ctx: &Context,
    storage: &mut dyn Storage,
    sender: AddressBytes,
    coins: &[Coin],
    id: u64,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut books = Books::open(ctx, storage)?;
    let OpenedGauge {
        mut gauge,
        mut pool,
    } = open_gauge(&mut books, id)?;
    let received = fund(&mut books, &mut gauge, coins)?;
    save_gauge(books.storage, id, &gauge)?;
    pool.wake_gauge(books.storage, id)?;
    books.put_pool(pool);
    let event = action("add_to_gauge")
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("sender", ctx.chain.show(&sender))
        .add_attribute("amount", ctx.coins_text(&received));
    Ok(Response::new().add_events(books.close()?).add_event(event))
}

pub(crate) fn close_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let gauge = load_gauge(deps.storage, id)?;
    if ctx.chain.sender(&info)? != gauge.creator {
        return Err(ContractError::Kit(KitError::Unauthorized {
            sender: info.sender.into_string(),
            role: "the creator of the gauge",
        }));
    }
    if !gauge.is_closable {
        return Err(ContractError::NotClosable { id });
    }
    end(&ctx, deps.storage, id, "close_gauge")
}

pub(crate) fn evict_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    end(&ctx, deps.storage, id, "evict_gauge")
}

/// Ends a gauge before its time and returns what it has not given to its creator.
fn end(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    event: &str,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut books = Books::open(ctx, storage)?;
    let OpenedGauge {
        mut gauge,
        mut pool,
    } = open_gauge(&mut books, id)?;
    let returned = gauge.undistributed()?;
    for (asset, coins) in returned.iter().filter(|(_, coins)| !coins.is_zero()) {
        let rewards = &mut books.rewards;
        rewards.update(asset, |ledger| ledger.give_back(*coins))?;
    }
    gauge.coins = gauge.distributed.clone();
    gauge.state = GaugeState::Closed;
    pool.remove_gauge(books.storage, id, &gauge)?;
    save_gauge(books.storage, id, &gauge)?;
    books.put_pool(pool);
    let event = action(event)
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("creator", ctx.chain.show(&gauge.creator))
        .add_attribute("amount", ctx.coins_text(&returned));
    let response = Response::new().add_events(books.close()?).add_event(event);
    let amounts = payouts::amounts_of(ctx.coins(&returned));
    let mut payments = Payments::few();
    payments.pay(ctx, storage, gauge.creator, amounts, |_| false)?;
    Ok(payments.add_to(response))
}
