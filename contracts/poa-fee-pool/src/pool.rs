//! The hot record: total power, and for each denom the ledger and the index over power.

use accounting::pool::{Class, Undistributed};
use accounting::store::CompactItem;
use accounting::{AccountingError, DenomId, DenomLedger, PerDenom};
use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{StdResult, Storage, Uint128, Uint256};
use distribution_math::{MathError, Points, RewardIndex, compact};

const POOL: CompactItem<Pool> = CompactItem::new("pool");

/// What every checkpoint and withdrawal reads and writes, in one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pool {
    /// Power of all validators; below 2^63.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub total_power: u64,
    /// Ledger and index of each denom.
    pub denoms: PerDenom<PoolDenom>,
}

/// One denom of a pool.
///
/// Of the ledger's classes, `Outstanding` is everything allocated and not withdrawn (`A_total`):
/// what operators have earned, settled or not, and the carry of the index. It is exactly their sum:
/// an index gives `power * per_unit` to each validator and keeps the rest as its carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PoolDenom {
    /// Whose the tokens are.
    pub ledger: DenomLedger,
    /// Points per unit of power.
    pub index: RewardIndex,
}

/// What a checkpoint would allocate of one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Income {
    /// Whole coins of the balance that are nobody's.
    pub coins: Undistributed,
    /// The part of a coin beyond what is owed: not 0 only until the first checkpoint behind an
    /// import of fractions, whose coins were received then.
    pub fraction: Points,
}

impl Pool {
    /// The stored record, or an empty one.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(POOL.may_load(storage)?.unwrap_or_default())
    }

    /// Writes the record.
    ///
    /// # Errors
    /// None in practice.
    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        POOL.save(storage, self)
    }

    /// Changes the record of a denom.
    ///
    /// # Errors
    /// Those of `change`; the record is as before then.
    pub fn update<T>(
        &mut self,
        denom: DenomId,
        change: impl FnOnce(&mut PoolDenom) -> Result<T, MathError>,
    ) -> Result<T, AccountingError> {
        let mut record = self.denoms.get(denom);
        let result = change(&mut record)?;
        self.denoms.set(denom, record);
        Ok(result)
    }

    /// Whether a payout of any denom came back and was not paid since.
    pub fn has_undelivered(&self) -> bool {
        self.denoms
            .iter()
            .any(|(_, record)| !record.ledger.class(Class::Undelivered).is_zero())
    }
}

impl Income {
    /// All of it, what is beyond the bound on receipts too; for display, so a sum that does not fit
    /// is the largest number.
    pub fn total(&self) -> Points {
        Points::try_from_coins(self.coins.total())
            .unwrap_or(Points::new(Uint256::MAX))
            .saturating_add(self.fraction)
    }
}

impl PoolDenom {
    /// Everything allocated and not withdrawn: `A_total` of the README.
    pub fn allocated(&self) -> Points {
        self.ledger.class(Class::Outstanding)
    }

    /// What of `balance` a checkpoint allocates. A balance below what is owed, as a token may show
    /// that calls back after it debited us, counts as nothing new.
    ///
    /// # Errors
    /// [`MathFault::Overflow`](distribution_math::MathFault::Overflow), which the bound on receipts
    /// excludes.
    pub fn income(&self, balance: Uint256) -> Result<Income, MathError> {
        let coins = self.ledger.undistributed(balance)?;
        let part = self.ledger.liabilities()?.fraction();
        // The coin that covers the part is received; whether it is there, the balance tells.
        let is_covered = balance > self.ledger.liabilities()?.whole_coins();
        let fraction = if part.is_zero() || !is_covered {
            Points::ZERO
        } else {
            Points::from_coins(1).checked_sub(part)?
        };
        Ok(Income { coins, fraction })
    }

