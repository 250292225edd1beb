//! Which names of a file are known at which step.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reference::{OnChain, check_name};
use super::{Action, Place, Reference, ScenarioError, ScenarioFile, Step};

pub(super) type Checked = Result<(), ScenarioError>;

/// A contract's chain and name.
type ContractKey<'a> = (&'a str, &'a str);

/// Which step makes which contract. A step that must fail makes none.
fn contracts_of(file: &ScenarioFile) -> Result<BTreeMap<ContractKey<'_>, usize>, ScenarioError> {
    let mut contracts = BTreeMap::new();
    for (index, step) in file.steps.iter().enumerate() {
        let (Action::Instantiate(it), None) = (&step.action, &step.error) else {
            continue;
        };
        let chain = file
            .chain_of(step)
            .map_err(|error| error.below(&Place::step(index)))?;
        let place = Place::step(index).key("instantiate").key("name");
        if let Some(first) = contracts.insert((chain, it.name.as_str()), index) {
            let message = format!(
                "{} has instantiated a contract {:?} before",
                Place::step(first),
                it.name
            );
            return Err(place.error(message));
        }
        if file.declares_account(&it.name) {
            return Err(place.error(format!("{:?} is an account already", it.name)));
        }
    }
    Ok(contracts)
}

/// The names of a file, seen from one step.
pub(super) struct Known<'a> {
    file: &'a ScenarioFile,
    contracts: BTreeMap<ContractKey<'a>, usize>,
    saved: BTreeSet<&'a str>,
    step: usize,
    chain: &'a str,
}

impl<'a> Known<'a> {
    /// What is known before the first step.
    pub fn new(file: &'a ScenarioFile) -> Result<Self, ScenarioError> {
        let contracts = contracts_of(file)?;
        Ok(Self {
            file,
            contracts,
            saved: BTreeSet::new(),
            step: 0,
            chain: "",
        })
    }

    /// Goes on to a step on a chain, or between chains when it is empty.
    pub fn at_step(&mut self, step: usize, chain: &'a str) {
        (self.step, self.chain) = (step, chain);
    }

    /// A saved value, known from now on.
    pub fn save(&mut self, name: &'a str) {
        self.saved.insert(name);
    }

    /// A plain name of an account or contract on the step's chain.
    pub fn name(&self, place: &Place, name: &str) -> Checked {
        self.name_on(place, self.chain, name)
    }

    /// A plain name of a contract on the step's chain.
    pub fn contract(&self, place: &Place, name: &str) -> Checked {
        self.made_before(place, self.chain, name)
    }

