//! Operators in office by power, the most powerful first; equal ones by their bytes.
//!
//! One key per operator, so that the validators and the candidates are pages of one index and no
//! list is a scan. It is written only when a power changes.

use accounting::store::CompactMap;
use cosmwasm_std::{StdError, StdResult, Storage};
use interfaces::address::AddressBytes;

/// By [`key`]. The value is always true: storage takes no empty ones.
const RANKING: CompactMap<&[u8], bool> = CompactMap::new("ranking");

/// Bytes of a power in a key.
const POWER_BYTES: usize = 8;

/// A place in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The power.
    pub power: u64,
    /// The operator.
    pub operator: AddressBytes,
}

impl Place {
    /// More power sorts first.
    fn key(&self) -> Vec<u8> {
        [
            (!self.power).to_be_bytes().as_slice(),
            self.operator.as_slice(),
        ]
        .concat()
    }

    fn of_key(key: &[u8]) -> StdResult<Self> {
        let (power, operator) = key
            .split_first_chunk::<POWER_BYTES>()
            .ok_or_else(|| StdError::msg("a key of the ranking is too short"))?;
        Ok(Place {
            power: !u64::from_be_bytes(*power),
            operator: AddressBytes::new(operator)?,
        })
    }

    /// Puts the operator there.
    ///
    /// # Errors
    /// None in practice.
    pub fn take(&self, storage: &mut dyn Storage) -> StdResult<()> {
        RANKING.save(storage, &self.key(), &true)
    }

    /// Takes the operator away from there.
    pub fn leave(&self, storage: &mut dyn Storage) {
        RANKING.remove(storage, &self.key());
    }
}

/// Places behind `start_after`, most power first.
///
/// # Errors
/// Unreadable records.
pub fn page(
    storage: &dyn Storage,
    start_after: Option<Place>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    let start = start_after.map(|place| place.key());
    RANKING
        .range(storage, &[], start.as_deref())
        .take(limit)
        .map(|item| Place::of_key(&item?.0))
        .collect()
}

/// Places without power behind `start_after`.
///
/// # Errors
/// Unreadable records.
pub fn candidates(
    storage: &dyn Storage,
    start_after: Option<Place>,
    limit: usize,
) -> StdResult<Vec<Place>> {
    // Powers are below 2^63, so nobody is at the key of no power without an operator.
    let first = (!0u64).to_be_bytes();
    let start = start_after.map_or(first.to_vec(), |place| place.key());
    RANKING
        .range(storage, &[], Some(&start))
        .take(limit)
        .map(|item| Place::of_key(&item?.0))
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
    fn the_most_powerful_come_first_and_candidates_last() {
        let mut storage = MockStorage::new();
        let places = [
            place(u64::MAX >> 1, 9),
            place(256, 1),
            place(256, 2),
            place(255, 8),
            place(1, 0),
            place(0, 1),
            place(0, 255),
        ];
        for place in places.iter().rev() {
            place.take(&mut storage).unwrap();
        }
        assert_eq!(page(&storage, None, 100).unwrap(), places);
        assert_eq!(
            page(&storage, Some(place(256, 1)), 2).unwrap(),
            places[2..4]
        );
        assert_eq!(candidates(&storage, None, 100).unwrap(), places[5..]);
        assert_eq!(
            candidates(&storage, Some(place(0, 1)), 100).unwrap(),
            places[6..]
        );
        places[5].leave(&mut storage);
        assert_eq!(candidates(&storage, None, 100).unwrap(), places[6..]);
    }
}
