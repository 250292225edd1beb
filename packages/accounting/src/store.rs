//! Records in a compact binary codec, and changes that are kept or dropped as a whole.

use std::cell::Cell;
use std::cmp::Ordering;
use std::marker::PhantomData;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::storage_keys::{namespace_with_key, to_length_prefixed_nested};
use cosmwasm_std::{Order, Record, StdError, StdResult, Storage};
use cw_storage_plus::{PrimaryKey, range_with_prefix};

/// What most records with 8 denoms fit in.
const LENGTH: usize = 512;

thread_local! {
    /// Where records are encoded, one after the other: a call may hold all it ever allocated.
    static ENCODED: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What is made of the encoding of a value. Takes memory for the first one that is so long only.
pub(crate) fn with_encoded<T: BorshSerialize, U>(
    value: &T,
    make: impl FnOnce(&[u8]) -> U,
) -> StdResult<U> {
    let mut bytes = ENCODED.take();
    bytes.clear();
    bytes.reserve(LENGTH);
    let encoded = value.serialize(&mut bytes).map_err(StdError::msg);
    let made = encoded.map(|()| make(&bytes));
    ENCODED.set(bytes);
    made
}

fn decode<T: BorshDeserialize>(bytes: &[u8]) -> StdResult<T> {
    borsh::from_slice(bytes).map_err(StdError::msg)
}

/// The raw records of a namespace below `prefix`, ascending, from the key behind `start_after` on.
fn raw_range<'s>(
    storage: &'s dyn Storage,
    namespace: &str,
    prefix: &[&[u8]],
    start_after: Option<&[u8]>,
) -> Box<dyn Iterator<Item = Record> + 's> {
    let mut path = vec![namespace.as_bytes()];
    path.extend(prefix);
    // The first key behind K is K with a zero byte.
    let start = start_after.map(|key| [key, &[0]].concat());
    range_with_prefix(
        storage,
        &to_length_prefixed_nested(&path),
        start.map(cw_storage_plus::RawBound::Inclusive),
        None,
        Order::Ascending,
    )
}

/// Most keys that room is made for before they are found.
const PAGE: usize = 128;

/// One page of the keys of a namespace below `prefix` (their leading parts), ascending, from the
/// key behind `start_after` on: the raw rest of each. Reads as many records as the page has keys.
pub fn keys(
    storage: &dyn Storage,
    namespace: &str,
    prefix: &[&[u8]],
    start_after: Option<&[u8]>,
    limit: usize,
) -> Vec<Vec<u8>> {
    let mut keys = Vec::with_capacity(limit.min(PAGE));
    let mut records = raw_range(storage, namespace, prefix, start_after);
    while keys.len() < limit
        && let Some((key, _)) = records.next()
    {
        keys.push(key);
    }
    keys
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
        storage
            .get(self.key.as_bytes())
            .map(|bytes| decode(&bytes))
            .transpose()
    }

    /// Writes the record.
    ///
    /// # Errors
    /// None in practice: memory is the only sink.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        with_encoded(value, |bytes| storage.set(self.key.as_bytes(), bytes))
    }
}

