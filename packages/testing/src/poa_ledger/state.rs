//! The ledger itself.

use num_bigint::BigInt;

use super::{DenomAmount, PoaBoundTerms, PoaLedgerError};
use crate::exact::{ExactSum, Names, POINT_PLACES, Received, pow10};

/// What every operator is exactly owed of a pool's fees, and what it was paid.
///
/// Accounts and denoms are free text. An account that was never heard of stands for somebody with
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct PoaLedger {
    pub(super) received: Received,
    /// By number of the denom.
    pub(super) pots: Vec<Pot>,
    /// Names of those who operate validators or did.
    pub(super) account_names: Names,
    pub(super) accounts: Vec<Account>,
    pub(super) validators: Vec<Validator>,
    /// The power of all validators, now or when there was some last.
    pub(super) last_power: u128,
}

/// What became of all that was received of one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Pot {
    /// Base units withdrawn, whether they could be delivered or not.
    pub withdrawn: u128,
    /// Allocated and not withdrawn, in points.
    pub allocated: BigInt,
    /// The power of all validators when anything was allocated last; 0 before. What a system could
    /// not divide then, and carries on, is less than a point for each unit of it.
    pub divided_by: u128,
    /// Whether it is not taken for fees: what comes in waits until it is again.
    pub waits: bool,
}

/// An operator, now or once.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// By number of the denom.
    pub claims: Vec<Claim>,
    pub terms: PoaBoundTerms,
}

/// What an account has of one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    /// All that it ever earned.
    pub earned: ExactSum,
    /// Base units that reached it.
    pub delivered: u128,
    /// Base units withdrawn that could not be delivered.
    pub undelivered: u128,
}

impl Claim {
    /// Base units withdrawn, whether they could be delivered or not.
    pub fn withdrawn(&self) -> u128 {
        self.delivered + self.undelivered
    }
}

#[derive(Clone, Debug)]
pub(super) struct Validator {
    /// Number of the account.
    pub operator: usize,
    pub power: u128,
}

impl Account {
    /// The claim of a denom, `None` when nothing was ever earned of it.
    pub fn claim(&self, denom: usize) -> Option<&Claim> {
        self.claims.get(denom)
    }

    /// The claim of a denom, new when there was none.
    pub fn claim_mut(&mut self, denom: usize) -> &mut Claim {
        if self.claims.len() <= denom {
            self.claims.resize_with(denom + 1, Claim::default);
        }
        &mut self.claims[denom]
    }
}

impl PoaLedger {
    pub(super) fn receive(&mut self, coin: &DenomAmount<'_>) -> Result<(), PoaLedgerError> {
        let denom = self.received.denom(coin.denom);
        self.pot_mut(denom);
        Ok(self.received.add(&[*coin])?)
    }

    /// The pot of a denom, new when there was none.
    pub(super) fn pot_mut(&mut self, denom: usize) -> &mut Pot {
        if self.pots.len() <= denom {
            self.pots.resize_with(denom + 1, Pot::default);
        }
        &mut self.pots[denom]
    }

    /// `B`: base units received and not withdrawn.
    pub(super) fn balance_of(&self, denom: usize) -> u128 {
        // Nobody withdraws more than was received of a denom: at most the roundings of the system
        // under test, which all others have less.
        self.received.amount(denom) - self.pots[denom].withdrawn
    }

    /// `U = B - A_total`, in points.
    pub(super) fn unallocated_of(&self, denom: usize) -> BigInt {
        self.balance_of(denom) * pow10(POINT_PLACES) - &self.pots[denom].allocated
    }

    /// The number of an account, with a record from now on.
    pub(super) fn account_or_new(&mut self, account: &str) -> usize {
        let id = self.account_names.intern(account);
        if self.accounts.len() <= id {
            self.accounts.resize_with(id + 1, Account::default);
        }
        id
    }

    /// The place of the validator that somebody operates now.
    pub(super) fn validator_of(&self, operator: &str) -> Option<usize> {
        let operator = self.account_names.get(operator)?;
        self.validators
            .iter()
            .position(|it| it.operator == operator)
    }

    /// [`Self::validator_of`] for those that must have one.
    pub(super) fn known_validator(&self, operator: &str) -> Result<usize, PoaLedgerError> {
        self.validator_of(operator)
            .ok_or_else(|| PoaLedgerError::UnknownOperator {
                operator: operator.to_owned(),
            })
    }

    /// `P_total`.
    pub(super) fn sum_of_powers(&self) -> u128 {
        self.validators.iter().map(|it| it.power).sum()
    }
}
