//! The pool's hot record, and a checkpoint: what came in is allocated to the validators by the
//! powers in force until now.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Event, StdResult, Storage, Uint256};
use distribution_math::{MathError, Points, RewardIndex, compact};
use pool_kit::compact::CompactItem;
use pool_kit::events::action;
use pool_kit::ledger::{Class, Undistributed};
use pool_kit::{Amounts, DenomLedger, PerDenom};

use crate::ContractError;
use crate::context::Context;

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
/// The ledger's class `Outstanding` is everything allocated and not withdrawn (`A_total`): what
/// operators have earned, settled or not, and the carry of the index. It is exactly their sum: an
/// addition to the index gives `power * per_unit` to each validator and keeps the remainder as its
/// carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PoolDenom {
    /// Whose the tokens are, by class.
    pub ledger: DenomLedger,
    /// Points per unit of power.
    pub index: RewardIndex,
}

/// What the next checkpoint allocates of one denom, and what it cannot take yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unallocated {
    /// Whole coins of the balance that belong to nobody yet.
    pub coins: Undistributed,
    /// The rest of a coin of which an import owes a part. The coin was received then; the first
    /// checkpoint allocates its rest, and this is 0 ever after.
    pub fraction: Points,
}

impl Pool {
    /// The stored record, or an empty one.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(POOL.may_load(storage)?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        POOL.save(storage, self)
    }

    /// Whether a payout of any denom failed and was not paid since.
    pub fn has_undelivered(&self) -> bool {
        self.denoms
            .iter()
            .any(|(_, record)| !record.ledger.class(Class::Undelivered).is_zero())
    }

    /// Allocates what of the balance belongs to nobody yet, of every denom that is received, and
    /// returns the events. O(denoms), whatever the number of validators. Without power fees wait.
    ///
    /// Never fails for an amount: what would bring the total ever received to 2^128 stays in the
    /// balance, with an event.
    pub fn checkpoint(&mut self, ctx: &Context) -> Result<Vec<Event>, ContractError> {
        let mut events = Vec::new();
        let total_power = self.total_power;
        if total_power == 0 {
            return Ok(events);
        }
        let mut allocated = Amounts::default();
        for (denom, name) in ctx.config.denoms.active() {
            let balance = ctx.chain.balance(name)?;
            let unallocated = self.denoms.get(denom).unallocated(balance)?;
            events.extend(unallocated.coins.receipt_bound(name));
            let allocate = |record: &mut PoolDenom| record.allocate(&unallocated, total_power);
            let points = self.denoms.update(denom, allocate)?;
            allocated.add(denom, points)?;
        }
        if !allocated.is_zero() {
            let event = action("checkpoint").add_attribute("total_power", total_power.to_string());
            events.push(ctx.config.denoms.add_amounts(event, &allocated));
        }
        Ok(events)
    }
}

impl PoolDenom {
    /// Everything allocated and not withdrawn: `A_total` of the README.
    pub fn allocated(&self) -> Points {
        self.ledger.class(Class::Outstanding)
    }

    /// What operators have earned, settled or not: everything allocated but the carry.
    pub fn earned(&self) -> Points {
        // The carry is a part of what is allocated.
        self.allocated().saturating_sub(self.index.carry())
    }

    /// The balance less payouts in flight and undelivered ones: `B` of the README. Never below 0: a
    /// token may have debited us while its payout is still in flight.
    pub fn available(&self, balance: Uint256) -> Uint256 {
        [Class::InFlight, Class::Undelivered]
            .into_iter()
            .map(|class| self.ledger.class(class).whole_coins())
            .fold(balance, Uint256::saturating_sub)
    }

