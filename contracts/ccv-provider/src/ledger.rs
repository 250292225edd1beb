//! The ledger of each denom, as this chain names it: what the contract owes.
//!
//! The classes are those of every pool: `outstanding` is what units and carries have, `community_pool`
//! what is on its way there or failed to get there, `undelivered` what failed to reach validators.

use cosmwasm_std::{Coin, Storage};
use distribution_math::Coins;
use pool_kit::DenomLedger;
use pool_kit::compact::CompactMap;

use crate::ContractError;

/// Ledgers by denom.
pub const LEDGERS: CompactMap<&str, DenomLedger> = CompactMap::new("ledgers");

/// The ledger of a denom.
pub fn load(storage: &dyn Storage, denom: &str) -> Result<DenomLedger, ContractError> {
    let ledger = LEDGERS.may_load(storage, denom)?;
    Ok(ledger.unwrap_or_default())
}

/// Writes the ledger of a denom.
pub fn save(
    storage: &mut dyn Storage,
    denom: &str,
    ledger: &DenomLedger,
) -> Result<(), ContractError> {
    Ok(LEDGERS.save(storage, denom, ledger)?)
}

/// Coins with their denom.
pub fn coin(amount: Coins, denom: &str) -> Coin {
    Coin::new(amount.amount(), denom)
}
