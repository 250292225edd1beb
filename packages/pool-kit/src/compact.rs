//! Stored records in a compact binary codec (borsh).
//!
//! Written bytes are most of what a message costs: a record with 8 denoms takes a third of the bytes
//! that the JSON of `cw_storage_plus` takes. Keys are laid out as in `cw_storage_plus::Map`.

use std::marker::PhantomData;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::storage_keys::{namespace_with_key, to_length_prefixed_nested};
use cosmwasm_std::{Order, StdError, StdResult, Storage};
use cw_storage_plus::{Key, PrimaryKey, RawBound, range_with_prefix};

fn encode<T: BorshSerialize>(value: &T) -> StdResult<Vec<u8>> {
    borsh::to_vec(value).map_err(StdError::msg)
}

fn decode<T: BorshDeserialize>(bytes: &[u8]) -> StdResult<T> {
    borsh::from_slice(bytes).map_err(StdError::msg)
}

fn raw_key(namespace: &str, parts: &[Key]) -> Vec<u8> {
    let mut path = vec![namespace.as_bytes()];
    path.extend(parts.iter().map(AsRef::as_ref));
    let last = path.pop().unwrap_or_default();
    namespace_with_key(&path, last)
}

fn raw_prefix(namespace: &str, prefix: &[&[u8]]) -> Vec<u8> {
    let mut path = vec![namespace.as_bytes()];
    path.extend(prefix);
    to_length_prefixed_nested(&path)
}

/// One record under a fixed key.
pub struct CompactItem<T> {
    key: &'static str,
    value: PhantomData<T>,
}

impl<T: BorshSerialize + BorshDeserialize> CompactItem<T> {
    /// The record under `key`.
    pub const fn new(key: &'static str) -> Self {
        CompactItem {
            key,
            value: PhantomData,
        }
    }

    /// The record, `None` when it was never written.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        let bytes = storage.get(self.key.as_bytes());
        bytes.map(|bytes| decode(&bytes)).transpose()
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When the value cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        storage.set(self.key.as_bytes(), &encode(value)?);
        Ok(())
    }
}

/// Records by key, under one namespace.
pub struct CompactMap<K, T> {
    namespace: &'static str,
    key: PhantomData<K>,
    value: PhantomData<T>,
}

impl<'a, K: PrimaryKey<'a>, T: BorshSerialize + BorshDeserialize> CompactMap<K, T> {
    /// The records under `namespace`.
    pub const fn new(namespace: &'static str) -> Self {
        CompactMap {
            namespace,
            key: PhantomData,
            value: PhantomData,
        }
    }

    fn raw_key(&self, key: &K) -> Vec<u8> {
        raw_key(self.namespace, &key.key())
    }

    /// The bytes that all keys below `prefix` (their leading parts) begin with.
    fn raw_prefix(&self, prefix: &[&[u8]]) -> Vec<u8> {
        raw_prefix(self.namespace, prefix)
    }

