//! Events. The first attribute is always `action`. Amounts are printed as coins; where fractions
//! move, also as integer points (10^-36 base units), so that an indexer can rebuild the ledger
//! exactly. No value is ever blank: some chains refuse such events.

use accounting::{Amounts, Entry};
use cosmwasm_std::{Coin, Event};

use crate::context::Context;

/// An event whose type is its action.
pub fn action(name: &str) -> Event {
    Event::new(name).add_attribute("action", name)
}

/// Coins as text, sorted as given: `3uatom,4uosmo`. Nothing is `0` of the pool's first denom, as
/// in the Cosmos SDK.
pub fn coins_text(ctx: &Context, coins: &[Coin]) -> String {
    if coins.is_empty() {
        return nothing(ctx);
    }
    let texts: Vec<String> = coins.iter().map(Coin::to_string).collect();
    texts.join(",")
}

/// Amounts with decimals as text: `1.5uatom`.
pub fn amounts_text(ctx: &Context, amounts: &Amounts) -> String {
    let coins = ctx.dec_coins(amounts);
    if coins.is_empty() {
        return nothing(ctx);
    }
    coins.to_string()
}

/// Amounts in points as text: `1500000000000000000000000000000000000uatom`.
pub fn points_text(ctx: &Context, amounts: &Amounts) -> String {
    let texts: Vec<String> = ctx
        .config
        .denoms
        .named(amounts)
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(denom, amount)| format!("{amount}{denom}"))
        .collect();
    if texts.is_empty() {
        return nothing(ctx);
    }
    texts.join(",")
}

fn nothing(ctx: &Context) -> String {
    let first = ctx.config.denoms.iter().next();
    format!("0{}", first.map_or("", |(_, denom)| denom.name.as_str()))
}

/// Adds amounts to an event, as coins and as points.
pub fn with_amounts(ctx: &Context, event: Event, amounts: &Amounts) -> Event {
    event
        .add_attribute("amount", amounts_text(ctx, amounts))
        .add_attribute("points", points_text(ctx, amounts))
}

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
            .map(|(name, amounts)| with_amounts(ctx, about(name, &validator), &amounts))
            .collect(),
        Entry::ToCommunityPool {
            validator,
            destination,
            amounts,
        } => {
            let event =
                about("to_community_pool", &validator).add_attribute("reason", destination.name());
            vec![with_amounts(ctx, event, &amounts)]
        }
        Entry::CommissionRead { validator, rate } => vec![
            about("commission_read", &validator)
                .add_attribute("rate", rate.rate.to_string())
                .add_attribute("clamped", rate.clamped.to_string()),
        ],
        Entry::ExchangeRateBound { validator } => vec![about("exchange_rate_bound", &validator)],
    }
}
