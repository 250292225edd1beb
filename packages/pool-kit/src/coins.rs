//! The coins that a message brings, and amounts as events and answers show them.

use cosmwasm_std::{Attribute, Coin, Event};
use distribution_math::DecCoins;

use crate::{Amounts, DenomId, Denoms, KitError};

/// A coin of a denom that the pool receives.
#[derive(Clone, Debug)]
pub struct ReceivableCoin {
    /// Its id.
    pub denom: DenomId,
    /// The coin.
    pub coin: Coin,
}

impl Denoms {
    /// Coins with the ids of their denoms: each denom once, none of them zero, all of them received
    /// now.
    ///
    /// # Errors
    /// For any other list.
    pub fn receivable_coins(&self, coins: &[Coin]) -> Result<Vec<ReceivableCoin>, KitError> {
        let mut received: Vec<ReceivableCoin> = Vec::new();
        for coin in coins {
            let denom = self.receivable(&coin.denom)?;
            if coin.amount.is_zero() {
                return Err(KitError::ZeroAmount {
                    denom: coin.denom.clone(),
                });
            }
            if received.iter().any(|other| other.denom == denom) {
                return Err(KitError::RepeatedDenom {
                    denom: coin.denom.clone(),
                });
            }
            received.push(ReceivableCoin {
                denom,
                coin: coin.clone(),
            });
        }
        Ok(received)
    }

    /// Removes and adds denoms, in this order, and returns what an event says of it.
    ///
    /// # Errors
    /// As [`Denoms::remove`] and [`Denoms::add`].
    pub fn update(
        &mut self,
        add: Vec<String>,
        remove: Vec<String>,
    ) -> Result<Vec<Attribute>, KitError> {
        let mut changes = Vec::new();
        for denom in remove {
            self.remove(&denom)?;
            changes.push(Attribute::new("removed", denom));
        }
        for denom in add {
            changes.push(Attribute::new("added", &denom));
            self.add(denom)?;
        }
        Ok(changes)
    }

    /// Amounts with decimals.
    pub fn dec_coins(&self, amounts: &Amounts) -> DecCoins {
        DecCoins::from_points(self.named(amounts))
    }

    /// The whole coins in amounts, sorted by denom, none of them zero.
    pub fn coins(&self, amounts: &Amounts) -> Vec<Coin> {
        let mut coins: Vec<Coin> = self
            .named(amounts)
            .map(|(denom, amount)| Coin::new(amount.whole_coins(), denom))
            .filter(|coin| !coin.amount.is_zero())
            .collect();
        coins.sort_by(|a, b| a.denom.cmp(&b.denom));
        coins
    }

    /// Coins as events show them, in the order given: `3uatom,4uosmo`. Nothing is `0` of the first
    /// denom, as in the Cosmos SDK: some chains refuse blank values.
    pub fn coins_text(&self, coins: &[Coin]) -> String {
        self.list(coins.iter().map(ToString::to_string))
    }

    /// Amounts with decimals as events show them: `1.5uatom`.
    pub fn amounts_text(&self, amounts: &Amounts) -> String {
        let coins = self.dec_coins(amounts);
        let coins = coins.as_slice().iter();
        self.list(coins.map(|coin| format!("{}{}", coin.amount, coin.denom)))
    }

    /// Amounts in points as events show them: `1500000000000000000000000000000000000uatom`.
    pub fn points_text(&self, amounts: &Amounts) -> String {
        let amounts = self.named(amounts).filter(|(_, amount)| !amount.is_zero());
        self.list(amounts.map(|(denom, amount)| format!("{amount}{denom}")))
    }

    /// Adds amounts to an event, as coins (`amount`) and as points (`points`).
    pub fn add_amounts(&self, event: Event, amounts: &Amounts) -> Event {
        event
            .add_attribute("amount", self.amounts_text(amounts))
            .add_attribute("points", self.points_text(amounts))
    }

    fn list(&self, amounts: impl Iterator<Item = String>) -> String {
        let amounts: Vec<String> = amounts.collect();
        if amounts.is_empty() {
            let first = self.iter().next();
            return format!("0{}", first.map_or("", |(_, denom)| denom.name.as_str()));
        }
        amounts.join(",")
    }
}
