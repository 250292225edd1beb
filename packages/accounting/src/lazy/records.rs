//! Stored records of the lazy accounting.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::{ExchangeRate, FinePoints, Points, Rate, SignedPoints, compact};

use super::log::{Received, Totals, ValidatorState};
use super::sums::PoolSums;
use crate::denoms::PerDenom;
use crate::pool::PoolDenom;
use crate::store::CompactMap;
use crate::{AccountingError, AccountingFault, Amounts, DelegationKey, DenomId};

/// By validator.
const PROPOSER_POOLS: CompactMap<&[u8], ProposerPool> = CompactMap::new("lprop");
/// By validator.
const VALIDATORS: CompactMap<&[u8], Validator> = CompactMap::new("lval");
/// By delegator, then validator.
const DELEGATIONS: CompactMap<(&[u8], &[u8]), Delegation> = CompactMap::new("ldel");
/// By validator, then delegator: which delegations there are. The value is always true: storage
/// takes no empty ones.
const DELEGATORS: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("ldelby");

/// What a validator alone receives, as proposer or by name: all that a block writes of it.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct ProposerPool {
    /// Whether the validator was removed.
    pub removed: bool,
    /// Whether it has delegations: without any, nothing stays in the pool.
    pub delegated: bool,
    /// `E` by denom.
    pub received: Amounts,
}

impl ProposerPool {
    pub fn may_load(
        storage: &dyn Storage,
        validator: &[u8],
    ) -> Result<Option<Self>, AccountingError> {
        Ok(PROPOSER_POOLS.may_load(storage, validator)?)
    }

    pub fn load(storage: &dyn Storage, validator: &[u8]) -> Result<Self, AccountingError> {
        Self::may_load(storage, validator)?.ok_or_else(|| AccountingFault::UnknownValidator.into())
    }

    pub fn save(self, storage: &mut dyn Storage, validator: &[u8]) -> Result<(), AccountingError> {
        Ok(PROPOSER_POOLS.save(storage, validator, &self)?)
    }

    /// What the validator's three pools have received of a denom.
    pub fn received(&self, pool: &PoolDenom, denom: DenomId) -> Received {
        Received {
            by_power: pool.by_power,
            equally: pool.equally,
            proposer: self.received.get(denom),
        }
    }
}

/// A validator: how it shares, and the adjustments of what shares through it.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Validator {
    /// How it shares.
    pub state: ValidatorState,
    /// Set while the chain has announced a new commission rate and not told it.
    pub announced: Option<Announcement>,
    /// Tokens per share; none while it was never slashed.
    pub exchange_rate: Option<ExchangeRate>,
    /// By denom.
    pub denoms: PerDenom<Adjustments>,
}

/// Where in time a commission rate changed that is not known yet: the adjustments stand there.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Announcement {
    /// The place of the change in the log.
    pub sequence: u64,
    /// What all validators had.
    pub totals: Totals,
    /// What the pools had received.
    pub received: PerDenom<Received>,
}

/// Adjustments of a validator's recipients in one denom, at its own last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Adjustments {
    /// The running sums when the others were brought up to date.
    pub seen: PoolSums,
    /// `X`: of one delegated unit, in the global pool.
    pub unit: FinePoints,
    /// The same in the proposer pool.
    pub unit_proposer: FinePoints,
    /// `validator.commission_adjustment`.
    pub commission: SignedPoints,
    /// `validator.commission_adjustment_proposer`.
    pub commission_proposer: SignedPoints,
    /// Of the community pool, for what no delegator was there to take.
    pub unowned: SignedPoints,
    /// Of the validator as a whole, over all pools.
    pub validator: SignedPoints,
}

impl Validator {
    pub fn new(rate: Rate) -> Self {
        Validator {
            state: ValidatorState {
                power: 0,
                units: 0,
                rate,
            },
            announced: None,
            exchange_rate: None,
            denoms: PerDenom::default(),
        }
    }

    pub fn load(storage: &dyn Storage, validator: &[u8]) -> Result<Self, AccountingError> {
        Self::may_load(storage, validator)?.ok_or_else(|| AccountingFault::UnknownValidator.into())
    }

