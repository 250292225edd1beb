//! The active validators with their voting powers.
//!
//! There is one record for each validator with power, and none for others. The totals over all of
//! them are a part of the hot record of the contract.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use distribution_math::SignedPower;
use pool_kit::compact::CompactMap;

use crate::RewardsError;

/// The most active validators that a pool may have.
pub const MAX_VALIDATORS: u32 = 1_000;

/// Total powers are below this one, 2^63.
pub const POWER_BOUND: u64 = 1 << 63;

/// Powers above 0, by validator.
const POWERS: CompactMap<&[u8], u64> = CompactMap::new("powers");

/// A validator with its power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidatorPower {
    /// The validator.
    pub validator: AddressBytes,
    /// Voting power; 0 when it is not active.
    pub power: u64,
}

/// A change of a validator's power; `before` and `after` differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerChange {
    /// Whose.
    pub validator: AddressBytes,
    /// The power so far.
    pub before: u64,
    /// The power from now on.
    pub after: u64,
}

impl PowerChange {
    /// The change from a validator's power now to `after`; `None` if there is none.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn new(
        storage: &dyn Storage,
        validator: &AddressBytes,
        after: u64,
    ) -> Result<Option<Self>, RewardsError> {
        let before = power(storage, validator)?;
        let change = PowerChange {
            validator: *validator,
            before,
            after,
        };
        Ok((before != after).then_some(change))
    }
}

/// Totals over all active validators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PowerTotals {
    /// Power of all active validators; below 2^63 between messages.
    pub power: u64,
    /// Validators with power above 0; at most 1 000 between messages.
    pub active_validators: u32,
}

impl PowerTotals {
    /// Writes the new power of a validator and follows it. What the validator earned with the one
    /// before is settled by now.
    ///
    /// # Errors
    /// [`RewardsError::TotalPowerBound`] from 2^64 on, which [`PowerTotals::check`] excludes: on the
    /// way from one set of powers to the next the total may pass its bound of 2^63, never 2^64,
    /// because both sets stay below it.
    pub fn change(
        &mut self,
        storage: &mut dyn Storage,
        change: &PowerChange,
    ) -> Result<(), RewardsError> {
        let total = u128::from(self.power)
            .saturating_sub(change.before.into())
            .saturating_add(change.after.into());
        self.power = u64::try_from(total).map_err(|_| RewardsError::TotalPowerBound { total })?;
        self.active_validators = self
            .active_validators
            .saturating_sub(u32::from(change.before > 0))
            .saturating_add(u32::from(change.after > 0));
        save(storage, &change.validator, change.after)
    }

    /// Refuses totals beyond the bounds. Checked once, when all changes of a message are made, so
    /// that one set of powers can become another one in any order.
    ///
    /// # Errors
    /// [`RewardsError::TotalPowerBound`], [`RewardsError::TooManyValidators`].
    pub fn check(&self) -> Result<(), RewardsError> {
        if self.power >= POWER_BOUND {
            return Err(RewardsError::TotalPowerBound {
                total: self.power.into(),
            });
        }
        if self.active_validators > MAX_VALIDATORS {
            return Err(RewardsError::TooManyValidators {
                active: self.active_validators,
                limit: MAX_VALIDATORS,
            });
        }
        Ok(())
    }

    /// The part of the total that signed; more than the total counts as the total.
    pub fn signed(&self, signed: u64) -> SignedPower {
        SignedPower::new(self.power, signed)
    }
}

/// A validator's power, 0 when it is not active.
///
/// # Errors
/// Unreadable records.
pub fn power(storage: &dyn Storage, validator: &AddressBytes) -> Result<u64, RewardsError> {
    let power = POWERS.may_load(storage, validator.as_slice())?;
    Ok(power.unwrap_or_default())
}

/// Writes a validator's power.
fn save(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    power: u64,
) -> Result<(), RewardsError> {
    if power == 0 {
        POWERS.remove(storage, validator.as_slice());
        return Ok(());
    }
    Ok(POWERS.save(storage, validator.as_slice(), &power)?)
}

/// All active validators, in the order of their bytes. Reads at most [`MAX_VALIDATORS`] records.
///
/// # Errors
/// Unreadable records.
pub fn all(storage: &dyn Storage) -> Result<Vec<ValidatorPower>, RewardsError> {
    POWERS
        .range(storage, &[], None)
        .map(|record| {
            let (validator, power) = record?;
            Ok(ValidatorPower {
                validator: AddressBytes::new(&validator)?,
                power,
            })
        })
        .collect()
}
