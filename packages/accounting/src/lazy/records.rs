//! Stored records of the lazy accounting.
//!
//! A validator has five, split by what writes them, since bytes written are most of what a message
//! costs:
//!
//! | record | written by |
//! |---|---|
//! | [`ProposerPool`] | a block that it proposes, a reward for it alone |
//! | [`Power`] | a change of its power |
//! | [`Sharing`] | a change of its delegations' units, of its commission rate |
//! | [`OperatorAdjustments`] | a change of its commission rate, a withdrawal of commission |
//! | [`Taken`] | a withdrawal |
//!
//! A change of anything that an adjustment does not depend on writes nothing of it. For that an
//! adjustment is stored less what the sum above it accounts for (*normal*, in the names below):
//! what is stored is `A - share * sum`, and `A` at any time `stored + share * sum`.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::{ExchangeRate, FinePoints, MathError, Points, Rate, SignedPoints, compact};

use super::log::{Received, Totals, ValidatorState};
use crate::denoms::PerDenom;
use crate::engine::Lists;
use crate::pool::PoolDenom;
use crate::store::CompactMap;
use crate::{AccountingError, AccountingFault, Amounts, DelegationKey, DenomId};

/// By validator.
const PROPOSER_POOLS: CompactMap<&[u8], ProposerPool> = CompactMap::new("lp");
/// By validator.
const POWERS: CompactMap<&[u8], Power> = CompactMap::new("lw");
/// By validator.
const SHARINGS: CompactMap<&[u8], Sharing> = CompactMap::new("lh");
/// By validator.
const OPERATORS: CompactMap<&[u8], PerDenom<OperatorAdjustments>> = CompactMap::new("lo");
/// By validator.
const TAKEN: CompactMap<&[u8], Taken> = CompactMap::new("lt");
/// By delegator, then validator.
const DELEGATIONS: CompactMap<(&[u8], &[u8]), Delegation> = CompactMap::new("ld");
/// By validator, then delegator: which delegations there are. The value is always true: storage
/// takes no empty ones.
const DELEGATORS: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("lb");

pub(super) static LISTS: Lists = Lists {
    validators: PROPOSER_POOLS.namespace(),
    validators_of_delegators: DELEGATIONS.namespace(),
    delegators_of_validators: DELEGATORS.namespace(),
};

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

    pub fn save(&self, storage: &mut dyn Storage, validator: &[u8]) -> Result<(), AccountingError> {
        Ok(PROPOSER_POOLS.save(storage, validator, self)?)
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

/// A validator's power, and `V` by denom: the adjustment in the global pool of all its recipients
/// together, whose share is `T`. Normal to `Z`.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Power {
    /// `T`.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// `V - T * Z`.
    pub normal: PerDenom<FinePoints>,
}

/// How a validator's delegations share.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Sharing {
    /// `D`: units of all its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// `c`: its commission rate.
    pub rate: Rate,
    /// Set while the chain has announced a new commission rate and not told it.
    pub announced: Option<Announcement>,
    /// Tokens per share; none while it was never slashed.
    pub exchange_rate: Option<ExchangeRate>,
    /// By denom.
    pub unit: PerDenom<UnitAdjustments>,
}

/// Where in time a commission rate changed that is not known yet: adjustments stand there.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Announcement {
    /// The place of the change in the log.
    pub sequence: u64,
    /// What all validators had.
    pub totals: Totals,
    /// By denom.
    pub denoms: PerDenom<Announced>,
}

/// What a rate that is told later has to do with of one denom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Announced {
    /// What the pools had received.
    pub received: Received,
    /// `V` then.
    pub validator: FinePoints,
}

/// `X`: the adjustments that a delegation of one unit would have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct UnitAdjustments {
    /// In the global pool, normal to `V`: `X - (1 - c) / D * V`.
    pub normal: FinePoints,
    /// In the proposer pool.
    pub proposer: FinePoints,
}

/// Adjustments of what a validator does not share among its delegations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct OperatorAdjustments {
    /// `validator.commission_adjustment`, normal to `V`: `A - c * V`.
    pub normal: SignedPoints,
    /// `validator.commission_adjustment_proposer`.
    pub proposer: SignedPoints,
    /// Of the community pool, for what no delegator was there to take. Normal to `V`:
    /// `A - (1 - c) * V` while D = 0, `A` otherwise.
    pub unowned_normal: SignedPoints,
}

/// By denom, what has left a validator's outstanding rewards: withdrawals and what became the
/// community pool's, less commission of receipts that never entered its proposer pool.
pub(super) type Taken = PerDenom<SignedPoints>;

impl Sharing {
    fn new(rate: Rate) -> Self {
        Sharing {
            units: 0,
            rate,
            announced: None,
            exchange_rate: None,
            unit: PerDenom::default(),
        }
    }
}

/// A validator's records that every change and claim reads.
#[derive(Clone, Debug)]
pub(super) struct Validator {
    pub power: Power,
    pub sharing: Sharing,
    pub proposer_pool: ProposerPool,
}

impl Validator {
    pub fn load(storage: &dyn Storage, validator: &[u8]) -> Result<Self, AccountingError> {
        Self::may_load(storage, validator)?.ok_or_else(|| AccountingFault::UnknownValidator.into())
    }