    pub fn may_load(
        storage: &dyn Storage,
        validator: &[u8],
    ) -> Result<Option<Self>, AccountingError> {
        Ok(VALIDATORS.may_load(storage, validator)?)
    }

    pub fn save(&self, storage: &mut dyn Storage, validator: &[u8]) -> Result<(), AccountingError> {
        Ok(VALIDATORS.save(storage, validator, self)?)
    }

    /// Changes the adjustments of a denom.
    pub fn update<T>(
        &mut self,
        denom: DenomId,
        change: impl FnOnce(&mut Adjustments) -> Result<T, AccountingError>,
    ) -> Result<T, AccountingError> {
        let mut adjustments = self.denoms.get(denom);
        let result = change(&mut adjustments)?;
        self.denoms.set(denom, adjustments);
        Ok(result)
    }
}

/// A delegator's record with one validator.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Delegation {
    /// Its units.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// By denom.
    pub denoms: PerDenom<DelegationAdjustments>,
}

/// Adjustments of a delegation in one denom, at its own last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct DelegationAdjustments {
    /// `delegation.adjustment`.
    pub global: SignedPoints,
    /// `X` then.
    pub unit: FinePoints,
    /// `delegation.adjustment_proposer`.
    pub proposer: SignedPoints,
    /// `X` of the proposer pool then.
    pub unit_proposer: FinePoints,
}

impl Delegation {
    pub fn may_load(
        storage: &dyn Storage,
        key: DelegationKey,
    ) -> Result<Option<Self>, AccountingError> {
        Ok(DELEGATIONS.may_load(storage, (key.delegator, key.validator))?)
    }

    pub fn save(
        self,
        storage: &mut dyn Storage,
        key: DelegationKey,
    ) -> Result<(), AccountingError> {
        Ok(DELEGATIONS.save(storage, (key.delegator, key.validator), &self)?)
    }

    /// Writes a record that was not there before.
    pub fn create(
        self,
        storage: &mut dyn Storage,
        key: DelegationKey,
    ) -> Result<(), AccountingError> {
        DELEGATORS.save(storage, (key.validator, key.delegator), &true)?;
        self.save(storage, key)
    }

    pub fn delete(storage: &mut dyn Storage, key: DelegationKey) {
        DELEGATIONS.remove(storage, (key.delegator, key.validator));
        DELEGATORS.remove(storage, (key.validator, key.delegator));
    }
}

/// One page of keys.
type Keys = Result<Vec<Vec<u8>>, AccountingError>;

pub(super) fn validators(storage: &dyn Storage, start_after: Option<&[u8]>, limit: usize) -> Keys {
    PROPOSER_POOLS
        .range(storage, &[], start_after)
        .take(limit)
        .map(|item| Ok(item?.0))
        .collect()
}

pub(super) fn validators_of_delegator(
    storage: &dyn Storage,
    delegator: &[u8],
    start_after: Option<&[u8]>,
    limit: usize,
) -> Keys {
    DELEGATIONS
        .range(storage, &[delegator], start_after)
        .take(limit)
        .map(|item| Ok(item?.0))
        .collect()
}

pub(super) fn delegators_of_validator(
    storage: &dyn Storage,
    validator: &[u8],
    start_after: Option<&[u8]>,
    limit: usize,
) -> Keys {
    DELEGATORS
        .range(storage, &[validator], start_after)
        .take(limit)
        .map(|item| Ok(item?.0))
        .collect()
}

/// Points that a recipient may claim of one denom, by pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entitlement {
    /// From the global pool.
    pub global: Points,
    /// From the validator's proposer pool.
    pub proposer: Points,
}

impl Entitlement {
    pub fn total(&self) -> Result<Points, AccountingError> {
        Ok(self.global.checked_add(self.proposer)?)
    }

    /// How an amount is taken from it: from the proposer pool first. The amount is at most the
    /// total.
    pub fn taking(&self, amount: Points) -> Entitlement {
        let proposer = self.proposer.min(amount);
        Entitlement {
            global: amount.saturating_sub(proposer),
            proposer,
        }
    }
}
