//! The active validators with their voting powers.
//!
//! There is one record for each validator with power, and none for others. The totals over all of
//! them are in the hot record.

use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use pool_kit::compact::CompactMap;

use crate::ContractError;

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

/// A validator's power, 0 when it is not active.
///
/// # Errors
/// Unreadable records.
pub fn power(storage: &dyn Storage, validator: &AddressBytes) -> Result<u64, ContractError> {
    let power = POWERS.may_load(storage, validator.as_slice())?;
    Ok(power.unwrap_or_default())
}

/// Writes a validator's power.
///
/// # Errors
/// When the record cannot be encoded.
pub fn save(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    power: u64,
) -> Result<(), ContractError> {
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
pub fn all(storage: &dyn Storage) -> Result<Vec<ValidatorPower>, ContractError> {
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

/// Refuses totals beyond the bounds.
///
/// # Errors
/// [`ContractError::TotalPowerBound`], [`ContractError::TooManyValidators`].
pub fn check_totals(total_power: u64, active_validators: u32) -> Result<(), ContractError> {
    if total_power >= POWER_BOUND {
        return Err(ContractError::TotalPowerBound {
            total: total_power.into(),
        });
    }
    if active_validators > MAX_VALIDATORS {
        return Err(ContractError::TooManyValidators {
            active: active_validators,
            limit: MAX_VALIDATORS,
        });
    }
    Ok(())
}
