//! The running sums, by which nobody has to walk the log.
//!
//! A change of another validator's power changes a recipient's adjustment by
//! `r * (1 / S - 1 / S') * E`. As long as `r` stays, only the second factor differs from change to
//! change, so its sum `Z` over all changes serves every recipient: what has changed since `Z` was
//! `then` is `r * (Z - then)`. It is rounded up, by less than a point for each change.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Storage, Uint256};
use distribution_math::{FinePoints, Points, Ratio, SignedPoints};

use super::log::{Change, Received};
use crate::denoms::PerDenom;
use crate::store::CompactItem;
use crate::{AccountingError, DenomId};

const SUMS: CompactItem<Sums> = CompactItem::new("ls");

/// `Z` by denom. Written when a power changes, read by whoever claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Sums {
    denoms: PerDenom<PoolSums>,
}

/// `Z` of the two parts of the global pool, in points per unit of weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct PoolSums {
    /// Of the pool by power.
    pub by_power: SignedPoints,
    /// Of the pool in equal parts.
    pub equally: SignedPoints,
}

impl PoolSums {
    /// One for each part of the global pool.
    pub fn in_global_pool(&self) -> [SignedPoints; 2] {
        [self.by_power, self.equally]
    }
}

/// `E / S - E / S'`, rounded up.
fn growth(before: u128, after: u128, received: Points) -> Result<SignedPoints, AccountingError> {
    if before == after {
        return Ok(SignedPoints::ZERO);
    }
    let per_weight = |total: u128| Ratio::new(Uint256::one(), Uint256::from(total));
    let now: FinePoints = per_weight(after).ceil_of(received)?;
    Ok(now.minus(per_weight(before).floor_of(received)?)?.ceil())
}

impl Sums {
    pub fn load(storage: &dyn Storage) -> Result<Self, AccountingError> {
        Ok(SUMS.may_load(storage)?.unwrap_or_default())
    }

    pub fn get(&self, denom: DenomId) -> PoolSums {
        self.denoms.get(denom)
    }

    /// Adds a change of the totals to the sums of a denom, and returns them.
    pub fn add(
        &mut self,
        change: &Change,
        denom: DenomId,
        received: &Received,
    ) -> Result<PoolSums, AccountingError> {
        let (before, after) = (change.before.totals, change.after.totals);
        let mut sums = self.denoms.get(denom);
        if received.by_power.is_zero() && received.equally.is_zero() {
            return Ok(sums);
        }
        let power = growth(before.power.into(), after.power.into(), received.by_power)?;
        let active = growth(before.active.into(), after.active.into(), received.equally)?;
        sums.by_power = sums.by_power.plus(power)?;
        sums.equally = sums.equally.plus(active)?;
        self.denoms.set(denom, sums);
        Ok(sums)
    }

    pub fn save(self, storage: &mut dyn Storage) -> Result<(), AccountingError> {
        Ok(SUMS.save(storage, &self)?)
    }
}
