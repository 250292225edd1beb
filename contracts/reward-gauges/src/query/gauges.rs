//! Queries about gauges.

use chain_types::asset::Asset;
use cosmwasm_std::Storage;
use pool_kit::paging;

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::ids::{GaugePlace, id_key, id_of_key};
use crate::msg::{GaugeResponse, GaugeStatus, GaugesResponse, OpenGaugesPage, Page};
use crate::pools::OpenGauge;
use crate::state::{GAUGES, GaugeState, OPEN_GAUGES, OVER_GAUGES, POOLS, load_gauge};

pub(super) fn gauge(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<GaugeResponse, ContractError> {
    let gauge = load_gauge(storage, id)?;
    let status = match gauge.state {
        GaugeState::Open if gauge.is_dormant()? => GaugeStatus::Dormant,
        GaugeState::Open if gauge.first > ctx.epoch => GaugeStatus::Upcoming,
        GaugeState::Open => GaugeStatus::Active,
        GaugeState::Finished => GaugeStatus::Finished,
        GaugeState::Closed => GaugeStatus::Closed,
    };
    Ok(GaugeResponse {
        id,
        creator: ctx.chain.show(&gauge.creator),
        lock_asset: assets::named(storage, gauge.pool.asset)?,
        duration: ctx.config.duration(gauge.pool.duration),
        start: gauge.start,
        first_epoch: gauge.first.number(),
        epochs: gauge.epochs,
        filled_epochs: gauge.filled,
        closable: gauge.is_closable,
        status,
        coins: ctx.coins(&gauge.coins),
        distributed: ctx.config.rewards.dec_coins(&gauge.distributed),
    })
}

fn answer(
    ctx: &Context,
    storage: &dyn Storage,
    ids: impl Iterator<Item = u64>,
) -> Result<GaugesResponse, ContractError> {
    let gauges = ids.map(|id| gauge(ctx, storage, id));
    Ok(GaugesResponse {
        gauges: gauges.collect::<Result<_, _>>()?,
    })
}

/// All gauges by id.
pub(super) fn all(
    ctx: &Context,
    storage: &dyn Storage,
    page: Page,
) -> Result<GaugesResponse, ContractError> {
    let start = page.start_after.map(id_key);
    let start = start.as_ref().map(|key| key.as_slice());
    let ids = GAUGES.keys(storage, &[], start).filter_map(id_of);
    answer(ctx, storage, ids.take(paging::limit(page.limit)?))
}

/// Gauges that are over, by id.
pub(super) fn finished(
    ctx: &Context,
    storage: &dyn Storage,
    page: Page,
) -> Result<GaugesResponse, ContractError> {
    let start = page.start_after.map(id_key);
    let start = start.as_ref().map(|key| key.as_slice());
    let ids = OVER_GAUGES.keys(storage, &[], start).filter_map(id_of);
    answer(ctx, storage, ids.take(paging::limit(page.limit)?))
}

fn id_of(key: Vec<u8>) -> Option<u64> {
    id_of_key(&key)
}

/// Gauges that go on and whose first epoch has begun, in the order of their first epochs.
pub(super) fn active(
    ctx: &Context,
    storage: &dyn Storage,
    page: OpenGaugesPage,
) -> Result<GaugesResponse, ContractError> {
    let limit = paging::limit(page.limit)?;
    let start = start_of(storage, &page)?;
    let places = places_after(ctx, storage, start, page.lock_asset)?;
    let active = places.take_while(|place| place.first <= ctx.epoch);
    answer(ctx, storage, active.map(|place| place.id).take(limit))
}

/// Gauges whose first epoch has not begun, in the order of their first epochs.
pub(super) fn upcoming(
    ctx: &Context,
    storage: &dyn Storage,
    page: OpenGaugesPage,
) -> Result<GaugesResponse, ContractError> {
    let limit = paging::limit(page.limit)?;
    let last_active = GaugePlace {
        first: ctx.epoch,
        id: u64::MAX,
    };
    let start = start_of(storage, &page)?.max(Some(last_active));
    let places = places_after(ctx, storage, start, page.lock_asset)?;
    answer(ctx, storage, places.map(|place| place.id).take(limit))
}

/// The place of the gauge behind which a page starts.
fn start_of(
    storage: &dyn Storage,
    page: &OpenGaugesPage,
) -> Result<Option<GaugePlace>, ContractError> {
    let Some(id) = page.start_after else {
        return Ok(None);
    };
    let first = load_gauge(storage, id)?.first;
    Ok(Some(GaugePlace { first, id }))
}

/// The places of gauges that go on behind a place, of one asset's pools or of all.
fn places_after<'s>(
    ctx: &Context,
    storage: &'s dyn Storage,
    after: Option<GaugePlace>,
    lock_asset: Option<Asset>,
) -> Result<Box<dyn Iterator<Item = GaugePlace> + 's>, ContractError> {
    let Some(lock_asset) = lock_asset else {
        let after = after.map(GaugePlace::key);
        let places = OPEN_GAUGES.keys(storage, &[], after.as_deref());
        return Ok(Box::new(places.filter_map(|key| GaugePlace::of_key(&key))));
    };
    let mut places = of_asset(ctx, storage, &lock_asset)?;
    places.retain(|place| after.is_none_or(|after| *place > after));
    places.sort();
    Ok(Box::new(places.into_iter()))
}

/// The gauges of an asset's pools: at most 8 pools with 16 each.
fn of_asset(
    ctx: &Context,
    storage: &dyn Storage,
    lock_asset: &Asset,
) -> Result<Vec<GaugePlace>, ContractError> {
    let mut places = Vec::new();
    let Some(record) = assets::find(storage, lock_asset)? else {
        return Ok(places);
    };
    for (duration, _) in ctx.config.durations() {
        let pool = POOLS.may_load(storage, &record.id.pool(duration).key())?;
        let pool = pool.unwrap_or_default();
        places.extend(pool.gauges().iter().map(OpenGauge::place));
    }
    Ok(places)
}
