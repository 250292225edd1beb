//! What the lazy accounting makes an entitlement of, as queries show it.

use accounting::PerDenom;
use accounting::lazy::log::{LoggedChange, Moment};
use accounting::lazy::{PoolAdjustment as Found, RecipientAdjustments};
use cosmwasm_std::Uint64;

use crate::context::Context;
use crate::msg::{
    AdjustmentResponse, DenomAdjustment, PoolAdjustment, PowerChange, PowerChangesResponse,
    PowerMoment, ReceivedPoints,
};

fn pool(found: &Found) -> PoolAdjustment {
    PoolAdjustment {
        simple_pool: found.simple_pool.value(),
        projected_pool: found.projected_pool.value(),
        adjustment: found.adjustment.value(),
    }
}

/// A recipient's adjustments in every denom.
pub fn answer(ctx: &Context, found: &PerDenom<RecipientAdjustments>) -> AdjustmentResponse {
    let mut denoms = Vec::new();
    for (id, denom) in ctx.config.denoms.iter() {
        let found = found.get(id);
        denoms.push(DenomAdjustment {
            denom: denom.name.clone(),
            global: pool(&found.global),
            proposer: pool(&found.proposer),
        });
    }
    AdjustmentResponse { denoms }
}

fn moment(moment: &Moment) -> PowerMoment {
    PowerMoment {
        power: Uint64::new(moment.validator.power),
        units: moment.validator.units.into(),
        commission_rate: moment.validator.rate.to_decimal(),
        total_power: Uint64::new(moment.totals.power),
        active_validators: moment.totals.active,
    }
}

fn power_change(ctx: &Context, entry: &LoggedChange) -> PowerChange {
    let change = &entry.change;
    let mut received = Vec::new();
    for (id, denom) in ctx.config.denoms.iter() {
        let points = change.received.get(id);
        received.push(ReceivedPoints {
            denom: denom.name.clone(),
            by_power: points.by_power.value(),
            equally: points.equally.value(),
            proposer: points.proposer.value(),
        });
    }
    PowerChange {
        sequence: entry.sequence,
        validator: ctx.show_validator(&change.validator),
        before: moment(&change.before),
        after: moment(&change.after),
        received,
        commission_announced: change.announced,
    }
}

/// A page of the log.
pub fn power_changes(ctx: &Context, entries: Vec<LoggedChange>) -> PowerChangesResponse {
    let mut power_changes = Vec::new();
    for entry in &entries {
        power_changes.push(power_change(ctx, entry));
    }
    PowerChangesResponse { power_changes }
}
