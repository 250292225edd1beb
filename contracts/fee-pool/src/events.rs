//! Events. The first attribute is always `action`. Amounts are printed as coins; where fractions
//! move, also as integer points (10^-36 base units), so that an indexer can rebuild the ledger
//! exactly. No value is ever blank: some chains refuse such events.

use accounting::{Books, Entry};
use cosmwasm_std::{Event, Response};
pub use interfaces::events::action;

use crate::ContractError;
use crate::context::Context;

/// A response that tells of one thing. Not inlined, since every message would write it out.
#[inline(never)]
pub fn response(event: Event) -> Response {
    Response::new().add_event(event)
}

/// Closes the books of a message; the response tells what the accounting moved, and then the rest.
///
/// # Errors
/// As [`Books::close`].
pub fn close(
    ctx: &Context,
    books: Box<Books>,
    told: Vec<Event>,
) -> Result<Response, ContractError> {
    let entries = books.close()?;
    Ok(Response::new()
        .add_events(journal(ctx, entries))
        .add_events(told))
}

/// What the accounting moved, in its order.
pub fn journal(ctx: &Context, entries: Vec<Entry>) -> Vec<Event> {
    // A settlement can be two events.
    let mut events = Vec::with_capacity(entries.len().saturating_mul(2));
    for entry in entries {
        tell(ctx, entry, &mut events);
    }
    events
}

fn tell(ctx: &Context, entry: Entry, events: &mut Vec<Event>) {
    let denoms = &ctx.config.denoms;
    let about = |name: &str, validator: &[u8]| {
        action(name).add_attribute("validator", ctx.show_validator(validator))
    };
    match entry {
        Entry::Settled {
            validator,
            delegators,
            commission,
        } => {
            for (name, amounts) in [("rewards", delegators), ("commission", commission)] {
                if !amounts.is_zero() {
                    events.push(denoms.tell(about(name, &validator), &amounts));
                }
            }
        }
        Entry::ToCommunityPool {
            validator,
            destination,
            amounts,
        } => {
            let event =
                about("to_community_pool", &validator).add_attribute("reason", destination.name());
            events.push(denoms.tell(event, &amounts));
        }
        Entry::CommissionRead { validator, rate } => events.push(
            about("commission_read", &validator)
                .add_attribute("rate", rate.rate.to_string())
                .add_attribute("clamped", rate.clamped.to_string()),
        ),
        Entry::ExchangeRateBound { validator } => {
            events.push(about("exchange_rate_bound", &validator));
        }
    }
}
