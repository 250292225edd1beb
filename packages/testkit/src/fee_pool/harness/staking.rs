//! Changes in staking: what happens on the chain, how the pool is told, and what it has to make of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use cosmwasm_std::{Decimal, Uint128};
use num_bigint::BigInt;
use num_integer::Integer;
use oracles::ledger::LedgerError;
use serde_json::{Value, json};

use super::{Harness, decimal, fraction};
use crate::chain::ValidatorTerms;

/// A rate of 1, in 10^-18.
const ONE: u64 = 1_000_000_000_000_000_000;
/// Decimal places of an exchange rate.
const EXCHANGE_PLACES: u32 = 36;
/// The lowest exchange rate is 10^-9.
const LOWEST_EXCHANGE_PLACES: u32 = EXCHANGE_PLACES - 9;

/// Who tells the pool of delegations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A reporter, who tells everything.
    Reporter,
    /// Hooks with shares.
    Juno,
    /// Hooks without amounts: the pool asks the chain for tokens.
    Neutron,
}

/// Staking as it is on the chain. With source `reporter` it is what the pool was told and took.
#[derive(Debug)]
pub(super) struct Staking {
    pub source: Source,
    /// The commission of each validator that exists, in 10^-18.
    rates: BTreeMap<String, u64>,
    /// Whole shares of delegations, or tokens where the source gives tokens.
    amounts: BTreeMap<(String, String), u128>,
    /// How many of the next hooks are lost.
    to_lose: u32,
    /// Validators whose removal the pool has not been told.
    missed_removals: BTreeSet<String>,
    /// Slashes that the pool has not been told.
    missed_slashes: BTreeMap<String, Vec<u64>>,
}

/// What the pool knows of a validator beside what the ledger knows.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// It was created, and not removed since.
    pub has_terms: bool,
    /// The height at which the chain announced another commission.
    announced: Option<u64>,
    /// Tokens of a share, in 10^-36.
    exchange_rate: BigInt,
}

impl Default for Known {
    fn default() -> Self {
        Known {
            has_terms: false,
            announced: None,
            exchange_rate: BigInt::from(10).pow(EXCHANGE_PLACES),
        }
    }
}

impl Known {
    /// Lowered by the slash and rounded up, unless that would be below the lowest rate.
    fn slash(&mut self, fraction: u64) {
        let lowered = (&self.exchange_rate * (ONE - fraction)).div_ceil(&BigInt::from(ONE));
        if lowered >= BigInt::from(10).pow(LOWEST_EXCHANGE_PLACES) {
            self.exchange_rate = lowered;
        }
    }
}

impl Staking {
    pub fn new(source: &Value) -> Result<Self> {
        let source = match source["hooks"]["dialect"].as_str() {
            None => Source::Reporter,
            Some("juno") => Source::Juno,
            Some("neutron") => Source::Neutron,
            Some(other) => anyhow::bail!("no dialect {other}"),
        };
        Ok(Staking {
            source,
            rates: BTreeMap::new(),
            amounts: BTreeMap::new(),
            to_lose: 0,
            missed_removals: BTreeSet::new(),
            missed_slashes: BTreeMap::new(),
        })
    }

    pub fn lose(&mut self, count: u32) {
        self.to_lose = count;
    }

    pub fn is_reported(&self) -> bool {
        self.source == Source::Reporter
    }

    /// The commission of a validator, if it exists on the chain.
    pub fn rate(&self, validator: &str) -> Option<u64> {
        self.rates.get(validator).copied()
    }

    /// The validators that exist on the chain.
    pub fn validators(&self) -> impl Iterator<Item = &String> {
        self.rates.keys()
    }

    /// Delegators and validators of all delegations that were ever there.
    pub fn delegations(&self) -> impl Iterator<Item = &(String, String)> {
        self.amounts.keys()
    }

    /// Takes what the pool has missed of a validator's slashes and whether it missed its removal.
    pub fn take_missed(&mut self, validator: &str) -> (bool, Vec<u64>) {
        let removal = self.missed_removals.remove(validator);
        let slashes = self.missed_slashes.remove(validator);
        (removal, slashes.unwrap_or_default())
    }

    fn of_validator(&self, validator: &str) -> Vec<(String, u128)> {
        self.amounts
            .iter()
            .filter(|((_, of), amount)| of == validator && **amount > 0)
            .map(|((delegator, _), amount)| (delegator.clone(), *amount))
            .collect()
    }

    fn amount(&self, delegator: &str, validator: &str) -> u128 {
        let key = (delegator.to_string(), validator.to_string());
        self.amounts.get(&key).copied().unwrap_or_default()
    }

