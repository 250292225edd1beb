//! Whose the tokens of a denom are, by class.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Event, Uint128, Uint256};
use distribution_math::{MathError, Points};

use crate::events::action;

/// Whose the points of one denom are, by class.
///
/// `received - liabilities` is what was paid. Everything that is received is allocated in the
/// same step and everything is paid in whole coins, so the classes always add up to whole coins.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DenomLedger {
    /// Base units ever received; the bound of 2^128 is the type.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    received: u128,
    community_pool: Points,
    outstanding: Points,
    in_flight: Points,
    undelivered: Points,
}

/// Classes of a pool's liabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Owed to the community.
    CommunityPool,
    /// Owed to validators and delegators, settled or not.
    Outstanding,
    /// Sent, and not known to have arrived.
    InFlight,
    /// Payouts that came back, kept for whose claim they were.
    Undelivered,
}

impl Class {
    /// All classes, in the order in which they are shown.
    pub const ALL: [Class; 4] = [
        Class::CommunityPool,
        Class::Outstanding,
        Class::InFlight,
        Class::Undelivered,
    ];

    /// The name of the class in queries and events.
    pub fn name(self) -> &'static str {
        match self {
            Class::CommunityPool => "community_pool",
            Class::Outstanding => "outstanding",
            Class::InFlight => "in_flight",
            Class::Undelivered => "undelivered",
        }
    }
}

/// The part of a balance that came in and belongs to nobody yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undistributed {
    /// Base units that can be received.
    pub receivable: u128,
    /// Base units that would bring the total ever received to 2^128 or above; they stay where
    /// they are.
    pub beyond_bound: Uint256,
}

impl Undistributed {
    /// The part of `balance` that is above what is owed, by a ledger that has `received` so many base
    /// units ever. A balance below the liabilities, as a token may show that calls back after it debited
    /// us, counts as nothing new.
    pub fn of(balance: Uint256, liabilities: Points, received: u128) -> Self {
        let undistributed = balance.saturating_sub(liabilities.ceil_coins());
        let room = u128::MAX.saturating_sub(received);
        let receivable =
            Uint128::try_from(undistributed).map_or(room, |coins| coins.u128().min(room));
        Undistributed {
            receivable,
            beyond_bound: undistributed.saturating_sub(Uint256::from(receivable)),
        }
    }

    /// The event of what cannot be received of a denom, if there is any.
    pub fn receipt_bound(&self, denom: &str) -> Option<Event> {
        let event = || {
            action("receipt_bound")
                .add_attribute("denom", denom)
                .add_attribute("uncollected", self.beyond_bound.to_string())
        };
        (!self.beyond_bound.is_zero()).then(event)
    }

    /// All base units of the balance that belong to nobody.
    pub fn total(&self) -> Uint256 {
        // Both are parts of one balance.
        self.beyond_bound
            .saturating_add(Uint256::from(self.receivable))
    }
}

impl DenomLedger {
    /// The points of a class.
    pub fn class(&self, class: Class) -> Points {
        match class {
            Class::CommunityPool => self.community_pool,
            Class::Outstanding => self.outstanding,
            Class::InFlight => self.in_flight,
            Class::Undelivered => self.undelivered,
        }
    }

    fn class_mut(&mut self, class: Class) -> &mut Points {
        match class {
            Class::CommunityPool => &mut self.community_pool,
            Class::Outstanding => &mut self.outstanding,
            Class::InFlight => &mut self.in_flight,
            Class::Undelivered => &mut self.undelivered,
        }
    }

    /// Base units ever received.
    pub fn received(&self) -> u128 {
        self.received
    }

    /// Everything that is owed to somebody.
    ///
    /// # Errors
    /// [`MathError::Overflow`], which the bound on receipts excludes.
    pub fn liabilities(&self) -> Result<Points, MathError> {
        Points::sum(Class::ALL.map(|class| self.class(class)))
    }

    /// The part of `balance` that belongs to nobody yet: see [`Undistributed::of`].
    ///
    /// # Errors
    /// [`MathError::Overflow`], which the bound on receipts excludes.
    pub fn undistributed(&self, balance: Uint256) -> Result<Undistributed, MathError> {
        let liabilities = self.liabilities()?;
        Ok(Undistributed::of(balance, liabilities, self.received))
    }

    /// Counts `coins` as received and returns them as points, which the caller allocates with
    /// [`DenomLedger::allocate`] before the record is saved.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] when the total would reach 2^128.
    pub fn receive(&mut self, coins: Uint256) -> Result<Points, MathError> {
        let points = Points::try_from_coins(coins)?;
        let total = Uint256::from(self.received).saturating_add(coins);
        self.received = Uint128::try_from(total)
            .map_err(|_| MathError::CoinsBound { amount: total })?
            .u128();
        Ok(points)
    }

    /// Adds received points to a class.
    ///
    /// # Errors
    /// [`MathError::Overflow`], which the bound on receipts excludes.
    pub fn allocate(&mut self, class: Class, amount: Points) -> Result<(), MathError> {
        let place = self.class_mut(class);
        *place = place.checked_add(amount)?;
        Ok(())
    }

    /// Moves points from one class to another.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when the first class has less.
    pub fn transfer(&mut self, from: Class, to: Class, amount: Points) -> Result<(), MathError> {
        self.release(from, amount)?;
        self.allocate(to, amount)
    }

    /// Takes points out of the ledger: they are paid.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when the class has less.
    pub fn release(&mut self, class: Class, amount: Points) -> Result<(), MathError> {
        let place = self.class_mut(class);
        *place = place.checked_sub(amount)?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn ledger_with(coins: u128) -> DenomLedger {
        let mut ledger = DenomLedger::default();
        let points = ledger.receive(coins.into()).unwrap();
        ledger.allocate(Class::Outstanding, points).unwrap();
        ledger
    }

    #[test]
    fn what_is_owed_is_not_income() {
        let ledger = ledger_with(70);
        let undistributed = ledger.undistributed(Uint256::from(100u128)).unwrap();
        assert_eq!(
            (undistributed.receivable, undistributed.beyond_bound),
            (30, Uint256::zero())
        );
    }

    #[test]
    fn a_balance_below_the_liabilities_is_no_income_and_no_error() {
        let undistributed = ledger_with(70)
            .undistributed(Uint256::from(69u128))
            .unwrap();
        assert_eq!(undistributed.receivable, 0);
    }

    #[test]
    fn income_stops_at_the_bound_and_the_rest_is_named() {
        let ledger = ledger_with(u128::MAX - 5);
        let undistributed = ledger.undistributed(Uint256::MAX).unwrap();
        assert_eq!(undistributed.receivable, 5);
        assert_eq!(
            undistributed.beyond_bound,
            Uint256::MAX - Uint256::from(u128::MAX - 5) - Uint256::from(5u128)
        );
        let mut full = ledger_with(u128::MAX);
        assert_eq!(full.undistributed(Uint256::MAX).unwrap().receivable, 0);
        assert!(matches!(
            full.receive(Uint256::one()),
            Err(MathError::CoinsBound { .. })
        ));
    }

    #[test]
    fn a_class_never_goes_below_zero() {
        let mut ledger = ledger_with(5);
        assert!(
            ledger
                .transfer(Class::Outstanding, Class::InFlight, Points::from_coins(6))
                .is_err()
        );
        assert!(ledger.release(Class::CommunityPool, Points::ONE).is_err());
    }
}
