//! The ledger, as anybody can check it: `invariants` from running totals, `audit` from the records.

use chain_types::asset::Asset;
use chain_types::text::head;
use cosmwasm_std::{HexBinary, Storage};
use cw_storage_plus::KeyDeserialize;
use pool_kit::audit::{AssetLedger, AuditPage, AuditResponse, InvariantsResponse, Liability, walk};
use pool_kit::ledger::Class;
use pool_kit::{KitError, paging};

use crate::ContractError;
use crate::context::Context;
use crate::ledger::LEDGERS;
use crate::payments::OWED;
use crate::unit::Tokens;
use crate::units::{self, CARRY, UNITS};

/// The names of the classes, in the order of [`Class::ALL`].
const CLASSES: [&str; 4] = ["community_pool", "outstanding", "in_flight", "undelivered"];

/// The ledger from running totals. In pages, since how many denoms arrive is up to consumers.
pub fn invariants(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<InvariantsResponse, ContractError> {
    let start = start_after.as_deref().map(str::as_bytes);
    let page = LEDGERS
        .range(storage, &[], start)
        .take(paging::limit(limit)?)
        .map(|record| {
            let (denom, ledger) = record?;
            let denom = units::text(denom)?;
            let balance = ctx.chain.balance(&denom)?;
            let liabilities =
                Class::ALL.map(|class| Liability::new(class.name(), ledger.class(class)));
            let asset = Asset::Native(denom);
            Ok(AssetLedger::new(asset, balance, liabilities.to_vec()))
        });
    Ok(InvariantsResponse {
        denoms: page.collect::<Result<_, ContractError>>()?,
    })
}

/// The kinds of records, in the order of the audit.
#[derive(Clone, Copy)]
enum Kind {
    /// What is on its way has no records of its own.
    Ledgers,
    Units,
    Carry,
    Owed,
}

const KINDS: [Kind; 4] = [Kind::Ledgers, Kind::Units, Kind::Carry, Kind::Owed];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Ledgers => "ledgers",
            Kind::Units => "units",
            Kind::Carry => "carry",
            Kind::Owed => "owed",
        }
    }

    fn next(self) -> Option<Kind> {
        match self {
            Kind::Ledgers => Some(Kind::Units),
            Kind::Units => Some(Kind::Carry),
            Kind::Carry => Some(Kind::Owed),
            Kind::Owed => None,
        }
    }
}

/// Where a page starts: behind the record with that key, or with the first of its kind.
struct Cursor {
    kind: Kind,
    behind: Option<Vec<u8>>,
}

impl Cursor {
    fn read(text: &str) -> Result<Self, ContractError> {
        let cursor = text.split_once('/').and_then(|(name, key)| {
            let kind = KINDS.into_iter().find(|kind| kind.name() == name)?;
            let behind = Some(HexBinary::from_hex(key).ok()?.to_vec());
            Some(Cursor { kind, behind })
        });
        let invalid = || KitError::InvalidCursor {
            start_after: head(text, 128).to_string(),
        };
        Ok(cursor.ok_or_else(invalid)?)
    }

    fn show(&self) -> String {
        let key = self.behind.as_deref().unwrap_or_default();
        format!("{}/{}", self.kind.name(), HexBinary::from(key).to_hex())
    }
}

/// Recomputes the totals from one page of records. The sums of all pages, taken at one height, equal
/// the totals of [`invariants`].
pub fn audit(
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let mut page = AuditPage::new(&CLASSES);
    let start = match start_after {
        Some(cursor) => Cursor::read(&cursor)?,
        None => Cursor {
            kind: Kind::Ledgers,
            behind: None,
        },
    };
    let next = walk(start, limit, |cursor| {
        let mut kind = cursor.kind;
        let mut behind = cursor.behind.as_deref();
        loop {
            if let Some(key) = add_next(storage, &mut page, kind, behind)? {
                return Ok::<_, ContractError>(Some(Cursor {
                    kind,
                    behind: Some(key),
                }));
            }
            let Some(next) = kind.next() else {
                return Ok(None);
            };
            kind = next;
            behind = None;
        }
    })?;
    Ok(page.answer(next.map(|cursor| cursor.show())))
}

/// Adds the record of a kind behind a key to the page, and returns its key; none behind the last.
fn add_next(
    storage: &dyn Storage,
    page: &mut AuditPage,
    kind: Kind,
    behind: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, ContractError> {
    let mut add = |class: Class, tokens: &Tokens| {
        let asset = Asset::Native(tokens.denom.clone());
        page.add(&asset, class.name(), tokens.amount.points())
    };
    match kind {
        Kind::Ledgers => {
            let Some((key, ledger)) = LEDGERS.range(storage, &[], behind).next().transpose()?
            else {
                return Ok(None);
            };
            let asset = Asset::Native(units::text(key.clone())?);
            for class in [Class::CommunityPool, Class::InFlight] {
                page.add(&asset, class.name(), ledger.class(class))?;
            }
            Ok(Some(key))
        }
        Kind::Units => {
            let Some((key, unit)) = UNITS.range(storage, &[], behind).next().transpose()? else {
                return Ok(None);
            };
            if let Some(tokens) = unit.coins()? {
                add(Class::Outstanding, &tokens)?;
            }
            Ok(Some(key))
        }
        Kind::Carry => {
            let Some((key, amount)) = CARRY.range(storage, &[], behind).next().transpose()? else {
                return Ok(None);
            };
            let (_, denom) = <(&str, &str)>::from_vec(key.clone())?;
            add(Class::Outstanding, &Tokens { denom, amount })?;
            Ok(Some(key))
        }
        Kind::Owed => {
            let Some((key, amount)) = OWED.range(storage, &[], behind).next().transpose()? else {
                return Ok(None);
            };
            let (_, denom) = <(&[u8], &str)>::from_vec(key.clone())?;
            add(Class::Undelivered, &Tokens { denom, amount })?;
            Ok(Some(key))
        }
    }
}
