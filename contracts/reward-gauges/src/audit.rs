//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use std::collections::BTreeMap;

use cosmwasm_std::Storage;
use distribution_math::Points;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::audit::{AssetAudit, AssetLedger, AuditResponse, Liability};
use interfaces::{paging, payout};

use crate::assets;
use crate::books::Books;
use crate::context::Context;
use crate::income;
use crate::ledger::{Class, Coins, Liabilities};
use crate::msg::LedgerResponse;
use crate::state::{
    ASSET_NAMES, AssetId, DurationId, GAUGES, LOCKS, POOLS, PoolId, id_key, id_of_key,
};
use crate::{ContractError, Fault};

/// The ledger from running totals: O(assets of the page).
///
/// # Errors
/// For a limit of 0 and for an asset that the contract does not deal in.
pub fn invariants(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<Asset>,
    limit: Option<u32>,
) -> Result<LedgerResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let start = match start_after {
        None => None,
        Some(asset) => {
            let record = assets::find(storage, &asset)?;
            let record = record.ok_or_else(|| Fault::InvalidCursor {
                start_after: asset.to_string(),
            })?;
            Some(record.id.key())
        }
    };
    let mut names = Vec::new();
    for item in ASSET_NAMES
        .range(storage, &[], start.as_ref().map(|key| key.as_slice()))
        .take(limit.saturating_add(1))
    {
        names.push(item?.1);
    }
    let has_more = names.len() > limit;
    names.truncate(limit);
    let denoms = names
        .iter()
        .map(|name| {
            let asset = Asset::of_name(name);
            let owed = income::liabilities(ctx, storage, &asset)?;
            let balance = income::balance(ctx, &asset);
            Ok(AssetLedger::new(asset, balance, lines(&owed)))
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(LedgerResponse {
        denoms,
        next: names
            .last()
            .filter(|_| has_more)
            .map(|name| Asset::of_name(name)),
    })
}

fn lines(owed: &Liabilities) -> Vec<Liability> {
    Class::ALL
        .iter()
        .map(|class| Liability {
            class: class.name().to_string(),
            points: owed.class(*class).value(),
        })
        .collect()
}

/// Where an audit goes on: assets, locks, gauges, pools, accounts with undelivered payouts.
#[derive(Clone)]
enum Cursor {
    Asset(AssetId),
    Lock(u64),
    Gauge(u64),
    Pool(Option<PoolId>),
    Undelivered(Option<AddressBytes>),
}

impl Cursor {
    fn read(ctx: &Context, text: &str) -> Option<Self> {
        let (kind, place) = text.split_once('/')?;
        Some(match kind {
            "asset" => Cursor::Asset(AssetId(place.parse().ok()?)),
            "lock" => Cursor::Lock(place.parse().ok()?),
            "gauge" => Cursor::Gauge(place.parse().ok()?),
            "pool" if place.is_empty() => Cursor::Pool(None),
            "pool" => {
                let (asset, duration) = place.split_once('/')?;
                Cursor::Pool(Some(PoolId {
                    asset: AssetId(asset.parse().ok()?),
                    duration: DurationId(duration.parse().ok()?),
                }))
            }
            "undelivered" if place.is_empty() => Cursor::Undelivered(None),
            "undelivered" => Cursor::Undelivered(Some(ctx.addresses.account(place).ok()?)),
            _ => return None,
        })
    }

    fn show(&self, ctx: &Context) -> String {
        match self {
            Cursor::Asset(id) => format!("asset/{}", id.0),
            Cursor::Lock(id) => format!("lock/{id}"),
            Cursor::Gauge(id) => format!("gauge/{id}"),
            Cursor::Pool(None) => "pool/".to_string(),
            Cursor::Pool(Some(pool)) => format!("pool/{}/{}", pool.asset.0, pool.duration.0),
            Cursor::Undelivered(None) => "undelivered/".to_string(),
            Cursor::Undelivered(Some(account)) => format!("undelivered/{}", ctx.show(account)),
        }
    }
}

/// Sums of one page of records, by the name of the asset.
#[derive(Default)]
struct Sums(BTreeMap<String, Liabilities>);

impl Sums {
    fn add(&mut self, name: &str, class: Class, points: Points) -> Result<(), ContractError> {
        if points.is_zero() {
            return Ok(());
        }
        let sums = self.0.entry(name.to_string()).or_default();
        Ok(sums.add(class, points)?)
    }

    fn answer(self, next: Option<String>) -> AuditResponse {
        let denoms = self
            .0
            .into_iter()
            .map(|(name, sums)| AssetAudit {
                asset: Asset::of_name(&name),
                liabilities: lines(&sums),
            })
            .collect();
        AuditResponse { denoms, next }
    }
}

/// Recomputes the totals from one page of records. What has no records of its own, the treasury's
/// dues and what is in flight, counts with the asset. The sums of all pages, taken at one height,
/// equal the totals of [`invariants`].
///
/// # Errors
/// For a limit of 0 and for a cursor of another list.
pub fn audit(
    ctx: &Context,
    books: &mut Books,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let mut sums = Sums::default();
    let mut cursor = match &start_after {
        None => Cursor::Asset(AssetId::default()),
        Some(text) => Cursor::read(ctx, text).ok_or_else(|| Fault::InvalidCursor {
            start_after: text.chars().take(128).collect(),
        })?,
    };
    for _ in 0..limit {
        match step(ctx, books, &cursor, &mut sums)? {
            Some(next) => cursor = next,
            None => return Ok(sums.answer(None)),
        }
    }
    Ok(sums.answer(Some(cursor.show(ctx))))
}

/// Adds the record behind the cursor and says where it is; none behind the last.
#[inline(never)]
fn step(
    ctx: &Context,
    books: &mut Books,
    cursor: &Cursor,
    sums: &mut Sums,
) -> Result<Option<Cursor>, ContractError> {
    match cursor {
        Cursor::Asset(id) => match add_asset(ctx, books.storage, *id, sums)? {
            Some(id) => Ok(Some(Cursor::Asset(id))),
            None => Ok(Some(Cursor::Lock(0))),
        },
        Cursor::Lock(id) => match add_lock(ctx, books, *id, sums)? {
            Some(id) => Ok(Some(Cursor::Lock(id))),
            None => Ok(Some(Cursor::Gauge(0))),
        },
        Cursor::Gauge(id) => match add_gauge(ctx, books.storage, *id, sums)? {
            Some(id) => Ok(Some(Cursor::Gauge(id))),
            None => Ok(Some(Cursor::Pool(None))),
        },
        Cursor::Pool(pool) => match add_pool(ctx, books.storage, *pool, sums)? {
            Some(pool) => Ok(Some(Cursor::Pool(Some(pool)))),
            None => Ok(Some(Cursor::Undelivered(None))),
        },
        Cursor::Undelivered(account) => add_undelivered(books.storage, *account, sums),
    }
}

/// What has no records of its own: the treasury's dues, and what is in flight.
fn add_asset(
    ctx: &Context,
    storage: &dyn Storage,
    behind: AssetId,
    sums: &mut Sums,
) -> Result<Option<AssetId>, ContractError> {
    let next = ASSET_NAMES
        .range(storage, &[], Some(&behind.key()))
        .next()
        .transpose()?;
    let Some((key, name)) = next else {
        return Ok(None);
    };
    let owed = income::liabilities(ctx, storage, &Asset::of_name(&name))?;
    for class in [Class::Treasury, Class::InFlight] {
        sums.add(&name, class, owed.class(class))?;
    }
    Ok(AssetId::of_key(&key))
}

fn add_lock(
    ctx: &Context,
    books: &mut Books,
    behind: u64,
    sums: &mut Sums,
) -> Result<Option<u64>, ContractError> {
    let next = LOCKS
        .range(books.storage, &[], Some(&id_key(behind)))
        .next()
        .transpose()?;
    let Some((key, lock)) = next else {
        return Ok(None);
    };
    if !lock.is_withdrawn {
        let asset = assets::named(books.storage, lock.asset)?;
        sums.add(&asset.to_string(), Class::Principal, lock.amount.points())?;
    }
    let pending = lock.pending(books)?;
    for amounts in [&lock.owed, &pending] {
        for (name, points) in ctx.config.rewards.named(amounts) {
            sums.add(name, Class::Rewards, points)?;
        }
    }
    Ok(id_of_key(&key))
}

fn add_gauge(
    ctx: &Context,
    storage: &dyn Storage,
    behind: u64,
    sums: &mut Sums,
) -> Result<Option<u64>, ContractError> {
    let next = GAUGES
        .range(storage, &[], Some(&id_key(behind)))
        .next()
        .transpose()?;
    let Some((key, gauge)) = next else {
        return Ok(None);
    };
    for (asset, put) in gauge.coins.iter() {
        let rest = put.checked_sub(gauge.distributed.get(asset))?;
        let name = ctx
            .config
            .rewards
            .iter()
            .find(|(id, _)| *id == asset)
            .map(|(_, denom)| denom.name.as_str())
            .unwrap_or_default();
        sums.add(name, Class::ToDistribute, rest.points())?;
    }
    Ok(id_of_key(&key))
}

fn add_pool(
    ctx: &Context,
    storage: &dyn Storage,
    behind: Option<PoolId>,
    sums: &mut Sums,
) -> Result<Option<PoolId>, ContractError> {
    let behind = behind.map(PoolId::key);
    let next = POOLS
        .range(storage, &[], behind.as_ref().map(|key| key.as_slice()))
        .next()
        .transpose()?;
    let Some((key, pool)) = next else {
        return Ok(None);
    };
    let given = pool
        .running
        .map(|running| running.given)
        .unwrap_or_default();
    for (name, coins) in ctx.config.rewards.named(&given) {
        let coins: Coins = coins;
        sums.add(name, Class::Rewards, coins.points())?;
    }
    for (name, points) in ctx.config.rewards.named(&pool.carries) {
        sums.add(name, Class::Rewards, points)?;
    }
    Ok(PoolId::of_key(&key))
}

fn add_undelivered(
    storage: &dyn Storage,
    behind: Option<AddressBytes>,
    sums: &mut Sums,
) -> Result<Option<Cursor>, ContractError> {
    let next = payout::undelivered_accounts(storage, behind.as_ref(), 1)?;
    let Some(record) = next.first() else {
        return Ok(None);
    };
    for owed in &record.owed {
        let points = Points::try_from_coins(owed.amount)?;
        sums.add(&owed.asset.to_string(), Class::Undelivered, points)?;
    }
    Ok(Some(Cursor::Undelivered(Some(record.account))))
}