/// Records by key, under one namespace. Keys are laid out as in `cw_storage_plus::Map`.
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

    /// The namespace.
    pub const fn namespace(&self) -> &'static str {
        self.namespace
    }

    fn raw_key(&self, key: &K) -> Vec<u8> {
        let parts = key.key();
        let namespace = self.namespace.as_bytes();
        match parts.as_slice() {
            [last] => namespace_with_key(&[namespace], last.as_ref()),
            [first, last] => namespace_with_key(&[namespace, first.as_ref()], last.as_ref()),
            parts => {
                let mut path = vec![namespace];
                path.extend(parts.iter().map(AsRef::as_ref));
                let last = path.pop().unwrap_or_default();
                namespace_with_key(&path, last)
            }
        }
    }

    /// The record, `None` when there is none.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        storage
            .get(&self.raw_key(&key))
            .map(|bytes| decode(&bytes))
            .transpose()
    }

    /// Whether there is a record.
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        storage.get(&self.raw_key(&key)).is_some()
    }

    /// Writes a record.
    ///
    /// # Errors
    /// None in practice: memory is the only sink.
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) -> StdResult<()> {
        with_encoded(value, |bytes| self.save_encoded(storage, key, bytes))
    }

    /// Writes a record that is encoded already.
    pub(crate) fn save_encoded(&self, storage: &mut dyn Storage, key: K, bytes: &[u8]) {
        storage.set(&self.raw_key(&key), bytes);
    }

    /// Deletes a record, if there is one.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.raw_key(&key));
    }

    /// The record with the last key, and that raw key.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn last(&self, storage: &dyn Storage) -> StdResult<Option<(Vec<u8>, T)>> {
        let namespace = to_length_prefixed_nested(&[self.namespace.as_bytes()]);
        range_with_prefix(storage, &namespace, None, None, Order::Descending)
            .next()
            .map(|(key, bytes)| Ok((key, decode(&bytes)?)))
            .transpose()
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
        let mut path = vec![self.namespace.as_bytes()];
        path.extend(prefix);
        range_with_prefix(
            storage,
            &to_length_prefixed_nested(&path),
            None,
            Some(cw_storage_plus::RawBound::Inclusive(key.to_vec())),
            Order::Descending,
        )
        .next()
        .map(|(_, bytes)| decode(&bytes))
        .transpose()
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
        raw_range(storage, self.namespace, prefix, start_after)
            .map(|(key, bytes)| Ok((key, decode(&bytes)?)))
    }
}

impl<T: BorshSerialize + BorshDeserialize> CompactMap<u64, T> {
    /// The records up to a key, ascending. Reads as many records as the caller takes.
    pub fn up_to<'s>(
        &self,
        storage: &'s dyn Storage,
        last: u64,
    ) -> impl Iterator<Item = StdResult<(Vec<u8>, T)>> + use<'s, T> {
        let namespace = to_length_prefixed_nested(&[self.namespace.as_bytes()]);
        let last = cw_storage_plus::RawBound::Inclusive(last.to_be_bytes().to_vec());
        range_with_prefix(storage, &namespace, None, Some(last), Order::Ascending)
            .map(|(key, bytes)| Ok((key, decode(&bytes)?)))
    }
}

/// Field codec for byte strings of up to 255 bytes, such as addresses, by
/// `#[borsh(serialize_with, deserialize_with)]`: one byte of length, then the bytes.
pub mod short_bytes {
    use std::io;

    use borsh::BorshDeserialize;

    /// Writes a byte string.
    ///
    /// # Errors
    /// Those of the writer, and `InvalidData` above 255 bytes.
    pub fn write(bytes: &[u8], writer: &mut impl io::Write) -> io::Result<()> {
        let length = u8::try_from(bytes.len()).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "byte string above 255 bytes")
        })?;
        writer.write_all(&[length])?;
        writer.write_all(bytes)
    }

    /// Reads what [`write()`] wrote.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(reader: &mut impl io::Read) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::from(u8::deserialize_reader(reader)?)];
        reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// A storage whose changes are kept apart until somebody wants them.
///
/// A hook must not fail the transaction it comes from, and must not leave half a change behind
/// either; a query answers with what a message would do. Both run on this and drop it, or take
/// [`Staged::into_changes`].
pub struct Staged<'a> {
    base: &'a dyn Storage,
    changes: Changes,
}

/// What a [`Staged`] storage would write.
pub struct Changes {
    /// Sorted by their keys. A new key moves those behind it: for a thousand keys in no order that
    /// is a quarter of a million moves in all, still little beside a thousand writes.
    sorted: Vec<Change>,
}

/// What becomes of one key: a value, or nothing.
struct Change {
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

impl Changes {
    /// Writes the changes.
    pub fn apply(self, storage: &mut dyn Storage) {
        for Change { key, value } in self.sorted {
            match value {
                Some(value) => storage.set(&key, &value),
                None => storage.remove(&key),
            }
        }
    }

    /// Where a key stands, or where it would.
    fn place(&self, key: &[u8]) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|change| change.key.as_slice().cmp(key))
    }

    fn put(&mut self, key: &[u8], value: Option<Vec<u8>>) {
        let place = self.place(key);
        if let Some(change) = place.ok().and_then(|place| self.sorted.get_mut(place)) {
            change.value = value;
        } else if let Err(place) = place {
            let key = key.to_vec();
            self.sorted.insert(place, Change { key, value });
        }
    }

    /// The changes from a key on and before another.
    fn within(&self, start: Option<&[u8]>, end: Option<&[u8]>) -> &[Change] {
        let place = |key: &[u8]| {
            let (Ok(place) | Err(place)) = self.place(key);
            place
        };
        let first = start.map_or(0, place);
        let behind = end.map_or(self.sorted.len(), place);
        self.sorted.get(first..behind).unwrap_or_default()
    }
}

