//! What the contract owes, in numbers: whole coins, the ledger of rewards, the ledger of each asset.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{Coins, MathError, Points};
use pool_kit::audit::{Liability, UNDELIVERED};

/// What is owed of one reward asset. Everything that is received is `to_distribute` first, becomes
/// `rewards` epoch by epoch, and leaves in whole coins. What the divisions leave goes to the
/// treasury.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RewardLedger {
    /// Ever received for gauges, less what returned to their creators; its type keeps it below
    /// 2^128. Everything that was ever given to a pool was received and not returned, so the bound
    /// holds for the indices.
    received: Coins,
    /// In gauges, not distributed yet.
    pub to_distribute: Points,
    /// Distributed and not paid: in pools and of locks.
    pub rewards: Points,
    /// What the treasury is owed of rewards.
    pub treasury: Points,
}

impl RewardLedger {
    /// Receives coins for a gauge.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] when the total ever received would reach 2^128.
    pub fn receive(&mut self, coins: Coins) -> Result<(), MathError> {
        self.received.increase(coins)?;
        self.to_distribute = self.to_distribute.checked_add(coins.points())?;
        Ok(())
    }

    /// Moves points from a gauge to the rewards of its pool.
    pub fn distribute(&mut self, points: Points) -> Result<(), MathError> {
        self.to_distribute = self.to_distribute.checked_sub(points)?;
        self.rewards = self.rewards.checked_add(points)?;
        Ok(())
    }

    /// Takes out the whole coins that a gauge which ends early has not given; they return to its
    /// creator. The fraction below a coin stays: it is the treasury's, see
    /// [`RewardLedger::rest_to_treasury`].
    pub fn give_back(&mut self, undistributed: Points) -> Result<Coins, MathError> {
        let coins = Coins::of_points(undistributed)?;
        self.received.decrease(coins)?;
        self.to_distribute = self.to_distribute.checked_sub(coins.points())?;
        Ok(coins)
    }

    /// Takes out rewards that are paid.
    pub fn pay(&mut self, coins: Coins) -> Result<(), MathError> {
        self.rewards = self.rewards.checked_sub(coins.points())?;
        Ok(())
    }

    /// Moves rewards to the treasury.
    pub fn to_treasury(&mut self, points: Points) -> Result<(), MathError> {
        self.rewards = self.rewards.checked_sub(points)?;
        self.treasury = self.treasury.checked_add(points)?;
        Ok(())
    }

    /// Moves what is left in an ended gauge to the treasury.
    pub fn rest_to_treasury(&mut self, points: Points) -> Result<(), MathError> {
        self.to_distribute = self.to_distribute.checked_sub(points)?;
        self.treasury = self.treasury.checked_add(points)?;
        Ok(())
    }

    /// Takes out the whole coins of the treasury; the fraction stays.
    pub fn take_treasury(&mut self) -> Result<Coins, MathError> {
        let coins = Coins::of_points(self.treasury)?;
        self.treasury = self.treasury.fraction();
        Ok(coins)
    }
}

/// What is owed of one asset besides what gauges hold and locks earned.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CoinLedger {
    /// In locks whose principal was not withdrawn.
    pub principal: Coins,
    /// Owed to the treasury: creation fees, and payouts to it that failed.
    pub treasury: Coins,
    /// Sent, and not known to have arrived.
    pub in_flight: Coins,
    /// Payouts that failed, owed to the accounts whose claims they were.
    pub undelivered: Coins,
}

/// The class of what is in locks, owed to their owners.
pub const PRINCIPAL: &str = "principal";
/// The class of what is in gauges.
pub const TO_DISTRIBUTE: &str = "to_distribute";
/// The class of what is distributed, owed to the receivers of locks.
pub const REWARDS: &str = "rewards";
/// The class of what is owed to the treasury.
pub const TREASURY: &str = "treasury";
/// The class of what was sent and is not known to have arrived.
pub const IN_FLIGHT: &str = "in_flight";

