//! Queries about gauges.

use cosmwasm_std::Storage;
use interfaces::asset::Asset;
use interfaces::paging;

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use crate::msg::{GaugeResponse, GaugeStatus, GaugesResponse};
use crate::settle::load_gauge;
use crate::state::{
    GAUGES, GaugeState, OPEN_GAUGES, OVER_GAUGES, POOLS, PoolId, id_key, id_of_key,
};

/// A gauge.
///
/// # Errors
/// [`crate::Fault::UnknownGauge`].
pub fn gauge(
    ctx: &Context,
    storage: &dyn Storage,
    id: u64,
) -> Result<GaugeResponse, ContractError> {
    let gauge = load_gauge(storage, id)?;
    let status = match gauge.state {
        GaugeState::Open if gauge.first > ctx.epoch => GaugeStatus::Upcoming,
        GaugeState::Open => GaugeStatus::Active,
        GaugeState::Finished => GaugeStatus::Finished,
        GaugeState::Closed => GaugeStatus::Closed,
    };
    Ok(GaugeResponse {
        id,
        creator: ctx.show(&gauge.creator),
        denom: assets::named(storage, gauge.pool.asset)?,
        duration: ctx.config.duration(gauge.pool.duration),
        start: gauge.start,
        first_epoch: gauge.first.number(),
        epochs: gauge.epochs,
        filled_epochs: gauge.filled,
        closable: gauge.is_closable,
        status,
        coins: ctx.coins(&gauge.coins),
        distributed: ctx.coins(&gauge.distributed),
    })
}

fn answer(
    ctx: &Context,
    storage: &dyn Storage,
    ids: &[u64],
) -> Result<GaugesResponse, ContractError> {
    Ok(GaugesResponse {
        gauges: ids
            .iter()
            .map(|id| gauge(ctx, storage, *id))
            .collect::<Result<_, _>>()?,
    })
}

/// All gauges by id.
///
/// # Errors
/// For a limit of 0.
pub fn all(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<GaugesResponse, ContractError> {
    let start = id_key(start_after.unwrap_or_default());
    let ids = GAUGES
        .range(storage, &[], Some(&start))
        .take(paging::limit(limit)?)
        .map(|item| Ok(id_of_key(&item?.0).unwrap_or_default()))
        .collect::<Result<Vec<u64>, ContractError>>()?;
    answer(ctx, storage, &ids)
}

/// Gauges that are over, by id.
///
/// # Errors
/// For a limit of 0.
pub fn over(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<GaugesResponse, ContractError> {
    let start = id_key(start_after.unwrap_or_default());
    let ids = OVER_GAUGES
        .range(storage, &[], Some(&start))
        .take(paging::limit(limit)?)
        .map(|item| Ok(id_of_key(&item?.0).unwrap_or_default()))
        .collect::<Result<Vec<u64>, ContractError>>()?;
    answer(ctx, storage, &ids)
}

/// Whether a gauge's first epoch has begun.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// Gauges that go on, in the order of their first epochs.
///
/// # Errors
/// For a limit of 0, and for a cursor that is no gauge.
pub fn open(
    ctx: &Context,
    storage: &dyn Storage,
    begun: Begun,
    denom: Option<Asset>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<GaugesResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let start = match start_after {
        Some(id) => Some(Place {
            first: load_gauge(storage, id)?.first,
            id,
        }),
        None => None,
    };
    let places = match denom {
        Some(denom) => of_asset(ctx, storage, &denom)?,
        None => return answer(ctx, storage, &of_all(ctx, storage, begun, start, limit)?),
    };
    let ids: Vec<u64> = places
        .into_iter()
        .filter(|place| (place.first <= ctx.epoch) == (begun == Begun::Yes))
        .filter(|place| start.is_none_or(|start| *place > start))
        .map(|place| place.id)
        .take(limit)
        .collect();
    answer(ctx, storage, &ids)
}

/// A gauge's place in the order of first epochs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    first: distribution_math::EpochId,
    id: u64,
}

/// The gauges of an asset's pools: at most 8 pools with 16 each.
fn of_asset(
    ctx: &Context,
    storage: &dyn Storage,
    denom: &Asset,
) -> Result<Vec<Place>, ContractError> {
    let Some(record) = assets::find(storage, denom)? else {
        return Ok(Vec::new());
    };
    let mut places = Vec::new();
    for (duration, _) in ctx.config.durations() {
        let pool = PoolId {
            asset: record.id,
            duration,
        };
        let pool = POOLS.may_load(storage, &pool.key())?.unwrap_or_default();
        places.extend(pool.gauges.iter().map(|gauge| Place {
            first: gauge.first,
            id: gauge.id,
        }));
    }
    places.sort();
    Ok(places)
}

fn of_all(
    ctx: &Context,
    storage: &dyn Storage,
    begun: Begun,
    start: Option<Place>,
    limit: usize,
) -> Result<Vec<u64>, ContractError> {
    let from = match begun {
        Begun::Yes => start,
        // Behind every place of the current epoch.
        Begun::No => start.max(Some(Place {
            first: ctx.epoch,
            id: u64::MAX,
        })),
    };
    let from = from.map(|place| raw_place(place.first, place.id));
    let mut ids = Vec::new();
    for item in OPEN_GAUGES.range(storage, &[], from.as_deref()).take(limit) {
        let (key, _) = item?;
        let Some(place) = place_of(&key) else {
            continue;
        };
        if begun == Begun::Yes && place.first > ctx.epoch {
            break;
        }
        ids.push(place.id);
    }
    Ok(ids)
}

/// The key of a place as the map lays it out: the length of the first part, the first part, the
/// second part.
fn raw_place(first: distribution_math::EpochId, id: u64) -> Vec<u8> {
    let first = first.key();
    let length = (first.len() as u16).to_be_bytes();
    [&length[..], &first[..], &id_key(id)[..]].concat()
}

fn place_of(key: &[u8]) -> Option<Place> {
    let (first, id) = key.get(2..)?.split_at_checked(8)?;
    Some(Place {
        first: distribution_math::EpochId::of_key(first)?,
        id: id_of_key(id)?,
    })
}