    /// Every string in a message or expectation.
    pub fn value(&self, place: &Place, value: &Value) -> Checked {
        match value {
            Value::String(text) => self.text(place, text),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.value(&place.index(index), item)),
            Value::Object(fields) => fields
                .iter()
                .try_for_each(|(key, field)| self.value(&place.key(key), field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn text(&self, place: &Place, text: &str) -> Checked {
        let reference = Reference::parse(text).map_err(|error| place.error(error))?;
        match reference {
            Reference::Address(it) | Reference::Operator(it) => {
                let chain = self.chain_named(place, it)?;
                self.account_or_contract(place, chain, it.name)
            }
            Reference::Port(it) => {
                let chain = self.chain_named(place, it)?;
                self.made_before(place, chain, it.name)
            }
            Reference::Saved(name) if !self.saved.contains(name) => {
                let message = format!("no earlier step saves {name:?}");
                Err(place.error(message))
            }
            Reference::Saved(_) | Reference::Denom(_) | Reference::Literal(_) => Ok(()),
        }
    }

    fn chain_named<'b>(&self, place: &Place, it: OnChain<'b>) -> Result<&'b str, ScenarioError>
    where
        'a: 'b,
    {
        let Some(chain) = it.chain else {
            if self.chain.is_empty() {
                let message = format!("this step is on no chain: write `chain/{}`", it.name);
                return Err(place.error(message));
            }
            return Ok(self.chain);
        };
        self.chain_is_known(place, chain)?;
        Ok(chain)
    }

    /// The name of a chain.
    pub fn chain_is_known(&self, place: &Place, chain: &str) -> Checked {
        if self.file.chains.contains_key(chain) {
            return Ok(());
        }
        Err(place.error(unknown_chain(self.file, chain)))
    }

    /// A contract on a chain.
    pub fn contract_on(&self, place: &Place, chain: &str, name: &str) -> Checked {
        self.made_before(place, chain, name)
    }

    /// An account or contract on a chain.
    pub fn name_on(&self, place: &Place, chain: &str, name: &str) -> Checked {
        check_name(name).map_err(|error| place.error(error))?;
        self.account_or_contract(place, chain, name)
    }

    /// The step's chain.
    pub fn chain(&self) -> &'a str {
        self.chain
    }

    fn account_or_contract(&self, place: &Place, chain: &str, name: &str) -> Checked {
        if self.contracts.contains_key(&(chain, name)) {
            return self.made_before(place, chain, name);
        }
        if self.file.accounts.is_none() || self.file.declares_account(name) {
            return Ok(());
        }
        let message = format!(
            "unknown name {name:?}: it is not in `accounts`, has no balance and is no contract"
        );
        Err(place.error(message))
    }

    fn made_before(&self, place: &Place, chain: &str, name: &str) -> Checked {
        let message = match self.contracts.get(&(chain, name)) {
            Some(made) if *made < self.step => return Ok(()),
            Some(made) => {
                format!(
                    "contract {name:?} is not there yet: {} makes it",
                    Place::step(*made)
                )
            }
            None => {
                let known = self
                    .contracts
                    .iter()
                    .filter(|(key, made)| key.0 == chain && **made < self.step);
                let known = listed(known.map(|(key, _)| key.1));
                format!("unknown name {name:?}: no contract is called that; there are {known}")
            }
        };
        Err(place.error(message))
    }
}

/// The chain and the name that the receiver of a transfer from `chain` is.
///
/// # Errors
/// When the chain is left out and it is not clear which of several is meant.
pub(super) fn receiver<'a>(
    mut chains: impl Iterator<Item = &'a str>,
    chain: &str,
    to: &'a str,
) -> Result<(&'a str, &'a str), String> {
    if let Some(named) = to.split_once('/') {
        return Ok(named);
    }
    let other = chains.by_ref().find(|other| *other != chain);
    match (other, chains.find(|other| *other != chain)) {
        (Some(other), None) => Ok((other, to)),
        _ => Err(format!(
            "it is not clear on which chain {to:?} is: write `chain/{to}`"
        )),
    }
}

fn unknown_chain(file: &ScenarioFile, chain: &str) -> String {
    let known = listed(file.chains.keys().map(String::as_str));
    format!("unknown chain {chain:?}; there are {known}")
}

/// Names for an error: `"a", "b"`, or `none`.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("{name:?}")).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

impl ScenarioFile {
    /// Whether `name` is listed as an account or has a balance, on any chain.
    fn declares_account(&self, name: &str) -> bool {
        let listed = self
            .accounts
            .iter()
            .flatten()
            .any(|account| account == name);
        listed
            || self
                .chains
                .values()
                .any(|chain| chain.balances.contains_key(name))
    }

    /// The chain on which a step of this file happens, empty for a step between chains.
    ///
    /// # Errors
    /// When the step names a chain that is not there, or none and there are several, or is a step
    /// between chains and names one. The place is that inside the step.
    pub fn chain_of<'a>(&'a self, step: &'a Step) -> Result<&'a str, ScenarioError> {
        if step.action.chain_between().is_some() {
            return match &step.chain {
                None => Ok(""),
                Some(_) => {
                    let message =
                        format!("a step `{}` has no chain of its own", step.action.kind());
                    Err(Place::root().key("chain").error(message))
                }
            };
        }
        match (&step.chain, self.chains.keys().next()) {
            (Some(chain), _) if self.chains.contains_key(chain) => Ok(chain),
            (Some(chain), _) => Err(Place::root().key("chain").error(unknown_chain(self, chain))),
            (None, Some(only)) if self.chains.len() == 1 => Ok(only),
            (None, _) => {
                let known = listed(self.chains.keys().map(String::as_str));
                let message =
                    format!("with several chains each step has `chain`; there are {known}");
                Err(Place::root().error(message))
            }
        }
    }
}
