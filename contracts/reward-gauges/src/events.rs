//! Events. The first attribute is always `action`. Amounts are printed as coins; where fractions
//! move, also as integer points (10^-36 base units), so that an indexer can rebuild the ledger
//! exactly. No value is ever blank: some chains refuse such events.

use accounting::Amounts;
use cosmwasm_std::{Coin, Event, Uint256};
use interfaces::asset::Asset;

use crate::context::Context;
use crate::ledger::Coins;

/// An event whose type is its action.
pub fn action(name: &str) -> Event {
    Event::new(name).add_attribute("action", name)
}

/// Coins as text, sorted as given: `3uatom,4uosmo`; nothing is `0`.
pub fn coins_text(coins: &[Coin]) -> String {
    joined(coins.iter().map(Coin::to_string))
}

/// Coins of one asset as text: `3uatom`, `3cw20:juno1..`.
pub fn asset_text(coins: Coins, asset: &Asset) -> String {
    format!("{}{asset}", coins.amount())
}

/// Coins of any size of one asset as text.
pub fn amount_text(amount: Uint256, asset: &Asset) -> String {
    format!("{amount}{asset}")
}

/// Adds amounts to an event, as coins with decimals and as points.
pub fn with_amounts(ctx: &Context, event: Event, amounts: &Amounts) -> Event {
    let coins = ctx.dec_coins(amounts);
    let points = ctx
        .named_points(amounts)
        .filter(|(_, points)| !points.is_zero())
        .map(|(name, points)| format!("{points}{name}"));
    event
        .add_attribute(
            "amount",
            if coins.is_empty() {
                NOTHING.to_string()
            } else {
                coins.to_string()
            },
        )
        .add_attribute("points", joined(points))
}

const NOTHING: &str = "0";

fn joined(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        return NOTHING.to_string();
    }
    texts.join(",")
}
