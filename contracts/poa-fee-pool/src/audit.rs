//! The ledger, as anybody can check it: `invariants` from running totals, `audit` from the records.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use chain_types::text::head;
use cosmwasm_std::Storage;
use pool_kit::audit::{
    AssetLedger, AuditPage, AuditResponse, InvariantsResponse, Liability, UNDELIVERED, walk,
};
use pool_kit::ledger::Class;
use pool_kit::{KitError, paging};

use crate::ContractError;
use crate::context::Context;
use crate::operator::Operator;
use crate::pool::Pool;

/// Earned by operators, settled or not.
const OPERATORS: &str = "operators";
/// What the last division left; it joins the next one.
const CARRY: &str = "carry";
const IN_FLIGHT: &str = "in_flight";

/// What cursors into the undelivered payouts begin with.
const UNDELIVERED_CURSOR: &str = "undelivered/";

/// The ledger from running totals: O(denoms).
pub fn invariants(
    ctx: &Context,
    storage: &dyn Storage,
) -> Result<InvariantsResponse, ContractError> {
    let pool = Pool::load(storage)?;
    let mut denoms = Vec::new();
    for (denom, listed) in ctx.config.denoms.iter() {
        let record = pool.denoms.get(denom);
        let liabilities = vec![
            Liability::new(OPERATORS, record.earned()),
            Liability::new(CARRY, record.index.carry()),
            Liability::new(IN_FLIGHT, record.ledger.class(Class::InFlight)),
            Liability::new(UNDELIVERED, record.ledger.class(Class::Undelivered)),
        ];
        let asset = Asset::Native(listed.name.clone());
        let balance = ctx.chain.balance(&listed.name)?;
        denoms.push(AssetLedger::new(asset, balance, liabilities));
    }
    Ok(InvariantsResponse { denoms })
}

/// Where a page of the audit starts: behind that record, or at the beginning.
enum Cursor {
    Operators(Option<AddressBytes>),
    Undelivered(AddressBytes),
}

impl Cursor {
    fn read(ctx: &Context, start_after: &str) -> Result<Self, ContractError> {
        let undelivered = start_after.strip_prefix(UNDELIVERED_CURSOR);
        let account = ctx
            .chain
            .account(undelivered.unwrap_or(start_after))
            .map_err(|_| KitError::InvalidCursor {
                start_after: head(start_after, 128).to_string(),
            })?;
        Ok(match undelivered {
            Some(_) => Cursor::Undelivered(account),
            None => Cursor::Operators(Some(account)),
        })
    }

    fn show(&self, ctx: &Context) -> String {
        match self {
            // No page ends here: it has at least one record.
            Cursor::Operators(None) => String::new(),
            Cursor::Operators(Some(account)) => ctx.chain.show(account).into_string(),
            Cursor::Undelivered(account) => {
                format!("{UNDELIVERED_CURSOR}{}", ctx.chain.show(account))
            }
        }
    }
}

/// Recomputes the totals from one page of records: first the operators, then what is undelivered.
/// The carry and what is in flight have no records of their own and are in the first page. The sums
/// of all pages, taken at one height, equal the totals of [`invariants`].
pub fn audit(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let pool = Pool::load(storage)?;
    let denoms = &ctx.config.denoms;
    let asset = |name: &str| Asset::Native(name.to_string());
    let mut page = AuditPage::new(&[OPERATORS, CARRY, IN_FLIGHT, UNDELIVERED])
        .listing(denoms.iter().map(|(_, denom)| asset(&denom.name)));
    let start = match start_after {
        Some(cursor) => Cursor::read(ctx, &cursor)?,
        None => {
            for (name, record) in denoms.named(&pool.denoms) {
                let asset = asset(name);
                page.add(&asset, CARRY, record.index.carry())?;
                page.add(&asset, IN_FLIGHT, record.ledger.class(Class::InFlight))?;
            }
            Cursor::Operators(None)
        }
    };
    let next = walk(start, limit, |cursor| {
        let behind = match cursor {
            Cursor::Operators(behind) => {
                if let Some(mut entry) = Operator::next(storage, behind.as_ref())? {
                    entry.operator.settle(&pool)?;
                    for (name, owed) in denoms.named(&entry.operator.owed()) {
                        page.add(&asset(name), OPERATORS, owed)?;
                    }
                    return Ok(Some(Cursor::Operators(Some(entry.account))));
                }
                None
            }
            Cursor::Undelivered(behind) => Some(behind),
        };
        let account = page.add_undelivered(storage, behind)?;
        Ok::<_, ContractError>(account.map(Cursor::Undelivered))
    })?;
    Ok(page.answer(next.map(|cursor| cursor.show(ctx))))
}
