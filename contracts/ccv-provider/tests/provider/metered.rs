//! A storage that meters as the SDK does.

use std::cell::Cell;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};

/// What the chain puts before a key: the contract's address.
const PREFIX: usize = 33;

/// Counts the gas of everything that is read and written.
#[derive(Default)]
pub struct Metered {
    storage: MockStorage,
    gas: Cell<usize>,
}

impl Metered {
    /// What was counted since the last call.
    pub fn take_gas(&self) -> usize {
        self.gas.take()
    }

    fn meter(&self, gas: usize) {
        self.gas.set(self.gas.get() + gas);
    }
}

impl Storage for Metered {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.storage.get(key);
        let length = value.as_ref().map_or(0, Vec::len);
        self.meter(1_000 + 3 * (PREFIX + key.len() + length));
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.meter(2_000 + 30 * (PREFIX + key.len() + value.len()));
        self.storage.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.meter(1_000);
        self.storage.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let records = self.storage.range(start, end, order);
        Box::new(records.inspect(|(key, value)| {
            self.meter(30 + 3 * (PREFIX + key.len() + value.len()));
        }))
    }
}
