//! Whose the coins of a denom are, as this chain names it.
//!
//! The classes are those of every pool: `outstanding` is what units and carries have, `community_pool`
//! what is on its way there or failed to get there, `undelivered` what failed to reach validators.

use std::cmp::Ordering;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Coin, Storage, Uint256};
use distribution_math::{MathError, Points, compact};
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

/// A number of whole coins, in base units. All coins of a denom that ever came are below 2^128 (the
/// ledger refuses more), so sums of what came fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Coins(
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")] pub u128,
);

impl Coins {
    /// Nothing.
    pub const ZERO: Coins = Coins(0);

    /// Whether there are none.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum.
    pub fn add(self, other: Coins) -> Result<Coins, MathError> {
        let sum = Uint256::from(self.0).saturating_add(Uint256::from(other.0));
        let coins = self.0.checked_add(other.0);
        coins
            .map(Coins)
            .ok_or(MathError::CoinsBound { amount: sum })
    }

    /// The difference.
    pub fn sub(self, other: Coins) -> Result<Coins, MathError> {
        match self.0.cmp(&other.0) {
            Ordering::Less => Err(MathError::Underflow {
                left: self.0.into(),
                right: other.0.into(),
            }),
            _ => Ok(Coins(self.0.saturating_sub(other.0))),
        }
    }

    /// The same amount in points.
    pub fn points(self) -> Points {
        Points::from_coins(self.0)
    }

    /// The coins with their denom.
    pub fn of(self, denom: &str) -> Coin {
        Coin::new(self.0, denom)
    }
}