/// All classes of liabilities, in the order in which `invariants` and `audit` show them.
pub const CLASSES: [&str; 6] = [
    PRINCIPAL,
    TO_DISTRIBUTE,
    REWARDS,
    TREASURY,
    IN_FLIGHT,
    UNDELIVERED,
];

/// What is owed of one asset, by class, in the order of [`CLASSES`].
pub fn liabilities(
    coins: &CoinLedger,
    rewards: &RewardLedger,
) -> Result<[Liability; 6], MathError> {
    let treasury = rewards.treasury.checked_add(coins.treasury.points())?;
    Ok([
        Liability::new(PRINCIPAL, coins.principal.points()),
        Liability::new(TO_DISTRIBUTE, rewards.to_distribute),
        Liability::new(REWARDS, rewards.rewards),
        Liability::new(TREASURY, treasury),
        Liability::new(IN_FLIGHT, coins.in_flight.points()),
        Liability::new(UNDELIVERED, coins.undelivered.points()),
    ])
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn coins_move_from_gauge_to_reward_to_payment_and_none_appears() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(10)).unwrap();
        ledger.distribute(Points::from_coins(7)).unwrap();
        ledger.to_treasury(Points::ONE).unwrap();
        ledger.pay(Coins::new(6)).unwrap();
        let returned = ledger.give_back(Points::from_coins(3)).unwrap();
        assert_eq!(returned, Coins::new(3));
        assert!(ledger.to_distribute.is_zero());
        let left = ledger.rewards.checked_add(ledger.treasury).unwrap();
        assert_eq!(left, Points::from_coins(1));
        assert!(ledger.pay(Coins::new(1)).is_err());
    }

    #[test]
    fn a_total_of_two_to_the_128th_is_never_received_but_what_returned_does_not_count() {
        let mut ledger = RewardLedger::default();
        let everything = Coins::new(u128::MAX);
        for _ in 0..2 {
            ledger.receive(everything).unwrap();
            assert_eq!(ledger.give_back(everything.points()).unwrap(), everything);
        }
        ledger.receive(everything).unwrap();
        ledger.distribute(everything.points()).unwrap();
        ledger.pay(everything).unwrap();
        assert!(matches!(
            ledger.receive(Coins::new(1)),
            Err(MathError::CoinsBound { .. })
        ));
    }

    #[test]
    fn the_fraction_of_an_ended_gauge_is_the_treasurys() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(3)).unwrap();
        ledger.distribute(Points::ONE).unwrap();
        let left = ledger.to_distribute;
        assert_eq!(ledger.give_back(left).unwrap(), Coins::new(2));
        ledger.rest_to_treasury(left.fraction()).unwrap();
        assert!(ledger.to_distribute.is_zero());
        assert_eq!(ledger.treasury, left.fraction());
    }

    #[test]
    fn the_treasury_takes_whole_coins_and_keeps_its_fraction() {
        let mut ledger = RewardLedger::default();
        ledger.receive(Coins::new(2)).unwrap();
        ledger.distribute(Points::from_coins(2)).unwrap();
        let most = Points::from_coins(2).checked_sub(Points::ONE).unwrap();
        ledger.to_treasury(most).unwrap();
        assert_eq!(ledger.take_treasury().unwrap(), Coins::new(1));
        assert_eq!(ledger.treasury, most.fraction());
        assert_eq!(ledger.take_treasury().unwrap(), Coins::ZERO);
    }

    #[test]
    fn liabilities_are_shown_by_class_and_both_parts_of_the_treasurys_as_one() {
        let coins = CoinLedger {
            principal: Coins::new(1),
            treasury: Coins::new(2),
            in_flight: Coins::new(3),
            undelivered: Coins::new(4),
        };
        let rewards = RewardLedger {
            received: Coins::new(99),
            to_distribute: Points::from_coins(5),
            rewards: Points::from_coins(6),
            treasury: Points::from_coins(7),
        };
        let owed = liabilities(&coins, &rewards).unwrap();
        let expected = [1, 5, 6, 9, 3, 4];
        for ((liability, class), coins) in owed.iter().zip(CLASSES).zip(expected) {
            assert_eq!(*liability, Liability::new(class, Points::from_coins(coins)));
        }
    }
}
