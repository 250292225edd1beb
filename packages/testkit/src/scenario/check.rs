//! Whether everything a file names is there, before anything runs.

use std::collections::BTreeSet;

use cosmwasm_std::{Coin, Decimal};

use super::check_between::check_between;
use super::known::{Checked, Known, listed};
use super::reference::check_name;
use super::{
    Action, Advance, ChainSpec, CodeRegistry, Delegation, Denom, Execute, HookDenom, Instantiate,
    Migrate, Place, ScenarioError, ScenarioFile, Send, Step, Validator,
};
use crate::chain::{AddressFormat, HOOKED_DENOMS};

/// Checks every name, denom, code and reference of a file; the [module](super) has the rules.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn check(file: &ScenarioFile, codes: &CodeRegistry) -> Result<(), ScenarioError> {
    let chains = Place::root().key("chains");
    if file.chains.is_empty() {
        return Err(chains.error("a scenario needs a chain"));
    }
    let mut checker = Checker {
        file,
        codes,
        known: Known::new(file)?,
    };
    checker.accounts()?;
    for (name, chain) in &file.chains {
        checker.chain(&chains.key(name), name, chain)?;
    }
    for (index, step) in file.steps.iter().enumerate() {
        let chain = file
            .chain_of(step)
            .map_err(|error| error.below(&Place::step(index)))?;
        checker.known.at_step(index, chain);
        checker.step(&Place::step(index), step)?;
    }
    Ok(())
}

struct Checker<'a> {
    file: &'a ScenarioFile,
    codes: &'a CodeRegistry,
    known: Known<'a>,
}

impl<'a> Checker<'a> {
    fn accounts(&self) -> Checked {
        let place = Place::root().key("accounts");
        for (index, name) in self.file.accounts.iter().flatten().enumerate() {
            check_name(name).map_err(|error| place.index(index).error(error))?;
        }
        Ok(())
    }

