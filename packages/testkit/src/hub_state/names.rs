//! A state whose accounts are called by names, as scenario files call them.

use std::collections::BTreeMap;

use super::{HubState, StateError};
use crate::chain::AddressFormat;
use crate::scenario::Place;

impl HubState {
    /// The same state with names for addresses: validators are called `v1`, `v2` and so on, also as
    /// delegators, everybody else `d1`, `d2` and so on, all in the order of the state.
    ///
    /// # Errors
    /// For addresses of another chain, which no state that was read has.
    pub fn with_names(&self) -> Result<Self, StateError> {
        let wrong = |error: crate::chain::ChainError| {
            StateError::new(Place::root(), format!("an address: {error}"))
        };
        let addresses = AddressFormat::new(&self.prefix).map_err(wrong)?;
        let mut operators = BTreeMap::new();
        let mut accounts = BTreeMap::new();
        for (number, it) in (1..).zip(&self.validators) {
            let name = format!("v{number}");
            let account = addresses.account_of(&it.validator).map_err(wrong)?;
            accounts.insert(account.into_string(), name.clone());
            operators.insert(it.validator.clone(), name);
        }
        let mut others = 0u32;
        let mut state = self.clone();
        for it in &mut state.validators {
            rename(&mut it.validator, &operators);
        }
        for it in &mut state.delegations {
            rename(&mut it.validator, &operators);
            if !accounts.contains_key(&it.delegator) {
                others = others.saturating_add(1);
                accounts.insert(it.delegator.clone(), format!("d{others}"));
            }
            rename(&mut it.delegator, &accounts);
        }
        Ok(state)
    }
}

fn rename(address: &mut String, names: &BTreeMap<String, String>) {
    if let Some(name) = names.get(address) {
        address.clone_from(name);
    }
}
