//! What the lazy accounting makes an entitlement of, as queries show it.

use accounting::lazy::log::{LoggedChange, Moment};
use accounting::lazy::{PoolAdjustment as Found, RecipientAdjustments};
use accounting::{DenomId, PerDenom};
use cosmwasm_std::Uint64;

use crate::context::Context;
use crate::msg::{
    AdjustmentResponse, DenomAdjustment, PoolAdjustment, PowerChange, PowerChangesResponse,
    PowerMoment, ReceivedPoints,
};

fn denoms<'a>(ctx: &'a Context) -> impl Iterator<Item = (DenomId, String)> + use<'a> {
    ctx.config
        .denoms
        .iter()
        .map(|(id, denom)| (id, denom.name.clone()))
}

fn pool(found: &Found) -> PoolAdjustment {
    PoolAdjustment {
        simple_pool: found.simple_pool.value(),
        projected_pool: found.projected_pool.value(),
        adjustment: found.adjustment.value(),
    }
}

/// A recipient's adjustments in every denom.
pub fn answer(ctx: &Context, found: &PerDenom<RecipientAdjustments>) -> AdjustmentResponse {
    AdjustmentResponse {
        denoms: denoms(ctx)
            .map(|(id, denom)| {
                let found = found.get(id);
                DenomAdjustment {
                    denom,
                    global: pool(&found.global),
                    proposer: pool(&found.proposer),
                }
            })
            .collect(),
    }
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
    PowerChange {
        sequence: entry.sequence,
        validator: ctx.show_validator(&change.validator),
        before: moment(&change.before),
        after: moment(&change.after),
        received: denoms(ctx)
            .map(|(id, denom)| {
                let received = change.received.get(id);
                ReceivedPoints {
                    denom,
                    by_power: received.by_power.value(),
                    equally: received.equally.value(),
                    proposer: received.proposer.value(),
                }
            })
            .collect(),
        commission_announced: change.announced,
    }
}

/// A page of the log.
pub fn power_changes(ctx: &Context, entries: Vec<LoggedChange>) -> PowerChangesResponse {
    PowerChangesResponse {
        power_changes: entries
            .iter()
            .map(|entry| power_change(ctx, entry))
            .collect(),
    }
}
