//! Coins by denom: what a pool takes, and how its amounts are shown.

use cosmwasm_std::{Attribute, Coin, Event};
use distribution_math::{DecCoins, Digits, Points};
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
        let digits = |coin: &Coin| Points::new(coin.amount).digits();
        self.text(|parts| {
            for coin in coins {
                parts(&[digits(coin).points(), &coin.denom]);
            }
        })
    }

    /// Amounts in points as events show them: `1500000000000000000000000000000000000uatom`.
    pub fn points_text(&self, amounts: &Amounts) -> String {
        self.text_of_points(&self.shown(amounts))
    }

    /// Adds amounts to an event, as coins with decimals (`amount`: `1.5uatom`, by name) and as
    /// points (`points`).
    pub fn tell(&self, event: Event, amounts: &Amounts) -> Event {
        let shown = self.shown(amounts);
        event
            .add_attribute("amount", self.text_of_coins(&shown))
            .add_attribute("points", self.text_of_points(&shown))
    }

    /// Amounts as digits, in the order of the ids.
    fn shown<'a>(&'a self, amounts: &'a Amounts) -> [Shown<'a>; Denoms::LIMIT] {
        let mut all = [Shown::NOTHING; Denoms::LIMIT];
        for (shown, (denom, amount)) in all.iter_mut().zip(self.named(amounts)) {
            if !amount.is_zero() {
                *shown = Shown {
                    denom,
                    digits: amount.digits(),
                };
            }
        }
        all
    }

    fn text_of_points(&self, shown: &[Shown]) -> String {
        self.text(|parts| {
            for Shown { denom, digits } in shown.iter().filter(|it| !it.denom.is_empty()) {
                parts(&[digits.points(), denom]);
            }
        })
    }

    fn text_of_coins(&self, shown: &[Shown]) -> String {
        // No denom is named twice, nor nameless.
        let next = |last: &str| {
            let behind = shown.iter().filter(|it| it.denom > last);
            behind.min_by_key(|it| it.denom)
        };
        self.text(|parts| {
            let by_name = std::iter::successors(next(""), |last| next(last.denom));
            for Shown { denom, digits } in by_name {
                match (digits.whole(), digits.decimals()) {
                    ("0", "") => {}
                    (whole, "") => parts(&[whole, denom]),
                    (whole, decimals) => parts(&[whole, ".", decimals, denom]),
                }
            }
        })
    }

    /// What `list` tells of, each of its parts written together, in a text that takes no more
    /// memory than it has characters; `0` of the first denom when there is nothing.
    fn text(&self, list: impl Fn(&mut dyn FnMut(&[&str]))) -> String {
        let mut length = 0usize;
        list(&mut |parts| {
            let parts = parts.iter().map(|part| part.len());
            length = parts.fold(length.saturating_add(1), usize::saturating_add);
        });
        if length == 0 {
            let first = self.iter().next();
            return format!("0{}", first.map_or("", |(_, denom)| denom.name.as_str()));
        }
        let mut text = String::with_capacity(length);
        list(&mut |parts| {
            if !text.is_empty() {
                text.push(',');
            }
            parts.iter().for_each(|part| text.push_str(part));
        });
        text
    }
}

/// An amount of a denom, in digits; none of a denom without a name.
#[derive(Clone, Copy)]
struct Shown<'a> {
    denom: &'a str,
    digits: Digits,
}

impl Shown<'_> {
    const NOTHING: Self = Shown {
        denom: "",
        digits: Digits::ZERO,
    };
}