    /// The record, `None` when there is none.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        let bytes = storage.get(&self.raw_key(&key));
        bytes.map(|bytes| decode(&bytes)).transpose()
    }

    /// Whether there is a record.
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        storage.get(&self.raw_key(&key)).is_some()
    }

    /// Writes a record.
    ///
    /// # Errors
    /// When the value cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) -> StdResult<()> {
        storage.set(&self.raw_key(&key), &encode(value)?);
        Ok(())
    }

    /// Deletes a record, if there is one.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.raw_key(&key));
    }

    /// The last of the records below `prefix` (the leading parts of their keys) whose key is
    /// `key` or before it. Reads one record.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn last_up_to(
        &self,
        storage: &dyn Storage,
        prefix: &[&[u8]],
        key: &[u8],
    ) -> StdResult<Option<T>> {
        let end = Some(RawBound::Inclusive(key.to_vec()));
        let prefix = self.raw_prefix(prefix);
        range_with_prefix(storage, &prefix, None, end, Order::Descending)
            .next()
            .map(|(_, bytes)| decode(&bytes))
            .transpose()
    }

    /// The last of all keys, as raw bytes. Reads one record.
    pub fn last_key(&self, storage: &dyn Storage) -> Option<Vec<u8>> {
        range_with_prefix(
            storage,
            &self.raw_prefix(&[]),
            None,
            None,
            Order::Descending,
        )
        .next()
        .map(|(key, _)| key)
    }

    /// The records below `prefix` (the leading parts of their keys), ascending, from the key
    /// behind `start_after` on. Yields the raw rest of each key with its record. Reads as many
    /// records as the caller takes.
    pub fn range<'s>(
        &self,
        storage: &'s dyn Storage,
        prefix: &[&[u8]],
        start_after: Option<&[u8]>,
    ) -> impl Iterator<Item = StdResult<(Vec<u8>, T)>> + use<'s, K, T> {
        let start = start_after.map(|key| RawBound::Exclusive(key.to_vec()));
        let prefix = self.raw_prefix(prefix);
        range_with_prefix(storage, &prefix, start, None, Order::Ascending)
            .map(|(key, bytes)| Ok((key, decode(&bytes)?)))
    }

    /// The keys of those records: the raw rest of each. Reads as many records as the caller takes.
    pub fn keys<'s>(
        &self,
        storage: &'s dyn Storage,
        prefix: &[&[u8]],
        start_after: Option<&[u8]>,
    ) -> impl Iterator<Item = Vec<u8>> + use<'s, K, T> {
        let start = start_after.map(|key| RawBound::Exclusive(key.to_vec()));
        let prefix = self.raw_prefix(prefix);
        range_with_prefix(storage, &prefix, start, None, Order::Ascending).map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    const ITEMS: CompactMap<(&[u8], &[u8]), u32> = CompactMap::new("items");

    #[test]
    fn a_range_stays_below_its_prefix_and_starts_behind_a_key() {
        let mut storage = MockStorage::new();
        for (first, second) in [("a", "x"), ("a", "xy"), ("a", "y"), ("ab", "x"), ("b", "x")] {
            ITEMS
                .save(&mut storage, (first.as_bytes(), second.as_bytes()), &7)
                .unwrap();
        }
        let page = |start: Option<&[u8]>| -> Vec<Vec<u8>> {
            let range = ITEMS.range(&storage, &[b"a"], start);
            let found: Vec<Vec<u8>> = range.map(|item| item.unwrap().0).collect();
            let keys: Vec<Vec<u8>> = ITEMS.keys(&storage, &[b"a"], start).collect();
            assert_eq!(found, keys);
            found
        };
        assert_eq!(page(None), [b"x".to_vec(), b"xy".to_vec(), b"y".to_vec()]);
        assert_eq!(page(Some(b"x")), [b"xy".to_vec(), b"y".to_vec()]);
        assert_eq!(page(Some(b"y")), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn the_last_record_up_to_a_key_stays_below_its_prefix() {
        let mut storage = MockStorage::new();
        for (first, second, value) in [("a", "c", 1), ("b", "b", 2), ("b", "d", 3), ("c", "a", 4)] {
            ITEMS
                .save(&mut storage, (first.as_bytes(), second.as_bytes()), &value)
                .unwrap();
        }
        let found = |key: &[u8]| ITEMS.last_up_to(&storage, &[b"b"], key).unwrap();
        assert_eq!(found(b"a"), None);
        assert_eq!(found(b"b"), Some(2));
        assert_eq!(found(b"c"), Some(2));
        assert_eq!(found(b"e"), Some(3));
    }

    #[test]
    fn the_last_key_is_that_of_the_namespace() {
        const NUMBERS: CompactMap<u64, u32> = CompactMap::new("numbers");
        let mut storage = MockStorage::new();
        assert_eq!(NUMBERS.last_key(&storage), None);
        for number in [3, 1_000, 20] {
            NUMBERS.save(&mut storage, number, &0).unwrap();
        }
        ITEMS.save(&mut storage, (b"z", b"z"), &1).unwrap();
        assert_eq!(
            NUMBERS.last_key(&storage),
            Some(1_000u64.to_be_bytes().to_vec())
        );
    }

    #[test]
    fn keys_are_those_of_cw_storage_plus() {
        let plus: cw_storage_plus::Map<(&[u8], &[u8]), u32> = cw_storage_plus::Map::new("items");
        let key: (&[u8], &[u8]) = (b"first", b"second");
        assert_eq!(ITEMS.raw_key(&key), plus.key(key).to_vec());
    }
}