    fn chain(&self, place: &Place, name: &str, chain: &ChainSpec) -> Checked {
        check_name(name).map_err(|error| place.error(error))?;
        AddressFormat::new(&chain.prefix)
            .map_err(|error| place.key("prefix").error(error.to_string()))?;
        for (account, coins) in &chain.balances {
            let place = place.key("balances").key(account);
            check_name(account).map_err(|error| place.error(error))?;
            coins_are_good(&place, coins)?;
            let mut denoms = BTreeSet::new();
            for (index, coin) in coins.iter().enumerate() {
                if !denoms.insert(&coin.denom) {
                    let message = format!("{account:?} has {:?} twice", coin.denom);
                    return Err(place.index(index).error(message));
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, place: &Place, step: &'a Step) -> Checked {
        self.action(&place.key(step.action.kind()), &step.action)?;
        if step.error.is_some() && step.expect.is_some() {
            let message = "a step that must fail has no result to compare";
            return Err(place.key("expect").error(message));
        }
        if let Some(expect) = &step.expect {
            self.known.value(&place.key("expect"), expect)?;
        }
        let place = place.key("save");
        if step.error.is_some() && !step.save.is_empty() {
            let message = "a step that must fail has no result to save";
            return Err(place.error(message));
        }
        for (name, pointer) in &step.save {
            let place = place.key(name);
            check_name(name).map_err(|error| place.error(error))?;
            if !pointer.is_empty() && !pointer.starts_with('/') {
                let message =
                    format!("{pointer:?} is no JSON pointer: it begins with `/` or is empty");
                return Err(place.error(message));
            }
            self.known.save(name);
        }
        Ok(())
    }

    fn action(&self, place: &Place, action: &Action) -> Checked {
        match action {
            Action::Instantiate(it) => self.instantiate(place, it),
            Action::Execute(it) => self.execute(place, it),
            Action::Sudo(it) => {
                self.known.contract(&place.key("contract"), &it.contract)?;
                self.known.value(&place.key("msg"), &it.msg)
            }
            Action::Query(it) => {
                self.known.contract(&place.key("contract"), &it.contract)?;
                self.known.value(&place.key("msg"), &it.msg)
            }
            Action::Migrate(it) => self.migrate(place, it),
            Action::Send(Send { from, to, amount }) => {
                self.known.name(&place.key("from"), from)?;
                self.known.name(&place.key("to"), to)?;
                coins_are_good(&place.key("amount"), amount)
            }
            Action::Balance(it) => {
                self.known.name(&place.key("of"), &it.of)?;
                denom_is_good(&place.key("denom"), &it.denom)
            }
            Action::Advance(Advance { blocks: 0, .. }) => {
                let message = "time passes with blocks: at least 1";
                Err(place.key("blocks").error(message))
            }
            Action::Advance(_) => Ok(()),
            Action::Validator(it) => self.validator(place, it),
            Action::Delegation(Delegation {
                delegator,
                validator,
                ..
            }) => {
                self.known.name(&place.key("delegator"), delegator)?;
                self.known.name(&place.key("validator"), validator)
            }
            Action::BlockAccount(it) => self.known.name(&place.key("name"), &it.name),
            Action::HookDenom(it) => self.hook_denom(place, it),
            between => check_between(&self.known, self.file, place, between),
        }
    }

    fn instantiate(&self, place: &Place, it: &Instantiate) -> Checked {
        check_name(&it.name).map_err(|error| place.key("name").error(error))?;
        self.code(&place.key("code"), &it.code)?;
        self.known.name(&place.key("sender"), &it.sender)?;
        self.known.value(&place.key("msg"), &it.msg)?;
        coins_are_good(&place.key("funds"), &it.funds)?;
        it.admin
            .as_ref()
            .map_or(Ok(()), |admin| self.known.name(&place.key("admin"), admin))
    }

    fn execute(&self, place: &Place, it: &Execute) -> Checked {
        self.known.contract(&place.key("contract"), &it.contract)?;
        self.known.name(&place.key("sender"), &it.sender)?;
        self.known.value(&place.key("msg"), &it.msg)?;
        coins_are_good(&place.key("funds"), &it.funds)
    }

    fn migrate(&self, place: &Place, it: &Migrate) -> Checked {
        self.known.contract(&place.key("contract"), &it.contract)?;
        self.code(&place.key("code"), &it.code)?;
        self.known.name(&place.key("sender"), &it.sender)?;
        self.known.value(&place.key("msg"), &it.msg)
    }

    fn validator(&self, place: &Place, it: &Validator) -> Checked {
        self.known.name(&place.key("name"), &it.name)?;
        let rates = [
            ("commission", it.commission),
            ("max_commission", it.max_commission),
            ("max_change_rate", it.max_change_rate),
        ];
        for (key, rate) in rates {
            let Some(rate) = rate else { continue };
            if !it.exists {
                let message = "a validator that does not exist has no rates";
                return Err(place.key(key).error(message));
            }
            if rate > Decimal::one() {
                return Err(place.key(key).error("a rate is at most 1"));
            }
        }
        Ok(())
    }

    fn hook_denom(&self, place: &Place, it: &HookDenom) -> Checked {
        let denom = place.key("denom");
        denom_is_good(&denom, &it.denom)?;
        if !it.denom.starts_with(HOOKED_DENOMS) {
            let message = format!(
                "only denoms {HOOKED_DENOMS}.. have hooks, {:?} is none",
                it.denom
            );
            return Err(denom.error(message));
        }
        self.known.contract(&place.key("contract"), &it.contract)?;
        self.known.value(&place.key("msg"), &it.msg)
    }

    fn code(&self, place: &Place, code: &str) -> Checked {
        if self.codes.contains(code) {
            return Ok(());
        }
        let message = format!(
            "unknown code {code:?}; there are {}",
            listed(self.codes.names())
        );
        Err(place.error(message))
    }
}

pub(super) fn denom_is_good(place: &Place, denom: &str) -> Checked {
    Denom::parse(denom)
        .map(drop)
        .map_err(|error| place.error(error))
}

fn coins_are_good(place: &Place, coins: &[Coin]) -> Checked {
    coins
        .iter()
        .enumerate()
        .try_for_each(|(index, coin)| denom_is_good(&place.index(index), &coin.denom))
}