    pub fn set_amount(&mut self, delegator: &str, validator: &str, amount: u128) {
        let key = (delegator.to_string(), validator.to_string());
        self.amounts.insert(key, amount);
    }
}

pub(super) fn terms(rate: u64) -> ValidatorTerms {
    ValidatorTerms {
        commission: Decimal::new(Uint128::from(rate)),
        ..ValidatorTerms::default()
    }
}

impl Harness {
    /// Whole shares of a delegation on the chain, or tokens where the source gives tokens, without a
    /// fraction that came with a state. A change of shares drops that fraction.
    pub fn shares(&self, delegator: &str, validator: &str) -> u128 {
        self.staking.amount(delegator, validator)
    }

    /// Whether a validator exists: on the chain, or as the pool was told by a reporter.
    pub fn exists(&self, validator: &str) -> bool {
        if self.staking.is_reported() {
            self.has_terms(validator)
        } else {
            self.staking.rate(validator).is_some()
        }
    }

    /// Whether the pool knows a validator by more than its votes.
    pub fn has_terms(&self, validator: &str) -> bool {
        self.known.get(validator).is_some_and(|it| it.has_terms)
    }

    /// The units of so many shares, or tokens where the source gives tokens, as the pool has to
    /// record them now: times 10^`share_places`.
    pub(super) fn units_of(&self, validator: &str, scaled: u128) -> Result<u128> {
        if self.staking.source != Source::Neutron {
            return Ok(scaled);
        }
        let one = BigInt::from(10).pow(EXCHANGE_PLACES);
        let rate = self.known.get(validator).map(|it| &it.exchange_rate);
        let units = BigInt::from(scaled) * &one / rate.unwrap_or(&one);
        Ok(u128::try_from(units)?)
    }

    /// Sends the pool a hook, unless it is lost. One that the pool cannot take is ignored with an event
    /// and changes nothing. Whether the pool took it.
    fn hook(&mut self, hook: Value, takes: bool) -> Result<bool> {
        if self.staking.to_lose > 0 {
            self.staking.to_lose -= 1;
            return Ok(false);
        }
        let text = hook.to_string();
        let before = (!takes).then(|| self.suite.dump());
        let response = self.suite.sudo(hook)?;
        let ignored = ["wasm-hook_ignored", "wasm-units_bound"];
        let ignored = response
            .events
            .iter()
            .find(|event| ignored.contains(&event.ty.as_str()));
        ensure!(ignored.is_some() != takes, "{text}: {:?}", response.events);
        if let Some(before) = before {
            ensure!(self.suite.dump() == before, "ignored and changed: {text}");
        }
        Ok(takes)
    }

    /// The body of a hook about a validator, in the dialect of the pool.
    fn about_validator(&self, hook: &str, validator: &str, rate: u64) -> Value {
        let operator = format!("@@{validator}");
        match self.staking.source {
            Source::Neutron => {
                json!({hook: {"val_addr": operator, "cons_addr": "cosmosvalcons1c"}})
            }
            _ => json!({hook: {
                "moniker": "m", "validator_address": operator, "commission": decimal(rate),
                "validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
            }}),
        }
    }

    /// The body of a hook about a delegation, in the dialect of the pool.
    fn about_delegation(
        &self,
        hook: &str,
        delegator: &str,
        validator: &str,
        shares: u128,
    ) -> Value {
        let (delegator, operator) = (format!("@{delegator}"), format!("@@{validator}"));
        match self.staking.source {
            Source::Neutron => json!({hook: {"del_addr": delegator, "val_addr": operator}}),
            _ => json!({hook: {
                "validator_address": operator, "delegator_address": delegator,
                "shares": format!("{shares}.000000000000000000"),
            }}),
        }
    }

    /// The pool knows a validator's terms now.
    pub(super) fn know_terms(&mut self, validator: &str, rate: u64) -> Result<()> {
        self.learn(validator);
        self.ledger.create_validator(validator, fraction(rate)?);
        self.known.entry(validator.into()).or_default().has_terms = true;
        Ok(())
    }

    /// The pool makes a record of a validator that it does not know with the chain's terms, or without
    /// any where the chain does not know it: whenever a hook says that something is there, and before
    /// activation for every hook.
    fn record_if_unknown(&mut self, validator: &str) -> Result<()> {
        if self.has_terms(validator) {
            return Ok(());
        }
        match self.staking.rate(validator) {
            Some(rate) => self.know_terms(validator, rate),
            None if self.knows(validator) => Ok(()),
            None => {
                self.learn(validator);
                self.ledger.create_validator(validator, fraction(0)?);
                Ok(())
            }
        }
    }

    fn record_before_import(&mut self, validator: &str) -> Result<()> {
        if self.ledger.is_active() {
            return Ok(());
        }
        self.record_if_unknown(validator)
    }

