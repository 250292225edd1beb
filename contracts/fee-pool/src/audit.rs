//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

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
#[derive(Clone, Copy)]
enum Cursor {
    Start,
    Validator(AddressBytes),
    Delegation {
        validator: AddressBytes,
        delegator: AddressBytes,
    },
    Undelivered(Option<AddressBytes>),
}

impl Cursor {
    // Functions of their own: the VM refuses a function of more than 100 locals, which all of an
    // audit in one would have.
    #[inline(never)]
    fn read(ctx: &Context, text: Option<String>) -> Result<Self, ContractError> {
        let Some(text) = text else {
            return Ok(Cursor::Start);
        };
        let invalid = |_| Fault::InvalidCursor {
            start_after: text.chars().take(256).collect(),
        };
        if let Some(account) = text.strip_prefix(UNDELIVERED) {
            if account.is_empty() {
                return Ok(Cursor::Undelivered(None));
            }
            let account = ctx.addresses.account(account).map_err(invalid)?;
            return Ok(Cursor::Undelivered(Some(account)));
        }
        match text.split_once('/') {
            None => Ok(Cursor::Validator(
                ctx.addresses.validator(&text).map_err(invalid)?.bytes,
            )),
            Some((validator, delegator)) => Ok(Cursor::Delegation {
                validator: ctx.addresses.validator(validator).map_err(invalid)?.bytes,
                delegator: ctx.addresses.account(delegator).map_err(invalid)?,
            }),
        }
    }

    fn show(self, ctx: &Context) -> Option<String> {
        match self {
            Cursor::Start => None,
            Cursor::Validator(validator) => Some(ctx.show_validator(validator.as_slice())),
            Cursor::Delegation {
                validator,
                delegator,
            } => Some(format!(
                "{}/{}",
                ctx.show_validator(validator.as_slice()),
                ctx.show_account(delegator.as_slice())
            )),
            Cursor::Undelivered(None) => Some(UNDELIVERED.to_string()),
            Cursor::Undelivered(Some(account)) => Some(format!(
                "{UNDELIVERED}{}",
                ctx.show_account(account.as_slice())
            )),
        }
    }
}

/// What the pages before found of the outstanding rewards. Only the last page can tell what is
/// nobody's, so the cursor carries it there.
fn read_found(ctx: &Context, text: &str) -> Option<Amounts> {
    let mut found = Amounts::default();
    let mut denoms = ctx.config.denoms.ids();
    for points in text.split(',') {
        found.set(denoms.next()?, Points::new(points.parse().ok()?));
    }
    Some(found)
}

fn show_found(ctx: &Context, found: &Amounts) -> String {
    let points: Vec<String> = ctx
        .config
        .denoms
        .ids()
        .map(|denom| found.get(denom).to_string())
        .collect();
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
    let start = Start::read(ctx, start_after, keeps_a_reserve)?;
    let mut cursor = Cursor::read(ctx, start.place)?;
    let mut sums = Sums::default();
    if let Cursor::Start = cursor {
        add_totals_without_records(ctx, books, &mut sums)?;
    }
    for _ in 0..limit {
        if !step(ctx, books, &mut cursor, &mut sums)? {
            if keeps_a_reserve {
                sums.find_reserve(ctx, books, &start.found)?;
            }
            return Ok(sums.answer(ctx, None));
        }
    }
    let mut next = cursor.show(ctx);
    if let Some(place) = next.as_mut().filter(|_| keeps_a_reserve) {
        place.push(SUMS);
        place.push_str(&show_found(ctx, &sums.found(start.found)));
    }
    Ok(sums.answer(ctx, next))
}

/// A cursor as it was given: a place, and what was found before it.
struct Start {
    place: Option<String>,
    found: Amounts,
}

impl Start {
    fn read(
        ctx: &Context,
        text: Option<String>,
        carries_sums: bool,
    ) -> Result<Self, ContractError> {
        let without_sums = |place| Start {
            place,
            found: Amounts::default(),
        };
        let Some(text) = text else {
            return Ok(without_sums(None));
        };
        if !carries_sums {
            return Ok(without_sums(Some(text)));
        }
        let invalid = || Fault::InvalidCursor {
            start_after: text.chars().take(256).collect(),
        };
        let (place, sums) = text.split_once(SUMS).ok_or_else(invalid)?;
        Ok(Start {
            place: Some(place.to_string()),
            found: read_found(ctx, sums).ok_or_else(invalid)?,
        })
    }
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
    let engine = ctx.engine();
    let behind = match *cursor {
        Cursor::Undelivered(account) => return add_undelivered(ctx, books, account, cursor, sums),
        Cursor::Start => None,
        Cursor::Validator(validator) => Some((validator, None)),
        Cursor::Delegation {
            validator,
            delegator,
        } => Some((validator, Some(delegator))),
    };
    if let Some((validator, delegator)) = behind {
        let next = engine.delegators_of_validator(
            books,
            validator.as_slice(),
            delegator.as_ref().map(AddressBytes::as_slice),
            1,
        );
        if let Some(delegator) = next.first() {
            let key = DelegationKey {
                delegator,
                validator: validator.as_slice(),
            };
            sums.outstanding
                .add_all(&engine.audit_delegation(books, key)?)?;
            *cursor = Cursor::Delegation {
                validator,
                delegator: AddressBytes::new(delegator)?,
            };
            return Ok(true);
        }
    }
    let validator = behind.map(|(validator, _)| validator);
    let next = engine.validators(books, validator.as_ref().map(AddressBytes::as_slice), 1);
    let Some(validator) = next.first() else {
        return add_undelivered(ctx, books, None, cursor, sums);
    };
    sums.outstanding
        .add_all(&engine.audit_validator(books, validator)?)?;
    *cursor = Cursor::Validator(AddressBytes::new(validator)?);
    Ok(true)
}

fn add_undelivered(
    ctx: &Context,
    books: &Books,
    behind: Option<AddressBytes>,
    cursor: &mut Cursor,
    sums: &mut Sums,
) -> Result<bool, ContractError> {
    let next = payout::undelivered_accounts(books.storage, behind.as_ref(), 1)?;
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
    *cursor = Cursor::Undelivered(Some(record.account));
    Ok(true)
}
