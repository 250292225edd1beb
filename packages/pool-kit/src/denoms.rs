//! Denom ids, and values by denom.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;
use distribution_math::Points;

use chain_types::text::head;

use crate::KitError;

/// The place of a denom in its pool's list; records hold ids, names are bytes that every write
/// would pay for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct DenomId(u16);

impl DenomId {
    fn position(self) -> usize {
        usize::from(self.0)
    }
}

/// One value per denom, in the order of their ids. What was never set is the default: a record
/// written before a denom was added needs no change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerDenom<T>(Vec<T>);

impl<T: BorshSerialize> BorshSerialize for PerDenom<T> {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        // At most 8 denoms.
        writer.write_all(&[self.0.len() as u8])?;
        self.0
            .iter()
            .try_for_each(|value| value.serialize(&mut *writer))
    }
}

impl<T: BorshDeserialize> BorshDeserialize for PerDenom<T> {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let count = u8::deserialize_reader(reader)?;
        let values = (0..count).map(|_| T::deserialize_reader(reader));
        Ok(PerDenom(values.collect::<io::Result<_>>()?))
    }
}

/// An amount of each denom.
pub type Amounts = PerDenom<Points>;

impl<T> PerDenom<T> {
    /// The denoms whose values were set.
    pub fn ids(&self) -> impl Iterator<Item = DenomId> + use<T> {
        // At most 8 denoms, so a position fits.
        (0..self.0.len() as u16).map(DenomId)
    }

    /// A value made of each that was set.
    pub fn map<U>(&self, make: impl FnMut(&T) -> U) -> PerDenom<U> {
        PerDenom(self.0.iter().map(make).collect())
    }

    /// The values that were set, with their denoms.
    pub fn iter(&self) -> impl Iterator<Item = (DenomId, &T)> {
        self.ids().zip(&self.0)
    }
}

impl<T: Clone + Default> PerDenom<T> {
    /// The value of a denom.
    pub fn get(&self, denom: DenomId) -> T {
        self.0.get(denom.position()).cloned().unwrap_or_default()
    }

    /// Sets the value of a denom.
    pub fn set(&mut self, denom: DenomId, value: T) {
        let position = denom.position();
        if self.0.len() <= position {
            self.0 = (0..=denom.0).map(|id| self.get(DenomId(id))).collect();
        }
        if let Some(place) = self.0.get_mut(position) {
            *place = value;
        }
    }

    /// Changes the value of a denom.
    ///
    /// # Errors
    /// Those of `change`; the value is as before then.
    pub fn update<U, E>(
        &mut self,
        denom: DenomId,
        change: impl FnOnce(&mut T) -> Result<U, E>,
    ) -> Result<U, E> {
        let mut value = self.get(denom);
        let result = change(&mut value)?;
        self.set(denom, value);
        Ok(result)
    }
}

impl Amounts {
    /// Adds to the amount of a denom.
    ///
    /// # Errors
    /// [`KitError::Math`] beyond 256 bits.
    pub fn add(&mut self, denom: DenomId, amount: Points) -> Result<(), KitError> {
        if !amount.is_zero() {
            self.set(denom, self.get(denom).checked_add(amount)?);
        }
        Ok(())
    }

    /// Adds amounts of several denoms.
    ///
    /// # Errors
    /// [`KitError::Math`] beyond 256 bits.
    pub fn add_all(&mut self, amounts: &Amounts) -> Result<(), KitError> {
        amounts
            .iter()
            .try_for_each(|(denom, amount)| self.add(denom, *amount))
    }

    /// Whether there is nothing of any denom.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|amount| amount.is_zero())
    }
}

/// A denom of a pool.
#[cw_serde]
pub struct Denom {
    /// Its name in the bank module.
    pub name: String,
    /// Whether it is still received. Claims of a removed denom go on.
    pub active: bool,
}

/// The reward denoms of a pool, in the order of their ids. Removed ones keep their id.
#[cw_serde]
#[derive(Default)]
pub struct Denoms(Vec<Denom>);

