//! What a recipient's entitlement is made of, for whoever wants to see it.

use distribution_math::{FinePoints, Points, SignedPoints};

use super::log::{Change, Moment, Received};
use super::records::{self, Delegation, Validator};
use super::scenario::{DistributionScenario, StandingChange};
use super::validator::settle;
use super::view::{self, View};
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::{AccountingError, DelegationKey};

/// What a recipient's entitlement to one pool is made of, in points:
/// `entitlement = simple_pool - adjustment`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolAdjustment {
    /// What it would have had with its shares of now from the beginning, rounded down.
    pub simple_pool: Points,
    /// The same with its validator's shares from before the newest power change until that change,
    /// rounded down. The units are those of now: the log holds nothing of single delegations.
    pub projected_pool: Points,
    /// What corrects the simple pool, all that was paid included, brought up to date and rounded
    /// up.
    pub adjustment: SignedPoints,
}

impl PoolAdjustment {
    fn rounded(
        simple_pool: FinePoints,
        projected_pool: FinePoints,
        adjustment: FinePoints,
    ) -> Self {
        PoolAdjustment {
            simple_pool: simple_pool.floor().or_zero(),
            projected_pool: projected_pool.floor().or_zero(),
            adjustment: adjustment.ceil(),
        }
    }
}

/// What a recipient's entitlement of one denom is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecipientAdjustments {
    /// In the global pool, by power and in equal parts.
    pub global: PoolAdjustment,
    /// In its validator's proposer pool.
    pub proposer: PoolAdjustment,
}

fn shown(
    scenario: &impl DistributionScenario,
    changes: &[StandingChange],
) -> Result<PoolAdjustment, AccountingError> {
    Ok(PoolAdjustment::rounded(
        scenario.simple_pool()?,
        scenario.projected_pool(changes)?,
        scenario.recipient_adjustment(),
    ))
}

/// The newest power change as recipients of a validator see it.
struct Newest {
    change: Change,
    received: PerDenom<Received>,
}

/// The newest power change as recipients of a validator see it; without any, one that changed
/// nothing.
fn newest_change(
    books: &Books,
    validator: &[u8],
    record: &Validator,
) -> Result<Newest, AccountingError> {
    let newest = books.log.newest(books.storage)?.map(|entry| entry.change);
    let state = record.state();
    Ok(match newest {
        Some(change) if change.validator == validator => Newest {
            change: change.moments(),
            received: change.received,
        },
        Some(change) => {
            // The log knows the proposer pool of whoever changed. This one did not change.
            let proposer = &record.proposer_pool.received;
            let received = books.pool.denoms.map(|(denom, _)| Received {
                proposer: proposer.get(denom),
                ..change.received.get(denom)
            });
            Newest {
                change: change.moments().seen_by(state),
                received,
            }
        }
        None => {
            let now = Moment::now(&books.pool, state);
            Newest {
                change: Change {
                    before: now,
                    after: now,
                },
                received: view::received(books, record),
            }
        }
    })
}

pub(super) fn of_delegation(
    books: &mut Books,
    key: DelegationKey,
) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
    let validator = settle(books, key.validator)?;
    let delegation = Delegation::may_load(books.storage, key)?.unwrap_or_default();
    let newest = newest_change(books, key.validator, &validator)?;
    let mut all = PerDenom::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, &validator, denom)?;
        let then = newest.received.get(denom);
        let stored = delegation.denoms.get(denom);
        let global = view.delegation(delegation.units, &stored)?;
        let proposer = view.delegation_proposer(delegation.units, &stored)?;
        all.set(
            denom,
            RecipientAdjustments {
                global: shown(&global, &newest.change.of_global_pool(&then))?,
                proposer: shown(&proposer, &newest.change.of_proposer_pool(&then))?,
            },
        );
    }
    Ok(all)
}

pub(super) fn of_commission(
    books: &mut Books,
    validator: &[u8],
) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
    let record = settle(books, validator)?;
    let operator = records::load_operator(books.storage, validator)?;
    let newest = newest_change(books, validator, &record)?;
    let mut all = PerDenom::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, &record, denom)?;
        let then = newest.received.get(denom);
        let adjustments = operator.get(denom);
        all.set(
            denom,
            RecipientAdjustments {
                global: shown(
                    &view.commission(&adjustments)?,
                    &newest.change.of_global_pool(&then),
                )?,
                proposer: shown(
                    &view.commission_proposer(&adjustments)?,
                    &newest.change.of_proposer_pool(&then),
                )?,
            },
        );
    }
    Ok(all)
}
