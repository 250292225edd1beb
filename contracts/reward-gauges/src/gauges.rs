//! Gauges: made, added to, closed, evicted.
//!
//! A change of a gauge settles its pool first, so it never reaches back into an epoch that is over.
//! A gauge that has something to give holds one of the slots of its pool. One that has nothing is
//! dormant: it holds none and costs nothing, and a top-up gives it a slot again.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, to_json_binary};
use distribution_math::epochs::share_of_epoch;
use distribution_math::{Coins, MathError, Points};
use pool_kit::coins::ReceivableCoin;
use pool_kit::events::action;
use pool_kit::{Amounts, KitError, PerDenom, ownership};

use crate::ContractError;
use crate::assets;
use crate::books::{Books, Reason};
use crate::bounds::{self, MAX_AHEAD, MAX_EPOCHS, MAX_GAUGES};
use crate::context::Context;
use crate::income;
use crate::msg::{IdData, NewGauge};
use crate::payouts::{self, Payments};
use crate::pools::{OpenGauge, SettledPool};
use crate::settle::{self, Steps};
use crate::state::{
    GAUGE_CREATORS, Gauge, GaugeState, LAST_GAUGE, load_gauge, next_id, save_gauge,
};
use crate::treasury;

pub(crate) fn execute_create_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new: NewGauge,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let creator = ctx.chain.sender(&info)?;
    let mut coins = income::coins(&ctx, info)?;
    let fee = treasury::take_fee(&ctx, deps.storage, &mut coins)?;
    if fee.is_none() {
        income::assert_some(&coins)?;
    }
    let response = create_gauge(&ctx, deps.storage, creator, &coins, new)?;
    Ok(response.add_events(fee))
}

/// Makes a gauge. One that pays a creation fee may be made without coins.
///
/// # Errors
/// For anybody who is not listed where creators are, for a pool, a schedule or coins out of bounds, and
/// for a full pool.
pub fn create_gauge(
    ctx: &Context,
    storage: &mut dyn Storage,
    creator: AddressBytes,
    coins: &[Coin],
    new: NewGauge,
) -> Result<Response, ContractError> {
    assert_may_create(ctx, storage, &creator)?;
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
    let open = books.take_pool(pool)?;
    let mut open = settle::settle_all(&mut books, open, &mut Steps::default())?;
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
        distributed: Amounts::default(),
    };
    let received = fund(&mut books, &mut gauge, coins)?;
    let id = next_id(books.storage, &LAST_GAUGE)?;
    save_gauge(books.storage, id, &gauge)?;
    if !gauge.is_dormant()? {
        give_slot(&mut books, &mut open, id, &gauge)?;
    }
    books.put_pool(open.into_open());
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

/// Passes for anybody when no creators are listed, else for those.
fn assert_may_create(
    ctx: &Context,
    storage: &dyn Storage,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    let creators = GAUGE_CREATORS.load(storage)?;
    let sender = ctx.chain.show(sender);
    if creators.is_empty() || creators.contains(&sender) {
        return Ok(());
    }
    Err(ContractError::Kit(KitError::Unauthorized {
        sender: sender.into_string(),
        role: "one of the gauge_creators",
    }))
}

