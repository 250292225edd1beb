//! Whose the tokens of a denom are, by class.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Uint256;
use distribution_math::{MathError, Points};
use pool_kit::ledger::Undistributed;

/// Whose the points of one denom are, by class. Everything that is received is allocated in the
/// same step, and everything leaves in whole coins.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HoldingLedger {
    /// Base units ever received; the bound of 2^128 is the type. A refund is received again only if
    /// its callback was lost.
    #[borsh(
        serialize_with = "distribution_math::compact::write",
        deserialize_with = "distribution_math::compact::read"
    )]
    received: u128,
    holding_pools: Points,
    provider_pending: Points,
    consumer_pending: Points,
    unit: Points,
    in_flight: Points,
}

/// Classes of liabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The open holding pools of all validators, and what their index could not divide yet.
    HoldingPools,
    /// Belongs to the provider's part and joins it in the next block that has something to split.
    ProviderPending,
    /// Belongs to the consumer's fee pool and could not be paid yet.
    ConsumerPending,
    /// Closed, and still or again here.
    Unit,
    /// In a message under way, whose outcome the reply tells.
    InFlight,
}

impl Class {
    /// All classes, in the order in which they are shown.
    pub const ALL: [Class; 5] = [
        Class::HoldingPools,
        Class::ProviderPending,
        Class::ConsumerPending,
        Class::Unit,
        Class::InFlight,
    ];

    /// The name of the class in queries.
    pub const fn name(self) -> &'static str {
        match self {
            Class::HoldingPools => "holding_pools",
            Class::ProviderPending => "provider_pending",
            Class::ConsumerPending => "consumer_pending",
            Class::Unit => "unit",
            Class::InFlight => "in_flight",
        }
    }
}

impl HoldingLedger {
    /// The points of a class.
    pub fn class(&self, class: Class) -> Points {
        match class {
            Class::HoldingPools => self.holding_pools,
            Class::ProviderPending => self.provider_pending,
            Class::ConsumerPending => self.consumer_pending,
            Class::Unit => self.unit,
            Class::InFlight => self.in_flight,
        }
    }

    fn class_mut(&mut self, class: Class) -> &mut Points {
        match class {
            Class::HoldingPools => &mut self.holding_pools,
            Class::ProviderPending => &mut self.provider_pending,
            Class::ConsumerPending => &mut self.consumer_pending,
            Class::Unit => &mut self.unit,
            Class::InFlight => &mut self.in_flight,
        }
    }

    /// The part of `balance` that came in and belongs to nobody yet: see [`Undistributed::of`].
    ///
    /// # Errors
    /// Overflow, which the bound on receipts excludes.
    pub fn undistributed(&self, balance: Uint256) -> Result<Undistributed, MathError> {
        let liabilities = Points::sum(Class::ALL.map(|class| self.class(class)))?;
        Ok(Undistributed::of(balance, liabilities, self.received))
    }

    /// Counts coins as received, which the caller adds to classes before the record is saved.
    /// `coins` are at most [`Undistributed::receivable`].
    pub fn receive(&mut self, coins: u128) {
        self.received = self.received.saturating_add(coins);
    }

    /// Adds points to a class.
    ///
    /// # Errors
    /// Overflow, which the bound on receipts excludes.
    pub fn add(&mut self, class: Class, amount: Points) -> Result<(), MathError> {
        let place = self.class_mut(class);
        *place = place.checked_add(amount)?;
        Ok(())
    }

    /// Takes points out of a class: they are paid, or go to another class.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when the class has less.
    pub fn take(&mut self, class: Class, amount: Points) -> Result<(), MathError> {
        let place = self.class_mut(class);
        *place = place.checked_sub(amount)?;
        Ok(())
    }

    /// Moves points from one class to another.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when the first class has less.
    pub fn transfer(&mut self, from: Class, to: Class, amount: Points) -> Result<(), MathError> {
        self.take(from, amount)?;
        self.add(to, amount)
    }
}
