//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use std::mem;

use accounting::books::Books;
use accounting::pool::Class;
use accounting::{Amounts, DelegationKey};
use distribution_math::Points;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::audit::{AssetAudit, AssetLedger, AuditResponse, InvariantsResponse, Liability};
use interfaces::{bank_query, paging, payout};

use crate::context::Context;
use crate::{ContractError, Fault};

/// What cursors into the undelivered payouts begin with.
const UNDELIVERED: &str = "undelivered/";
/// What separates a cursor's place from the sums that it carries.
const SUMS: char = '#';
/// The class of what roundings left, where the accounting keeps it among the outstanding rewards.
const ROUNDING_RESERVE: &str = "rounding_reserve";

/// The ledger from running totals: O(denoms).
///
/// # Errors
/// When the bank does not answer.
pub fn invariants(ctx: &Context, books: &Books) -> Result<InvariantsResponse, ContractError> {
    let mut denoms = Vec::new();
    for (denom, record) in ctx.config.denoms.iter() {
        let ledger = books.pool.ledger(denom);
        let contract = ctx.env.contract.address.as_str();
        let balance = bank_query::balance(&ctx.querier, contract, &record.name)?;
        let mut liabilities = Vec::new();
        for class in Class::ALL {
            liabilities.push(liability(class.name(), ledger.class(class)));
        }
        let asset = Asset::Native(record.name.clone());
        denoms.push(AssetLedger::new(asset, balance, liabilities));
    }
    Ok(InvariantsResponse { denoms })
}

fn liability(class: &str, points: Points) -> Liability {
    Liability {
        class: class.to_string(),
        points: points.value(),
    }
}

/// Sums of one page of records.
#[derive(Default)]
struct Sums {
    community_pool: Amounts,
    outstanding: Amounts,
    in_flight: Amounts,
    undelivered: Amounts,
    /// In the last page, where the accounting keeps a reserve.
    rounding_reserve: Option<Amounts>,
}

impl Sums {
    /// Finds what the outstanding rewards have beyond those found in this page and the pages
    /// before it: nobody's, since there is no other record.
    fn find_reserve(
        &mut self,
        ctx: &Context,
        books: &Books,
        found_before: &Amounts,
    ) -> Result<(), ContractError> {
        let mut all = Amounts::default();
        for (denom, record) in ctx.config.denoms.iter() {
            let owed = books.pool.ledger(denom).class(Class::Outstanding);
            let found = found_before.get(denom);
            let found = found.saturating_add(self.outstanding.get(denom));
            let reserve = owed
                .checked_sub(found)
                .map_err(|_| Fault::AuditAboveTotal {
                    denom: record.name.clone(),
                    found: found.value(),
                    owed: owed.value(),
                })?;
            all.set(denom, reserve);
        }
        self.rounding_reserve = Some(all);
        Ok(())
    }

    /// The outstanding rewards found in this page and the pages before it.
    fn found(&self, found_before: Amounts) -> Amounts {
        let mut found = found_before;
        for (denom, sum) in self.outstanding.iter() {
            found.set(denom, found.get(denom).saturating_add(*sum));
        }
        found
    }

    fn answer(self, ctx: &Context, next: Option<String>) -> AuditResponse {
        let classes = [
            (Class::CommunityPool, self.community_pool),
            (Class::Outstanding, self.outstanding),
            (Class::InFlight, self.in_flight),
            (Class::Undelivered, self.undelivered),
        ];
        let mut denoms = Vec::new();
        for (denom, record) in ctx.config.denoms.iter() {
            let mut liabilities = Vec::new();
            for (class, sums) in &classes {
                liabilities.push(liability(class.name(), sums.get(denom)));
            }
            if let Some(reserve) = &self.rounding_reserve {
                liabilities.push(liability(ROUNDING_RESERVE, reserve.get(denom)));
            }
            denoms.push(AssetAudit {
                asset: Asset::Native(record.name.clone()),
                liabilities,
            });
        }
        AuditResponse { denoms, next }
    }
}

/// Where an audit goes on: validators by their bytes, each followed by its delegators, and behind
/// them the accounts with undelivered payouts.
#[derive(Default)]
struct Cursor {
    /// Behind which validator, among the validators; the first page is behind none.
    validator: Option<AddressBytes>,
    /// Behind which of its delegators or, among the undelivered payouts, behind which account.
    account: Option<AddressBytes>,
    /// Whether it is among the undelivered payouts.
    is_undelivered: bool,
    /// What the pages before found of the outstanding rewards. Only the last page can tell what is
    /// nobody's, so the cursor carries it there.
    found: Amounts,
}

impl Cursor {
    // Functions of their own: the VM refuses a function of more than 100 locals, which all of an
    // audit in one would have.
    #[inline(never)]
    fn read(ctx: &Context, text: &str, carries_sums: bool) -> Result<Self, ContractError> {
        let (place, found) = if carries_sums {
            let (place, sums) = text.split_once(SUMS).ok_or_else(|| invalid(text))?;
            (place, read_found(ctx, sums).ok_or_else(|| invalid(text))?)
        } else {
            (text, Amounts::default())
        };
        let cursor = Cursor::at(ctx, place).ok_or_else(|| invalid(place))?;
        Ok(Cursor { found, ..cursor })
    }

