//! The ledger as anybody can check it: `invariants` from running totals, `audit` from the records.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use chain_types::text::head;
use cosmwasm_std::Storage;
use distribution_math::Points;
use pool_kit::audit::{AssetLedger, AuditPage, AuditResponse, walk};
use pool_kit::{Amounts, KitError, paging};

use crate::ContractError;
use crate::assets;
use crate::books::Books;
use crate::bounds::MAX_INVARIANTS;
use crate::context::Context;
use crate::ids::{AssetId, DurationId, PoolId, id_key, id_of_key};
use crate::ledger::{CLASSES, IN_FLIGHT, PRINCIPAL, REWARDS, TO_DISTRIBUTE, TREASURY};
use crate::msg::LedgerResponse;
use crate::state::{ASSET_NAMES, GAUGES, LOCKS, POOLS};

/// Bytes of a refused cursor that the error repeats.
const SHOWN: usize = 128;

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
    let limit = paging::limit(limit)?.min(MAX_INVARIANTS);
    let start = match start_after {
        None => None,
        Some(asset) => match assets::find(storage, &asset)? {
            Some(record) => Some(record.id.key()),
            None => return Err(not_a_cursor(&asset.to_string())),
        },
    };
    let start = start.as_ref().map(|key| key.as_slice());
    let mut names = ASSET_NAMES.range(storage, &[], start);
    let mut denoms = Vec::new();
    for item in names.by_ref().take(limit) {
        let asset = Asset::of_name(&item?.1);
        let owed = assets::liabilities(ctx, storage, &asset)?;
        let balance = assets::balance(ctx, &asset);
        denoms.push(AssetLedger::new(asset, balance, owed.into()));
    }
    let last = denoms.last().map(|ledger| ledger.asset.clone());
    Ok(LedgerResponse {
        next: last.filter(|_| names.next().is_some()),
        denoms,
    })
}

fn not_a_cursor(start_after: &str) -> ContractError {
    let start_after = head(start_after, SHOWN).to_string();
    KitError::InvalidCursor { start_after }.into()
}

/// The last record that an audit added up. It goes through assets, locks, gauges, pools, and accounts
/// with undelivered payouts, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cursor {
    Asset(AssetId),
    Lock(u64),
    Gauge(u64),
    Pool(Option<PoolId>),
    Undelivered(Option<AddressBytes>),
}

impl Cursor {
    const START: Cursor = Cursor::Asset(AssetId(0));

    fn read(ctx: &Context, text: &str) -> Option<Self> {
        let (kind, place) = text.split_once('/')?;
        Some(match kind {
            "asset" => Cursor::Asset(AssetId(place.parse().ok()?)),
            "lock" => Cursor::Lock(place.parse().ok()?),
            "gauge" => Cursor::Gauge(place.parse().ok()?),
            "pool" if place.is_empty() => Cursor::Pool(None),
            "pool" => {
                let (asset, duration) = place.split_once('/')?;
                let asset = AssetId(asset.parse().ok()?);
                Cursor::Pool(Some(asset.pool(DurationId(duration.parse().ok()?))))
            }
            "undelivered" if place.is_empty() => Cursor::Undelivered(None),
            "undelivered" => Cursor::Undelivered(Some(ctx.chain.account(place).ok()?)),
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
            Cursor::Undelivered(Some(account)) => {
                format!("undelivered/{}", ctx.chain.show(account))
            }
        }
    }
}

/// Recomputes the totals from one page of records. What has no records of its own, that is what the
/// treasury is owed and what is in flight, counts with the asset. The sums of all pages, taken at one
/// height, equal the totals of [`invariants`].
///
/// # Errors
/// For a limit of 0 and for a cursor of another list.
pub fn audit(
    books: &mut Books,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let ctx = books.ctx;
    let start = match start_after {
        None => Cursor::START,
        Some(text) => Cursor::read(ctx, &text).ok_or_else(|| not_a_cursor(&text))?,
    };
    let mut audit = Audit {
        page: AuditPage::new(&CLASSES),
        books,
    };
    let next = walk(start, limit, |cursor| audit.step(cursor))?;
    Ok(audit.page.answer(next.map(|cursor| cursor.show(ctx))))
}

/// One page of an audit.
struct Audit<'b, 'a> {
    page: AuditPage,
    books: &'b mut Books<'a>,
}

impl Audit<'_, '_> {
    /// Adds the record behind a cursor to the page and returns the cursor of that record, none behind
    /// the last. Between two kinds of records there is a cursor that adds nothing.
    fn step(&mut self, cursor: &Cursor) -> Result<Option<Cursor>, ContractError> {
        Ok(Some(match cursor {
            Cursor::Asset(id) => match self.add_asset(*id)? {
                Some(id) => Cursor::Asset(id),
                None => Cursor::Lock(0),
            },
            Cursor::Lock(id) => match self.add_lock(*id)? {
                Some(id) => Cursor::Lock(id),
                None => Cursor::Gauge(0),
            },
            Cursor::Gauge(id) => match self.add_gauge(*id)? {
                Some(id) => Cursor::Gauge(id),
                None => Cursor::Pool(None),
            },
            Cursor::Pool(pool) => match self.add_pool(*pool)? {
                Some(pool) => Cursor::Pool(Some(pool)),
                None => Cursor::Undelivered(None),
            },
            Cursor::Undelivered(account) => {
                let storage = &*self.books.storage;
                let next = self.page.add_undelivered(storage, account.as_ref())?;
                return Ok(next.map(|account| Cursor::Undelivered(Some(account))));
            }
        }))
    }

