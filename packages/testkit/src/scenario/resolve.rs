//! From the names of a file to addresses and values.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Coin, Uint256};
use serde_json::Value;

use super::reference::OnChain;
use super::resolve_between::Between;
use super::{Action, Advance, Denom, Reference, Validator};
use crate::chain::AddressFormat;

/// A step's action with every name replaced: what an executor does.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    Instantiate(NewContract),
    Execute {
        contract: Addr,
        sender: Addr,
        msg: Value,
        funds: Vec<Coin>,
    },
    Sudo {
        contract: Addr,
        msg: Value,
    },
    Query {
        contract: Addr,
        msg: Value,
    },
    Migrate {
        contract: Addr,
        code: String,
        sender: Addr,
        msg: Value,
    },
    Send {
        from: Addr,
        to: Addr,
        amount: Vec<Coin>,
    },
    Balance {
        of: Addr,
        denom: String,
    },
    Advance(Advance),
    Validator {
        operator: String,
        says: Validator,
    },
    Delegation {
        delegator: Addr,
        operator: String,
        tokens: Uint256,
    },
    BlockAccount {
        account: Addr,
        blocked: bool,
    },
    HookDenom {
        denom: String,
        contract: Addr,
        msg: Value,
    },
    Between(Between),
}

#[derive(Clone, Debug)]
pub(super) struct NewContract {
    pub name: String,
    pub code: String,
    pub sender: Addr,
    pub msg: Value,
    pub funds: Vec<Coin>,
    pub admin: Option<Addr>,
}

/// What the names of a file stand for at one moment of a run.
#[derive(Default)]
pub(super) struct Names {
    chains: BTreeMap<String, ChainNames>,
    saved: BTreeMap<String, Value>,
}

struct ChainNames {
    addresses: AddressFormat,
    contracts: BTreeMap<String, Addr>,
}

/// Why a name stands for nothing. [`check`](super::check) finds all of these before a run.
pub(super) type Lookup<T> = Result<T, String>;

impl Names {
    pub fn add_chain(&mut self, chain: &str, addresses: AddressFormat) {
        let names = ChainNames {
            addresses,
            contracts: BTreeMap::new(),
        };
        self.chains.insert(chain.to_owned(), names);
    }

    pub fn add_contract(&mut self, chain: &str, name: &str, address: Addr) {
        if let Some(names) = self.chains.get_mut(chain) {
            names.contracts.insert(name.to_owned(), address);
        }
    }

    pub fn save(&mut self, name: &str, value: Value) {
        self.saved.insert(name.to_owned(), value);
    }

    /// The chains, in order.
    pub(super) fn chains(&self) -> impl Iterator<Item = &str> {
        self.chains.keys().map(String::as_str)
    }

    /// Replaces every name of an action.
    pub fn action(&self, chain: &str, action: &Action) -> Lookup<Resolved> {
        Ok(match action {
            Action::Instantiate(it) => Resolved::Instantiate(NewContract {
                name: it.name.clone(),
                code: it.code.clone(),
                sender: self.address(chain, &it.sender)?,
                msg: self.value(chain, &it.msg)?,
                funds: coins(&it.funds)?,
                admin: it
                    .admin
                    .as_ref()
                    .map(|admin| self.address(chain, admin))
                    .transpose()?,
            }),
            Action::Execute(it) => Resolved::Execute {
                contract: self.contract(chain, &it.contract)?,
                sender: self.address(chain, &it.sender)?,
                msg: self.value(chain, &it.msg)?,
                funds: coins(&it.funds)?,
            },
            Action::Sudo(it) => Resolved::Sudo {
                contract: self.contract(chain, &it.contract)?,
                msg: self.value(chain, &it.msg)?,
            },
            Action::Query(it) => Resolved::Query {
                contract: self.contract(chain, &it.contract)?,
                msg: self.value(chain, &it.msg)?,
            },
            Action::Migrate(it) => Resolved::Migrate {
                contract: self.contract(chain, &it.contract)?,
                code: it.code.clone(),
                sender: self.address(chain, &it.sender)?,
                msg: self.value(chain, &it.msg)?,
            },
            Action::Send(it) => Resolved::Send {
                from: self.address(chain, &it.from)?,
                to: self.address(chain, &it.to)?,
                amount: coins(&it.amount)?,
            },
            Action::Balance(it) => Resolved::Balance {
                of: self.address(chain, &it.of)?,
                denom: Denom::parse(&it.denom)?.resolved(),
            },
            Action::Advance(it) => Resolved::Advance(*it),
            Action::Validator(it) => Resolved::Validator {
                operator: self.operator(chain, &it.name)?,
                says: it.clone(),
            },
            Action::Delegation(it) => Resolved::Delegation {
                delegator: self.address(chain, &it.delegator)?,
                operator: self.operator(chain, &it.validator)?,
                tokens: it.amount,
            },
            Action::BlockAccount(it) => Resolved::BlockAccount {
                account: self.address(chain, &it.name)?,
                blocked: it.blocked,
            },
            Action::HookDenom(it) => Resolved::HookDenom {
                denom: it.denom.clone(),
                contract: self.contract(chain, &it.contract)?,
                msg: self.value(chain, &it.msg)?,
            },
            between => Resolved::Between(self.between(chain, between)?),
        })
    }

