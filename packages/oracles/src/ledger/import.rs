//! The state of an earlier pool, told line by line before the first block.
//!
//! A line replaces what an earlier line said of the same thing, but never what an event of staking has
//! said of it: of a validator's power, of its commission, of a delegation's units. What an earlier pool owed is owed from its line on; the coins for it come in parts, and
//! [`FeeLedger::activate`] is refused until they are there. What they are more belongs to the
//! community pool.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::{
    DenomAmount, Denominator, FeeLedger, Fraction, LedgerError, Recipient,
    records::{Account, Accounts},
};
use crate::exact::{NUMERATOR_PLACES, POINT_PLACES, points_of_decimal, pow10};

/// Decimal places of amounts that an earlier pool shows.
const AMOUNT_PLACES: u32 = 18;

/// What an earlier pool owes in one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedAmount<'a> {
    /// The denom.
    pub denom: &'a str,
    /// A decimal of at most 18 places, in base units.
    pub amount: &'a str,
}

/// A validator of an earlier pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedValidator<'a> {
    /// Its name.
    pub validator: &'a str,
    /// Its power.
    pub power: u64,
    /// Its commission.
    pub commission: Fraction,
}

/// What events have said of a validator or a delegation, which no line overwrites.
/// By names: an event may speak of a validator that has no record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aspect {
    Power {
        validator: String,
    },
    Commission {
        validator: String,
    },
    Units {
        delegator: String,
        validator: String,
    },
}

impl Aspect {
    pub fn power(validator: &str) -> Self {
        Self::Power {
            validator: validator.to_owned(),
        }
    }

    pub fn commission(validator: &str) -> Self {
        Self::Commission {
            validator: validator.to_owned(),
        }
    }

    pub fn units(delegator: &str, validator: &str) -> Self {
        Self::Units {
            delegator: delegator.to_owned(),
            validator: validator.to_owned(),
        }
    }
}

/// What a ledger keeps until it is active.
#[derive(Clone, Debug, Default)]
pub(super) struct Import {
    said_by_events: HashSet<Aspect>,
    /// Coins for what is owed, by number of the denom.
    cover: Vec<u128>,
}

impl Account {
    /// The imported part of what was earned is this now.
    fn import(&mut self, amount: BigInt) {
        self.earned.add(&amount - &self.imported, Denominator::ONE);
        self.imported = amount;
    }
}

impl Accounts {
    /// Exactly these amounts are imported, by number of the denom; nothing of all others.
    fn import(&mut self, amounts: &[(usize, BigInt)]) {
        for (_, account) in self.iter_mut() {
            account.import(BigInt::ZERO);
        }
        for (denom, amount) in amounts {
            self.get_mut(*denom).import(amount.clone());
        }
    }
}

impl FeeLedger {
    /// Waits for an import: no block, payment or spending until [`Self::activate`].
    #[must_use]
    pub fn inactive(self) -> Self {
        Self {
            import: Some(Import::default()),
            ..self
        }
    }

    /// Whether blocks may come.
    pub const fn is_active(&self) -> bool {
        self.import.is_none()
    }

    /// A validator as an earlier pool had it; one that was removed since stays so.
    ///
    /// # Errors
    /// [`LedgerError::Active`].
    pub fn import_validator(&mut self, line: &ImportedValidator<'_>) -> Result<(), LedgerError> {
        self.importing()?;
        let id = self.validator_or_new(line.validator);
        if !self.was_said(&Aspect::power(line.validator)) {
            self.change_power(id, line.power);
        }
        if !self.was_said(&Aspect::commission(line.validator)) {
            self.validators[id].commission = line.commission;
        }
        Ok(())
    }

    /// A delegation as an earlier pool had it. One to a validator that was removed since gets fewer
    /// units by it, never more.
    ///
    /// # Errors
    /// [`LedgerError::Active`], [`LedgerError::UnknownValidator`], [`LedgerError::UnitsBound`].
    /// Nothing changes then.
    pub fn import_units(
        &mut self,
        delegator: &str,
        validator: &str,
        units: u128,
    ) -> Result<(), LedgerError> {
        self.importing()?;
        self.known_validator(validator)?;
        if self.was_said(&Aspect::units(delegator, validator)) {
            return Ok(());
        }
        match self.change_units(delegator, validator, units) {
            Err(LedgerError::Removed { .. }) => Ok(()),
            result => result,
        }
    }