impl<'a> Staged<'a> {
    /// Over what `base` holds.
    pub fn new(base: &'a dyn Storage) -> Self {
        Staged {
            base,
            changes: Changes { sorted: Vec::new() },
        }
    }

    /// The changes, to be applied.
    pub fn into_changes(self) -> Changes {
        self.changes
    }
}

impl Storage for Staged<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let place = self.changes.place(key).ok();
        match place.and_then(|place| self.changes.sorted.get(place)) {
            Some(change) => change.value.clone(),
            None => self.base.get(key),
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.changes.put(key, Some(value.to_vec()));
    }

    fn remove(&mut self, key: &[u8]) {
        self.changes.put(key, None);
    }

    fn range<'b>(
        &'b self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        let mut changed = self.changes.within(start, end);
        let mut stored = self.base.range(start, end, order).peekable();
        Box::new(std::iter::from_fn(move || {
            loop {
                let next = match order {
                    Order::Ascending => changed.split_first(),
                    Order::Descending => changed.split_last(),
                };
                let Some((change, rest)) = next else {
                    return stored.next();
                };
                if let Some((key, _)) = stored.peek() {
                    match (change.key.cmp(key), order) {
                        // Replaced or deleted by the change.
                        (Ordering::Equal, _) => drop(stored.next()),
                        (Ordering::Greater, Order::Ascending)
                        | (Ordering::Less, Order::Descending) => return stored.next(),
                        _ => {}
                    }
                }
                changed = rest;
                if let Some(value) = &change.value {
                    return Some((change.key.clone(), value.clone()));
                }
            }
        }))
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use cosmwasm_std::testing::MockStorage;
    use proptest::prelude::*;

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
            ITEMS
                .range(&storage, &[b"a"], start)
                .map(|item| item.unwrap().0)
                .collect()
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

    #[derive(Clone, Debug)]
    enum Change {
        Set(u8, u8),
        Remove(u8),
    }

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        prop::collection::vec(
            prop_oneof![
                (0u8..20, any::<u8>()).prop_map(|(key, value)| Change::Set(key, value)),
                (0u8..20).prop_map(Change::Remove),
            ],
            0..40,
        )
    }

    fn apply(storage: &mut dyn Storage, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Set(key, value) => storage.set(&[*key], &[*value]),
                Change::Remove(key) => storage.remove(&[*key]),
            }
        }
    }

    proptest! {
        #[test]
        fn staged_changes_read_like_written_ones(
            before in changes(),
            after in changes(),
            start in prop::option::of(0u8..20),
            end in prop::option::of(0u8..20),
            descending: bool,
        ) {
            let mut written = MockStorage::new();
            apply(&mut written, &before);
            let base = {
                let mut base = MockStorage::new();
                apply(&mut base, &before);
                base
            };
            let mut staged = Staged::new(&base);
            apply(&mut staged, &after);
            apply(&mut written, &after);

            let order = if descending { Order::Descending } else { Order::Ascending };
            let (start, end) = (start.map(|key| [key]), end.map(|key| [key]));
            let bounds = (start.as_ref().map(|key| &key[..]), end.as_ref().map(|key| &key[..]));
            let seen: Vec<Record> = staged.range(bounds.0, bounds.1, order).collect();
            let expected: Vec<Record> = written.range(bounds.0, bounds.1, order).collect();
            prop_assert_eq!(&seen, &expected);
            for key in 0u8..20 {
                prop_assert_eq!(staged.get(&[key]), written.get(&[key]));
            }

            let changes = staged.into_changes();
            let mut target = MockStorage::new();
            apply(&mut target, &before);
            changes.apply(&mut target);
            let all: Vec<Record> = target.range(None, None, Order::Ascending).collect();
            prop_assert_eq!(all, written.range(None, None, Order::Ascending).collect::<Vec<_>>());
        }
    }
}
