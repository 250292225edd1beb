//! Gauges: made, added to, closed, evicted; and the treasury, which they pay.
//!
//! A change of a gauge settles its pool first, so it never reaches back into an epoch that is over.

use accounting::PerDenom;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint256};
use distribution_math::epochs::share_of_epoch;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::payout::AssetAmount;
use interfaces::{json, ownership};

use crate::assets;
use crate::books::{Books, OpenPool};
use crate::context::Context;
use crate::events::action;
use crate::income;
use crate::ledger::Coins;
use crate::locking::default_steps;
use crate::msg::{IdData, NewGauge};
use crate::payouts::{self, Payments};
use crate::settle;
use crate::state::{GAUGES, Gauge, GaugeState, LAST_GAUGE, OPEN_GAUGES, OpenGauge, PoolId, id_key};
use crate::{ContractError, Fault};

/// The most gauges of a pool that are upcoming or active.
pub const MAX_GAUGES: usize = 16;
/// How far ahead a gauge may start: 90 days.
pub const MAX_AHEAD: u64 = 90 * 24 * 60 * 60;
/// The most epochs of a gauge.
pub const MAX_EPOCHS: u32 = 1_000;

pub(crate) fn execute_create_gauge(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new: NewGauge,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut coins = income::some_coins(&ctx, &info)?.to_vec();
    let fee = take_fee(&ctx, deps.storage, &mut coins)?;
    let creator = ctx.sender(&info)?;
    let response = create_gauge(&ctx, deps.storage, creator, &coins, new)?;
    Ok(response.add_events(fee))
}

/// Takes the creation fee out of the coins sent along; the treasury is owed it.
fn take_fee(
    ctx: &Context,
    storage: &mut dyn Storage,
    coins: &mut Vec<Coin>,
) -> Result<Option<cosmwasm_std::Event>, ContractError> {
    let Some(fee) = &ctx.config.creation_fee else {
        return Ok(None);
    };
    let paid = coins.iter_mut().find(|coin| coin.denom == fee.denom);
    let sent = paid.as_ref().map(|coin| coin.amount).unwrap_or_default();
    let (Some(paid), Ok(rest)) = (paid, sent.checked_sub(fee.amount)) else {
        return Err(Fault::CreationFee {
            fee: fee.to_string(),
            sent,
        }
        .into());
    };
    paid.amount = rest;
    coins.retain(|coin| !coin.amount.is_zero());
    let amount = income::received(&AssetAmount {
        asset: Asset::Native(fee.denom.clone()),
        amount: fee.amount,
    })?;
    assets::update(storage, &Asset::Native(fee.denom.clone()), |record| {
        record.fees = record.fees.checked_add(amount)?;
        Ok(())
    })?;
    Ok(Some(
        action("creation_fee").add_attribute("amount", fee.to_string()),
    ))
}

/// Takes coins in for a gauge.
fn fund(
    ctx: &Context,
    books: &mut Books,
    gauge: &mut Gauge,
    coins: &[Coin],
) -> Result<PerDenom<Coins>, ContractError> {
    let mut received = PerDenom::default();
    let min = ctx.config.min_per_epoch.u128();
    for coin in ctx.config.rewards.receivable_coins(coins)? {
        let asset = coin.denom;
        let coin = coin.coin;
        let bound = |reason: String| Fault::ReceiptBound {
            asset: coin.denom.clone(),
            amount: coin.amount,
            reason,
        };
        let amount = Coins::of_amount(coin.amount).map_err(|error| bound(error.to_string()))?;
        let in_an_epoch = share_of_epoch(amount.amount(), gauge.remaining());
        if in_an_epoch < min {
            return Err(Fault::BelowMinimumPerEpoch {
                amount: format!("{in_an_epoch}{}", coin.denom),
                min,
            }
            .into());
        }
        books.update(asset, |ledger| {
            ledger
                .receive(amount)
                .map_err(|error| bound(error.to_string()))
        })?;
        gauge
            .coins
            .set(asset, gauge.coins.get(asset).checked_add(amount)?);
        received.set(asset, amount);
    }
    Ok(received)
}

