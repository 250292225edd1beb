//! Events. The first attribute is always `action`. Amounts are printed as coins; where fractions
//! move, also as integer points (10^-36 base units), so that an indexer can rebuild the ledger
//! exactly. No value is ever blank: some chains refuse such events.

use cosmwasm_std::Uint256;
use interfaces::asset::Asset;

pub use interfaces::events::action;

use crate::ledger::Coins;

/// Coins of one asset as text: `3uatom`, `3cw20:juno1..`.
pub fn asset_text(coins: Coins, asset: &Asset) -> String {
    amount_text(coins.amount().into(), asset)
}

/// Coins of any size of one asset as text.
pub fn amount_text(amount: Uint256, asset: &Asset) -> String {
    format!("{amount}{asset}")
}
