//! Events. The first attribute is always `action`. Amounts are printed as coins; where fractions
//! move, also as integer points (10^-36 base units), so that an indexer can rebuild the ledger
//! exactly. No value is ever blank: some chains refuse such events.

use accounting::Entry;
use cosmwasm_std::Event;
pub use interfaces::events::action;

use crate::context::Context;

/// What the accounting moved, in its order.
pub fn journal(ctx: &Context, entries: Vec<Entry>) -> Vec<Event> {
    entries
        .into_iter()
        .flat_map(|entry| of_entry(ctx, entry))
        .collect()
}

fn of_entry(ctx: &Context, entry: Entry) -> Vec<Event> {
    let about = |name: &str, validator: &[u8]| {
        action(name).add_attribute("validator", ctx.show_validator(validator))
    };
    match entry {
        Entry::Settled {
            validator,
            delegators,
            commission,
        } => [("rewards", delegators), ("commission", commission)]
            .into_iter()
            .filter(|(_, amounts)| !amounts.is_zero())
            .map(|(name, amounts)| ctx.config.denoms.tell(about(name, &validator), &amounts))
            .collect(),
        Entry::ToCommunityPool {
            validator,
            destination,
            amounts,
        } => {
            let event =
                about("to_community_pool", &validator).add_attribute("reason", destination.name());
            vec![ctx.config.denoms.tell(event, &amounts)]
        }
        Entry::CommissionRead { validator, rate } => vec![
            about("commission_read", &validator)
                .add_attribute("rate", rate.rate.to_string())
                .add_attribute("clamped", rate.clamped.to_string()),
        ],
        Entry::ExchangeRateBound { validator } => vec![about("exchange_rate_bound", &validator)],
    }
}