impl Denoms {
    /// The most denoms a pool may ever have, removed ones included: a bound on the cost of every
    /// message.
    pub const LIMIT: usize = 8;

    /// Lists `names`.
    ///
    /// # Errors
    /// As [`Denoms::add`].
    pub fn new(names: Vec<String>) -> Result<Self, KitError> {
        let mut denoms = Denoms::default();
        names.into_iter().try_for_each(|name| denoms.add(name))?;
        Ok(denoms)
    }

    /// Lists a denom, or takes a removed one back under its old id.
    ///
    /// # Errors
    /// [`KitError::InvalidDenom`], [`KitError::DuplicateDenom`],
    /// [`KitError::TooManyDenoms`].
    pub fn add(&mut self, name: String) -> Result<(), KitError> {
        check_denom(&name)?;
        let count = self.0.len();
        match self.0.iter_mut().find(|denom| denom.name == name) {
            Some(denom) if denom.active => Err(KitError::DuplicateDenom { denom: name }),
            Some(denom) => {
                denom.active = true;
                Ok(())
            }
            None if count >= Self::LIMIT => Err(KitError::TooManyDenoms {
                count: count.saturating_add(1),
                limit: Self::LIMIT,
            }),
            None => {
                self.0.push(Denom { name, active: true });
                Ok(())
            }
        }
    }

    /// Stops receiving a denom.
    ///
    /// # Errors
    /// [`KitError::UnlistedDenom`] when it is not received now.
    pub fn remove(&mut self, name: &str) -> Result<(), KitError> {
        self.0
            .iter_mut()
            .find(|denom| denom.active && denom.name == name)
            .map(|denom| denom.active = false)
            .ok_or_else(|| unlisted(name))
    }

    /// The id of a denom that is received now.
    ///
    /// # Errors
    /// [`KitError::UnlistedDenom`].
    pub fn receivable(&self, name: &str) -> Result<DenomId, KitError> {
        self.iter()
            .find(|(_, denom)| denom.active && denom.name == name)
            .map(|(id, _)| id)
            .ok_or_else(|| unlisted(name))
    }

    /// The id of a denom that is or was received.
    ///
    /// # Errors
    /// [`KitError::UnlistedDenom`].
    pub fn claimable(&self, name: &str) -> Result<DenomId, KitError> {
        self.iter()
            .find(|(_, denom)| denom.name == name)
            .map(|(id, _)| id)
            .ok_or_else(|| unlisted(name))
    }

    /// The ids of named denoms, or of all: what a withdrawal is limited to.
    ///
    /// # Errors
    /// [`KitError::UnlistedDenom`], [`KitError::NoDenoms`] for an empty list and
    /// [`KitError::RepeatedDenom`] for one that names a denom twice.
    pub fn selected(&self, names: Option<&[String]>) -> Result<Vec<DenomId>, KitError> {
        let Some(names) = names else {
            return Ok(self.ids().collect());
        };
        if names.is_empty() {
            return Err(KitError::NoDenoms);
        }
        let ids: Vec<DenomId> = names
            .iter()
            .map(|name| self.claimable(name))
            .collect::<Result<_, _>>()?;
        for (position, (id, name)) in ids.iter().zip(names).enumerate() {
            if ids.iter().take(position).any(|other| other == id) {
                return Err(KitError::RepeatedDenom {
                    denom: name.clone(),
                });
            }
        }
        Ok(ids)
    }

    /// All denoms with their ids, removed ones included.
    pub fn iter(&self) -> impl Iterator<Item = (DenomId, &Denom)> {
        // At most LIMIT denoms, so a position fits.
        self.0
            .iter()
            .enumerate()
            .map(|(position, denom)| (DenomId(position as u16), denom))
    }

    /// The denoms that are received now, with their ids.
    pub fn active(&self) -> impl Iterator<Item = (DenomId, &str)> {
        self.iter()
            .filter(|(_, denom)| denom.active)
            .map(|(id, denom)| (id, denom.name.as_str()))
    }