/// Gives a gauge a slot of its pool.
///
/// # Errors
/// [`ContractError::TooManyGauges`] when none is free.
fn give_slot(
    books: &mut Books,
    pool: &mut SettledPool,
    id: u64,
    gauge: &Gauge,
) -> Result<(), ContractError> {
    let first = gauge.first;
    if pool.give_slot(books.storage, OpenGauge { id, first })? {
        return Ok(());
    }
    Err(ContractError::TooManyGauges {
        lock_asset: assets::named(books.storage, gauge.pool.asset)?.to_string(),
        duration: books.ctx.config.duration(gauge.pool.duration),
        limit: MAX_GAUGES,
    })
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
        let per_epoch = share_of_epoch(amount.points(), gauge.remaining());
        if per_epoch < Points::from_coins(min) {
            return Err(ContractError::BelowMinimumPerEpoch {
                amount: format!("{}{}", per_epoch.to_decimal(), coin.denom),
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
    pool: SettledPool,
}

fn open_gauge(books: &mut Books, id: u64) -> Result<OpenedGauge, ContractError> {
    let pool = load_gauge(books.storage, id)?.pool;
    let pool = books.take_pool(pool)?;
    let pool = settle::settle_all(books, pool, &mut Steps::default())?;
    // Read again: settling may have been its end.
    let gauge = load_gauge(books.storage, id)?;
    if gauge.state != GaugeState::Open {
        return Err(ContractError::GaugeOver { id });
    }
    Ok(OpenedGauge { gauge, pool })
}

fn assert_creator(
    ctx: &Context,
    gauge: &Gauge,
    sender: &AddressBytes,
    role: &'static str,
) -> Result<(), ContractError> {
    if *sender == gauge.creator {
        return Ok(());
    }
    Err(ContractError::Kit(KitError::Unauthorized {
        sender: ctx.chain.show(sender).into_string(),
        role,
    }))
}

pub(crate) fn execute_add_to_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let sender = ctx.chain.sender(&info)?;
    let coins = income::coins(&ctx, info)?;
    income::assert_some(&coins)?;
    add_to_gauge(&ctx, deps.storage, sender, &coins, id)
}

/// Adds coins to a gauge, for the epochs that it still pays. To a closable one only its creator adds,
/// to whom closing it returns them.
///
/// # Errors
/// For a gauge that is over, for anybody else's closable one, for coins out of bounds, and for a
/// dormant one when its pool has no free slot.
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
    if gauge.is_closable {
        let role = "the creator of the gauge, who alone adds to a closable one";
        assert_creator(ctx, &gauge, &sender, role)?;
    }
    if gauge.is_dormant()? {
        if gauge.epochs.is_some() {
            // With one base unit anybody else could have its epochs run out.
            let role = "the creator of the gauge, who alone wakes one with a number of epochs";
            assert_creator(ctx, &gauge, &sender, role)?;
        }
        give_slot(&mut books, &mut pool, id, &gauge)?;
    }
    let received = fund(&mut books, &mut gauge, coins)?;
    save_gauge(books.storage, id, &gauge)?;
    books.put_pool(pool.into_open());
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
    let sender = ctx.chain.sender(&info)?;
    assert_creator(&ctx, &gauge, &sender, "the creator of the gauge")?;
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

/// Ends a gauge before its time and returns what it has not given to its creator, in whole coins. The
/// fraction goes to the treasury.
fn end(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    event: &str,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut books = Books::open(ctx, storage)?;
    let OpenedGauge { mut gauge, pool } = open_gauge(&mut books, id)?;
    let creator = gauge.creator;
    let left = gauge.undistributed()?;
    let mut returned = PerDenom::default();
    for (asset, points) in left.iter() {
        let rewards = &mut books.rewards;
        let coins = rewards.update(asset, |ledger| ledger.give_back(*points))?;
        gauge.coins.update(asset, |held| held.decrease(coins))?;
        returned.set(asset, coins);
    }
    let event = action(event)
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("creator", ctx.chain.show(&creator))
        .add_attribute("amount", ctx.coins_text(&returned));
    books.emit(|_| event);
    let fractions = left.map(|points| points.fraction());
    books.to_treasury(&fractions, Reason::ClosedGauge { id })?;
    let mut pool = pool.into_open();
    pool.end_gauge(books.storage, id, gauge, GaugeState::Closed)?;
    books.put_pool(pool);
    let response = Response::new().add_events(books.close()?);
    let amounts = payouts::amounts_of(ctx.coins(&returned));
    let mut payments = Payments::few();
    payments.take_up(storage, creator, amounts, |_| false)?;
    payments.add_to(ctx, storage, response)
}
