//! What every accounting answers for.

use cosmwasm_schema::cw_serde;
use distribution_math::{ExchangeRate, Rate};
use interfaces::json::ReadJson;

use crate::books::Books;
use crate::denoms::PerDenom;
use crate::lazy::RecipientAdjustments;
use crate::lazy::log::LoggedChange;
use crate::{AccountingError, AccountingFault, Amounts, DenomId, store};
use distribution_math::{FeeSplit, Points};

/// Which accounting a pool uses; fixed when it is instantiated.
#[cw_serde]
#[derive(Copy, Eq, ReadJson)]
pub enum AccountingKind {
    /// Indexes of reward per unit.
    F1,
    /// Shares of everything ever received, with adjustments.
    Lazy,
}

impl AccountingKind {
    /// The accounting of that kind.
    ///
    /// Not inlined: the compiler would write out a call of each accounting wherever one is called.
    #[inline(never)]
    pub fn engine(self) -> &'static dyn Accounting {
        match self {
            AccountingKind::F1 => &crate::f1::F1,
            AccountingKind::Lazy => &crate::lazy::Lazy,
        }
    }
}

/// Names one delegation. Both are raw address bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegationKey<'a> {
    /// Who delegates.
    pub delegator: &'a [u8],
    /// To whom.
    pub validator: &'a [u8],
}

/// What a pool knows of a validator beside its rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidatorView {
    /// Voting power; 0 when it is not active.
    pub power: u64,
    /// Whether it was removed. Claims go on, new rewards are refused.
    pub removed: bool,
    /// Units of its delegations.
    pub units: u128,
    /// The commission rate in force.
    pub commission_rate: Rate,
    /// Whether the rate is read from the chain at the next settlement.
    pub commission_stale: bool,
    /// Tokens per share, for sources that tell tokens.
    pub exchange_rate: ExchangeRate,
}

/// Entitlement of validators and delegators to what a pool receives.
///
/// All methods work on open [`Books`], with raw address bytes, and cost O(denoms): none of them
/// walks validators, delegators or blocks. Points they allocate enter the class of outstanding
/// rewards; what they cannot give to anybody goes to the community pool with an entry in the
/// journal.
///
/// The order of every change is: settle with what was in force, then change. So a change never
/// alters what was earned before it.
pub trait Accounting {
    /// Gives the votes' part of a block's fees to the validators by power and in equal parts, and
    /// the community's part to the community pool. Returns what the community pool got, which
    /// includes the remainders of both divisions. The proposer's part is left to
    /// [`Accounting::reward_validator`].
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn distribute(
        &self,
        books: &mut Books,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<Points, AccountingError>;

    /// Gives received points to one validator: to its commission and its delegators.
    ///
    /// Returns `false`, and changes nothing, when the validator is unknown or removed.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn reward_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rewards: &Amounts,
    ) -> Result<bool, AccountingError>;

    /// Makes a record of a validator without power, or brings a removed one back with its index
    /// and claims, at the given commission rate.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn create_validator(
        &self,
        books: &mut Books,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError>;

    /// Settles a validator and marks it removed: no power, no new rewards. What it and its
    /// delegators have earned stays theirs.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn remove_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError>;

    /// Changes a validator's voting power. A removed one that has power again is back, with its
    /// index, claims and commission rate.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`]. That the total stays below 2^63 is checked when the
    /// books are closed, so a set of powers can change in any order.
    fn set_power(
        &self,
        books: &mut Books,
        validator: &[u8],
        power: u64,
    ) -> Result<(), AccountingError>;

