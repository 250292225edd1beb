//! Operators: the hot record with power and claims, and the lists that a power places an operator
//! in: the ranking, and the members of the cw4 group.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use chain_types::cw4::MemberDiff;
use cosmwasm_std::{StdError, StdResult, Storage};
use distribution_math::{MathError, Points, compact};
use pool_kit::compact::CompactMap;
use pool_kit::{Amounts, DenomId, PerDenom};

use crate::context::Context;
use crate::pool::Pool;
use crate::state::MEMBERS;

const OPERATORS: CompactMap<&[u8], Operator> = CompactMap::new("operators");

/// Operators in office by [`Place::key`], so that the lists `validators` and `candidates` are pages
/// of one index. The value is always true: storage takes no empty ones.
const RANKING: CompactMap<&[u8], bool> = CompactMap::new("ranking");

/// An account that is or was an operator. The record stays for as long as the pool: what was
/// earned stays withdrawable, and so does the fraction below a whole coin.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Operator {
    /// Whether it is an operator now; false when another account took over.
    pub in_office: bool,
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

/// An operator with its account.
pub struct Entry {
    pub account: AddressBytes,
    pub operator: Operator,
}

impl Operator {
    /// The record of an account, none when it never was an operator.
    pub fn may_load(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Option<Self>> {
        OPERATORS.may_load(storage, account.as_slice())
    }

    /// The record of an account that is an operator now, none for others.
    pub fn in_office(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Option<Self>> {
        Ok(Operator::may_load(storage, account)?.filter(|operator| operator.in_office))
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

/// An operator's power changes.
#[derive(Clone, Copy, Debug)]
pub struct PowerStep {
    pub operator: AddressBytes,
    /// Its power until now; none when it was no operator.
    pub old: Option<u64>,
    /// Its power from now on; none when it is an operator no more.
    pub new: Option<u64>,
}

impl PowerStep {
    /// Moves the operator in the ranking and in the cw4 group. Returns what the group's hooks are
    /// sent, nothing when its weight stays.
    pub fn write(&self, ctx: &Context, storage: &mut dyn Storage) -> StdResult<Option<MemberDiff>> {
        let key = |power| {
            let operator = self.operator;
            Place { power, operator }.key()
        };
        if let Some(old) = self.old {
            RANKING.remove(storage, &key(old));
        }
        if let Some(new) = self.new {
            RANKING.save(storage, &key(new), &true)?;
        }
        let weight = |power: Option<u64>| power.filter(|power| *power > 0);
        let (old, new) = (weight(self.old), weight(self.new));
        if old == new {
            return Ok(None);
        }
        let member = ctx.chain.show(&self.operator);
        let height = ctx.chain.env.block.height;
        match new {
            Some(weight) => MEMBERS.save(storage, &member, &weight, height)?,
            None => MEMBERS.remove(storage, &member, height)?,
        }
        let key = member.into_string();
        Ok(Some(MemberDiff { key, old, new }))
    }
}

/// A place in the ranking: the most powerful first, equal ones in the order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub power: u64,
    pub operator: AddressBytes,
}

impl Place {
    /// The power is inverted, so that more of it sorts first.
    fn key(&self) -> Vec<u8> {
        [&inverted(self.power), self.operator.as_slice()].concat()
    }

    fn of_key(key: &[u8]) -> StdResult<Self> {
        let (power, operator) = key
            .split_first_chunk()
            .ok_or_else(|| StdError::msg("a key of the ranking is too short"))?;
        Ok(Place {
            power: !u64::from_be_bytes(*power),
            operator: AddressBytes::new(operator)?,
        })
    }
}

fn inverted(power: u64) -> [u8; 8] {
    (!power).to_be_bytes()
}

/// A page of the operators with power, behind `start_after`.
pub fn validators(
    storage: &dyn Storage,
    start_after: Option<Place>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    let start = start_after.map(|place| place.key());
    let mut places = places(storage, start, limit)?;
    places.retain(|place| place.power > 0);
    Ok(places)
}

/// A page of the operators without power, behind `start_after`, which need not be one of them.
pub fn candidates(
    storage: &dyn Storage,
    start_after: Option<AddressBytes>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    let start = match start_after {
        Some(operator) => Place { power: 0, operator }.key(),
        // Before every operator without power, behind all others.
        None => inverted(0).to_vec(),
    };
    places(storage, Some(start), limit)
}

fn places(
    storage: &dyn Storage,
    start_after: Option<Vec<u8>>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    RANKING
        .keys(storage, &[], start_after.as_deref())
        .take(limit)
        .map(|key| Place::of_key(&key))
        .collect()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn place(power: u64, byte: u8) -> Place {
        Place {
            power,
            operator: AddressBytes::new(&[byte; 20]).unwrap(),
        }
    }

    #[test]
    fn the_most_powerful_come_first_and_candidates_apart() {
        let mut storage = MockStorage::new();
        let ranked = [
            place(u64::MAX >> 1, 9),
            place(256, 1),
            place(256, 2),
            place(255, 8),
            place(1, 0),
            place(0, 1),
            place(0, 255),
        ];
        for place in ranked.iter().rev() {
            RANKING.save(&mut storage, &place.key(), &true).unwrap();
        }
        assert_eq!(places(&storage, None, 100).unwrap(), ranked);
        assert_eq!(validators(&storage, None, 100).unwrap(), ranked[..5]);
        assert_eq!(
            validators(&storage, Some(place(256, 1)), 2).unwrap(),
            ranked[2..4]
        );
        let behind = |byte| Some(place(0, byte).operator);
        assert_eq!(candidates(&storage, None, 100).unwrap(), ranked[5..]);
        assert_eq!(candidates(&storage, behind(1), 100).unwrap(), ranked[6..]);
        assert_eq!(candidates(&storage, behind(7), 100).unwrap(), ranked[6..]);
    }

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