    /// Allocates income among the units of power, all of it: what the division leaves is the
    /// index's carry. Returns the points allocated.
    ///
    /// # Errors
    /// [`MathFault::DivisionByZero`](distribution_math::MathFault::DivisionByZero) without power;
    /// others are excluded by the bound on receipts.
    pub fn allocate(&mut self, income: &Income, total_power: u64) -> Result<Points, MathError> {
        let coins = self
            .ledger
            .receive(Uint128::new(income.coins.receivable).into())?;
        let points = coins.checked_add(income.fraction)?;
        // The carry alone is not given out anew: without income a checkpoint changes nothing.
        if !points.is_zero() {
            self.index.add(points, total_power.into())?;
            self.ledger.allocate(Class::Outstanding, points)?;
        }
        Ok(points)
    }

    /// What operators have earned, settled or not: everything allocated but the carry.
    pub fn earned(&self) -> Points {
        // The carry is a part of what is allocated.
        self.allocated().saturating_sub(self.index.carry())
    }

    /// What is in the balance beside payouts on their way and payouts that came back: `B` of the
    /// README. Nothing when a token debited us and has not delivered yet.
    pub fn disposable(&self, balance: Uint256) -> Uint256 {
        let elsewhere = [Class::InFlight, Class::Undelivered]
            .into_iter()
            .map(|class| self.ledger.class(class).whole_coins())
            .fold(Uint256::zero(), Uint256::saturating_add);
        balance.saturating_sub(elsewhere)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn coins(amount: u128) -> Uint256 {
        Uint256::from(amount)
    }

    #[test]
    fn six_equal_validators_and_one_base_unit_stay_within_it() {
        let mut record = PoolDenom::default();
        let income = record.income(coins(1)).unwrap();
        record.allocate(&income, 6).unwrap();
        let each = record.index.owed(1, Points::ZERO).unwrap();
        let sum = Points::sum([each; 6]).unwrap();
        assert_eq!(sum, record.earned());
        assert_eq!(
            sum.checked_add(record.index.carry()).unwrap(),
            Points::from_coins(1)
        );
    }

    #[test]
    fn the_rest_of_an_imported_fraction_is_income_once() {
        let mut record = PoolDenom::default();
        let quarter = Points::from_coins(1)
            .mul_ratio_floor(coins(1), coins(4))
            .unwrap();
        record.ledger.receive(coins(1)).unwrap();
        record.ledger.allocate(Class::Outstanding, quarter).unwrap();
        let income = record.income(coins(3)).unwrap();
        assert_eq!(income.coins.receivable, 2);
        assert_eq!(
            record.allocate(&income, 1).unwrap(),
            Points::from_coins(3).checked_sub(quarter).unwrap()
        );
        assert_eq!(record.income(coins(3)).unwrap().fraction, Points::ZERO);
        assert_eq!(record.ledger.received(), 3);
        // A balance that a token debited before it called back covers nothing.
        assert_eq!(record.income(coins(0)).unwrap().fraction, Points::ZERO);
    }

    #[test]
    fn without_income_the_carry_stays_where_it_is() {
        let mut record = PoolDenom::default();
        let income = record.income(coins(1)).unwrap();
        record.allocate(&income, 3).unwrap();
        let before = record.clone();
        let nothing = record.income(coins(1)).unwrap();
        assert!(record.allocate(&nothing, 1).unwrap().is_zero());
        assert_eq!(record, before);
    }

    #[test]
    fn payouts_on_their_way_are_not_at_disposal() {
        let mut record = PoolDenom::default();
        let income = record.income(coins(10)).unwrap();
        record.allocate(&income, 1).unwrap();
        record
            .ledger
            .transfer(Class::Outstanding, Class::InFlight, Points::from_coins(4))
            .unwrap();
        assert_eq!(record.disposable(coins(10)), coins(6));
        assert_eq!(record.disposable(coins(3)), coins(0));
        assert_eq!(record.income(coins(10)).unwrap().coins.receivable, 0);
    }
}
