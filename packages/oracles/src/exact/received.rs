//! What was ever received, less what returned to whom it came from.

use super::{DenomAmount, Names, ReceivedBound};

/// Denoms, and the base units ever received of each, less those that returned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    denoms: Names,
    amounts: Vec<u128>,
}

impl Received {
    /// The number of a denom, new or known.
    pub fn denom(&mut self, denom: &str) -> usize {
        let id = self.denoms.intern(denom);
        if self.amounts.len() <= id {
            self.amounts.resize(id + 1, 0);
        }
        id
    }

    /// The number of a known denom.
    pub fn known(&self, denom: &str) -> Option<usize> {
        self.denoms.get(denom)
    }

    /// The denom with a number that this table gave out.
    pub fn name(&self, denom: usize) -> &str {
        self.denoms.name(denom)
    }

    /// All denoms in the order of their numbers.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.denoms.iter()
    }

    /// Base units ever received of a denom by its number.
    pub fn amount(&self, denom: usize) -> u128 {
        self.amounts[denom]
    }

    /// Adds all amounts or none.
    ///
    /// # Errors
    /// [`ReceivedBound`] for a total of 2^128 or more.
    pub fn add(&mut self, coins: &[DenomAmount<'_>]) -> Result<(), ReceivedBound> {
        let ids: Vec<usize> = coins.iter().map(|it| self.denom(it.denom)).collect();
        let mut amounts = self.amounts.clone();
        for (id, coin) in ids.into_iter().zip(coins) {
            amounts[id] = amounts[id]
                .checked_add(coin.amount)
                .ok_or_else(|| ReceivedBound {
                    denom: coin.denom.to_owned(),
                })?;
        }
        self.amounts = amounts;
        Ok(())
    }

    /// Takes off what returned to whom it came from.
    pub fn refund(&mut self, denom: usize, coins: u128) {
        self.amounts[denom] -= coins;
    }
}