fn schedule(ctx: &Context, new: &NewGauge) -> Result<u64, ContractError> {
    if let Some(epochs) = new.epochs
        && !(1..=MAX_EPOCHS).contains(&epochs)
    {
        return Err(Fault::OutOfRange {
            name: "epochs",
            value: epochs.into(),
            min: 1,
            max: MAX_EPOCHS.into(),
        }
        .into());
    }
    let start = new.start.unwrap_or(ctx.now);
    let latest = ctx.now.saturating_add(MAX_AHEAD);
    if start > latest {
        return Err(Fault::OutOfRange {
            name: "start",
            value: start.into(),
            min: 0,
            max: latest.into(),
        }
        .into());
    }
    Ok(start)
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
    let start = schedule(ctx, &new)?;
    let duration = ctx.duration_id(new.duration)?;
    let denom = assets::checked(ctx, new.denom)?;
    income::assert_lockable(ctx, storage, &denom)?;
    let record = assets::open(storage, &denom)?;
    let pool = PoolId {
        asset: record.id,
        duration,
    };
    // Written when nobody locked the asset yet: its number is given out.
    assets::save(storage, &denom, &record)?;

    let mut books = Books::open(storage)?;
    let mut open = books.take(pool)?;
    settle::settle_all(ctx, &mut books, &mut open, &mut default_steps())?;
    if open.pool.gauges.len() >= MAX_GAUGES && !make_room(&mut books, &mut open)? {
        return Err(Fault::TooManyGauges {
            denom: denom.to_string(),
            duration: new.duration,
            limit: MAX_GAUGES,
        }
        .into());
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
    let received = fund(ctx, &mut books, &mut gauge, coins)?;
    let id = LAST_GAUGE
        .may_load(books.storage)?
        .unwrap_or_default()
        .saturating_add(1);
    LAST_GAUGE.save(books.storage, &id)?;
    GAUGES.save(books.storage, &id_key(id), &gauge)?;
    OPEN_GAUGES.save(
        books.storage,
        (first.key().as_slice(), id_key(id).as_slice()),
        &true,
    )?;
    open.pool.gauges.push(OpenGauge {
        id,
        first,
        is_dry: gauge.epochs.is_none() && coins.is_empty(),
    });
    settle::wake(books.storage, &open)?;
    books.put(open);
    let event = action("create_gauge")
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("creator", ctx.show(&creator))
        .add_attribute("denom", denom.to_string())
        .add_attribute("duration", new.duration.to_string())
        .add_attribute("first_epoch", first.to_string())
        .add_attribute(
            "epochs",
            new.epochs
                .map_or("perpetual".to_string(), |epochs| epochs.to_string()),
        )
        .add_attribute("amount", ctx.coins_text(&received));
    Ok(Response::new()
        .add_events(books.close()?)
        .add_event(event)
        .set_data(json::to_binary(&IdData { id })?))
}

/// Ends the oldest gauge of a full pool that has nothing to give, such as a perpetual one that is
/// dry: empty gauges keep no slot from one that is not. Whether there was one.
fn make_room(books: &mut Books, open: &mut OpenPool) -> Result<bool, ContractError> {
    let ids: Vec<u64> = open.pool.gauges.iter().map(|gauge| gauge.id).collect();
    for id in ids {
        let mut gauge = settle::load_gauge(books.storage, id)?;
        if gauge.is_empty() {
            settle::finish_gauge(books, open, id, &mut gauge)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// A gauge that goes on, with its pool settled.
struct OpenedGauge {
    gauge: Gauge,
    pool: OpenPool,
}

fn open_gauge(ctx: &Context, books: &mut Books, id: u64) -> Result<OpenedGauge, ContractError> {
    let pool = settle::load_gauge(books.storage, id)?.pool;
    let mut pool = books.take(pool)?;
    settle::settle_all(ctx, books, &mut pool, &mut default_steps())?;
    // Settling may have been its end.
    let gauge = settle::load_gauge(books.storage, id)?;
    if gauge.state != GaugeState::Open {
        return Err(Fault::GaugeOver { id }.into());
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
    let sender = ctx.sender(&info)?;
    let coins = income::some_coins(&ctx, &info)?;
    add_to_gauge(&ctx, deps.storage, sender, coins, id)
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
    let mut books = Books::open(storage)?;
    let OpenedGauge {
        mut gauge,
        mut pool,
    } = open_gauge(ctx, &mut books, id)?;
    let received = fund(ctx, &mut books, &mut gauge, coins)?;
    for listed in pool.pool.gauges.iter_mut().filter(|listed| listed.id == id) {
        listed.is_dry = false;
    }
    settle::wake(books.storage, &pool)?;
    GAUGES.save(books.storage, &id_key(id), &gauge)?;
    books.put(pool);
    let event = action("add_to_gauge")
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("sender", ctx.show(&sender))
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
    let gauge = settle::load_gauge(deps.storage, id)?;
    if ctx.sender(&info)? != gauge.creator {
        return Err(Fault::Unauthorized {
            sender: info.sender.into_string(),
            role: "the creator of the gauge",
        }
        .into());
    }
    if !gauge.is_closable {
        return Err(Fault::NotClosable { id }.into());
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

/// Ends a gauge before its time and returns to its creator what it has not given.
fn end(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    name: &str,
) -> Result<Response, ContractError> {
    ctx.assert_started()?;
    let mut books = Books::open(storage)?;
    let OpenedGauge {
        mut gauge,
        mut pool,
    } = open_gauge(ctx, &mut books, id)?;
    let mut returned = PerDenom::default();
    for (asset, put) in gauge.coins.iter() {
        let rest = put.checked_sub(gauge.distributed.get(asset))?;
        if !rest.is_zero() {
            books.update(asset, |ledger| ledger.give_back(rest))?;
            returned.set(asset, rest);
        }
    }
    gauge.coins = gauge.distributed.clone();
    gauge.state = GaugeState::Closed;
    settle::unlist(books.storage, &mut pool, id, &gauge)?;
    GAUGES.save(books.storage, &id_key(id), &gauge)?;
    books.put(pool);
    let event = action(name)
        .add_attribute("gauge_id", id.to_string())
        .add_attribute("creator", ctx.show(&gauge.creator))
        .add_attribute("amount", ctx.coins_text(&returned));
    let response = Response::new().add_events(books.close()?).add_event(event);
    let coins = payouts::of_coins(&ctx.coins(&returned));
    let mut payments = Payments::few();
    payments.pay(ctx, storage, gauge.creator, coins, |_| false)?;
    Ok(payments.add_to(response))
}

pub(crate) fn withdraw_treasury(deps: DepsMut, env: Env) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let treasury = ctx.addresses.account(ctx.config.treasury.as_str())?;
    let mut books = Books::open(deps.storage)?;
    let mut fractions = PerDenom::default();
    for asset in ctx.config.rewards.ids() {
        let coins = books.update(asset, |ledger| ledger.take_treasury())?;
        fractions.set(asset, coins);
    }
    let mut due = payouts::of_coins(&ctx.coins(&fractions));
    for denom in &ctx.config.fee_denoms {
        let asset = Asset::Native(denom.clone());
        let mut fees = Coins::ZERO;
        assets::update(books.storage, &asset, |record| {
            fees = std::mem::take(&mut record.fees);
            Ok(())
        })?;
        payouts::add(
            &mut due,
            AssetAmount {
                asset,
                amount: Uint256::from(fees.amount()),
            },
        )?;
    }
    let journal = books.close()?;
    let texts: Vec<String> = due
        .iter()
        .filter(|due| !due.amount.is_zero())
        .map(|due| crate::events::amount_text(due.amount, &due.asset))
        .collect();
    let event = action("withdraw_treasury")
        .add_attribute("treasury", ctx.config.treasury.as_str())
        .add_attribute(
            "amount",
            if texts.is_empty() {
                ctx.config.rewards.coins_text(&[])
            } else {
                texts.join(",")
            },
        );
    let mut payments = Payments::few();
    payments.pay(&ctx, deps.storage, treasury, due, |_| true)?;
    Ok(payments.add_to(Response::new().add_events(journal).add_event(event)))
}
