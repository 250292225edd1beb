//! Who may send a message.

#![allow(clippy::panic)]

use cosmwasm_std::Coin;
use serde_json::Value;

/// A message: which roles may send it, and the error of everybody else.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The message.
    pub msg: Value,
    /// What is sent along.
    pub funds: Vec<Coin>,
    /// Who may send it.
    pub allowed: &'static [&'static str],
    /// A part of the error of all others.
    pub refusal: &'static str,
}

impl Rule {
    /// A message for some roles.
    pub fn new(msg: Value, allowed: &'static [&'static str], refusal: &'static str) -> Self {
        Rule {
            msg,
            funds: vec![],
            allowed,
            refusal,
        }
    }

    /// A message for the contract's owner, whose name is `owner`.
    pub fn owner(msg: Value) -> Self {
        Rule::new(msg, &["owner"], "is not the owner")
    }

    /// The same message, with coins.
    #[must_use]
    pub fn paying(self, amount: u128, denom: &str) -> Self {
        Rule {
            funds: vec![Coin::new(amount, denom)],
            ..self
        }
    }

    /// The message's name.
    ///
    /// # Panics
    /// When it is no object with one key.
    pub fn name(&self) -> &str {
        match self.msg.as_object().and_then(|it| it.keys().next()) {
            Some(name) => name,
            None => panic!("{} is no message", self.msg),
        }
    }

    /// Who may not send it, of some roles.
    pub fn refused<'a>(&self, roles: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        let roles = roles.iter().copied();
        roles.filter(|role| !self.allowed.contains(role))
    }
}