    /// What of `balance` belongs to nobody yet: `U` of the README. A balance below what is owed, as
    /// a token may show that calls back after it debited us, counts as nothing new.
    pub fn unallocated(&self, balance: Uint256) -> Result<Unallocated, MathError> {
        let liabilities = self.ledger.liabilities()?;
        let owed_part = liabilities.fraction();
        // The coin of which a part is owed may itself have been debited.
        let is_in_balance = balance > liabilities.whole_coins();
        let fraction = if owed_part.is_zero() || !is_in_balance {
            Points::ZERO
        } else {
            Points::from_coins(1).checked_sub(owed_part)?
        };
        Ok(Unallocated {
            coins: self.ledger.undistributed(balance)?,
            fraction,
        })
    }

    /// Allocates all of it among the units of power: the remainder of the division is the index's
    /// carry. Returns the points allocated.
    fn allocate(
        &mut self,
        unallocated: &Unallocated,
        total_power: u64,
    ) -> Result<Points, MathError> {
        let coins = self
            .ledger
            .receive(Uint256::from(unallocated.coins.receivable))?;
        let points = coins.checked_add(unallocated.fraction)?;
        // The carry alone is not divided anew: a checkpoint of nothing changes nothing.
        if !points.is_zero() {
            self.index.add(points, total_power.into())?;
            self.ledger.allocate(Class::Outstanding, points)?;
        }
        Ok(points)
    }
}

impl Unallocated {
    /// All of it, with what is beyond the bound on receipts. For queries: a sum that does not fit
    /// is shown as the largest number.
    pub fn total(&self) -> Points {
        Points::try_from_coins(self.coins.total())
            .unwrap_or(Points::new(Uint256::MAX))
            .saturating_add(self.fraction)
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
        let fees = record.unallocated(coins(1)).unwrap();
        record.allocate(&fees, 6).unwrap();
        let each = record.index.owed(1, Points::ZERO).unwrap();
        let sum = Points::sum([each; 6]).unwrap();
        assert_eq!(sum, record.earned());
        assert_eq!(
            sum.checked_add(record.index.carry()).unwrap(),
            Points::from_coins(1)
        );
    }

    #[test]
    fn the_rest_of_an_imported_fraction_is_allocated_once() {
        let mut record = PoolDenom::default();
        let quarter = Points::from_coins(1)
            .mul_ratio_floor(coins(1), coins(4))
            .unwrap();
        record.ledger.receive(coins(1)).unwrap();
        record.ledger.allocate(Class::Outstanding, quarter).unwrap();
        let fees = record.unallocated(coins(3)).unwrap();
        assert_eq!(fees.coins.receivable, 2);
        assert_eq!(
            record.allocate(&fees, 1).unwrap(),
            Points::from_coins(3).checked_sub(quarter).unwrap()
        );
        assert_eq!(record.unallocated(coins(3)).unwrap().fraction, Points::ZERO);
        assert_eq!(record.ledger.received(), 3);
        // A balance that a token debited before it called back covers nothing.
        assert_eq!(record.unallocated(coins(0)).unwrap().fraction, Points::ZERO);
    }

    #[test]
    fn without_income_the_carry_stays_where_it_is() {
        let mut record = PoolDenom::default();
        let fees = record.unallocated(coins(1)).unwrap();
        record.allocate(&fees, 3).unwrap();
        let before = record.clone();
        let nothing = record.unallocated(coins(1)).unwrap();
        assert!(record.allocate(&nothing, 1).unwrap().is_zero());
        assert_eq!(record, before);
    }

    #[test]
    fn payouts_in_flight_are_not_available() {
        let mut record = PoolDenom::default();
        let fees = record.unallocated(coins(10)).unwrap();
        record.allocate(&fees, 1).unwrap();
        record
            .ledger
            .transfer(Class::Outstanding, Class::InFlight, Points::from_coins(4))
            .unwrap();
        assert_eq!(record.available(coins(10)), coins(6));
        assert_eq!(record.available(coins(3)), coins(0));
        assert_eq!(record.unallocated(coins(10)).unwrap().coins.receivable, 0);
    }
}