    pub(super) fn create_validator(&mut self, validator: &str, rate: u64) -> Result<()> {
        if self.staking.is_reported() {
            let event = json!({"validator_created": {
                "validator": format!("@@{validator}"),
                "commission": {"rate": decimal(rate), "max_rate": "1", "max_change_rate": "1"},
            }});
            if self.has_terms(validator) {
                return self.refused_event(event);
            }
            self.suite.staking_event(event)?;
            return self.know_terms(validator, rate);
        }
        if self.staking.rate(validator).is_some() {
            return Ok(());
        }
        self.suite.set_chain_validator(validator, &terms(rate))?;
        self.staking.rates.insert(validator.into(), rate);
        let hook = self.about_validator("after_validator_created", validator, rate);
        if self.hook(hook, true)? {
            self.know_terms(validator, rate)?;
        }
        Ok(())
    }

    fn refused_event(&mut self, event: Value) -> Result<()> {
        let msg = json!({ "staking_event": event });
        self.refused("reporter", msg, vec![]).map(|_| ())
    }

    pub(super) fn remove_validator(&mut self, validator: &str) -> Result<()> {
        if self.staking.is_reported() {
            let event = json!({"validator_removed": {"validator": format!("@@{validator}")}});
            if !self.knows(validator) {
                return self.refused_event(event);
            }
            self.suite.staking_event(event)?;
            return self.forget_validator(validator);
        }
        let Some(rate) = self.staking.rate(validator) else {
            return Ok(());
        };
        // A chain removes no validator that has delegations.
        for (delegator, _) in self.staking.of_validator(validator) {
            self.set_shares(&delegator, validator, 0)?;
        }
        self.suite.remove_chain_validator(validator)?;
        self.staking.rates.remove(validator);
        self.staking.missed_slashes.remove(validator);
        let hook = self.about_validator("after_validator_removed", validator, rate);
        let takes = self.knows(validator) || !self.ledger.is_active();
        let is_lost = self.staking.to_lose > 0;
        if self.hook(hook, takes)? {
            self.record_before_import(validator)?;
            self.forget_validator(validator)?;
        } else if is_lost && self.knows(validator) {
            self.staking.missed_removals.insert(validator.into());
        }
        Ok(())
    }

    /// The pool was told that a validator is gone.
    pub(super) fn forget_validator(&mut self, validator: &str) -> Result<()> {
        self.ledger.remove_validator(validator)?;
        self.known.insert(validator.into(), Known::default());
        self.staking.missed_removals.remove(validator);
        Ok(())
    }

    pub(super) fn set_commission(&mut self, validator: &str, rate: u64) -> Result<()> {
        let is_present = self.knows(validator) && !self.ledger.is_removed(validator);
        if self.staking.is_reported() {
            let event = json!({"commission_changed": {
                "validator": format!("@@{validator}"), "rate": decimal(rate),
            }});
            if !is_present {
                return self.refused_event(event);
            }
            self.suite.staking_event(event)?;
            self.ledger.set_commission(validator, fraction(rate)?);
            return Ok(());
        }
        let Some(before) = self.staking.rate(validator) else {
            return Ok(());
        };
        // Sent before the change is made.
        let hook = self.about_validator("before_validator_modified", validator, before);
        let is_active = self.ledger.is_active();
        if self.hook(hook, is_present || !is_active)? {
            self.record_before_import(validator)?;
            let height = self.suite.chain.app().block_info().height;
            self.known.entry(validator.into()).or_default().announced = Some(height);
        }
        self.suite.set_chain_validator(validator, &terms(rate))?;
        self.staking.rates.insert(validator.into(), rate);
        Ok(())
    }

    /// A block begins: the pool reads what was announced in earlier ones.
    pub(super) fn read_announced(&mut self) -> Result<()> {
        let announced: Vec<String> = self
            .known
            .iter_mut()
            .filter_map(|(name, it)| it.announced.take().map(|_| name.clone()))
            .collect();
        for validator in announced {
            self.follow_chain(&validator)?;
        }
        Ok(())
    }

    /// The pool takes the chain's terms, if there are any.
    fn follow_chain(&mut self, validator: &str) -> Result<()> {
        let Some(rate) = self.staking.rate(validator) else {
            return Ok(());
        };
        self.ledger.set_commission(validator, fraction(rate)?);
        self.known.entry(validator.into()).or_default().has_terms = true;
        Ok(())
    }

