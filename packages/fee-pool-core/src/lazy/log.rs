//! The log of power changes: what changed how recipients share the pools, in its order.
//!
//! Nobody needs it to be paid, because running sums stand for it. It is there for whoever wants to
//! follow or check an adjustment by walking along it. There is one entry for each change, under its
//! sequence; entries are never rewritten or deleted.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::{StdError, Storage};
use distribution_math::{Points, Rate, compact};
use pool_kit::PerDenom;
use pool_kit::compact::CompactMap;

use super::records::Validator;
use super::scenario::{Distributor, Distributors, PoolShare, PoolShareChange};
use super::{Books, SharedRewards};
use crate::ContractError;
use crate::pool::Pool;

/// By sequence, from 1 on.
const LOG: CompactMap<u64, PowerChange> = CompactMap::new("log");

/// What of a validator decides how it and its recipients share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ValidatorState {
    /// Voting power `T`; 0 when it is not active.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// Units `D` of its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// Commission rate `c`.
    pub rate: Rate,
}

/// What all validators together have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Totals {
    /// Power of all active validators: `S` of the pool by power.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// How many they are: `S` of the pool in equal parts.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub active: u32,
}

impl Totals {
    /// The totals when one validator's power has changed. No total is below the power of one, nor
    /// does any reach 2^64: see [`crate::powers::set`].
    pub(super) fn with(self, before: u64, after: u64) -> Self {
        let power = self.power.saturating_sub(before).saturating_add(after);
        let active = self.active.saturating_sub(u32::from(before > 0));
        Totals {
            power,
            active: active.saturating_add(u32::from(after > 0)),
        }
    }
}

/// A validator among all validators, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Snapshot {
    /// The validator.
    pub validator: ValidatorState,
    /// All validators.
    pub totals: Totals,
}

impl Snapshot {
    /// The one of now.
    pub(super) fn now(pool: &Pool<SharedRewards>, validator: ValidatorState) -> Self {
        Snapshot {
            validator,
            totals: Totals {
                power: pool.totals.power,
                active: pool.totals.active_validators,
            },
        }
    }

    fn share(&self, weight: u128, total: u128) -> PoolShare {
        PoolShare {
            weight,
            units: self.validator.units,
            rate: self.validator.rate,
            total,
        }
    }

    /// The validator's shares of the two parts of the global pool: by power and in equal parts.
    pub fn in_global_pool(&self) -> [PoolShare; 2] {
        let is_active = self.validator.power > 0;
        [
            self.share(self.validator.power.into(), self.totals.power.into()),
            self.share(u128::from(is_active), self.totals.active.into()),
        ]
    }

    /// Its share of its own proposer pool.
    pub fn in_proposer_pool(&self) -> PoolShare {
        self.share(self.validator.units, self.validator.units)
    }
}

/// What pools had received of one denom by some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Received {
    /// The pool by power.
    pub by_power: Points,
    /// The pool in equal parts.
    pub equally: Points,
    /// The proposer pool of the validator in question.
    pub proposer: Points,
}

impl Received {
    /// The global pool at a snapshot.
    pub fn global_pool(&self, snapshot: &Snapshot) -> Distributors {
        let [by_power, equally] = snapshot.in_global_pool();
        let part = |share, received| Distributor { share, received };
        Distributors::GlobalPool([part(by_power, self.by_power), part(equally, self.equally)])
    }

    /// The proposer pool at a snapshot.
    pub fn proposer_pool(&self, snapshot: &Snapshot) -> Distributors {
        Distributors::ProposerPool([Distributor {
            share: snapshot.in_proposer_pool(),
            received: self.proposer,
        }])
    }
}

/// A validator among all validators before and after something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Change {
    /// Right before.
    pub before: Snapshot,
    /// Right after.
    pub after: Snapshot,
}

impl Change {
    /// The change of the global pool's parts, which had received so much, for recipients of the
    /// validator.
    pub fn of_global_pool(&self, received: &Received) -> [PoolShareChange; 2] {
        let [power_before, active_before] = self.before.in_global_pool();
        let [power_after, active_after] = self.after.in_global_pool();
        [
            PoolShareChange {
                before: power_before,
                after: power_after,
                received: received.by_power,
            },
            PoolShareChange {
                before: active_before,
                after: active_after,
                received: received.equally,
            },
        ]
    }

    /// The change of the validator's proposer pool.
    pub fn of_proposer_pool(&self, received: &Received) -> [PoolShareChange; 1] {
        [PoolShareChange {
            before: self.before.in_proposer_pool(),
            after: self.after.in_proposer_pool(),
            received: received.proposer,
        }]
    }

    /// The same change as recipients of another validator, in this state, see it: only the totals
    /// change.
    #[must_use]
    pub fn seen_by(&self, state: ValidatorState) -> Self {
        let at = |totals| Snapshot {
            validator: state,
            totals,
        };
        Change {
            before: at(self.before.totals),
            after: at(self.after.totals),
        }
    }
}

/// Something changed how pools are shared: a validator's power, the units of its delegations or its
/// commission.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PowerChange {
    /// Whose.
    pub validator: AddressBytes,
    /// Before and after.
    pub change: Change,
    /// What the pools had received by then.
    pub received: PerDenom<Received>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its number, from 1 on. Several can be of one block.
    pub sequence: u64,
    /// What changed.
    pub entry: PowerChange,
}

fn sequence(key: Vec<u8>) -> Result<u64, ContractError> {
    let bytes = <[u8; 8]>::try_from(key)
        .map_err(|_| StdError::msg("a key of the log of power changes is not a sequence"))?;
    Ok(u64::from_be_bytes(bytes))
}

/// Appends an entry about a validator.
pub(super) fn append(
    books: &mut Books,
    validator: &AddressBytes,
    record: &Validator,
    change: &Change,
) -> Result<(), ContractError> {
    let newest = match LOG.last_key(books.storage) {
        Some(key) => sequence(key)?,
        None => 0,
    };
    let mut received = PerDenom::default();
    for (denom, pool) in books.pool.denoms.iter() {
        received.set(denom, record.received(&pool.shared, denom));
    }
    let entry = PowerChange {
        validator: *validator,
        change: *change,
        received,
    };
    Ok(LOG.save(books.storage, newest.saturating_add(1), &entry)?)
}

/// Entries behind a sequence, the older first.
///
/// # Errors
/// Unreadable records.
pub fn page(
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: usize,
) -> Result<Vec<LoggedChange>, ContractError> {
    let start_after = start_after.unwrap_or_default().to_be_bytes();
    LOG.range(storage, &[], Some(&start_after))
        .take(limit)
        .map(|record| {
            let (key, entry) = record?;
            Ok(LoggedChange {
                sequence: sequence(key)?,
                entry,
            })
        })
        .collect()
}

/// The newest entry.
pub(super) fn newest(storage: &dyn Storage) -> Result<Option<PowerChange>, ContractError> {
    match LOG.last_key(storage) {
        Some(key) => Ok(LOG.may_load(storage, sequence(key)?)?),
        None => Ok(None),
    }
}