    /// Replaces every string of a message or expectation that stands for something else, and writes
    /// a `memo` that is an object as text.
    pub fn value(&self, chain: &str, value: &Value) -> Lookup<Value> {
        Ok(match value {
            Value::String(text) => self.text(chain, text)?,
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.value(chain, item))
                    .collect::<Lookup<_>>()?,
            ),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(key, field)| Ok((key.clone(), self.field(chain, key, field)?)))
                    .collect::<Lookup<_>>()?,
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        })
    }

    pub(super) fn field(&self, chain: &str, key: &str, field: &Value) -> Lookup<Value> {
        let resolved = self.value(chain, field)?;
        Ok(if key == "memo" && field.is_object() {
            Value::String(resolved.to_string())
        } else {
            resolved
        })
    }

    fn text(&self, chain: &str, text: &str) -> Lookup<Value> {
        let on = |it: OnChain| it.chain.unwrap_or(chain).to_owned();
        let text = match Reference::parse(text)? {
            Reference::Address(it) => self.address(&on(it), it.name)?.into_string(),
            Reference::Operator(it) => self.operator(&on(it), it.name)?,
            Reference::Port(it) => format!("wasm.{}", self.contract(&on(it), it.name)?),
            Reference::Denom(denom) => denom.resolved(),
            Reference::Saved(name) => {
                return self
                    .saved
                    .get(name)
                    .cloned()
                    .ok_or_else(|| format!("nothing is saved as {name:?}"));
            }
            Reference::Literal(text) => text.to_owned(),
        };
        Ok(Value::String(text))
    }

    /// The address of a contract, or else of the account with this name.
    pub(super) fn address(&self, chain: &str, name: &str) -> Lookup<Addr> {
        let names = self.chain(chain)?;
        Ok(names
            .contracts
            .get(name)
            .cloned()
            .unwrap_or_else(|| names.addresses.account(name)))
    }

    fn operator(&self, chain: &str, name: &str) -> Lookup<String> {
        let address = self.address(chain, name)?;
        self.chain(chain)?
            .addresses
            .operator_of(&address)
            .map_err(|error| error.to_string())
    }

    pub(super) fn contract(&self, chain: &str, name: &str) -> Lookup<Addr> {
        let contract = self.chain(chain)?.contracts.get(name).cloned();
        contract.ok_or_else(|| format!("no contract is called {name:?}"))
    }

    fn chain(&self, chain: &str) -> Lookup<&ChainNames> {
        self.chains
            .get(chain)
            .ok_or_else(|| format!("there is no chain {chain:?}"))
    }
}

/// Coins with the denoms they have on the chain.
pub(super) fn coins(coins: &[Coin]) -> Lookup<Vec<Coin>> {
    coins.iter().map(coin).collect()
}

pub(super) fn coin(coin: &Coin) -> Lookup<Coin> {
    Ok(Coin {
        denom: Denom::parse(&coin.denom)?.resolved(),
        amount: coin.amount,
    })
}
