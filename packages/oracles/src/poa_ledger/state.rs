//! The ledger's records.

use num_bigint::BigInt;

use super::{DenomAmount, PoaBoundTerms, PoaLedgerError};
use crate::exact::{ExactSum, Names, POINT_PLACES, Received, pow10};

/// What every operator is exactly owed of a pool's fees, and what it was paid.
///
/// Accounts and denoms are free text. Queries of an unknown account answer that it has nothing.
#[derive(Clone, Debug, Default)]
pub struct PoaLedger {
    pub(super) received: Received,
    /// By the number of the denom in `received`.
    pub(super) pots: Vec<Pot>,
    /// Names of operators and former operators.
    pub(super) account_names: Names,
    /// By the number of the account in `account_names`.
    pub(super) accounts: Vec<Account>,
    pub(super) validators: Vec<Validator>,
    /// The total power now; while it is 0, the last one above 0.
    pub(super) last_power: u128,
}

/// Totals of one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Pot {
    /// Base units withdrawn, undelivered payouts included.
    pub withdrawn: u128,
    /// Allocated and not withdrawn, in points.
    pub allocated: BigInt,
    /// The total power at the last allocation; 0 before the first. The carry of a system under test
    /// is less than a point for each unit of it.
    pub divided_by: u128,
    /// Whether the denom is removed: what comes in stays undistributed until it is received again.
    pub waits: bool,
}

/// An operator or former operator.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// The place of the validator that it operates or has operated: what its name means.
    pub validator: usize,
    /// By the number of the denom.
    pub claims: Vec<Claim>,
    /// How far a system's claims of this account may be from the exact ones.
    pub terms: PoaBoundTerms,
}

/// The claim of an account in one denom.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    /// All that it ever earned, paid or not.
    pub earned: ExactSum,
    /// Base units that it was paid.
    pub delivered: u128,
    /// Base units of payouts that failed and were not paid since.
    pub undelivered: u128,
}

impl Claim {
    /// Base units withdrawn, undelivered payouts included.
    pub fn withdrawn(&self) -> u128 {
        self.delivered + self.undelivered
    }
}

/// A validator or candidate.
#[derive(Clone, Debug)]
pub(super) struct Validator {
    /// Number of its operator's account.
    pub operator: usize,
    pub power: u128,
    /// The account that it is offered to.
    pub offered_to: Option<String>,
}

impl Account {
    /// The claim in a denom, `None` when there never was one.
    pub fn claim(&self, denom: usize) -> Option<&Claim> {
        self.claims.get(denom)
    }

    /// The claim in a denom, which is created when there is none.
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

    /// The totals of a denom, which are created when there are none.
    pub(super) fn pot_mut(&mut self, denom: usize) -> &mut Pot {
        if self.pots.len() <= denom {
            self.pots.resize_with(denom + 1, Pot::default);
        }
        &mut self.pots[denom]
    }

    /// `B`: base units received and not withdrawn.
    pub(super) fn balance_of(&self, denom: usize) -> u128 {
        // Withdrawals add up to at most what was received: a payout above the exact claim, within the
        // bound, is made of what other accounts have below theirs.
        self.received.amount(denom) - self.pots[denom].withdrawn
    }

    /// `U = B - A_total`, in points.
    pub(super) fn unallocated_of(&self, denom: usize) -> BigInt {
        self.balance_of(denom) * pow10(POINT_PLACES) - &self.pots[denom].allocated
    }

    /// Makes an account the operator of the validator at a place; the account's number.
    pub(super) fn operates(&mut self, operator: &str, place: usize) -> usize {
        let id = self.account_names.intern(operator);
        if self.accounts.len() <= id {
            self.accounts.resize_with(id + 1, Account::default);
        }
        self.accounts[id].validator = place;
        id
    }

    /// One more validator; the number of its operator's account.
    pub(super) fn push_validator(&mut self, operator: &str, power: u128) -> usize {
        let operator = self.operates(operator, self.validators.len());
        self.validators.push(Validator {
            operator,
            power,
            offered_to: None,
        });
        operator
    }

    /// The place of the validator that an account operates now.
    pub(super) fn validator_of(&self, operator: &str) -> Option<usize> {
        let operator = self.account_names.get(operator)?;
        self.validators
            .iter()
            .position(|it| it.operator == operator)
    }

    /// The place of the validator that an account operates or has operated.
    pub(super) fn validator_named(&self, name: &str) -> Option<usize> {
        let account = self.account_names.get(name)?;
        Some(self.accounts[account].validator)
    }

    /// [`Self::validator_named`] for an account that must name one.
    pub(super) fn known_validator(&self, name: &str) -> Result<usize, PoaLedgerError> {
        self.validator_named(name)
            .ok_or_else(|| PoaLedgerError::UnknownOperator {
                operator: name.to_owned(),
            })
    }

    /// `P_total`.
    pub(super) fn sum_of_powers(&self) -> u128 {
        self.validators.iter().map(|it| it.power).sum()
    }
}
