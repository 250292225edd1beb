//! Operators: the hot record with power and claims.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::{StdResult, Storage};
use distribution_math::{MathError, Points, compact};
use pool_kit::compact::CompactMap;
use pool_kit::{Amounts, DenomId, PerDenom};

use crate::pool::Pool;
use crate::registry::ValidatorId;

const OPERATORS: CompactMap<&[u8], Operator> = CompactMap::new("operators");

/// An account that is or was an operator. The record stays for as long as the pool: what was
/// earned stays withdrawable, and so does the fraction below a whole coin.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Operator {
    /// The validator that it operates or has operated. It never changes.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub validator: ValidatorId,
    /// Its power, 0 for a candidate and for a former operator.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// What it has earned, by denom.
    pub claims: PerDenom<Claim>,
}

/// What an operator has earned of one denom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Claim {
    /// Points settled and not withdrawn.
    pub owed: Points,
    /// The pool's index when they were settled.
    pub start_index: Points,
}

/// An operator or former operator with its account.
pub struct Entry {
    pub account: AddressBytes,
    pub operator: Operator,
}

impl Operator {
    /// The record of an account, none when it never was an operator.
    pub fn may_load(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Option<Self>> {
        OPERATORS.may_load(storage, account.as_slice())
    }

    /// The first record behind `start_after`, in the order of the accounts' bytes.
    pub fn next(
        storage: &dyn Storage,
        start_after: Option<&AddressBytes>,
    ) -> StdResult<Option<Entry>> {
        let start = start_after.map(AddressBytes::as_slice);
        let Some((account, operator)) = OPERATORS.range(storage, &[], start).next().transpose()?
        else {
            return Ok(None);
        };
        let account = AddressBytes::new(&account)?;
        Ok(Some(Entry { account, operator }))
    }

    pub fn save(&self, storage: &mut dyn Storage, account: &AddressBytes) -> StdResult<()> {
        OPERATORS.save(storage, account.as_slice(), self)
    }

    /// Settles every denom: adds what the power earned since the last settlement to what is owed.
    /// Exact, O(denoms). Needed before the power changes and before a withdrawal.
    pub fn settle(&mut self, pool: &Pool) -> Result<(), MathError> {
        for (denom, record) in pool.denoms.iter() {
            let claim = self.claims.get(denom);
            let earned = record.index.owed(self.power.into(), claim.start_index)?;
            let settled = Claim {
                owed: claim.owed.checked_add(earned)?,
                start_index: record.index.index(),
            };
            self.claims.set(denom, settled);
        }
        Ok(())
    }

    /// What is owed since the last [`Operator::settle`].
    pub fn owed(&self) -> Amounts {
        self.claims.map(|claim| claim.owed)
    }

    /// Takes the whole coins of the wanted denoms out of what is owed; the fractions stay.
    pub fn take_whole_coins(&mut self, wanted: &[DenomId]) -> Amounts {
        let mut taken = Amounts::default();
        for denom in self.claims.ids().filter(|denom| wanted.contains(denom)) {
            let claim = self.claims.get(denom);
            let fraction = claim.owed.fraction();
            taken.set(denom, claim.owed.saturating_sub(fraction));
            let left = Claim {
                owed: fraction,
                ..claim
            };
            self.claims.set(denom, left);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawal_keeps_the_fraction_and_the_denoms_it_does_not_want() {
        let denoms = ["uatom", "uosmo"].map(str::to_string);
        let ids: Vec<_> = pool_kit::Denoms::new(denoms.to_vec())
            .unwrap()
            .ids()
            .collect();
        let owed = Points::from_coins(3).checked_add(Points::ONE).unwrap();
        let mut operator = Operator::default();
        for id in &ids {
            let claim = Claim {
                owed,
                ..Claim::default()
            };
            operator.claims.set(*id, claim);
        }
        let taken = operator.take_whole_coins(&ids[..1]);
        assert_eq!(taken.get(ids[0]), Points::from_coins(3));
        assert!(taken.get(ids[1]).is_zero());
        assert_eq!(operator.owed().get(ids[0]), Points::ONE);
        assert_eq!(operator.owed().get(ids[1]), owed);
    }
}
