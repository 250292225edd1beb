//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use chain_types::text::head;
use distribution_math::Points;
use pool_kit::audit::{AssetLedger, AuditPage, AuditResponse, InvariantsResponse, Liability, walk};
use pool_kit::ledger::Class;
use pool_kit::{Amounts, KitError, paging};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::delegations::{DelegationKey, Page, delegators_of};

/// Classes of the ledger, as both queries show them.
const CLASSES: &[&str] = &["community_pool", "outstanding", "in_flight", "undelivered"];
/// What cursors into the undelivered payouts begin with.
const UNDELIVERED: &str = "undelivered/";
/// What separates a cursor's place from the sums behind it.
const SUMS: char = '#';
/// The class of what roundings left, where the accounting keeps it among the outstanding rewards.
const ROUNDING_RESERVE: &str = "rounding_reserve";

/// The ledger from running totals: O(denoms).
///
/// # Errors
/// When the bank does not answer.
pub fn invariants<A: Accounting>(books: &Books<A>) -> Result<InvariantsResponse, ContractError> {
    let denoms = books.ctx.config.denoms.iter().map(|(denom, listed)| {
        let ledger = books.pool.ledger(denom);
        let balance = books.ctx.chain.balance(&listed.name)?;
        let classes = Class::ALL.iter();
        let liabilities = classes.map(|class| Liability::new(class.name(), ledger.class(*class)));
        let asset = Asset::Native(listed.name.clone());
        Ok(AssetLedger::new(asset, balance, liabilities.collect()))
    });
    Ok(InvariantsResponse {
        denoms: denoms.collect::<Result<_, ContractError>>()?,
    })
}

/// Where an audit stands: validators by their bytes, each followed by its delegators, and behind them
/// the accounts with undelivered payouts.
#[derive(Clone, Copy)]
enum Cursor {
    /// At the beginning.
    Start,
    /// Behind a validator, or behind one of its delegators.
    Validator {
        validator: AddressBytes,
        delegator: Option<AddressBytes>,
    },
    /// Behind an account with undelivered payouts.
    Undelivered(AddressBytes),
}

impl Cursor {
    fn read(ctx: &Context, text: &str) -> Result<Self, ContractError> {
        let cursor = Self::parse(ctx, text);
        cursor.ok_or_else(|| invalid(text))
    }

    fn parse(ctx: &Context, text: &str) -> Option<Self> {
        if let Some(account) = text.strip_prefix(UNDELIVERED) {
            return Some(Cursor::Undelivered(ctx.chain.account(account).ok()?));
        }
        let (validator, delegator) = match text.split_once('/') {
            Some((validator, delegator)) => (validator, Some(delegator)),
            None => (text, None),
        };
        Some(Cursor::Validator {
            validator: ctx.validator(validator).ok()?,
            delegator: match delegator {
                Some(delegator) => Some(ctx.chain.account(delegator).ok()?),
                None => None,
            },
        })
    }

    fn show(&self, ctx: &Context) -> String {
        match self {
            Cursor::Start => String::new(),
            Cursor::Validator {
                validator,
                delegator: None,
            } => ctx.show_validator(validator),
            Cursor::Validator {
                validator,
                delegator: Some(delegator),
            } => {
                let validator = ctx.show_validator(validator);
                format!("{validator}/{}", ctx.chain.show(delegator))
            }
            Cursor::Undelivered(account) => format!("{UNDELIVERED}{}", ctx.chain.show(account)),
        }
    }
}

fn invalid(text: &str) -> ContractError {
    let start_after = head(text, 256).to_string();
    KitError::InvalidCursor { start_after }.into()
}

/// Recomputes the totals from one page of records. What has no records of its own, the community
/// pool, carries over the powers and what is in flight, is in the first page. The sums of all pages,
/// taken at one height, equal the totals of [`invariants`]. Where the accounting leaves a rounding
/// reserve, it is in the last page, a class of its own that adds to the outstanding rewards; the
/// cursor then has the outstanding rewards found so far behind the place.
///
/// # Errors
/// For a limit of 0 and for a cursor of another list; in the last page, when the pages before were
/// of another height and found more than is owed now.
pub fn audit<A: Accounting>(
    books: &Books<A>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let ctx = books.ctx;
    let names = ctx.config.denoms.iter().map(|(_, denom)| &denom.name);
    let page = AuditPage::new(CLASSES).listing(names.map(|name| Asset::Native(name.clone())));
    let mut audit = Audit {
        books,
        page,
        outstanding: Amounts::default(),
    };
    let cursor = match start_after {
        None => {
            audit.add_totals_without_records()?;
            Cursor::Start
        }
        Some(text) if A::HAS_ROUNDING_RESERVE => {
            let (place, sums) = text.split_once(SUMS).ok_or_else(|| invalid(&text))?;
            audit.outstanding = read_sums(ctx, sums).ok_or_else(|| invalid(&text))?;
            Cursor::read(ctx, place)?
        }
        Some(text) => Cursor::read(ctx, &text)?,
    };
    let next = walk(cursor, limit, |cursor| audit.step(cursor))?;
    let next = match next {
        Some(cursor) if A::HAS_ROUNDING_RESERVE => {
            let sums = show_sums(ctx, &audit.outstanding);
            Some(format!("{}{SUMS}{sums}", cursor.show(ctx)))
        }
        Some(cursor) => Some(cursor.show(ctx)),
        None => {
            if A::HAS_ROUNDING_RESERVE {
                audit.add_rounding_reserve()?;
            }
            None
        }
    };
    Ok(audit.page.answer(next))
}

