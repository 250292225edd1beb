//! Stored JSON: the same bytes as those of `cw_storage_plus`, read and written with little code.

use std::marker::PhantomData;

use cosmwasm_std::storage_keys::{namespace_with_key, to_length_prefixed};
use cosmwasm_std::{Order, StdError, StdResult, Storage};
use cw_storage_plus::{RawBound, range_with_prefix};
use serde::Serialize;

use super::{ReadJson, read, to_binary};

/// One value under a fixed key, as `cw_storage_plus::Item`.
pub struct LeanItem<T> {
    key: &'static str,
    value: PhantomData<T>,
}

impl<T: Serialize + ReadJson> LeanItem<T> {
    /// The value under `key`.
    pub const fn new(key: &'static str) -> Self {
        LeanItem {
            key,
            value: PhantomData,
        }
    }

    /// The value.
    ///
    /// # Errors
    /// When it was never written, or is no such value.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<T> {
        read(&stored(storage, self.key)?)
    }

    /// The value, `None` when it was never written.
    ///
    /// # Errors
    /// When what is stored is no such value.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        match storage.get(self.key.as_bytes()) {
            Some(json) => read(&json).map(Some),
            None => Ok(None),
        }
    }

    /// Writes the value.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        storage.set(self.key.as_bytes(), &to_binary(value)?);
        Ok(())
    }
}

#[inline(never)]
fn stored(storage: &dyn Storage, key: &str) -> StdResult<Vec<u8>> {
    storage
        .get(key.as_bytes())
        .ok_or_else(|| StdError::msg(format_args!("nothing is stored under `{key}`")))
}

/// Values by a key of bytes, as `cw_storage_plus::Map<&[u8], T>`.
pub struct LeanMap<T> {
    namespace: &'static str,
    value: PhantomData<T>,
}

impl<T: Serialize + ReadJson> LeanMap<T> {
    /// The values under `namespace`.
    pub const fn new(namespace: &'static str) -> Self {
        LeanMap {
            namespace,
            value: PhantomData,
        }
    }

    fn raw_key(&self, key: &[u8]) -> Vec<u8> {
        namespace_with_key(&[self.namespace.as_bytes()], key)
    }

    /// The value, `None` when there is none.
    ///
    /// # Errors
    /// When what is stored is no such value.
    pub fn may_load(&self, storage: &dyn Storage, key: &[u8]) -> StdResult<Option<T>> {
        match storage.get(&self.raw_key(key)) {
            Some(json) => read(&json).map(Some),
            None => Ok(None),
        }
    }

    /// Whether there is a value.
    pub fn has(&self, storage: &dyn Storage, key: &[u8]) -> bool {
        storage.get(&self.raw_key(key)).is_some()
    }

    /// Writes a value.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn save(&self, storage: &mut dyn Storage, key: &[u8], value: &T) -> StdResult<()> {
        storage.set(&self.raw_key(key), &to_binary(value)?);
        Ok(())
    }

    /// Deletes a value, if there is one.
    pub fn remove(&self, storage: &mut dyn Storage, key: &[u8]) {
        storage.remove(&self.raw_key(key));
    }

    /// Keys with their values, ascending, from the key behind `start_after` on. Reads as many as
    /// the caller takes.
    pub fn range<'s>(
        &self,
        storage: &'s dyn Storage,
        start_after: Option<&[u8]>,
    ) -> impl Iterator<Item = StdResult<(Vec<u8>, T)>> + use<'s, T> {
        let start = start_after.map(|key| RawBound::Exclusive(key.to_vec()));
        let namespace = to_length_prefixed(self.namespace.as_bytes());
        range_with_prefix(storage, &namespace, start, None, Order::Ascending)
            .map(|(key, json)| Ok((key, read(&json)?)))
    }
}
