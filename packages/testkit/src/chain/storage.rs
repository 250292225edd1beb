//! What an embedded chain remembers, so that it can be taken back.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;

use cosmwasm_std::{BlockInfo, Order, Record, Storage};

/// The records of a chain. A clone costs nothing until one of the two changes, which copies them
/// all once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainStorage {
    records: Rc<BTreeMap<Vec<u8>, Vec<u8>>>,
}

/// A moment of a chain: everything but the stored codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) storage: ChainStorage,
    pub(super) block: BlockInfo,
}

impl ChainStorage {
    /// All records, in the order of their keys: what a search through states tells states apart by.
    pub fn records(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.records.iter().map(|(key, value)| (&**key, &**value))
    }
}

impl Snapshot {
    /// The records at that moment.
    #[must_use]
    pub fn storage(&self) -> &ChainStorage {
        &self.storage
    }

    /// The block at that moment.
    #[must_use]
    pub fn block(&self) -> &BlockInfo {
        &self.block
    }
}

impl Storage for ChainStorage {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.records.get(key).cloned()
    }

    /// # Panics
    /// When the value is empty, as the VM does.
    fn set(&mut self, key: &[u8], value: &[u8]) {
        assert!(!value.is_empty(), "the VM stores no empty values");
        Rc::make_mut(&mut self.records).insert(key.to_vec(), value.to_vec());
    }

    fn remove(&mut self, key: &[u8]) {
        if self.records.contains_key(key) {
            Rc::make_mut(&mut self.records).remove(key);
        }
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        // The map panics at a range that ends before it begins.
        if let (Some(start), Some(end)) = (start, end)
            && start >= end
        {
            return Box::new(std::iter::empty());
        }
        let start = start.map_or(Bound::Unbounded, Bound::Included);
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let records = self
            .records
            .range::<[u8], _>((start, end))
            .map(|(key, value)| (key.clone(), value.clone()));
        match order {
            Order::Ascending => Box::new(records),
            Order::Descending => Box::new(records.rev()),
        }
    }
}