    /// The ids of all denoms, removed ones included.
    pub fn ids(&self) -> impl Iterator<Item = DenomId> + use<'_> {
        self.iter().map(|(id, _)| id)
    }

    /// Each amount with its denom's name, in the order of the ids.
    pub fn named<'a, T: Clone + Default + 'a>(
        &'a self,
        values: &'a PerDenom<T>,
    ) -> impl Iterator<Item = (&'a str, T)> {
        self.iter()
            .map(|(id, denom)| (denom.name.as_str(), values.get(id)))
    }
}

fn unlisted(name: &str) -> KitError {
    KitError::UnlistedDenom {
        denom: head(name, 128).to_string(),
    }
}

/// Passes a name that the bank module could have for a denom.
///
/// # Errors
/// [`KitError::InvalidDenom`] for any other.
pub fn check_denom(name: &str) -> Result<(), KitError> {
    if is_denom(name) {
        return Ok(());
    }
    Err(KitError::InvalidDenom {
        denom: head(name, 64).to_string(),
    })
}

/// The bank module's rule for denoms.
fn is_denom(name: &str) -> bool {
    (3..=128).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn removed_denoms_keep_their_id_and_count() {
        let mut denoms = Denoms::new((0..8).map(|n| format!("denom{n}")).collect()).unwrap();
        denoms.remove("denom3").unwrap();
        assert!(denoms.receivable("denom3").is_err());
        let id = denoms.claimable("denom3").unwrap();
        assert!(matches!(
            denoms.add("another".into()).unwrap_err(),
            KitError::TooManyDenoms { count: 9, limit: 8 }
        ));
        denoms.add("denom3".into()).unwrap();
        assert_eq!(denoms.receivable("denom3").unwrap(), id);
    }

    #[test]
    fn what_cannot_be_a_denom_is_refused() {
        for name in ["", "ab", "1abc", "ua tom", "uatom\u{e9}", &"a".repeat(129)] {
            assert!(matches!(
                Denoms::new(vec![name.to_string()]).unwrap_err(),
                KitError::InvalidDenom { .. }
            ));
        }
        assert!(matches!(
            Denoms::new(vec!["uatom".to_string(), "uatom".to_string()]).unwrap_err(),
            KitError::DuplicateDenom { .. }
        ));
    }

    #[test]
    fn denoms_are_selected_each_once_and_at_least_one() {
        let denoms = Denoms::new(vec!["uatom".to_string(), "uosmo".to_string()]).unwrap();
        let selected = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_string()).collect();
            denoms.selected(Some(&names))
        };
        assert_eq!(selected(&["uosmo", "uatom"]).unwrap().len(), 2);
        assert_eq!(denoms.selected(None).unwrap().len(), 2);
        assert!(matches!(selected(&[]).unwrap_err(), KitError::NoDenoms));
        assert!(matches!(
            selected(&["uosmo", "uatom", "uosmo"]).unwrap_err(),
            KitError::RepeatedDenom { denom } if denom == "uosmo"
        ));
    }

    #[test]
    fn a_value_never_set_is_the_default() {
        let denoms = Denoms::new(vec!["uatom".to_string(), "uosmo".to_string()]).unwrap();
        let osmo = denoms.claimable("uosmo").unwrap();
        let mut amounts = Amounts::default();
        assert!(amounts.get(osmo).is_zero());
        amounts.add(osmo, Points::ONE).unwrap();
        amounts.add(osmo, Points::ONE).unwrap();
        let named: Vec<_> = denoms.named(&amounts).collect();
        assert_eq!(named[0], ("uatom", Points::ZERO));
        assert_eq!(
            named[1],
            (
                "uosmo",
                Points::from_coins(0)
                    .checked_add(Points::ONE)
                    .unwrap()
                    .checked_add(Points::ONE)
                    .unwrap()
            )
        );
    }
}
