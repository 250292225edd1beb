//! The staking state of a chain at one moment: validators, delegations and params.
//!
//! [`HubState::built_in`] is the real state of the Cosmos Hub when `cosmoshub-2` started; other
//! files of the same form are read by [`HubState::parse`]. `data/README.md` says where the built-in
//! state is from and what each key of a file means.
//!
//! Reading is strict: an unknown or missing key, a number that is none, and whatever does not fit
//! together is a [`StateError`] that names the field and its line.

mod check;
mod error;
mod model;
mod names;
mod parse;
#[cfg(test)]
mod tests;

pub use error::StateError;
pub use model::{
    HubCommission, HubDelegation, HubParams, HubStakingParams, HubState, HubValidator, Status,
};

/// The state of the Cosmos Hub when `cosmoshub-2` started.
const BUILT_IN: &str = include_str!("../../data/cosmoshub-2.json");

impl HubState {
    /// The real state of the Cosmos Hub when `cosmoshub-2` started: 105 validators and 1112
    /// delegations.
    ///
    /// # Errors
    /// None: the file is a part of this crate, and a test reads it.
    pub fn built_in() -> Result<Self, StateError> {
        Self::parse(BUILT_IN)
    }
}