    fn add(&mut self, asset: &Asset, class: &str, points: Points) -> Result<(), ContractError> {
        if points.is_zero() {
            return Ok(());
        }
        Ok(self.page.add(asset, class, points)?)
    }

    fn add_rewards(&mut self, class: &str, amounts: &Amounts) -> Result<(), ContractError> {
        for (name, points) in self.books.ctx.config.rewards.named(amounts) {
            self.add(&Asset::of_name(name), class, points)?;
        }
        Ok(())
    }

    fn add_asset(&mut self, after: AssetId) -> Result<Option<AssetId>, ContractError> {
        let next = ASSET_NAMES
            .range(self.books.storage, &[], Some(&after.key()))
            .next();
        let Some((key, name)) = next.transpose()? else {
            return Ok(None);
        };
        let asset = Asset::of_name(&name);
        for owed in assets::liabilities(self.books.ctx, self.books.storage, &asset)? {
            if [TREASURY, IN_FLIGHT].contains(&owed.class.as_str()) {
                self.add(&asset, &owed.class, Points::new(owed.points))?;
            }
        }
        Ok(AssetId::of_key(&key))
    }

    fn add_lock(&mut self, after: u64) -> Result<Option<u64>, ContractError> {
        let next = LOCKS
            .range(self.books.storage, &[], Some(&id_key(after)))
            .next();
        let Some((key, lock)) = next.transpose()? else {
            return Ok(None);
        };
        if !lock.is_withdrawn {
            let asset = assets::named(self.books.storage, lock.asset)?;
            self.add(&asset, PRINCIPAL, lock.amount.points())?;
        }
        let pending = lock.pending(self.books)?;
        self.add_rewards(REWARDS, &lock.owed)?;
        self.add_rewards(REWARDS, &pending)?;
        Ok(id_of_key(&key))
    }

    fn add_gauge(&mut self, after: u64) -> Result<Option<u64>, ContractError> {
        let next = GAUGES
            .range(self.books.storage, &[], Some(&id_key(after)))
            .next();
        let Some((key, gauge)) = next.transpose()? else {
            return Ok(None);
        };
        let left = gauge.undistributed()?;
        self.add_rewards(TO_DISTRIBUTE, &left)?;
        Ok(id_of_key(&key))
    }

    fn add_pool(&mut self, after: Option<PoolId>) -> Result<Option<PoolId>, ContractError> {
        let after = after.map(PoolId::key);
        let after = after.as_ref().map(|key| key.as_slice());
        let next = POOLS.range(self.books.storage, &[], after).next();
        let Some((key, pool)) = next.transpose()? else {
            return Ok(None);
        };
        let given = pool.running.unwrap_or_default().given;
        self.add_rewards(REWARDS, &given)?;
        self.add_rewards(REWARDS, &pool.carries)?;
        Ok(PoolId::of_key(&key))
    }
}