    pub(super) fn refresh(&mut self, validator: &str) -> Result<()> {
        if self.staking.is_reported() {
            return Ok(());
        }
        let msg = json!({"refresh_validator": {"validator": format!("@@{validator}")}});
        let height = self.suite.chain.app().block_info().height;
        let is_present = self.knows(validator) && !self.ledger.is_removed(validator);
        let announced = self.known.get(validator).and_then(|it| it.announced);
        if !is_present || announced == Some(height) || self.staking.rate(validator).is_none() {
            return self.refused("anybody", msg, vec![]).map(|_| ());
        }
        self.suite.execute("anybody", msg)?;
        self.known.entry(validator.into()).or_default().announced = None;
        self.follow_chain(validator)
    }

    pub(super) fn slash(&mut self, validator: &str, slashed: u64) -> Result<()> {
        if self.staking.is_reported() {
            let event = json!({"validator_slashed": {
                "validator": format!("@@{validator}"), "fraction": decimal(slashed),
            }});
            if !self.knows(validator) || self.ledger.is_removed(validator) {
                return self.refused_event(event);
            }
            self.suite.staking_event(event)?;
            self.ledger.count_settlement_of(validator);
            return Ok(());
        }
        if self.staking.rate(validator).is_none() {
            return Ok(());
        }
        let operator = format!("@@{validator}");
        let hook = match self.staking.source {
            Source::Neutron => json!({"before_validator_slashed": {
                "val_addr": operator, "fraction": decimal(slashed), "tokens_to_burn": "1",
            }}),
            _ => json!({"before_validator_slashed": {
                "moniker": "m", "validator_address": operator, "slashed_amount": decimal(slashed),
            }}),
        };
        let is_lost = self.staking.to_lose > 0;
        let is_present = self.knows(validator) && !self.ledger.is_removed(validator);
        if self.hook(hook, is_present)? {
            self.slash_known(validator, slashed);
        } else if is_lost {
            let missed = self.staking.missed_slashes.entry(validator.into());
            missed.or_default().push(slashed);
        }
        if self.staking.source == Source::Neutron {
            for (delegator, tokens) in self.staking.of_validator(validator) {
                let left = BigInt::from(tokens) * (ONE - slashed) / ONE;
                let left = u128::try_from(left)?;
                self.suite
                    .set_chain_delegation(&delegator, validator, left)?;
                self.staking.set_amount(&delegator, validator, left);
            }
        }
        Ok(())
    }

    /// The pool was told of a slash.
    pub(super) fn slash_known(&mut self, validator: &str, slashed: u64) {
        self.ledger.count_settlement_of(validator);
        self.known
            .entry(validator.into())
            .or_default()
            .slash(slashed);
    }

    /// Whether delegations to a validator happen: on a chain only to one that exists.
    pub(super) fn takes_shares(&self, validator: &str) -> bool {
        self.staking.is_reported() || self.staking.rate(validator).is_some()
    }

    pub(super) fn set_shares(
        &mut self,
        delegator: &str,
        validator: &str,
        shares: u128,
    ) -> Result<()> {
        self.learn(delegator);
        if self.staking.is_reported() {
            return self.report_shares(delegator, validator, shares);
        }
        let before = self.shares(delegator, validator);
        if !self.takes_shares(validator) || (before, shares) == (0, 0) {
            return Ok(());
        }
        if self.staking.source == Source::Neutron {
            self.suite
                .set_chain_delegation(delegator, validator, shares)?;
        }
        self.staking.set_amount(delegator, validator, shares);
        if shares > 0 {
            let hook = "after_delegation_modified";
            let hook = self.about_delegation(hook, delegator, validator, shares);
            if self.hook(hook, true)? {
                self.record_if_unknown(validator)?;
                let units = self.units_of(validator, shares * self.unit_scale)?;
                self.ledger.set_units(delegator, validator, units)?;
            }
        } else {
            let hook = "before_delegation_removed";
            let hook = self.about_delegation(hook, delegator, validator, before);
            let takes = self.knows(validator) || !self.ledger.is_active();
            if self.hook(hook, takes)? {
                self.record_before_import(validator)?;
                self.ledger.set_units(delegator, validator, 0)?;
            }
        }
        Ok(())
    }

    fn report_shares(&mut self, delegator: &str, validator: &str, shares: u128) -> Result<()> {
        let event = json!({"delegation_changed": {
            "delegator": format!("@{delegator}"),
            "validator": format!("@@{validator}"),
            "shares": shares.to_string(),
        }});
        if !self.knows(validator) {
            return self.refused_event(event);
        }
        let units = shares * self.unit_scale;
        match self.ledger.set_units(delegator, validator, units) {
            Err(LedgerError::Removed { .. } | LedgerError::UnitsBound { .. }) => {
                return self.refused_event(event);
            }
            result => result?,
        }
        self.suite.staking_event(event)?;
        self.staking.set_amount(delegator, validator, shares);
        Ok(())
    }
}
