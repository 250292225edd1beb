//! What is owed, in numbers: whole coins, the ledger of rewards, the ledger of each asset.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Uint128, Uint256};
use distribution_math::{MathError, MathFault, Points};

use crate::state::AssetId;

/// Whole base units of one asset.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct Coins(
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    u128,
);

impl Coins {
    /// Nothing.
    pub const ZERO: Coins = Coins(0);

    /// That many base units.
    pub const fn new(amount: u128) -> Self {
        Coins(amount)
    }

    /// How many base units.
    pub const fn amount(self) -> u128 {
        self.0
    }

    /// Whether there are none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The same in points, exact.
    pub fn points(self) -> Points {
        Points::from_coins(self.0)
    }

    /// The whole coins in an amount of points, floored.
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] from 2^128 on, which the bound on receipts excludes.
    pub fn of_points(points: Points) -> Result<Self, MathError> {
        Coins::of_amount(points.whole_coins())
    }

    /// Base units of any size.
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] from 2^128 on.
    pub fn of_amount(amount: Uint256) -> Result<Self, MathError> {
        Uint128::try_from(amount)
            .map(|coins| Coins(coins.u128()))
            .map_err(|_| MathFault::CoinsBound { amount }.into())
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] from 2^128 on.
    pub fn checked_add(self, other: Self) -> Result<Self, MathError> {
        self.0.checked_add(other.0).map(Coins).ok_or_else(|| {
            MathFault::CoinsBound {
                amount: Uint256::from(self.0).saturating_add(Uint256::from(other.0)),
            }
            .into()
        })
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MathFault::Underflow`] when `other` is greater.
    pub fn checked_sub(self, other: Self) -> Result<Self, MathError> {
        self.0.checked_sub(other.0).map(Coins).ok_or_else(|| {
            MathFault::Underflow {
                left: self.0.into(),
                right: other.0.into(),
            }
            .into()
        })
    }
}

/// What is owed of one reward asset. Everything that is received is `to_distribute` first, becomes
/// `rewards` epoch by epoch, and leaves as whole coins; what the contract's divisions leave goes to
/// the treasury.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RewardLedger {
    /// Ever received for gauges; the bound of 2^128 is the type.
    received: Coins,
    /// In gauges, not distributed yet.
    pub to_distribute: Coins,
    /// Distributed and not paid: in pools and of locks.
    pub rewards: Points,
    /// The treasury's, of rewards.
    pub treasury: Points,
}

impl RewardLedger {
    /// Takes coins in for a gauge.
    ///
    /// # Errors
    /// [`MathFault::CoinsBound`] when the total ever received would reach 2^128.
    pub fn receive(&mut self, coins: Coins) -> Result<(), MathError> {
        self.received = self.received.checked_add(coins)?;
        self.to_distribute = self.to_distribute.checked_add(coins)?;
        Ok(())
    }

    /// A gauge gives coins to its pool.
    ///
    /// # Errors
    /// When the gauges have less, which their records exclude.
    pub fn distribute(&mut self, coins: Coins) -> Result<(), MathError> {
        self.to_distribute = self.to_distribute.checked_sub(coins)?;
        self.rewards = self.rewards.checked_add(coins.points())?;
        Ok(())
    }

    /// A gauge that ends early returns coins.
    ///
    /// # Errors
    /// When the gauges have less, which their records exclude.
    pub fn give_back(&mut self, coins: Coins) -> Result<(), MathError> {
        self.to_distribute = self.to_distribute.checked_sub(coins)?;
        Ok(())
    }

    /// Rewards leave for whom they are owed.
    ///
    /// # Errors
    /// When less is owed, which the records of locks exclude.
    pub fn pay(&mut self, coins: Coins) -> Result<(), MathError> {
        self.rewards = self.rewards.checked_sub(coins.points())?;
        Ok(())
    }

    /// Rewards that nobody can be paid become the treasury's.
    ///
    /// # Errors
    /// When less is owed, which the records of locks and pools exclude.
    pub fn to_treasury(&mut self, points: Points) -> Result<(), MathError> {
        self.rewards = self.rewards.checked_sub(points)?;
        self.treasury = self.treasury.checked_add(points)?;
        Ok(())
    }

    /// The treasury takes its whole coins; the fraction stays.
    ///
    /// # Errors
    /// None in practice.
    pub fn take_treasury(&mut self) -> Result<Coins, MathError> {
        let coins = Coins::of_points(self.treasury)?;
        self.treasury = self.treasury.checked_sub(coins.points())?;
        Ok(coins)
    }
}

/// What is owed of one asset outside of gauges and rewards.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AssetRecord {
    /// The asset's number, from 1 on; records hold it instead of the name.
    pub id: AssetId,
    /// Locked, unlocking or waiting to be withdrawn.
    pub principal: Coins,
    /// Creation fees, the treasury's.
    pub fees: Coins,
    /// Sent, and not known to have arrived.
    pub in_flight: Coins,
    /// Payouts that came back, kept for whose claim they were.
    pub undelivered: Coins,
}

/// Classes of liabilities, as `invariants` and `audit` show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Of locks.
    Principal,
    /// In gauges.
    ToDistribute,
    /// Of lockers.
    Rewards,
    /// The treasury's.
    Treasury,
    /// Sent, and not known to have arrived.
    InFlight,
    /// Payouts that came back.
    Undelivered,
}

impl Class {
    /// All classes, in the order in which they are shown.
    pub const ALL: [Class; 6] = [
        Class::Principal,
        Class::ToDistribute,
        Class::Rewards,
        Class::Treasury,
        Class::InFlight,
        Class::Undelivered,
    ];

    /// The name of the class in queries.
    pub fn name(self) -> &'static str {
        match self {
            Class::Principal => "principal",
            Class::ToDistribute => "to_distribute",
            Class::Rewards => "rewards",
            Class::Treasury => "treasury",
            Class::InFlight => "in_flight",
            Class::Undelivered => "undelivered",
        }
    }
}

/// What is owed of one asset, by class, in points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Liabilities {
    principal: Points,
    to_distribute: Points,
    rewards: Points,
    treasury: Points,
    in_flight: Points,
    undelivered: Points,
}

impl Liabilities {
    /// Of an asset's two ledgers; the second only for a reward asset.
    ///
    /// # Errors
    /// None in practice.
    pub fn of(asset: &AssetRecord, rewards: Option<&RewardLedger>) -> Result<Self, MathError> {
        let mut sums = Liabilities::default();
        sums.add(Class::Principal, asset.principal.points())?;
        sums.add(Class::Treasury, asset.fees.points())?;
        sums.add(Class::InFlight, asset.in_flight.points())?;
        sums.add(Class::Undelivered, asset.undelivered.points())?;
        if let Some(rewards) = rewards {
            sums.add(Class::ToDistribute, rewards.to_distribute.points())?;
            sums.add(Class::Rewards, rewards.rewards)?;
            sums.add(Class::Treasury, rewards.treasury)?;
        }
        Ok(sums)
    }

    /// The points of a class.
    pub fn class(&self, class: Class) -> Points {
        match class {
            Class::Principal => self.principal,
            Class::ToDistribute => self.to_distribute,
            Class::Rewards => self.rewards,
            Class::Treasury => self.treasury,
            Class::InFlight => self.in_flight,
            Class::Undelivered => self.undelivered,
        }
    }

    /// Adds to a class.
    ///
    /// # Errors
    /// None in practice.
    pub fn add(&mut self, class: Class, points: Points) -> Result<(), MathError> {
        let place = match class {
            Class::Principal => &mut self.principal,
            Class::ToDistribute => &mut self.to_distribute,
            Class::Rewards => &mut self.rewards,
            Class::Treasury => &mut self.treasury,
            Class::InFlight => &mut self.in_flight,
            Class::Undelivered => &mut self.undelivered,
        };
        *place = place.checked_add(points)?;
        Ok(())
    }

    /// All classes together.
    ///
    /// # Errors
    /// None in practice.
    pub fn total(&self) -> Result<Points, MathError> {
        Points::sum(Class::ALL.map(|class| self.class(class)))
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn coins_move_from_gauge_to_reward_to_payment_and_none_appears() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(10)).unwrap();
        ledger.distribute(Coins::new(7)).unwrap();
        ledger.to_treasury(Points::ONE).unwrap();
        ledger.pay(Coins::new(6)).unwrap();
        ledger.give_back(Coins::new(3)).unwrap();
        assert!(ledger.to_distribute.is_zero());
        let left = ledger.rewards.checked_add(ledger.treasury).unwrap();
        assert_eq!(left, Points::from_coins(1));
        assert!(ledger.pay(Coins::new(1)).is_err());
    }

    #[test]
    fn a_total_of_two_to_the_128th_is_never_received() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(u128::MAX)).unwrap();
        ledger.give_back(Coins::new(u128::MAX)).unwrap();
        assert!(matches!(
            ledger.receive(Coins::new(1)),
            Err(error) if matches!(error.fault(), MathFault::CoinsBound { .. })
        ));
    }

    #[test]
    fn the_treasury_takes_whole_coins_and_keeps_its_fraction() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(2)).unwrap();
        ledger.distribute(Coins::new(2)).unwrap();
        let most = Points::from_coins(2).checked_sub(Points::ONE).unwrap();
        ledger.to_treasury(most).unwrap();
        assert_eq!(ledger.take_treasury().unwrap(), Coins::new(1));
        assert_eq!(ledger.treasury, most.fraction());
        assert_eq!(ledger.take_treasury().unwrap(), Coins::ZERO);
    }
}