fn read_sums(ctx: &Context, text: &str) -> Option<Amounts> {
    let mut sums = Amounts::default();
    let mut denoms = ctx.config.denoms.ids();
    for points in text.split(',') {
        sums.set(denoms.next()?, Points::new(points.parse().ok()?));
    }
    Some(sums)
}

fn show_sums(ctx: &Context, sums: &Amounts) -> String {
    let denoms = ctx.config.denoms.ids();
    let points: Vec<String> = denoms.map(|denom| sums.get(denom).to_string()).collect();
    points.join(",")
}

/// One page of an audit.
struct Audit<'b, 'a, A: Accounting> {
    books: &'b Books<'a, A>,
    page: AuditPage,
    /// Outstanding rewards found in this page and the pages before it.
    outstanding: Amounts,
}

impl<A: Accounting> Audit<'_, '_, A> {
    fn add_totals_without_records(&mut self) -> Result<(), ContractError> {
        for (denom, listed) in self.books.ctx.config.denoms.iter() {
            let ledger = self.books.pool.ledger(denom);
            let asset = Asset::Native(listed.name.clone());
            for class in [Class::CommunityPool, Class::InFlight] {
                self.page.add(&asset, class.name(), ledger.class(class))?;
            }
        }
        self.add_outstanding(&A::audit_pool(self.books)?)
    }

    fn add_outstanding(&mut self, amounts: &Amounts) -> Result<(), ContractError> {
        for (denom, listed) in self.books.ctx.config.denoms.iter() {
            let points = amounts.get(denom);
            // A cursor can have sums of any size; what is found is compared with what is owed.
            let sum = self.outstanding.get(denom).saturating_add(points);
            self.outstanding.set(denom, sum);
            let asset = Asset::Native(listed.name.clone());
            self.page.add(&asset, Class::Outstanding.name(), points)?;
        }
        Ok(())
    }

    /// The outstanding rewards beyond those that any record has.
    fn add_rounding_reserve(&mut self) -> Result<(), ContractError> {
        for (denom, listed) in self.books.ctx.config.denoms.iter() {
            let owed = self.books.pool.ledger(denom).class(Class::Outstanding);
            let found = self.outstanding.get(denom);
            let above = |_| ContractError::AuditAboveTotal {
                denom: listed.name.clone(),
                found: found.value(),
                owed: owed.value(),
            };
            let reserve = owed.checked_sub(found).map_err(above)?;
            let asset = Asset::Native(listed.name.clone());
            self.page.add(&asset, ROUNDING_RESERVE, reserve)?;
        }
        Ok(())
    }

    /// Adds the record behind a cursor and returns the cursor of that record; none behind the last.
    fn step(&mut self, cursor: &Cursor) -> Result<Option<Cursor>, ContractError> {
        let behind = match cursor {
            Cursor::Undelivered(behind) => return self.step_undelivered(Some(behind)),
            Cursor::Start => None,
            Cursor::Validator {
                validator,
                delegator,
            } => {
                let next = first(delegator.as_ref());
                let found = delegators_of(self.books.storage, validator, next)?;
                if let Some(delegator) = found.first() {
                    let key = DelegationKey {
                        delegator: *delegator,
                        validator: *validator,
                    };
                    self.add_outstanding(&A::audit_delegation(self.books, key)?)?;
                    return Ok(Some(Cursor::Validator {
                        validator: *validator,
                        delegator: Some(*delegator),
                    }));
                }
                Some(validator)
            }
        };
        let found = A::validators(self.books, first(behind))?;
        let Some(validator) = found.first() else {
            return self.step_undelivered(None);
        };
        self.add_outstanding(&A::audit_validator(self.books, validator)?)?;
        Ok(Some(Cursor::Validator {
            validator: *validator,
            delegator: None,
        }))
    }

    fn step_undelivered(
        &mut self,
        behind: Option<&AddressBytes>,
    ) -> Result<Option<Cursor>, ContractError> {
        let account = self.page.add_undelivered(self.books.storage, behind)?;
        Ok(account.map(Cursor::Undelivered))
    }
}

/// A page of one record.
fn first(start_after: Option<&AddressBytes>) -> Page<'_> {
    Page {
        start_after,
        limit: 1,
    }
}
