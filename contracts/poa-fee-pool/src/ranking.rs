//! Validators by power, so that the lists `validators` and `candidates` are pages of one index.

use cosmwasm_std::{StdError, StdResult, Storage};
use pool_kit::compact::CompactMap;

use crate::registry::ValidatorId;

/// Validators by [`Place::key`]. The value is always true: storage takes no empty ones.
const RANKING: CompactMap<&[u8], bool> = CompactMap::new("ranking");

/// A place in the ranking: the most powerful first, of equal ones the one created first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub power: u64,
    pub id: ValidatorId,
}

impl Place {
    /// The power is inverted, so that more of it sorts first.
    fn key(&self) -> Vec<u8> {
        [(!self.power).to_be_bytes(), self.id.to_be_bytes()].concat()
    }

    fn of_key(key: &[u8]) -> StdResult<Self> {
        let parts = key.split_first_chunk();
        let place = parts.and_then(|(power, id)| {
            Some(Place {
                power: !u64::from_be_bytes(*power),
                id: ValidatorId::from_be_bytes(id.try_into().ok()?),
            })
        });
        place.ok_or_else(|| StdError::msg("a key of the ranking is not 16 bytes long"))
    }

    pub fn add(&self, storage: &mut dyn Storage) -> StdResult<()> {
        RANKING.save(storage, &self.key(), &true)
    }

    pub fn remove(&self, storage: &mut dyn Storage) {
        RANKING.remove(storage, &self.key());
    }
}

/// A page of the validators with power, behind `start_after`.
pub fn validators(
    storage: &dyn Storage,
    start_after: Option<Place>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    let mut places = places(storage, start_after, limit)?;
    places.retain(|place| place.power > 0);
    Ok(places)
}

/// A page of the candidates behind `start_after`, which need not be one of them.
pub fn candidates(
    storage: &dyn Storage,
    start_after: Option<ValidatorId>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    // Ids begin with 1: this place is before every candidate, and behind all others.
    let id = start_after.unwrap_or(0);
    places(storage, Some(Place { power: 0, id }), limit)
}

fn places(
    storage: &dyn Storage,
    start_after: Option<Place>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    let start = start_after.map(|place| place.key());
    RANKING
        .keys(storage, &[], start.as_deref())
        .take(limit)
        .map(|key| Place::of_key(&key))
        .collect()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn place(power: u64, id: ValidatorId) -> Place {
        Place { power, id }
    }

    #[test]
    fn the_most_powerful_come_first_and_candidates_apart() {
        let mut storage = MockStorage::new();
        let ranked = [
            place(u64::MAX >> 1, 9),
            place(256, 1),
            place(256, 300),
            place(255, 8),
            place(1, 10),
            place(0, 11),
            place(0, 255),
        ];
        for place in ranked.iter().rev() {
            place.add(&mut storage).unwrap();
        }
        assert_eq!(places(&storage, None, 100).unwrap(), ranked);
        assert_eq!(validators(&storage, None, 100).unwrap(), ranked[..5]);
        assert_eq!(
            validators(&storage, Some(place(256, 1)), 2).unwrap(),
            ranked[2..4]
        );
        assert_eq!(candidates(&storage, None, 100).unwrap(), ranked[5..]);
        assert_eq!(candidates(&storage, Some(11), 100).unwrap(), ranked[6..]);
        assert_eq!(candidates(&storage, Some(70), 100).unwrap(), ranked[6..]);
        ranked[1].remove(&mut storage);
        assert_eq!(validators(&storage, None, 2).unwrap()[1], ranked[2]);
    }
}
