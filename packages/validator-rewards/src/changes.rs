//! The changes of powers that a call tells, checked.

use std::collections::BTreeMap;

use chain_types::address::{AddressBytes, AddressCodec};
use chain_types::staking_event::ChangedPower;
use chain_types::text::head;
use cosmwasm_std::{Storage, Uint128};

use crate::RewardsError;
use crate::last_commit::{Signatures, Vote};
use crate::validator_set::{self, MAX_VALIDATORS, POWER_BOUND, ValidatorPower};

/// The most powers that one call changes: a bound on its gas and memory.
pub const MAX_CHANGES: usize = 100;

/// Bytes of a validator's name that an error repeats.
const SHOWN: usize = 128;

/// The signed power and the new powers of a block, by validator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPowers {
    /// The power that signed; more than the total counts as the total.
    pub signed: u64,
    /// New powers, each validator once, in the order of their bytes.
    pub changed: Vec<ValidatorPower>,
}

impl BlockPowers {
    /// Reads the signatures of a block.
    ///
    /// # Errors
    /// As [`of_changes`]; [`RewardsError::TooManyVotes`] above 1 000 votes, and
    /// [`RewardsError::TooManyPowerChanges`] for a list of votes that changes more than
    /// [`MAX_CHANGES`] powers.
    pub fn read(
        signatures: Signatures,
        addresses: &AddressCodec,
        storage: &dyn Storage,
    ) -> Result<Self, RewardsError> {
        match signatures {
            Signatures::Changes { signed, changed } => Ok(BlockPowers {
                signed,
                changed: of_changes(addresses, changed)?,
            }),
            Signatures::Votes(votes) => BlockPowers::of_votes(votes, addresses, storage),
        }
    }

    /// A validator that is not among the votes has no power.
    fn of_votes(
        votes: &[Vote],
        addresses: &AddressCodec,
        storage: &dyn Storage,
    ) -> Result<Self, RewardsError> {
        let limit = MAX_VALIDATORS as usize;
        if votes.len() > limit {
            return Err(RewardsError::TooManyVotes {
                votes: votes.len(),
                limit,
            });
        }
        let mut signed = 0u64;
        let mut powers = BTreeMap::new();
        for vote in votes {
            let power = checked_power(&vote.validator, vote.power)?;
            let validator = addresses.validator(&vote.validator)?.bytes;
            if vote.signed {
                signed = signed.saturating_add(power);
            }
            insert_once(&mut powers, validator, power, &vote.validator)?;
        }
        let changed = differences(validator_set::all(storage)?, powers);
        check_count(changed.len())?;
        Ok(BlockPowers { signed, changed })
    }
}

/// Reads powers that differ from those so far.
///
/// # Errors
/// [`RewardsError::TooManyPowerChanges`] above [`MAX_CHANGES`], [`RewardsError::RepeatedValidator`],
/// [`RewardsError::PowerBound`], and a name that is no address of this chain.
pub fn of_changes(
    addresses: &AddressCodec,
    changes: &[ChangedPower],
) -> Result<Vec<ValidatorPower>, RewardsError> {
    check_count(changes.len())?;
    let mut powers = BTreeMap::new();
    for change in changes {
        let power = checked_power(&change.validator, change.power)?;
        let validator = addresses.validator(&change.validator)?.bytes;
        insert_once(&mut powers, validator, power, &change.validator)?;
    }
    Ok(list(powers))
}

/// Refuses more changes than one call makes.
///
/// # Errors
/// [`RewardsError::TooManyPowerChanges`] above [`MAX_CHANGES`].
pub fn check_count(changes: usize) -> Result<(), RewardsError> {
    if changes > MAX_CHANGES {
        return Err(RewardsError::TooManyPowerChanges {
            changes,
            limit: MAX_CHANGES,
        });
    }
    Ok(())
}

/// A power as the totals take it.
///
/// # Errors
/// [`RewardsError::PowerBound`] from 2^63 upwards.
pub fn checked_power(validator: &str, power: Uint128) -> Result<u64, RewardsError> {
    let checked = u64::try_from(power.u128()).ok();
    checked
        .filter(|power| *power < POWER_BOUND)
        .ok_or_else(|| RewardsError::PowerBound {
            validator: head(validator, SHOWN).to_string(),
            power,
        })
}

