//! Stored records of the F1 accounting.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::{ExchangeRate, Points, Rate, RewardIndex, compact};

use crate::denoms::PerDenom;
use crate::engine::Lists;
use crate::pool::{Pool, PoolDenom};
use crate::store::CompactMap;
use crate::{AccountingError, AccountingFault, DelegationKey, DenomId};

/// By validator.
pub(crate) const EARNINGS: CompactMap<&[u8], Earnings> = CompactMap::new("earn");
/// By validator.
pub(crate) const SHARING: CompactMap<&[u8], Sharing> = CompactMap::new("share");
/// By delegator, then validator.
pub(crate) const DELEGATIONS: CompactMap<(&[u8], &[u8]), Delegation> = CompactMap::new("del");
/// By validator, then delegator: which delegations there are. The value is always true: storage
/// takes no empty ones.
pub(crate) const DELEGATORS: CompactMap<(&[u8], &[u8]), bool> = CompactMap::new("delby");

pub(super) static LISTS: Lists = Lists {
    validators: EARNINGS.namespace(),
    validators_of_delegators: DELEGATIONS.namespace(),
    delegators_of_validators: DELEGATORS.namespace(),
};

/// What a validator has earned, before commission.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Earnings {
    /// Voting power.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// Whether it was removed.
    pub removed: bool,
    /// By denom.
    pub denoms: PerDenom<Earned>,
}

/// [`Earnings`] of one denom.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Earned {
    /// Points ever earned until the pool's indexes were as below, and all direct rewards.
    pub total: Points,
    /// The pool's index over power when `total` was brought up to date.
    pub by_power: Points,
    /// The pool's index over active validators then.
    pub equally: Points,
}

impl Earnings {
    pub fn load(storage: &dyn Storage, validator: &[u8]) -> Result<Self, AccountingError> {
        EARNINGS
            .may_load(storage, validator)?
            .ok_or_else(|| AccountingFault::UnknownValidator.into())
    }

    /// Points ever earned of a denom, up to now.
    pub fn total(&self, pool: &PoolDenom, denom: DenomId) -> Result<Points, AccountingError> {
        let earned = self.denoms.get(denom);
        let by_power = pool
            .by_power
            .checked_sub(earned.by_power)?
            .checked_mul(self.power.into())?;
        let equally = pool
            .equally
            .checked_sub(earned.equally)?
            .checked_mul(u128::from(self.power > 0))?;
        Ok(Points::sum([earned.total, by_power, equally])?)
    }

    /// Brings every denom up to date, so that the power can change.
    pub fn bring_up_to_date(&mut self, pool: &Pool) -> Result<(), AccountingError> {
        for (denom, record) in pool.denoms.iter() {
            let total = self.total(record, denom)?;
            self.denoms.set(
                denom,
                Earned {
                    total,
                    by_power: record.by_power,
                    equally: record.equally,
                },
            );
        }
        Ok(())
    }

    pub fn save(self, storage: &mut dyn Storage, validator: &[u8]) -> Result<(), AccountingError> {
        Ok(EARNINGS.save(storage, validator, &self)?)
    }
}

/// How a validator's earnings are shared by its operator and its delegators.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Sharing {
    /// Units of its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// The commission rate in force.
    pub rate: Rate,
    /// Whether the next settlement asks the chain for the rate first.
    pub rate_stale: bool,
    /// Tokens per share; none while it was never slashed.
    pub exchange_rate: Option<ExchangeRate>,
    /// By denom.
    pub denoms: PerDenom<Shared>,
}

/// [`Sharing`] of one denom.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Shared {
    /// Of the validator's total earnings, what has been split.
    pub settled: Points,
    /// The delegators' part, per unit.
    pub delegators: RewardIndex,
    /// The operator's unpaid part.
    pub commission: Points,
    /// All that is owed to operator and delegators of what has been split. A claim above it is
    /// refused, so that no validator can ever be paid from what another one earned.
    pub outstanding: Points,
}

impl Sharing {
    pub fn new(rate: Rate) -> Self {
        Sharing {
            units: 0,
            rate,
            rate_stale: false,
            exchange_rate: None,
            denoms: PerDenom::default(),
        }
    }

    pub fn load(storage: &dyn Storage, validator: &[u8]) -> Result<Self, AccountingError> {
        SHARING
            .may_load(storage, validator)?
            .ok_or_else(|| AccountingFault::UnknownValidator.into())
    }

    pub fn save(self, storage: &mut dyn Storage, validator: &[u8]) -> Result<(), AccountingError> {
        Ok(SHARING.save(storage, validator, &self)?)
    }
}

/// A delegator's record with one validator.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Delegation {
    /// Its units.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// By denom.
    pub denoms: PerDenom<Claim>,
}

/// What a delegation may claim of one denom.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Claim {
    /// Earned until the index was `at`, and not paid.
    pub unpaid: Points,
    /// The delegators' index at that time.
    pub at: Points,
}

impl Delegation {
    /// What is owed of a denom.
    pub fn owed(&self, sharing: &Sharing, denom: DenomId) -> Result<Points, AccountingError> {
        let claim = self.denoms.get(denom);
        let earned = sharing
            .denoms
            .get(denom)
            .delegators
            .owed(self.units, claim.at)?;
        Ok(claim.unpaid.checked_add(earned)?)
    }

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
