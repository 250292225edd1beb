//! What every accounting answers for.

use std::collections::BTreeSet;
use std::fmt::Debug;

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, Event};
use distribution_math::{ExchangeRate, FeeSplit, Rate};
use pool_kit::{Amounts, DenomId};
use validator_rewards::validator_set::PowerChange;

use crate::ContractError;
use crate::books::Books;
use crate::delegations::{DelegationKey, Page};

/// What a pool knows of a validator beside its power and its rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidatorInfo {
    /// Whether it was removed. Claims go on; deposits for it are refused.
    pub removed: bool,
    /// Units of its delegations.
    pub units: u128,
    /// The commission rate in force.
    pub commission_rate: Rate,
    /// Tokens per share, for sources that give tokens.
    pub exchange_rate: ExchangeRate,
}

/// Entitlement of validators and delegators to what a pool receives.
///
/// All functions work on open [`Books`] and cost O(denoms): none of them visits all validators,
/// delegators or blocks. Points that they allocate enter the ledger's class of outstanding rewards;
/// points that belong to nobody go to the community pool, with an event.
///
/// The order of every change is: settle with what was in force, then change. So a change never
/// alters what was earned before it.
///
/// A function that is given a validator without a record fails with
/// [`ContractError::UnknownValidator`]; other errors are unreadable records and overflows that the
/// bound on receipts excludes.
pub trait Accounting: Sized + 'static {
    /// The contract's name in cw2.
    const CONTRACT_NAME: &'static str;

    /// Whether roundings leave a reserve among the outstanding rewards that belongs to nobody: what
    /// an audit of all records finds is then below the outstanding rewards by that reserve,
    /// otherwise equal to it.
    const HAS_ROUNDING_RESERVE: bool;

    /// What the hot record keeps of one denom for the rewards that validators share.
    type SharedRewards: BorshSerialize + BorshDeserialize + Clone + Debug + Default + PartialEq;

    /// What the record of a delegation has of one denom.
    type Claim: BorshSerialize + BorshDeserialize + Clone + Default;

    /// Gives the votes' part of a block's fees to the validators, by power and in equal parts.
    fn distribute(
        books: &mut Books<Self>,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<(), ContractError>;

    /// Gives received points to one validator: to its commission and its delegators. Writes
    /// `receipt`, the event of it, before any event of how they are split. Returns `false`, and
    /// changes nothing, when the validator is unknown or removed.
    fn reward_validator(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        rewards: &Amounts,
        receipt: Event,
    ) -> Result<bool, ContractError>;

    /// Makes the record of a validator, or brings a removed one back with its index and claims, at
    /// the given commission rate.
    fn create_validator(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError>;

    /// Settles a validator, whose power is 0 already, and marks it as removed.
    fn remove_validator(
        books: &mut Books<Self>,
        validator: &AddressBytes,
    ) -> Result<(), ContractError>;

    /// Brings a validator's rewards up to date with its power so far. The power and the totals
    /// themselves change right after it.
    fn before_power_change(
        books: &mut Books<Self>,
        change: &PowerChange,
    ) -> Result<(), ContractError>;

    /// Changes a validator's commission rate from now on.
    fn set_commission_rate(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError>;

    /// Sets a validator's exchange rate of shares to tokens. Changes no reward by itself.
    fn set_exchange_rate(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        rate: ExchangeRate,
    ) -> Result<(), ContractError>;

    /// Sets the units of a delegation; what it earned until now stays with it. Fails with a units
    /// bound when the validator's delegations would reach 10^34 units.
    fn set_delegation(
        books: &mut Books<Self>,
        key: DelegationKey,
        units: u128,
    ) -> Result<(), ContractError>;

    /// What a delegation could claim now. Settles the validator, so queries call it on a staged
    /// storage.
    fn delegation_rewards(
        books: &mut Books<Self>,
        key: DelegationKey,
    ) -> Result<Amounts, ContractError>;

    /// Takes whole coins out of a delegation's claim and keeps the fraction. Returns the coins as
    /// points. A record without units and below one base unit of every denom is deleted, its
    /// points go to the community pool. The coins stay outstanding rewards in the ledger until
    /// the caller pays them.
    fn withdraw_delegation(
        books: &mut Books<Self>,
        key: DelegationKey,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError>;

    /// Makes what a delegation could claim `change.now`, which was `change.before`: an import, while
    /// the pool has received nothing that anybody shares. The ledger's outstanding rewards are the
    /// caller's.
    fn import_rewards(
        books: &mut Books<Self>,
        key: DelegationKey,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError>;

    /// The same for an operator's commission.
    fn import_commission(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError>;

    /// What an operator could claim now as commission. Settles the validator, so queries call it on
    /// a staged storage.
    fn commission(
        books: &mut Books<Self>,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError>;

    /// Takes whole coins out of an operator's commission and keeps the fraction. The coins stay
    /// outstanding rewards in the ledger until the caller pays them.
    fn withdraw_commission(
        books: &mut Books<Self>,
        validator: &AddressBytes,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError>;

    /// What a validator has received and not split yet: before commission, since its last
    /// settlement.
    fn current_rewards(
        books: &Books<Self>,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError>;

    /// Everything that is owed to a validator's operator and delegators. Settles the validator, so
    /// queries call it on a staged storage.
    fn outstanding_rewards(
        books: &mut Books<Self>,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError>;

    /// What is known of a validator, `None` when it has no record.
    fn validator(
        books: &Books<Self>,
        validator: &AddressBytes,
    ) -> Result<Option<ValidatorInfo>, ContractError>;

    /// Whether a validator takes rewards: it has a record and was not removed. Reads one record.
    fn takes_rewards(books: &Books<Self>, validator: &AddressBytes) -> Result<bool, ContractError>;

    /// Validators with a record, in the order of their bytes.
    fn validators(books: &Books<Self>, page: Page) -> Result<Vec<AddressBytes>, ContractError>;

    /// Outstanding rewards that are in the hot record and in no other: carries over the powers.
    fn audit_pool(books: &Books<Self>) -> Result<Amounts, ContractError>;

    /// Recomputes from a validator's records what of the outstanding rewards is there: what is not
    /// split yet, commission, carries; without its delegations.
    fn audit_validator(
        books: &Books<Self>,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError>;

    /// Recomputes from a delegation's record what of the outstanding rewards is there.
    fn audit_delegation(books: &Books<Self>, key: DelegationKey) -> Result<Amounts, ContractError>;

    /// Answers a query that only the lazy accounting has.
    ///
    /// # Errors
    /// [`ContractError::LazyOnly`] from every other accounting.
    fn query_lazy(_: &mut Books<Self>, query: LazyQuery) -> Result<Binary, ContractError> {
        Err(ContractError::LazyOnly {
            query: query.name(),
        })
    }
}

/// A claim of an earlier pool, as the import replaces what it said before.
#[derive(Clone, Debug)]
pub struct ImportedAmounts {
    /// What could be claimed until now.
    pub before: Amounts,
    /// What can be claimed from now on.
    pub now: Amounts,
}

impl ImportedAmounts {
    /// The denoms that it is about, each once. The pool may not have received any of them yet.
    pub fn denoms(&self) -> BTreeSet<DenomId> {
        let amounts = self.before.iter().chain(self.now.iter());
        amounts.map(|(denom, _)| denom).collect()
    }
}

/// A query that only the lazy accounting has.
#[derive(Clone, Copy, Debug)]
pub enum LazyQuery {
    /// `delegation_adjustment`.
    DelegationAdjustment(DelegationKey),
    /// `commission_adjustment`.
    CommissionAdjustment(AddressBytes),
    /// `power_changes`.
    PowerChanges {
        /// The sequence that the last page ended with.
        start_after: Option<u64>,
        /// The most entries of this page.
        limit: usize,
    },
}

impl LazyQuery {
    fn name(&self) -> &'static str {
        match self {
            LazyQuery::DelegationAdjustment(_) => "delegation_adjustment",
            LazyQuery::CommissionAdjustment(_) => "commission_adjustment",
            LazyQuery::PowerChanges { .. } => "power_changes",
        }
    }
}