fn insert_once(
    powers: &mut BTreeMap<AddressBytes, u64>,
    validator: AddressBytes,
    power: u64,
    name: &str,
) -> Result<(), RewardsError> {
    match powers.insert(validator, power) {
        None => Ok(()),
        Some(_) => Err(RewardsError::RepeatedValidator {
            validator: head(name, SHOWN).to_string(),
        }),
    }
}

fn list(powers: BTreeMap<AddressBytes, u64>) -> Vec<ValidatorPower> {
    let powers = powers.into_iter();
    powers
        .map(|(validator, power)| ValidatorPower { validator, power })
        .collect()
}

/// The powers that differ from those so far, with their new values.
fn differences(
    so_far: Vec<ValidatorPower>,
    mut powers: BTreeMap<AddressBytes, u64>,
) -> Vec<ValidatorPower> {
    let mut changes = Vec::new();
    for ValidatorPower { validator, power } in so_far {
        let now = powers.remove(&validator).unwrap_or_default();
        if now != power {
            changes.push(ValidatorPower {
                validator,
                power: now,
            });
        }
    }
    powers.retain(|_, power| *power > 0);
    changes.extend(list(powers));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::last_commit::LastCommit;
    use crate::validator_set::{PowerChange, PowerTotals};
    use cosmwasm_std::Addr;
    use cosmwasm_std::testing::MockStorage;

    fn codec() -> AddressCodec {
        AddressCodec::of_contract(&Addr::unchecked(
            "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu",
        ))
        .unwrap()
    }

    fn name(number: u8) -> String {
        let bytes = AddressBytes::new(&[number; 20]).unwrap();
        codec().show_account(&bytes).into_string()
    }

    fn vote(number: u8, power: u128, signed: bool) -> Vote {
        Vote {
            validator: name(number),
            power: Uint128::new(power),
            signed,
        }
    }

    fn read(storage: &MockStorage, votes: Vec<Vote>) -> Result<BlockPowers, RewardsError> {
        let commit = LastCommit {
            votes: Some(votes),
            ..LastCommit::default()
        };
        BlockPowers::read(Signatures::read(&commit)?, &codec(), storage)
    }

    #[test]
    fn whoever_is_missing_in_the_votes_has_no_power() {
        let mut storage = MockStorage::new();
        let mut totals = PowerTotals::default();
        let first = read(&storage, vec![vote(1, 10, true), vote(2, 20, false)]).unwrap();
        assert_eq!(first.signed, 10);
        for changed in &first.changed {
            let change = PowerChange::new(&storage, &changed.validator, changed.power);
            totals
                .change(&mut storage, &change.unwrap().unwrap())
                .unwrap();
        }
        assert_eq!((totals.power, totals.active_validators), (30, 2));
        let second = read(&storage, vec![vote(2, 20, true), vote(3, 0, true)]).unwrap();
        assert_eq!(second.signed, 20);
        let gone = ValidatorPower {
            validator: AddressBytes::new(&[1; 20]).unwrap(),
            power: 0,
        };
        assert_eq!(second.changed, [gone]);
    }

    #[test]
    fn a_call_is_bounded_and_names_each_validator_once() {
        let storage = MockStorage::new();
        let all = |count: u8| (1..=count).map(|number| vote(number, 1, true)).collect();
        assert!(read(&storage, all(100)).is_ok());
        let error = read(&storage, all(101)).unwrap_err();
        assert!(matches!(
            error,
            RewardsError::TooManyPowerChanges {
                changes: 101,
                limit: 100
            }
        ));
        let error = read(&storage, vec![vote(1, 1, true), vote(1, 2, true)]).unwrap_err();
        assert!(
            matches!(error, RewardsError::RepeatedValidator { validator } if validator == name(1))
        );
        let error = read(&storage, vec![vote(1, 1 << 63, true)]).unwrap_err();
        assert!(matches!(error, RewardsError::PowerBound { .. }));
    }

    #[test]
    fn a_last_commit_has_one_of_two_forms() {
        let neither = LastCommit::default();
        let both = LastCommit {
            signed_power: Some(Uint128::one()),
            votes: Some(vec![]),
            ..LastCommit::default()
        };
        for commit in [neither, both] {
            let refused = Signatures::read(&commit).unwrap_err();
            assert!(matches!(refused, RewardsError::LastCommitForm));
        }
    }
}
