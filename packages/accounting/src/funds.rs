//! Coins by denom: what a pool takes, and how its amounts are shown.

use cosmwasm_std::{Attribute, Coin, Event};
use distribution_math::DecCoins;
use interfaces::asset::insert_by_denom;

use crate::{AccountingError, AccountingFault, Amounts, DenomId, Denoms};

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
    pub fn receivable_coins(&self, coins: &[Coin]) -> Result<Vec<ReceivableCoin>, AccountingError> {
        let mut received: Vec<ReceivableCoin> = Vec::new();
        for coin in coins {
            let denom = self.receivable(&coin.denom)?;
            if coin.amount.is_zero() {
                return Err(AccountingFault::ZeroAmount {
                    denom: coin.denom.clone(),
                }
                .into());
            }
            if received.iter().any(|other| other.denom == denom) {
                return Err(AccountingFault::RepeatedDenom {
                    denom: coin.denom.clone(),
                }
                .into());
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
    ) -> Result<Vec<Attribute>, AccountingError> {
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
        let mut coins = Vec::new();
        for (denom, amount) in self.named(amounts) {
            let amount = amount.whole_coins();
            if !amount.is_zero() {
                insert_by_denom(&mut coins, Coin::new(amount, denom));
            }
        }
        coins
    }

    /// Coins as events show them, in the order given: `3uatom,4uosmo`. Nothing is `0` of the first
    /// denom, as in the Cosmos SDK: some chains refuse blank values.
    pub fn coins_text(&self, coins: &[Coin]) -> String {
        if coins.is_empty() {
            return self.nothing();
        }
        let texts: Vec<String> = coins.iter().map(Coin::to_string).collect();
        texts.join(",")
    }

    /// Amounts with decimals as events show them: `1.5uatom`.
    pub fn amounts_text(&self, amounts: &Amounts) -> String {
        let coins = self.dec_coins(amounts);
        if coins.is_empty() {
            return self.nothing();
        }
        coins.to_string()
    }

    /// Amounts in points as events show them: `1500000000000000000000000000000000000uatom`.
    pub fn points_text(&self, amounts: &Amounts) -> String {
        let mut texts = Vec::new();
        for (denom, amount) in self.named(amounts) {
            if !amount.is_zero() {
                texts.push(format!("{amount}{denom}"));
            }
        }
        if texts.is_empty() {
            return self.nothing();
        }
        texts.join(",")
    }

    /// Adds amounts to an event, as coins (`amount`) and as points (`points`).
    pub fn tell(&self, event: Event, amounts: &Amounts) -> Event {
        event
            .add_attribute("amount", self.amounts_text(amounts))
            .add_attribute("points", self.points_text(amounts))
    }

    fn nothing(&self) -> String {
        let first = self.iter().next();
        format!("0{}", first.map_or("", |(_, denom)| denom.name.as_str()))
    }
}
