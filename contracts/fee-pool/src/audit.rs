//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use accounting::books::Books;
use accounting::pool::Class;
use accounting::{Amounts, DelegationKey, PerDenom};
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
    let denoms = ctx
        .config
        .denoms
        .iter()
        .map(|(denom, record)| {
            let ledger = books.pool.ledger(denom);
            let contract = ctx.env.contract.address.as_str();
            let balance = bank_query::balance(&ctx.querier, contract, &record.name)?;
            let liabilities = Class::ALL
                .iter()
                .map(|class| liability(*class, ledger.class(*class)))
                .collect();
            Ok(AssetLedger::new(
                Asset::Native(record.name.clone()),
                balance,
                liabilities,
            ))
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(InvariantsResponse { denoms })
}

fn liability(class: Class, points: Points) -> Liability {
    named_liability(class.name(), points)
}

fn named_liability(class: &str, points: Points) -> Liability {
    Liability {
        class: class.to_string(),
        points: points.value(),
    }
}

/// Sums of one page of records.
#[derive(Default)]
struct Sums {
    by_class: PerDenom<ClassSums>,
}

#[derive(Clone, Default)]
struct ClassSums {
    community_pool: Points,
    outstanding: Points,
    in_flight: Points,
    undelivered: Points,
    /// In the last page, where the accounting keeps a reserve.
    rounding_reserve: Option<Points>,
}

impl Sums {
    fn add(&mut self, class: Class, amounts: &Amounts) -> Result<(), ContractError> {
        for (denom, amount) in amounts.iter() {
            let mut sums = self.by_class.get(denom);
            let place = match class {
                Class::CommunityPool => &mut sums.community_pool,
                Class::Outstanding => &mut sums.outstanding,
                Class::InFlight => &mut sums.in_flight,
                Class::Undelivered => &mut sums.undelivered,
            };
            *place = place.checked_add(*amount)?;
            self.by_class.set(denom, sums);
        }
        Ok(())
    }

    /// Adds what the outstanding rewards have beyond those found in this page and the pages
    /// before it: nobody's, since there is no other record.
    fn add_reserve(
        &mut self,
        ctx: &Context,
        books: &Books,
        found_before: &Amounts,
    ) -> Result<(), ContractError> {
        for (denom, record) in ctx.config.denoms.iter() {
            let mut sums = self.by_class.get(denom);
            let owed = books.pool.ledger(denom).class(Class::Outstanding);
            let found = found_before.get(denom).saturating_add(sums.outstanding);
            let reserve = owed
                .checked_sub(found)
                .map_err(|_| Fault::AuditAboveTotal {
                    denom: record.name.clone(),
                    found: found.value(),
                    owed: owed.value(),
                })?;
            sums.rounding_reserve = Some(reserve);
            self.by_class.set(denom, sums);
        }
        Ok(())
    }

    /// The outstanding rewards found in this page and the pages before it.
    fn found(&self, found_before: Amounts) -> Amounts {
        let mut found = found_before;
        for (denom, sums) in self.by_class.iter() {
            found.set(denom, found.get(denom).saturating_add(sums.outstanding));
        }
        found
    }

    fn answer(self, ctx: &Context, next: Option<String>) -> AuditResponse {
        let denoms = ctx
            .config
            .denoms
            .iter()
            .map(|(denom, record)| {
                let sums = self.by_class.get(denom);
                let mut liabilities = vec![
                    liability(Class::CommunityPool, sums.community_pool),
                    liability(Class::Outstanding, sums.outstanding),
                    liability(Class::InFlight, sums.in_flight),
                    liability(Class::Undelivered, sums.undelivered),
                ];
                if let Some(reserve) = sums.rounding_reserve {
                    liabilities.push(named_liability(ROUNDING_RESERVE, reserve));
                }
                AssetAudit {
                    asset: Asset::Native(record.name.clone()),
                    liabilities,
                }
            })
            .collect();
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
        match step(ctx, books, cursor, &mut sums)? {
            Some(next) => cursor = next,
            None => {
                if keeps_a_reserve {
                    sums.add_reserve(ctx, books, &start.found)?;
                }
                return Ok(sums.answer(ctx, None));
            }
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
    for class in [Class::CommunityPool, Class::InFlight] {
        let mut amounts = Amounts::default();
        for denom in ctx.config.denoms.ids() {
            amounts.add(denom, books.pool.ledger(denom).class(class))?;
        }
        sums.add(class, &amounts)?;
    }
    Ok(())
}

/// Adds the record behind the cursor and says where it is; none behind the last.
#[inline(never)]
fn step(
    ctx: &Context,
    books: &Books,
    cursor: Cursor,
    sums: &mut Sums,
) -> Result<Option<Cursor>, ContractError> {
    let engine = ctx.engine();
    let behind = match cursor {
        Cursor::Undelivered(account) => return add_undelivered(ctx, books, account, sums),
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
            sums.add(Class::Outstanding, &engine.audit_delegation(books, key)?)?;
            return Ok(Some(Cursor::Delegation {
                validator,
                delegator: AddressBytes::new(delegator)?,
            }));
        }
    }
    let validator = behind.map(|(validator, _)| validator);
    let next = engine.validators(books, validator.as_ref().map(AddressBytes::as_slice), 1);
    match next.first() {
        Some(validator) => {
            sums.add(
                Class::Outstanding,
                &engine.audit_validator(books, validator)?,
            )?;
            Ok(Some(Cursor::Validator(AddressBytes::new(validator)?)))
        }
        None => add_undelivered(ctx, books, None, sums),
    }
}

fn add_undelivered(
    ctx: &Context,
    books: &Books,
    behind: Option<AddressBytes>,
    sums: &mut Sums,
) -> Result<Option<Cursor>, ContractError> {
    let next = payout::undelivered_accounts(books.storage, behind.as_ref(), 1)?;
    let Some(record) = next.first() else {
        return Ok(None);
    };
    let mut amounts = Amounts::default();
    for owed in &record.owed {
        if let Asset::Native(name) = &owed.asset {
            let denom = ctx.config.denoms.claimable(name)?;
            amounts.add(denom, Points::try_from_coins(owed.amount)?)?;
        }
    }
    sums.add(Class::Undelivered, &amounts)?;
    Ok(Some(Cursor::Undelivered(Some(record.account))))
}