    pub fn may_load(
        storage: &dyn Storage,
        validator: &[u8],
    ) -> Result<Option<Self>, AccountingError> {
        let Some(sharing) = SHARINGS.may_load(storage, validator)? else {
            return Ok(None);
        };
        Ok(Some(Validator {
            power: POWERS.may_load(storage, validator)?.unwrap_or_default(),
            sharing,
            proposer_pool: ProposerPool::load(storage, validator)?,
        }))
    }

    pub fn is_known(storage: &dyn Storage, validator: &[u8]) -> bool {
        SHARINGS.has(storage, validator)
    }

    /// Writes the records of a validator that shares nothing yet.
    pub fn create(
        storage: &mut dyn Storage,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError> {
        SHARINGS.save(storage, validator, &Sharing::new(rate))?;
        ProposerPool::default().save(storage, validator)
    }

    pub fn save_power(
        &self,
        storage: &mut dyn Storage,
        validator: &[u8],
    ) -> Result<(), AccountingError> {
        Ok(POWERS.save(storage, validator, &self.power)?)
    }

    pub fn save_sharing(
        &self,
        storage: &mut dyn Storage,
        validator: &[u8],
    ) -> Result<(), AccountingError> {
        Ok(SHARINGS.save(storage, validator, &self.sharing)?)
    }

    /// How it shares.
    pub fn state(&self) -> ValidatorState {
        ValidatorState {
            power: self.power.power,
            units: self.sharing.units,
            rate: self.sharing.rate,
        }
    }
}

/// The adjustments of a validator's operator, by denom.
pub(super) type Operator = PerDenom<OperatorAdjustments>;

pub(super) fn load_operator(
    storage: &dyn Storage,
    validator: &[u8],
) -> Result<Operator, AccountingError> {
    Ok(OPERATORS.may_load(storage, validator)?.unwrap_or_default())
}

pub(super) fn load_taken(
    storage: &dyn Storage,
    validator: &[u8],
) -> Result<Taken, AccountingError> {
    Ok(TAKEN.may_load(storage, validator)?.unwrap_or_default())
}

/// A validator's records that only some changes and claims need: each is read when somebody needs
/// it, and written once, when they are closed, however much of it changed.
pub(super) struct Account<'a> {
    validator: &'a [u8],
    operator: Option<Operator>,
    is_operator_changed: bool,
    /// Read when it changes.
    taken: Option<Taken>,
}

impl<'a> Account<'a> {
    pub fn new(validator: &'a [u8]) -> Self {
        Account {
            validator,
            operator: None,
            is_operator_changed: false,
            taken: None,
        }
    }

    pub fn validator(&self) -> &'a [u8] {
        self.validator
    }

    /// The adjustments of the operator in a denom.
    pub fn operator(
        &mut self,
        storage: &dyn Storage,
        denom: DenomId,
    ) -> Result<OperatorAdjustments, AccountingError> {
        if self.operator.is_none() {
            self.operator = Some(load_operator(storage, self.validator)?);
        }
        Ok(self
            .operator
            .as_ref()
            .map(|operator| operator.get(denom))
            .unwrap_or_default())
    }

    /// Sets the adjustments of the operator in a denom. They were read before.
    pub fn set_operator(&mut self, denom: DenomId, adjustments: OperatorAdjustments) {
        if let Some(operator) = &mut self.operator {
            operator.set(denom, adjustments);
            self.is_operator_changed = true;
        }
    }

    /// Notes what left the validator's outstanding rewards.
    pub fn take_out(
        &mut self,
        storage: &dyn Storage,
        amounts: &Amounts,
    ) -> Result<(), AccountingError> {
        self.correct_taken(storage, amounts, SignedPoints::plus)
    }

    /// Notes what its operator has from receipts that its proposer pool did not get.
    pub fn put_in(
        &mut self,
        storage: &dyn Storage,
        amounts: &Amounts,
    ) -> Result<(), AccountingError> {
        self.correct_taken(storage, amounts, SignedPoints::minus)
    }

    fn correct_taken(
        &mut self,
        storage: &dyn Storage,
        amounts: &Amounts,
        correct: impl Fn(SignedPoints, Points) -> Result<SignedPoints, MathError>,
    ) -> Result<(), AccountingError> {
        if amounts.is_zero() {
            return Ok(());
        }
        let mut taken = match self.taken.take() {
            Some(taken) => taken,
            None => load_taken(storage, self.validator)?,
        };
        for (denom, amount) in amounts.iter().filter(|(_, amount)| !amount.is_zero()) {
            taken.set(denom, correct(taken.get(denom), *amount)?);
        }
        self.taken = Some(taken);
        Ok(())
    }

    /// Writes what changed.
    pub fn close(self, storage: &mut dyn Storage) -> Result<(), AccountingError> {
        if self.is_operator_changed
            && let Some(operator) = &self.operator
        {
            OPERATORS.save(storage, self.validator, operator)?;
        }
        if let Some(taken) = &self.taken {
            TAKEN.save(storage, self.validator, taken)?;
        }
        Ok(())
    }
}

/// A delegator's record with one validator.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Delegation {
    /// `s`: its units.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// By denom.
    pub denoms: PerDenom<DelegationAdjustments>,
}

/// Adjustments of a delegation in one denom, normal to `X`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct DelegationAdjustments {
    /// `delegation.adjustment - s * X`.
    pub global: SignedPoints,
    /// `delegation.adjustment_proposer - s * X` of the proposer pool.
    pub proposer: SignedPoints,
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
