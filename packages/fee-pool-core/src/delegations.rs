//! Records of delegations, whichever the accounting.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use cw_storage_plus::PrimaryKey;
use distribution_math::compact;
use pool_kit::compact::CompactMap;
use pool_kit::{PerDenom, paging};

use crate::ContractError;
use crate::context::Context;

/// By validator, then delegator: which delegations there are. The value is always true: storage
/// takes no empty ones.
const DELEGATORS: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("delegators");

/// A page as a caller names it.
#[derive(Clone, Debug)]
pub struct PageArgs {
    /// The key that the last page ended with.
    pub start_after: Option<String>,
    /// The most entries of this page: 30 by default, at most 100.
    pub limit: Option<u32>,
}

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

    /// Writes a record that may not have been there before.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn write(
        &self,
        storage: &mut dyn Storage,
        key: DelegationKey,
        is_new: bool,
    ) -> Result<(), ContractError> {
        if is_new {
            DELEGATORS.save(storage, key.by_validator(), &true)?;
        }
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

/// One page of the validators that a delegator has a record with.
#[derive(Clone, Debug)]
pub struct DelegatorPage {
    delegator: AddressBytes,
    validators: Vec<AddressBytes>,
    has_more: bool,
}

impl DelegatorPage {
    /// Reads a page of records with the claim `C`.
    ///
    /// # Errors
    /// For a page of no entries and a cursor that is no address of this chain.
    pub fn read<C: BorshSerialize + BorshDeserialize>(
        ctx: &Context,
        storage: &dyn Storage,
        delegator: AddressBytes,
        page: PageArgs,
    ) -> Result<Self, ContractError> {
        let start_after = match page.start_after {
            Some(validator) => Some(ctx.validator(&validator)?),
            None => None,
        };
        let limit = paging::limit(page.limit)?;
        let page = Page {
            start_after: start_after.as_ref(),
            // One more than asked for shows whether there is another page.
            limit: limit.saturating_add(1),
        };
        let mut validators = Delegation::<C>::validators_of(storage, &delegator, page)?;
        let has_more = validators.len() > limit;
        validators.truncate(limit);
        Ok(DelegatorPage {
            delegator,
            validators,
            has_more,
        })
    }

    /// The validators, in the order of their bytes.
    pub fn validators(&self) -> &[AddressBytes] {
        &self.validators
    }

    /// The delegations.
    pub fn keys(&self) -> impl Iterator<Item = DelegationKey> + '_ {
        self.validators.iter().map(|validator| DelegationKey {
            delegator: self.delegator,
            validator: *validator,
        })
    }

    /// What the next page starts after, none when this is the last.
    pub fn next(&self, ctx: &Context) -> Option<String> {
        let last = self.validators.last().filter(|_| self.has_more);
        last.map(|validator| ctx.show_validator(validator))
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
