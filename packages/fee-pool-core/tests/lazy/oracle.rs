//! What everybody is exactly owed: every recipient visited at every receipt, in rationals.

use std::collections::BTreeMap;

use distribution_math::Rate;

use crate::numbers::{Exact, rate, ratio, whole};

/// What a recipient earned and was not paid, and how far below it the accounting may be.
#[derive(Clone, Default)]
pub struct Account {
    pub owed: Exact,
    /// In points; see [`Oracle::power_changed`] and [`Oracle::changed`].
    pub slack: Exact,
}

#[derive(Clone)]
pub struct OracleDelegation {
    pub units: u128,
    pub account: Account,
}

#[derive(Clone)]
pub struct OracleValidator {
    pub power: u64,
    pub rate: Rate,
    pub removed: bool,
    pub commission: Account,
    pub delegations: BTreeMap<String, OracleDelegation>,
}

impl OracleValidator {
    fn units(&self) -> u128 {
        self.delegations.values().map(|it| it.units).sum()
    }

    fn earn(&mut self, amount: &Exact, community: &mut Exact) {
        let commission = amount * rate(self.rate);
        let rest = amount - &commission;
        self.commission.owed += commission;
        let units = self.units();
        if units == 0 {
            *community += rest;
            return;
        }
        for delegation in self.delegations.values_mut() {
            delegation.account.owed += &rest * ratio(delegation.units, units);
        }
    }
}

/// Exact shares of all that was received.
#[derive(Clone, Default)]
pub struct Oracle {
    pub validators: BTreeMap<String, OracleValidator>,
    pub community: Exact,
}

impl Oracle {
    pub fn create(&mut self, validator: &str, rate: Rate) {
        let new = OracleValidator {
            power: 0,
            rate,
            removed: false,
            commission: Account::default(),
            delegations: BTreeMap::new(),
        };
        let record = self.validators.entry(validator.into()).or_insert(new);
        record.rate = rate;
        record.removed = false;
    }

    pub fn total_power(&self) -> u128 {
        self.validators
            .values()
            .map(|it| u128::from(it.power))
            .sum()
    }

    pub fn active(&self) -> u128 {
        let active = self.validators.values().filter(|it| it.power > 0);
        active.count() as u128
    }

    /// Votes of a block; without power nobody gets anything.
    pub fn distribute(&mut self, by_power: &Exact, equally: &Exact) {
        let (total, active) = (self.total_power(), self.active());
        for record in self.validators.values_mut().filter(|it| it.power > 0) {
            let amount = by_power * ratio(record.power, total) + equally * ratio(1, active);
            record.earn(&amount, &mut self.community);
        }
    }

    pub fn reward(&mut self, validator: &str, amount: &Exact) {
        let record = self.validators.get_mut(validator).unwrap();
        record.earn(amount, &mut self.community);
        // Without delegations the operator's part is split off at once and rounded down.
        record.commission.slack += whole(1);
    }

    /// A power changed: to each other validator's recipients the running sums may cost a point for
    /// each unit of power and one for being active.
    pub fn set_power(&mut self, validator: &str, power: u64) {
        for (name, record) in &mut self.validators {
            if name == validator || record.power == 0 {
                continue;
            }
            let slack = whole(record.power) + whole(1);
            record.commission.slack += &slack;
            for delegation in record.delegations.values_mut() {
                delegation.account.slack += &slack;
            }
        }
        let record = self.validators.get_mut(validator).unwrap();
        record.power = power;
        self.changed(validator);
    }

    pub fn set_rate(&mut self, validator: &str, rate: Rate) {
        self.validators.get_mut(validator).unwrap().rate = rate;
        self.changed(validator);
    }

    pub fn set_units(&mut self, delegator: &str, validator: &str, units: u128) {
        let record = self.validators.get_mut(validator).unwrap();
        let new = OracleDelegation {
            units: 0,
            account: Account::default(),
        };
        let delegation = record.delegations.entry(delegator.into()).or_insert(new);
        delegation.units = units;
        delegation.account.slack += whole(2);
        self.changed(validator);
    }

    /// A validator's own change rounds both adjustments of its operator, and those of its
    /// delegations by nearly nothing.
    fn changed(&mut self, validator: &str) {
        let record = self.validators.get_mut(validator).unwrap();
        record.commission.slack += whole(2);
        for delegation in record.delegations.values_mut() {
            delegation.account.slack += ratio(1, 1_000_000);
        }
    }

    /// A delegation is closed: what it has left goes to the community pool.
    pub fn close(&mut self, delegator: &str, validator: &str) {
        let record = self.validators.get_mut(validator).unwrap();
        let closed = record.delegations.remove(delegator).unwrap();
        assert_eq!(closed.units, 0);
        self.community += closed.account.owed;
    }
}
