//! Stored records of the lazy accounting.
//!
//! A validator has five, split by what writes them, because written bytes are most of what a message
//! costs:
//!
//! | record | written by |
//! |---|---|
//! | [`ProposerPool`] | a block that it proposes, a reward for it alone |
//! | `V`, the adjustment of all its recipients together | a change of its power |
//! | [`Sharing`] | a change of its delegations' units, of its commission rate |
//! | [`OperatorAdjustments`] | a change of its commission rate, a withdrawal of commission |
//! | [`TakenOut`] | a withdrawal |
//!
//! A change of anything that an adjustment does not depend on writes nothing of it. For that an
//! adjustment `A` is stored relative to the sum above it: what is stored is `A - share * sum`, and
//! `A` at any time is `stored + share * sum`.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use distribution_math::{ExchangeRate, FinePoints, Points, Rate, SignedPoints, compact};
use pool_kit::compact::CompactMap;
use pool_kit::{Amounts, DenomId, PerDenom};
use validator_rewards::validator_set;

use super::log::{Received, ValidatorState};
use super::{Books, SharedRewards};
use crate::ContractError;
use crate::delegations::{self, Page};

/// By validator.
const PROPOSER_POOLS: CompactMap<&[u8], ProposerPool> = CompactMap::new("pp");
/// By validator: `V` by denom.
const VALIDATOR_ADJUSTMENTS: CompactMap<&[u8], PerDenom<FinePoints>> = CompactMap::new("va");
/// By validator.
const SHARINGS: CompactMap<&[u8], Sharing> = CompactMap::new("sh");
/// By validator.
const OPERATORS: CompactMap<&[u8], Operator> = CompactMap::new("op");
/// By validator.
const TAKEN_OUT: CompactMap<&[u8], TakenOut> = CompactMap::new("to");
/// What a validator alone receives, as proposer or by name: all that a block writes of it.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct ProposerPool {
    /// Whether the validator was removed.
    pub removed: bool,
    /// Whether it has delegations: without any, nothing stays in the pool.
    pub has_delegations: bool,
    /// `E` by denom.
    pub received: Amounts,
}

impl ProposerPool {
    pub fn may_load(
        storage: &dyn Storage,
        validator: &AddressBytes,
    ) -> Result<Option<Self>, ContractError> {
        Ok(PROPOSER_POOLS.may_load(storage, validator.as_slice())?)
    }

    pub fn load(books: &Books, validator: &AddressBytes) -> Result<Self, ContractError> {
        let pool = Self::may_load(books.storage, validator)?;
        pool.ok_or_else(|| books.ctx.unknown_validator(validator))
    }

    pub fn save(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        Ok(PROPOSER_POOLS.save(storage, validator.as_slice(), self)?)
    }
}

/// How a validator's delegations share.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Sharing {
    /// `D`: units of all its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// `c`: its commission rate.
    pub rate: Rate,
    /// Tokens per share; none while it was never slashed.
    pub exchange_rate: Option<ExchangeRate>,
    /// `X` by denom.
    pub unit: PerDenom<UnitAdjustments>,
}

/// `X`: the adjustments that a delegation of one unit would have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct UnitAdjustments {
    /// In the global pool, relative to `V`: `X - (1 - c) / D * V`.
    pub global: FinePoints,
    /// In the proposer pool.
    pub proposer: FinePoints,
}

impl Sharing {
    pub fn load(books: &Books, validator: &AddressBytes) -> Result<Self, ContractError> {
        let sharing = SHARINGS.may_load(books.storage, validator.as_slice())?;
        sharing.ok_or_else(|| books.ctx.unknown_validator(validator))
    }

    pub fn save(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        Ok(SHARINGS.save(storage, validator.as_slice(), self)?)
    }
}

/// Adjustments of what a validator does not share among its delegations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct OperatorAdjustments {
    /// `validator.commission_adjustment`, relative to `V`: `A - c * V`.
    pub commission: SignedPoints,
    /// `validator.commission_adjustment_proposer`.
    pub commission_proposer: SignedPoints,
    /// Of the community pool, for what no delegator can claim. Relative to `V`:
    /// `A - (1 - c) * V` while D = 0, `A` otherwise.
    pub unowned: SignedPoints,
}

/// The adjustments of a validator's operator, by denom.
pub(super) type Operator = PerDenom<OperatorAdjustments>;

pub(super) fn load_operator(
    storage: &dyn Storage,
    validator: &AddressBytes,
) -> Result<Operator, ContractError> {
    let operator = OPERATORS.may_load(storage, validator.as_slice())?;
    Ok(operator.unwrap_or_default())
}

