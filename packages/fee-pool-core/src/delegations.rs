//! Records of delegations, whichever the accounting.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use cw_storage_plus::PrimaryKey;
use distribution_math::compact;
use pool_kit::PerDenom;
use pool_kit::compact::CompactMap;

use crate::ContractError;

/// By validator, then delegator: which delegations there are. The value is always true: storage
/// takes no empty ones.
const DELEGATORS: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("delegators");

/// A page of records' keys.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The key that the last page ended with.
    pub start_after: Option<&'a AddressBytes>,
    /// The most keys of this page.
    pub limit: usize,
}

impl Page<'_> {
    /// The page of addresses that the keys of `records` below `prefix` end with.
    pub(crate) fn addresses<'k, K: PrimaryKey<'k>, T: BorshSerialize + BorshDeserialize>(
        &self,
        records: &CompactMap<K, T>,
        storage: &dyn Storage,
        prefix: &[&[u8]],
    ) -> Result<Vec<AddressBytes>, ContractError> {
        let start_after = self.start_after.map(AddressBytes::as_slice);
        let keys = records.keys(storage, prefix, start_after).take(self.limit);
        keys.map(|key| Ok(AddressBytes::new(&key)?)).collect()
    }
}

/// Names one delegation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegationKey {
    /// Who delegates.
    pub delegator: AddressBytes,
    /// To whom.
    pub validator: AddressBytes,
}

impl DelegationKey {
    fn by_delegator(&self) -> (&[u8], &[u8]) {
        (self.delegator.as_slice(), self.validator.as_slice())
    }

    fn by_validator(&self) -> (&[u8], &[u8]) {
        (self.validator.as_slice(), self.delegator.as_slice())
    }
}

/// A delegator's record with one validator. `C` is
/// [`Accounting::Claim`](crate::accounting::Accounting::Claim).
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Delegation<C> {
    /// Its units.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// By denom.
    pub denoms: PerDenom<C>,
}

impl<C: BorshSerialize + BorshDeserialize> Delegation<C> {
    /// The record, `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn may_load(
        storage: &dyn Storage,
        key: DelegationKey,
    ) -> Result<Option<Self>, ContractError> {
        Ok(Self::records().may_load(storage, key.by_delegator())?)
    }

    /// By delegator, then validator.
    fn records<'k>() -> CompactMap<(&'k [u8], &'k [u8]), Self> {
        CompactMap::new("delegations")
    }

    /// Writes a record that was there before.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage, key: DelegationKey) -> Result<(), ContractError> {
        Ok(Self::records().save(storage, key.by_delegator(), self)?)
    }

    /// Writes a record that was not there before.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn create(
        &self,
        storage: &mut dyn Storage,
        key: DelegationKey,
    ) -> Result<(), ContractError> {
        DELEGATORS.save(storage, key.by_validator(), &true)?;
        self.save(storage, key)
    }

    /// Deletes the record.
    pub fn delete(storage: &mut dyn Storage, key: DelegationKey) {
        Self::records().remove(storage, key.by_delegator());
        DELEGATORS.remove(storage, key.by_validator());
    }

    /// The validators that a delegator has a record with, in the order of their bytes.
    ///
    /// # Errors
    /// Unreadable keys.
    pub fn validators_of(
        storage: &dyn Storage,
        delegator: &AddressBytes,
        page: Page,
    ) -> Result<Vec<AddressBytes>, ContractError> {
        page.addresses(&Self::records(), storage, &[delegator.as_slice()])
    }
}

/// The delegators that a validator has a record of, in the order of their bytes.
///
/// # Errors
/// Unreadable keys.
pub fn delegators_of(
    storage: &dyn Storage,
    validator: &AddressBytes,
    page: Page,
) -> Result<Vec<AddressBytes>, ContractError> {
    page.addresses(&DELEGATORS, storage, &[validator.as_slice()])
}
