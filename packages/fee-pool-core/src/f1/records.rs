//! Stored records of F1.
//!
//! A validator has two, split by what writes them, because written bytes are most of what a message
//! costs: a block and a change of power write [`Earnings`], a settlement writes [`Sharing`].

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use distribution_math::{ExchangeRate, Points, Rate, RewardIndex, compact};
use pool_kit::compact::CompactMap;
use pool_kit::{Amounts, DenomId, PerDenom};
use validator_rewards::earned::Earned;
use validator_rewards::shared::SharedRewards;

use super::Books;
use crate::ContractError;
use crate::accounting::ImportedAmounts;
use crate::delegations::{self, Page};
use crate::pool::{Pool, PoolDenom};

const EARNINGS: CompactMap<&[u8], Earnings> = CompactMap::new("earnings");
const SHARING: CompactMap<&[u8], Sharing> = CompactMap::new("sharing");
/// What a validator has got.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Earnings {
    /// Whether the validator was removed.
    pub removed: bool,
    /// By denom.
    pub denoms: PerDenom<Earned>,
}

impl Earnings {
    pub fn may_load(
        storage: &dyn Storage,
        validator: &AddressBytes,
    ) -> Result<Option<Self>, ContractError> {
        Ok(EARNINGS.may_load(storage, validator.as_slice())?)
    }

    pub fn load(books: &Books, validator: &AddressBytes) -> Result<Self, ContractError> {
        let earnings = Self::may_load(books.storage, validator)?;
        earnings.ok_or_else(|| books.ctx.unknown_validator(validator))
    }

    pub fn save(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        Ok(EARNINGS.save(storage, validator.as_slice(), self)?)
    }

    /// Points ever got of a denom until now, by a validator that has had this power since the record
    /// was written.
    pub fn total(
        &self,
        record: &PoolDenom<SharedRewards>,
        denom: DenomId,
        power: u64,
    ) -> Result<Points, ContractError> {
        let earned = self.denoms.get(denom);
        Ok(earned.total(record.shared.indexes(), power)?)
    }

    /// Brings every denom up to date, so that the power can change.
    pub fn bring_up_to_date(
        &mut self,
        pool: &Pool<SharedRewards>,
        power: u64,
    ) -> Result<(), ContractError> {
        for (denom, record) in pool.denoms.iter() {
            let earned = self.denoms.get(denom);
            let earned = earned.up_to(record.shared.indexes(), power)?;
            self.denoms.set(denom, earned);
        }
        Ok(())
    }
}

/// How a validator's earnings are shared by its operator and its delegators.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Sharing {
    /// Units of its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// The commission rate in force.
    pub rate: Rate,
    /// Tokens per share; none while it was never slashed.
    pub exchange_rate: Option<ExchangeRate>,
    /// By denom.
    pub denoms: PerDenom<Shared>,
}

/// [`Sharing`] of one denom.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Shared {
    /// Of the validator's total earnings, what has been split.
    pub settled: Points,
    /// The delegators' part, in points per unit.
    pub delegators: RewardIndex,
    /// The operator's part that is not paid.
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
            exchange_rate: None,
            denoms: PerDenom::default(),
        }
    }

    /// Replaces a claim among all that is owed.
    pub fn replace_outstanding(&mut self, change: &ImportedAmounts) -> Result<(), ContractError> {
        for (denom, amount) in change.before.iter() {
            let mut shared = self.denoms.get(denom);
            shared.outstanding = shared.outstanding.checked_sub(*amount)?;
            self.denoms.set(denom, shared);
        }
        for (denom, amount) in change.now.iter() {
            let mut shared = self.denoms.get(denom);
            shared.outstanding = shared.outstanding.checked_add(*amount)?;
            self.denoms.set(denom, shared);
        }
        Ok(())
    }

    pub fn load(books: &Books, validator: &AddressBytes) -> Result<Self, ContractError> {
        let sharing = SHARING.may_load(books.storage, validator.as_slice())?;
        sharing.ok_or_else(|| books.ctx.unknown_validator(validator))
    }

    pub fn save(
        &self,
        storage: &mut dyn Storage,
        validator: &AddressBytes,
    ) -> Result<(), ContractError> {
        Ok(SHARING.save(storage, validator.as_slice(), self)?)
    }
}

/// What a delegation may claim of one denom.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Claim {
    /// Earned until the delegator index was at `start_index`, and not paid.
    pub(super) pending: Points,
    /// The delegator index at which the delegation was last settled.
    pub(super) start_index: Points,
}

/// A delegator's record with one validator.
pub(super) type Delegation = delegations::Delegation<Claim>;

impl Delegation {
    /// Points owed of a denom. The validator is settled.
    pub(super) fn owed(&self, sharing: &Sharing, denom: DenomId) -> Result<Points, ContractError> {
        let claim = self.denoms.get(denom);
        let index = sharing.denoms.get(denom).delegators;
        let earned = index.owed(self.units, claim.start_index)?;
        Ok(claim.pending.checked_add(earned)?)
    }

    /// Points owed of every denom. The validator is settled.
    pub(super) fn owed_of_all(&self, sharing: &Sharing) -> Result<Amounts, ContractError> {
        let mut owed = Amounts::default();
        for denom in sharing.denoms.ids() {
            owed.add(denom, self.owed(sharing, denom)?)?;
        }
        Ok(owed)
    }
}

pub(super) fn validators(
    storage: &dyn Storage,
    page: Page,
) -> Result<Vec<AddressBytes>, ContractError> {
    page.addresses(&EARNINGS, storage, &[])
}
