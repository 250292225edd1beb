//! Queries that only the lazy accounting has: what a recipient's entitlement is made of, and the log.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, Uint64, to_json_binary};
use distribution_math::FinePoints;
use pool_kit::PerDenom;

use super::log::{self, Change, LoggedChange, Received, Snapshot};
use super::records::{self, Delegation, Validator};
use super::scenario::{DistributionScenario, PoolShareChange};
use super::validator::settle;
use super::view::View;
use super::{Books, received};
use crate::ContractError;
use crate::accounting::LazyQuery;
use crate::answers::{
    AdjustmentResponse, DenomAdjustment, PoolAdjustment, PowerChange, PowerChangesResponse,
    PowerMoment, ReceivedPoints,
};
use crate::context::Context;
use crate::delegations::DelegationKey;

pub(super) fn answer(books: &mut Books, query: LazyQuery) -> Result<Binary, ContractError> {
    let answer = match query {
        LazyQuery::DelegationAdjustment(key) => to_json_binary(&delegation_adjustment(books, key)?),
        LazyQuery::CommissionAdjustment(validator) => {
            to_json_binary(&commission_adjustment(books, &validator)?)
        }
        LazyQuery::PowerChanges { start_after, limit } => {
            let entries = log::page(books.storage, start_after, limit)?;
            let entries = entries.iter().map(|entry| power_change(books.ctx, entry));
            to_json_binary(&PowerChangesResponse {
                power_changes: entries.collect(),
            })
        }
    };
    Ok(answer?)
}

/// The newest power change as recipients of a validator see it.
struct NewestChange {
    change: Change,
    received: PerDenom<Received>,
}

impl NewestChange {
    /// Without any, one that changed nothing.
    fn read(
        books: &Books,
        validator: &AddressBytes,
        record: &Validator,
    ) -> Result<Self, ContractError> {
        let state = record.state();
        Ok(match log::newest(books.storage)? {
            Some(entry) if entry.validator == *validator => NewestChange {
                change: entry.change,
                received: entry.received,
            },
            Some(entry) => {
                // The log has the proposer pool of whoever changed. This one did not change.
                let mut received = received(books, record);
                for (denom, then) in entry.received.iter() {
                    let proposer = received.get(denom).proposer;
                    received.set(denom, Received { proposer, ..*then });
                }
                NewestChange {
                    change: entry.change.seen_by(state),
                    received,
                }
            }
            None => {
                let now = Snapshot::now(&books.pool, state);
                NewestChange {
                    change: Change {
                        before: now,
                        after: now,
                    },
                    received: received(books, record),
                }
            }
        })
    }
}

// Not inlined: a chain's VM refuses a function with more than 100 local variables.
#[inline(never)]
fn delegation_adjustment(
    books: &mut Books,
    key: DelegationKey,
) -> Result<AdjustmentResponse, ContractError> {
    let validator = settle(books, &key.validator)?;
    let delegation = Delegation::may_load(books.storage, key)?.unwrap_or_default();
    let newest = NewestChange::read(books, &key.validator, &validator)?;
    let mut denoms = Vec::new();
    for (denom, listed) in books.ctx.config.denoms.iter() {
        let view = View::now(books, &validator, denom)?;
        let then = newest.received.get(denom);
        let stored = delegation.denoms.get(denom);
        let global = view.delegation(delegation.units, &stored)?;
        let proposer = view.delegation_proposer(delegation.units, &stored)?;
        denoms.push(DenomAdjustment {
            denom: listed.name.clone(),
            global: pool_adjustment(&global, &newest.change.of_global_pool(&then))?,
            proposer: pool_adjustment(&proposer, &newest.change.of_proposer_pool(&then))?,
        });
    }
    Ok(AdjustmentResponse { denoms })
}

// Not inlined: a chain's VM refuses a function with more than 100 local variables.
#[inline(never)]
fn commission_adjustment(
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<AdjustmentResponse, ContractError> {
    let record = settle(books, validator)?;
    let operator = records::load_operator(books.storage, validator)?;
    let newest = NewestChange::read(books, validator, &record)?;
    let mut denoms = Vec::new();
    for (denom, listed) in books.ctx.config.denoms.iter() {
        let view = View::now(books, &record, denom)?;
        let then = newest.received.get(denom);
        let stored = operator.get(denom);
        let global = view.commission(&stored)?;
        let proposer = view.commission_proposer(&stored)?;
        denoms.push(DenomAdjustment {
            denom: listed.name.clone(),
            global: pool_adjustment(&global, &newest.change.of_global_pool(&then))?,
            proposer: pool_adjustment(&proposer, &newest.change.of_proposer_pool(&then))?,
        });
    }
    Ok(AdjustmentResponse { denoms })
}

/// Pools are shown rounded down, and what corrects them rounded up, as entitlements are computed.
fn pool_adjustment(
    scenario: &impl DistributionScenario,
    changes: &[PoolShareChange],
) -> Result<PoolAdjustment, ContractError> {
    let shown = |pool: FinePoints| pool.floor().or_zero().value();
    Ok(PoolAdjustment {
        simple_pool: shown(scenario.simple_pool()?),
        projected_pool: shown(scenario.projected_pool(changes)?),
        adjustment: scenario.recipient_adjustment().ceil().value(),
    })
}

fn power_change(ctx: &Context, logged: &LoggedChange) -> PowerChange {
    let entry = &logged.entry;
    let denoms = ctx.config.denoms.named(&entry.received);
    PowerChange {
        sequence: logged.sequence,
        validator: ctx.show_validator(&entry.validator),
        before: power_moment(&entry.change.before),
        after: power_moment(&entry.change.after),
        received: denoms
            .map(|(name, points)| ReceivedPoints {
                denom: name.to_string(),
                by_power: points.by_power.value(),
                equally: points.equally.value(),
                proposer: points.proposer.value(),
            })
            .collect(),
    }
}

fn power_moment(snapshot: &Snapshot) -> PowerMoment {
    PowerMoment {
        power: Uint64::new(snapshot.validator.power),
        units: snapshot.validator.units.into(),
        commission_rate: snapshot.validator.rate.to_decimal(),
        total_power: Uint64::new(snapshot.totals.power),
        active_validators: snapshot.totals.active,
    }
}
