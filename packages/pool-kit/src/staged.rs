//! A storage whose changes are applied or dropped as a whole.
//!
//! A hook must not fail the transaction that it comes from, and must not leave half a change behind
//! either; a query answers with what a message would do. Both run on a [`Staged`] storage. (A message
//! of the contract to itself would do the same for hooks, at 60 000 gas of set-up for each.)

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

use cosmwasm_std::{Order, Record, Storage};

/// Reads what `base` holds, and keeps what is written in memory.
pub struct Staged<'a> {
    base: &'a dyn Storage,
    changes: Changes,
}

/// What a [`Staged`] storage would write: by key a value, or nothing where the key is deleted.
#[derive(Default)]
pub struct Changes(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Changes {
    /// Writes the changes.
    pub fn apply(self, storage: &mut dyn Storage) {
        for (key, value) in self.0 {
            match value {
                Some(value) => storage.set(&key, &value),
                None => storage.remove(&key),
            }
        }
    }
}

impl<'a> Staged<'a> {
    /// Over what `base` holds.
    pub fn new(base: &'a dyn Storage) -> Self {
        Staged {
            base,
            changes: Changes::default(),
        }
    }

    /// The changes, to be applied.
    pub fn into_changes(self) -> Changes {
        self.changes
    }
}

impl Storage for Staged<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        match self.changes.0.get(key) {
            Some(value) => value.clone(),
            None => self.base.get(key),
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.changes.0.insert(key.to_vec(), Some(value.to_vec()));
    }

    fn remove(&mut self, key: &[u8]) {
        self.changes.0.insert(key.to_vec(), None);
    }

    /// Merges the changes into what is stored: at an equal key the change counts.
    fn range<'b>(
        &'b self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        if let (Some(start), Some(end)) = (start, end) {
            // `BTreeMap::range` panics for these.
            if start > end {
                return Box::new(std::iter::empty());
            }
        }
        let bounds = (
            start.map_or(Bound::Unbounded, Bound::Included),
            end.map_or(Bound::Unbounded, Bound::Excluded),
        );
        let mut changed = self.changes.0.range::<[u8], _>(bounds);
        let mut stored = self.base.range(start, end, order).peekable();
        let mut next_change = move || match order {
            Order::Ascending => changed.next(),
            Order::Descending => changed.next_back(),
        };
        let mut change = next_change();
        Box::new(std::iter::from_fn(move || {
            loop {
                let Some((key, value)) = change else {
                    return stored.next();
                };
                if let Some((stored_key, _)) = stored.peek() {
                    let position = match order {
                        Order::Ascending => key.cmp(stored_key),
                        Order::Descending => stored_key.cmp(key),
                    };
                    match position {
                        Ordering::Greater => return stored.next(),
                        // Replaced or deleted by the change.
                        Ordering::Equal => drop(stored.next()),
                        Ordering::Less => {}
                    }
                }
                change = next_change();
                if let Some(value) = value {
                    return Some((key.clone(), value.clone()));
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
