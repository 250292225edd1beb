//! The ledger for everybody: `invariants` from running totals, `audit` from the records.

use accounting::pool::Class;
use accounting::{Amounts, PerDenom};
use cosmwasm_std::Storage;
use distribution_math::Points;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::audit::{AssetAudit, AssetLedger, AuditResponse, InvariantsResponse, Liability};
use interfaces::{paging, payout};

use crate::context::Context;
use crate::operator::Operator;
use crate::pool::{Pool, PoolDenom};
use crate::{ContractError, Fault};

/// What cursors into the undelivered payouts begin with.
const UNDELIVERED: &str = "undelivered/";

/// What the pool owes of one denom, by class.
#[derive(Clone, Default)]
struct Classes {
    /// Earned by operators, settled or not.
    operators: Points,
    /// What the index could not divide yet.
    carry: Points,
    in_flight: Points,
    undelivered: Points,
}

impl Classes {
    fn of_pool(record: &PoolDenom) -> Self {
        Classes {
            operators: record.earned(),
            carry: record.index.carry(),
            in_flight: record.ledger.class(Class::InFlight),
            undelivered: record.ledger.class(Class::Undelivered),
        }
    }

    fn liabilities(&self) -> Vec<Liability> {
        [
            ("operators", self.operators),
            ("carry", self.carry),
            ("in_flight", self.in_flight),
            ("undelivered", self.undelivered),
        ]
        .into_iter()
        .map(|(class, points)| Liability {
            class: class.to_string(),
            points: points.value(),
        })
        .collect()
    }
}

/// The ledger from running totals: O(denoms).
///
/// # Errors
/// When the bank does not answer.
pub fn invariants(ctx: &Context, pool: &Pool) -> Result<InvariantsResponse, ContractError> {
    let denoms = ctx
        .config
        .denoms
        .iter()
        .map(|(denom, listed)| {
            Ok(AssetLedger::new(
                Asset::Native(listed.name.clone()),
                ctx.balance(&listed.name)?,
                Classes::of_pool(&pool.denoms.get(denom)).liabilities(),
            ))
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(InvariantsResponse { denoms })
}

/// Where a page of the audit stands: behind that record, or at the beginning of that list.
enum Cursor {
    Operators(Option<AddressBytes>),
    Undelivered(Option<AddressBytes>),
}

impl Cursor {
    fn read(ctx: &Context, start_after: &str) -> Result<Self, ContractError> {
        let account = |text: &str| {
            ctx.addresses
                .account(text)
                .map_err(|_| Fault::InvalidCursor {
                    start_after: start_after.chars().take(128).collect(),
                })
        };
        match start_after.strip_prefix(UNDELIVERED) {
            Some("") => Ok(Cursor::Undelivered(None)),
            Some(text) => Ok(Cursor::Undelivered(Some(account(text)?))),
            None => Ok(Cursor::Operators(Some(account(start_after)?))),
        }
    }

    fn show(&self, ctx: &Context) -> String {
        let shown = |account: &Option<AddressBytes>| {
            account.map_or_else(String::new, |account| ctx.show(&account).into_string())
        };
        match self {
            Cursor::Operators(account) => shown(account),
            Cursor::Undelivered(account) => format!("{UNDELIVERED}{}", shown(account)),
        }
    }
}

/// Recomputes the totals from one page of records. What has no records of its own, the carry and
/// what is in flight, is in the first page. The sums of all pages, taken at one height, equal the
/// totals of [`invariants`].
///
/// # Errors
/// For a limit of 0 and for a cursor of another list.
pub fn audit(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AuditResponse, ContractError> {
    let limit = paging::limit(limit)?;
    let pool = Pool::load(storage)?;
    let mut sums: PerDenom<Classes> = PerDenom::default();
    let mut cursor = match start_after {
        Some(text) => Cursor::read(ctx, &text)?,
        None => {
            for (denom, record) in pool.denoms.iter() {
                let totals = Classes::of_pool(record);
                sums.set(
                    denom,
                    Classes {
                        carry: totals.carry,
                        in_flight: totals.in_flight,
                        ..Classes::default()
                    },
                );
            }
            Cursor::Operators(None)
        }
    };
    let mut left = limit;
    if let Cursor::Operators(behind) = &cursor {
        let entries = Operator::page(storage, behind.as_ref(), left)?;
        left = left.saturating_sub(entries.len());
        let last = entries.last().map(|entry| entry.account);
        for mut entry in entries {
            entry.operator.settle(&pool)?;
            let owed = entry.operator.owed();
            add(&mut sums, &owed, |classes| &mut classes.operators)?;
        }
        cursor = if left == 0 {
            Cursor::Operators(last)
        } else {
            Cursor::Undelivered(None)
        };
    }
    let mut next = Some(cursor.show(ctx));
    if let Cursor::Undelivered(behind) = &cursor {
        let records = payout::undelivered_accounts(storage, behind.as_ref(), left)?;
        next = (records.len() == left)
            .then(|| records.last())
            .flatten()
            .map(|record| Cursor::Undelivered(Some(record.account)).show(ctx));
        for record in &records {
            let mut owed = Amounts::default();
            for part in &record.owed {
                if let Asset::Native(name) = &part.asset {
                    let denom = ctx.config.denoms.claimable(name)?;
                    owed.add(denom, Points::try_from_coins(part.amount)?)?;
                }
            }
            add(&mut sums, &owed, |classes| &mut classes.undelivered)?;
        }
    }
    let denoms = ctx.config.denoms.named(&sums);
    Ok(AuditResponse {
        denoms: denoms
            .map(|(name, classes)| AssetAudit {
                asset: Asset::Native(name.to_string()),
                liabilities: classes.liabilities(),
            })
            .collect(),
        next,
    })
}

fn add(
    sums: &mut PerDenom<Classes>,
    amounts: &Amounts,
    class: impl Fn(&mut Classes) -> &mut Points,
) -> Result<(), ContractError> {
    for (denom, amount) in amounts.iter() {
        let mut classes = sums.get(denom);
        let place = class(&mut classes);
        *place = place.checked_add(*amount)?;
        sums.set(denom, classes);
    }
    Ok(())
}