    /// Changes a validator's commission rate from now on.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn set_commission_rate(
        &self,
        books: &mut Books,
        validator: &[u8],
        rate: Rate,
    ) -> Result<(), AccountingError>;

    /// Settles a validator with the rate known and has its next settlement ask the chain for the
    /// rate first: for chains that tell of a change before they make it.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn mark_commission_stale(
        &self,
        books: &mut Books,
        validator: &[u8],
    ) -> Result<(), AccountingError>;

    /// Settles a validator; with a stale rate, at the chain's.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn settle_validator(&self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError>;

    /// Lowers a validator's exchange rate. Changes no reward by itself.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn slash(
        &self,
        books: &mut Books,
        validator: &[u8],
        fraction: Rate,
    ) -> Result<(), AccountingError>;

    /// Sets the units of a delegation; what it earned until now stays with it.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`]; a units bound when the validator's delegations
    /// would pass 10^30.
    fn set_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        units: u128,
    ) -> Result<(), AccountingError>;

    /// Sets the units of a sampled delegation to what the chain says. Units that were recorded and
    /// are not there any more have earned nothing since the last sample: their part goes to the
    /// validator's other delegators.
    ///
    /// # Errors
    /// As [`Accounting::set_delegation`].
    fn sync_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        found: u128,
    ) -> Result<(), AccountingError>;

    /// What a delegation could claim now. Settles, so a query runs it on a staged storage.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn delegation_rewards(
        &self,
        books: &mut Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError>;

    /// Takes whole coins out of a delegation's claim and keeps the fraction. Returns the coins as
    /// points. A record without units and below one base unit of every denom is deleted, its
    /// points go to the community pool. The coins stay outstanding rewards in the ledger until
    /// the caller pays them.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn withdraw_delegation(
        &self,
        books: &mut Books,
        key: DelegationKey,
        denoms: &[DenomId],
    ) -> Result<Amounts, AccountingError>;

    /// What an operator could claim now as commission. Settles, so a query runs it on a staged
    /// storage.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn commission(&self, books: &mut Books, validator: &[u8]) -> Result<Amounts, AccountingError>;

    /// Takes whole coins out of an operator's commission and keeps the fraction. The coins stay
    /// outstanding rewards in the ledger until the caller pays them.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn withdraw_commission(
        &self,
        books: &mut Books,
        validator: &[u8],
        denoms: &[DenomId],
    ) -> Result<Amounts, AccountingError>;

    /// What a validator has received and not split yet: before commission, since its last
    /// settlement.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn current_rewards(&self, books: &Books, validator: &[u8]) -> Result<Amounts, AccountingError>;

    /// Everything that is owed to a validator's operator and delegators.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn outstanding_rewards(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Amounts, AccountingError>;

    /// What is known of a validator, `None` when it is unknown.
    ///
    /// # Errors
    /// Unreadable records.
    fn validator(
        &self,
        books: &Books,
        validator: &[u8],
    ) -> Result<Option<ValidatorView>, AccountingError>;

    /// The units of a delegation, `None` without a record.
    ///
    /// # Errors
    /// Unreadable records.
    fn delegation_units(
        &self,
        books: &Books,
        key: DelegationKey,
    ) -> Result<Option<u128>, AccountingError>;

    /// Where its records are found in order.
    fn lists(&self) -> &'static Lists;

    /// Recomputes from one validator's records what of the outstanding rewards is there: what is
    /// not split yet, commission, carries; without its delegations.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn audit_validator(&self, books: &Books, validator: &[u8]) -> Result<Amounts, AccountingError>;

    /// Recomputes from a delegation's record what of the outstanding rewards is there.
    ///
    /// # Errors
    /// [`AccountingFault::UnknownValidator`].
    fn audit_delegation(
        &self,
        books: &Books,
        key: DelegationKey,
    ) -> Result<Amounts, AccountingError>;

    /// Whether roundings stay among the outstanding rewards as a reserve that is nobody's: what the
    /// audits of all records find is then below the total by that reserve, otherwise equal to it.
    fn keeps_a_reserve(&self) -> bool {
        false
    }

    /// What a delegation's entitlements are made of, by denom. Settles, so a query runs it on a
    /// staged storage.
    ///
    /// # Errors
    /// [`AccountingFault::LazyOnly`]; [`AccountingFault::UnknownValidator`].
    fn delegation_adjustments(
        &self,
        _books: &mut Books,
        _key: DelegationKey,
    ) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
        Err(AccountingFault::LazyOnly {
            what: "delegation_adjustment",
        }
        .into())
    }

    /// What an operator's entitlements are made of, by denom. Settles, so a query runs it on a
    /// staged storage.
    ///
    /// # Errors
    /// [`AccountingFault::LazyOnly`]; [`AccountingFault::UnknownValidator`].
    fn commission_adjustments(
        &self,
        _books: &mut Books,
        _validator: &[u8],
    ) -> Result<PerDenom<RecipientAdjustments>, AccountingError> {
        Err(AccountingFault::LazyOnly {
            what: "commission_adjustment",
        }
        .into())
    }

    /// The newest changes of what pools are shared by, the older first, behind the sequence
    /// `start_after`.
    ///
    /// # Errors
    /// [`AccountingFault::LazyOnly`].
    fn power_changes(
        &self,
        _books: &Books,
        _start_after: Option<u64>,
        _limit: usize,
    ) -> Result<Vec<LoggedChange>, AccountingError> {
        Err(AccountingFault::LazyOnly {
            what: "power_changes",
        }
        .into())
    }
}

/// Namespaces whose keys list what an accounting has records of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lists {
    /// Of records by validator.
    pub validators: &'static str,
    /// Of records by delegator, then validator.
    pub validators_of_delegators: &'static str,
    /// Of records by validator, then delegator.
    pub delegators_of_validators: &'static str,
}

/// Pages of what there are records of, whichever the accounting.
impl dyn Accounting + '_ {
    /// Validators in the order of their bytes, behind `start_after`.
    pub fn validators(
        &self,
        books: &Books,
        start_after: Option<&[u8]>,
        limit: usize,
    ) -> Vec<Vec<u8>> {
        let namespace = self.lists().validators;
        store::keys(books.storage, namespace, &[], start_after, limit)
    }

    /// The validators that a delegator has a record with, in the order of their bytes.
    pub fn validators_of_delegator(
        &self,
        books: &Books,
        delegator: &[u8],
        start_after: Option<&[u8]>,
        limit: usize,
    ) -> Vec<Vec<u8>> {
        let namespace = self.lists().validators_of_delegators;
        store::keys(books.storage, namespace, &[delegator], start_after, limit)
    }

    /// The delegators that a validator has a record of, in the order of their bytes.
    pub fn delegators_of_validator(
        &self,
        books: &Books,
        validator: &[u8],
        start_after: Option<&[u8]>,
        limit: usize,
    ) -> Vec<Vec<u8>> {
        let namespace = self.lists().delegators_of_validators;
        store::keys(books.storage, namespace, &[validator], start_after, limit)
    }
}
