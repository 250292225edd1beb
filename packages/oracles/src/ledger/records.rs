//! What the ledger keeps of each recipient.

use std::collections::HashMap;

use num_bigint::BigInt;

use super::{BoundTerms, ExactSum, Fraction};
use crate::exact::Parts;

/// What one recipient earned and was paid in one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// Earned since the record began.
    pub earned: ExactSum,
    /// The part of it that an earlier pool owed, times 10^54. Counts while the ledger is not
    /// active.
    pub imported: BigInt,
    /// Paid since the record began, in base units.
    pub paid: u128,
    /// Earned by earlier records of the same recipient, whose remainders were forfeited.
    pub earned_before: ExactSum,
    /// Paid to earlier records, in base units.
    pub paid_before: u128,
}

impl Account {
    /// All that was ever earned.
    pub fn ever_earned(&self) -> Parts {
        let mut parts = Parts::default();
        self.earned.add_to(&mut parts);
        self.earned_before.add_to(&mut parts);
        parts
    }

    /// All that was ever paid.
    pub fn ever_paid(&self) -> u128 {
        self.paid + self.paid_before
    }

    /// Begins a new record, and gives what the old one was still owed.
    pub fn restart(&mut self) -> ExactSum {
        let mut rest = std::mem::take(&mut self.earned);
        self.earned_before.add_sum(&rest);
        self.paid_before += self.paid;
        rest.add_coins(-BigInt::from(self.paid));
        self.paid = 0;
        rest
    }
}

/// The accounts of one recipient, by number of the denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts(Vec<Account>);

impl Accounts {
    /// The account of a denom, `None` when nothing was ever earned in it.
    pub fn get(&self, denom: usize) -> Option<&Account> {
        self.0.get(denom)
    }

    /// The account of a denom, new when there was none.
    pub fn get_mut(&mut self, denom: usize) -> &mut Account {
        if self.0.len() <= denom {
            self.0.resize_with(denom + 1, Account::default);
        }
        &mut self.0[denom]
    }

    /// All accounts with the numbers of their denoms.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Account)> {
        self.0.iter_mut().enumerate()
    }

    /// All accounts with the numbers of their denoms.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Account)> {
        self.0.iter().enumerate()
    }
}

/// One delegator's delegation to one validator.
#[derive(Clone, Debug)]
pub(super) struct Delegation {
    /// Number of the delegator's name.
    pub delegator: usize,
    pub units: u128,
    pub accounts: Accounts,
    pub terms: BoundTerms,
}

/// A validator, its operator's commission and its delegations.
#[derive(Clone, Debug, Default)]
pub(super) struct Validator {
    pub power: u64,
    pub commission: Fraction,
    pub removed: bool,
    pub operator: Accounts,
    pub operator_terms: BoundTerms,
    pub delegations: Vec<Delegation>,
    /// Places in `delegations` by number of the delegator's name.
    places: HashMap<usize, usize>,
}

impl Validator {
    /// Units of all delegations.
    pub fn units(&self) -> u128 {
        self.delegations.iter().map(|each| each.units).sum()
    }

    /// The delegation of a delegator, if there ever was one.
    pub fn delegation(&self, delegator: usize) -> Option<&Delegation> {
        Some(&self.delegations[*self.places.get(&delegator)?])
    }

    /// The delegation of a delegator, if there ever was one.
    pub fn delegation_mut(&mut self, delegator: usize) -> Option<&mut Delegation> {
        Some(&mut self.delegations[*self.places.get(&delegator)?])
    }

    /// The delegation of a delegator, new and without units when there was none.
    pub fn delegation_or_new(&mut self, delegator: usize) -> &mut Delegation {
        let place = *self.places.entry(delegator).or_insert_with(|| {
            self.delegations.push(Delegation {
                delegator,
                units: 0,
                accounts: Accounts::default(),
                terms: BoundTerms::default(),
            });
            self.delegations.len() - 1
        });
        &mut self.delegations[place]
    }
}