    fn at(ctx: &Context, place: &str) -> Option<Self> {
        let mut cursor = Cursor::default();
        let account = if let Some(account) = place.strip_prefix(UNDELIVERED) {
            cursor.is_undelivered = true;
            Some(account).filter(|account| !account.is_empty())
        } else {
            let (validator, delegator) = match place.split_once('/') {
                Some((validator, delegator)) => (validator, Some(delegator)),
                None => (place, None),
            };
            cursor.validator = Some(ctx.addresses.validator(validator).ok()?.bytes);
            delegator
        };
        if let Some(account) = account {
            cursor.account = Some(ctx.addresses.account(account).ok()?);
        }
        Some(cursor)
    }

    fn validator(&self) -> Option<&[u8]> {
        self.validator.as_ref().map(AddressBytes::as_slice)
    }

    fn account(&self) -> Option<&[u8]> {
        self.account.as_ref().map(AddressBytes::as_slice)
    }

    fn show_place(&self, ctx: &Context) -> String {
        let mut place = match self.validator() {
            Some(validator) => ctx.show_validator(validator),
            None => String::new(),
        };
        if self.is_undelivered {
            place.push_str(UNDELIVERED);
        } else if self.account.is_some() {
            place.push('/');
        }
        if let Some(account) = self.account() {
            place.push_str(&ctx.show_account(account));
        }
        place
    }
}

fn invalid(text: &str) -> ContractError {
    Fault::InvalidCursor {
        start_after: text.chars().take(256).collect(),
    }
    .into()
}

fn read_found(ctx: &Context, text: &str) -> Option<Amounts> {
    let mut found = Amounts::default();
    let mut denoms = ctx.config.denoms.ids();
    for points in text.split(',') {
        found.set(denoms.next()?, Points::new(points.parse().ok()?));
    }
    Some(found)
}

fn show_found(ctx: &Context, found: &Amounts) -> String {
    let mut points = Vec::new();
    for denom in ctx.config.denoms.ids() {
        points.push(found.get(denom).to_string());
    }
    points.join(",")
}

/// Recomputes the totals from one page of records. What has no records of its own, the community
/// pool and what is in flight, is in the first page. The sums of all pages, taken at one height,
/// equal the totals of [`invariants`]; where the accounting keeps what roundings leave, it is in
/// the last page, a class of its own that adds to the outstanding rewards.
///
/// # Errors
/// For a limit of 0 and for a cursor of another list; in the last page, when the pages before were
/// of another height and found more than is owed now.
pub fn audit(
    ctx: &Context,
    books: &Books,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let keeps_a_reserve = ctx.engine().keeps_a_reserve();
    let mut sums = Sums::default();
    let mut cursor = match start_after {
        Some(text) => Cursor::read(ctx, &text, keeps_a_reserve)?,
        None => {
            add_totals_without_records(ctx, books, &mut sums)?;
            Cursor::default()
        }
    };
    for _ in 0..limit {
        if !step(ctx, books, &mut cursor, &mut sums)? {
            if keeps_a_reserve {
                sums.find_reserve(ctx, books, &cursor.found)?;
            }
            return Ok(sums.answer(ctx, None));
        }
    }
    let mut next = cursor.show_place(ctx);
    if keeps_a_reserve {
        next.push(SUMS);
        next.push_str(&show_found(ctx, &sums.found(cursor.found)));
    }
    Ok(sums.answer(ctx, Some(next)))
}

fn add_totals_without_records(
    ctx: &Context,
    books: &Books,
    sums: &mut Sums,
) -> Result<(), ContractError> {
    for denom in ctx.config.denoms.ids() {
        let ledger = books.pool.ledger(denom);
        sums.community_pool
            .add(denom, ledger.class(Class::CommunityPool))?;
        sums.in_flight.add(denom, ledger.class(Class::InFlight))?;
    }
    Ok(())
}

/// Moves on to the record behind the cursor and adds it; `false` behind the last.
#[inline(never)]
fn step(
    ctx: &Context,
    books: &Books,
    cursor: &mut Cursor,
    sums: &mut Sums,
) -> Result<bool, ContractError> {
    if !cursor.is_undelivered {
        if let Some(amounts) = next_of_validators(ctx, books, cursor)? {
            sums.outstanding.add_all(&amounts)?;
            return Ok(true);
        }
        *cursor = Cursor {
            is_undelivered: true,
            found: mem::take(&mut cursor.found),
            ..Cursor::default()
        };
    }
    let next = payout::undelivered_accounts(books.storage, cursor.account.as_ref(), 1)?;
    let Some(record) = next.first() else {
        return Ok(false);
    };
    for owed in &record.owed {
        if let Asset::Native(name) = &owed.asset {
            let denom = ctx.config.denoms.claimable(name)?;
            let points = Points::try_from_coins(owed.amount)?;
            sums.undelivered.add(denom, points)?;
        }
    }
    cursor.account = Some(record.account);
    Ok(true)
}

/// Moves on to the next delegation of the validator, or to the next validator, and tells what is
/// there; none behind the last.
fn next_of_validators(
    ctx: &Context,
    books: &Books,
    cursor: &mut Cursor,
) -> Result<Option<Amounts>, ContractError> {
    let engine = ctx.engine();
    if let Some(validator) = cursor.validator() {
        let next = engine.delegators_of_validator(books, validator, cursor.account(), 1);
        if let Some(delegator) = next.first() {
            let key = DelegationKey {
                delegator,
                validator,
            };
            let amounts = engine.audit_delegation(books, key)?;
            cursor.account = Some(AddressBytes::new(delegator)?);
            return Ok(Some(amounts));
        }
    }
    let next = engine.validators(books, cursor.validator(), 1);
    let Some(validator) = next.first() else {
        return Ok(None);
    };
    cursor.validator = Some(AddressBytes::new(validator)?);
    cursor.account = None;
    Ok(Some(engine.audit_validator(books, validator)?))
}