pub(super) fn save_operator(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    operator: &Operator,
) -> Result<(), ContractError> {
    Ok(OPERATORS.save(storage, validator.as_slice(), operator)?)
}

/// By denom, what has left a validator's outstanding rewards: withdrawals and what went to the
/// community pool, less commission of receipts that never entered its proposer pool.
pub(super) type TakenOut = PerDenom<SignedPoints>;

pub(super) fn load_taken_out(
    storage: &dyn Storage,
    validator: &AddressBytes,
) -> Result<TakenOut, ContractError> {
    let taken = TAKEN_OUT.may_load(storage, validator.as_slice())?;
    Ok(taken.unwrap_or_default())
}

/// Counts points that leave a validator's outstanding rewards.
pub(super) fn take_out(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    amounts: &Amounts,
) -> Result<(), ContractError> {
    change_taken_out(storage, validator, amounts, |taken, amount| {
        Ok(taken.plus(amount)?)
    })
}

/// Counts points that its operator has from receipts that its proposer pool did not get.
pub(super) fn put_in(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    amounts: &Amounts,
) -> Result<(), ContractError> {
    change_taken_out(storage, validator, amounts, |taken, amount| {
        Ok(taken.minus(amount)?)
    })
}

fn change_taken_out(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    amounts: &Amounts,
    change: impl Fn(SignedPoints, Points) -> Result<SignedPoints, ContractError>,
) -> Result<(), ContractError> {
    if amounts.is_zero() {
        return Ok(());
    }
    let mut taken = load_taken_out(storage, validator)?;
    for (denom, amount) in amounts.iter() {
        if !amount.is_zero() {
            taken.set(denom, change(taken.get(denom), *amount)?);
        }
    }
    Ok(TAKEN_OUT.save(storage, validator.as_slice(), &taken)?)
}

/// A validator's records that every change and claim reads.
#[derive(Clone, Debug)]
pub(super) struct Validator {
    /// `T`: its power.
    pub power: u64,
    /// `V` by denom: the adjustment in the global pool of all its recipients together, whose share
    /// is `T`. Relative to `Z`: `V - T * Z`.
    pub adjustment: PerDenom<FinePoints>,
    pub sharing: Sharing,
    pub proposer_pool: ProposerPool,
}

impl Validator {
    pub fn load(books: &Books, validator: &AddressBytes) -> Result<Self, ContractError> {
        let key = validator.as_slice();
        let adjustment = VALIDATOR_ADJUSTMENTS.may_load(books.storage, key)?;
        Ok(Validator {
            power: validator_set::power(books.storage, validator)?,
            adjustment: adjustment.unwrap_or_default(),
            sharing: Sharing::load(books, validator)?,
            proposer_pool: ProposerPool::load(books, validator)?,
        })
    }

    pub fn is_known(storage: &dyn Storage, validator: &AddressBytes) -> bool {
        SHARINGS.has(storage, validator.as_slice())
    }

    /// Writes the records of a validator that shares nothing yet.
    pub fn create(
        storage: &mut dyn Storage,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError> {
        let sharing = Sharing {
            units: 0,
            rate,
            exchange_rate: None,
            unit: PerDenom::default(),
        };
        sharing.save(storage, validator)?;
        ProposerPool::default().save(storage, validator)
    }

    pub fn save_adjustment(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        let key = validator.as_slice();
        Ok(VALIDATOR_ADJUSTMENTS.save(storage, key, &self.adjustment)?)
    }

    /// How it shares.
    pub fn state(&self) -> ValidatorState {
        ValidatorState {
            power: self.power,
            units: self.sharing.units,
            rate: self.sharing.rate,
        }
    }

    /// What its three pools have received of a denom.
    pub fn received(&self, shared: &SharedRewards, denom: DenomId) -> Received {
        Received {
            by_power: shared.by_power.received,
            equally: shared.equally.received,
            proposer: self.proposer_pool.received.get(denom),
        }
    }
}

/// A delegator's record with one validator.
pub(super) type Delegation = delegations::Delegation<DelegationAdjustments>;

/// Adjustments of a delegation in one denom, relative to `X`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DelegationAdjustments {
    /// `delegation.adjustment - s * X`.
    pub(super) global: SignedPoints,
    /// `delegation.adjustment_proposer - s * X` of the proposer pool.
    pub(super) proposer: SignedPoints,
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
    pub fn total(&self) -> Result<Points, ContractError> {
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

pub(super) fn validators(
    storage: &dyn Storage,
    page: Page,
) -> Result<Vec<AddressBytes>, ContractError> {
    page.addresses(&PROPOSER_POOLS, storage, &[])
}
