//! The hot record: what every block reads and writes, in one record, because its bytes are most of
//! what a block costs.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{StdResult, Storage};
use pool_kit::compact::CompactItem;
use pool_kit::{DenomId, DenomLedger, PerDenom};
use validator_rewards::heights::BlockHeights;
use validator_rewards::validator_set::PowerTotals;

/// Voting totals, block heights, and for each denom the ledger and the rewards that validators share.
/// `R` is [`Accounting::SharedRewards`](crate::accounting::Accounting::SharedRewards).
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Pool<R> {
    /// The last block whose fees were split.
    pub heights: BlockHeights,
    /// Totals over all active validators.
    pub totals: PowerTotals,
    /// By denom.
    pub denoms: PerDenom<PoolDenom<R>>,
}

/// One denom of a pool.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct PoolDenom<R> {
    /// Whose the tokens are.
    pub ledger: DenomLedger,
    /// What all validators share by power and in equal parts.
    pub shared: R,
}

impl<R: BorshSerialize + BorshDeserialize + Clone + Default> Pool<R> {
    const ITEM: CompactItem<Self> = CompactItem::new("pool");

    /// The stored record, or an empty one.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(Self::ITEM.may_load(storage)?.unwrap_or_default())
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        Self::ITEM.save(storage, self)
    }

    /// The ledger of a denom.
    pub fn ledger(&self, denom: DenomId) -> DenomLedger {
        self.denoms.get(denom).ledger
    }
}
