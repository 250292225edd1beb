//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use accounting::books::Books;
use accounting::pool::Class;
use accounting::{Amounts, DelegationKey, PerDenom};
use distribution_math::Points;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::audit::{AssetAudit, AssetLedger, AuditResponse, InvariantsResponse, Liability};
use interfaces::{paging, payout};

use crate::ContractError;
use crate::context::Context;

/// What cursors into the undelivered payouts begin with.
const UNDELIVERED: &str = "undelivered/";

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
            let balance = ctx
                .querier
                .query_balance(&ctx.env.contract.address, &record.name)?
                .amount;
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
    Liability {
        class: class.name().to_string(),
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

    fn answer(self, ctx: &Context, next: Option<String>) -> AuditResponse {
        let denoms = ctx
            .config
            .denoms
            .iter()
            .map(|(denom, record)| {
                let sums = self.by_class.get(denom);
                AssetAudit {
                    asset: Asset::Native(record.name.clone()),
                    liabilities: vec![
                        liability(Class::CommunityPool, sums.community_pool),
                        liability(Class::Outstanding, sums.outstanding),
                        liability(Class::InFlight, sums.in_flight),
                        liability(Class::Undelivered, sums.undelivered),
                    ],
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
    fn read(ctx: &Context, text: Option<String>) -> Result<Self, ContractError> {
        let Some(text) = text else {
            return Ok(Cursor::Start);
        };
        let invalid = |_| ContractError::InvalidCursor {
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

/// Recomputes the totals from one page of records. What has no records of its own, the community
/// pool and what is in flight, is in the first page. The sums of all pages, taken at one height,
/// equal the totals of [`invariants`].
///
/// # Errors
/// For a limit of 0 and for a cursor of another list.
pub fn audit(
    ctx: &Context,
    books: &Books,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let mut cursor = Cursor::read(ctx, start_after)?;
    let mut sums = Sums::default();
    if let Cursor::Start = cursor {
        add_totals_without_records(ctx, books, &mut sums)?;
    }
    for _ in 0..limit {
        match step(ctx, books, cursor, &mut sums)? {
            Some(next) => cursor = next,
            None => return Ok(sums.answer(ctx, None)),
        }
    }
    Ok(sums.answer(ctx, cursor.show(ctx)))
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
        )?;
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
    let next = engine.validators(books, validator.as_ref().map(AddressBytes::as_slice), 1)?;
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