    /// All that an earlier pool owes to a recipient. Denoms that are not among the amounts are not
    /// owed to it, whatever an earlier line said.
    ///
    /// # Errors
    /// [`LedgerError::Active`], [`LedgerError::UnknownValidator`], [`LedgerError::BadAmount`].
    /// Nothing changes then.
    pub fn import_owed(
        &mut self,
        recipient: Recipient<'_>,
        amounts: &[ImportedAmount<'_>],
    ) -> Result<(), LedgerError> {
        self.importing()?;
        let amounts = amounts
            .iter()
            .map(|it| Ok((self.received.denom(it.denom), parts_of(it.amount)?)))
            .collect::<Result<Vec<_>, LedgerError>>()?;
        match recipient {
            Recipient::CommunityPool => self.community.import(&amounts),
            Recipient::Commission { validator } => {
                let id = self.known_validator(validator)?;
                self.validators[id].operator.import(&amounts);
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let id = self.known_validator(validator)?;
                let delegator = self.delegators.intern(delegator);
                let delegation = self.validators[id].delegation_or_new(delegator);
                delegation.accounts.import(&amounts);
            }
        }
        Ok(())
    }

    /// Coins for what an earlier pool owes.
    ///
    /// # Errors
    /// [`LedgerError::Active`], [`LedgerError::ReceivedBound`]. Nothing changes then.
    pub fn cover(&mut self, coins: &[DenomAmount<'_>]) -> Result<(), LedgerError> {
        self.importing()?;
        self.received.add(coins)?;
        for coin in coins {
            let denom = self.received.denom(coin.denom);
            if let Some(import) = &mut self.import {
                if import.cover.len() <= denom {
                    import.cover.resize(denom + 1, 0);
                }
                // All of them are among what was received.
                import.cover[denom] += coin.amount;
            }
        }
        Ok(())
    }

    /// The whole base units of a denom that are missing before the ledger can be active.
    pub fn missing(&self, denom: &str) -> u128 {
        let coins = self.uncovered_points(denom).div_ceil(&pow10(POINT_PLACES));
        u128::try_from(coins).unwrap_or_default()
    }

    /// What an earlier pool owes of a denom less the coins that came for it, in points. Nothing of an
    /// active ledger.
    pub fn uncovered_points(&self, denom: &str) -> BigInt {
        self.received.known(denom).map_or(BigInt::ZERO, |id| {
            self.uncovered(id) / pow10(NUMERATOR_PLACES - POINT_PLACES)
        })
    }

    /// From now on blocks may come. Coins beyond what an earlier pool owed are the community pool's.
    ///
    /// # Errors
    /// [`LedgerError::Active`], [`LedgerError::NotCovered`]. Nothing changes then.
    pub fn activate(&mut self) -> Result<(), LedgerError> {
        self.importing()?;
        let uncovered: Vec<BigInt> = (0..self.received.denoms().count())
            .map(|denom| self.uncovered(denom))
            .collect();
        if let Some(denom) = uncovered.iter().position(Signed::is_positive) {
            return Err(LedgerError::NotCovered {
                denom: self.received.name(denom).to_owned(),
            });
        }
        for (denom, uncovered) in uncovered.into_iter().enumerate() {
            let surplus = &mut self.community.get_mut(denom).earned;
            surplus.add(-uncovered, Denominator::ONE);
        }
        self.import = None;
        Ok(())
    }

    /// [`Self::uncovered_points`] in units of 10^-54.
    pub(super) fn uncovered(&self, denom: usize) -> BigInt {
        let Some(import) = &self.import else {
            return BigInt::zero();
        };
        let owed: BigInt = self
            .all_accounts()
            .filter_map(|accounts| accounts.get(denom))
            .map(|account| &account.imported)
            .sum();
        let cover = import.cover.get(denom).copied().unwrap_or_default();
        owed - cover * pow10(NUMERATOR_PLACES)
    }

    /// An event said this: no line overwrites it.
    pub(super) fn said_by_event(&mut self, aspect: Aspect) {
        if let Some(import) = &mut self.import {
            import.said_by_events.insert(aspect);
        }
    }

    fn was_said(&self, aspect: &Aspect) -> bool {
        let said = |import: &Import| import.said_by_events.contains(aspect);
        self.import.as_ref().is_some_and(said)
    }

    fn importing(&self) -> Result<(), LedgerError> {
        match self.import {
            Some(_) => Ok(()),
            None => Err(LedgerError::Active),
        }
    }

    pub(super) fn active(&self) -> Result<(), LedgerError> {
        match self.import {
            Some(_) => Err(LedgerError::Inactive),
            None => Ok(()),
        }
    }
}

/// An amount times 10^54.
fn parts_of(text: &str) -> Result<BigInt, LedgerError> {
    points_of_decimal(text)
        .filter(|points| points.is_multiple_of(&pow10(POINT_PLACES - AMOUNT_PLACES)))
        .map(|points| points * pow10(NUMERATOR_PLACES - POINT_PLACES))
        .ok_or_else(|| LedgerError::BadAmount {
            text: text.to_owned(),
        })
}
