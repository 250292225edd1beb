//! One message's view of a pool: opened at its start, closed at its end.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Event, Response, Storage};
use distribution_math::{MathError, Points};
use pool_kit::events::action;
use pool_kit::ledger::{Class, DenomLedger, Undistributed};
use pool_kit::{Amounts, DenomId};

use crate::ContractError;
use crate::accounting::{Accounting, ValidatorInfo};
use crate::context::Context;
use crate::delegations::DelegationKey;
use crate::pool::Pool;

/// Why points of outstanding rewards went to the community pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// At most one point, between the floors of commission and delegators' part.
    Remainder,
    /// What an index could not divide when the units or powers that it is divided by changed.
    Carry,
    /// The delegators' part of a validator that has none.
    NoDelegators,
    /// Less than one base unit of a delegation that is gone.
    ClosedDelegation,
}

impl Reason {
    fn name(self) -> &'static str {
        match self {
            Reason::Remainder => "remainder",
            Reason::Carry => "carry",
            Reason::NoDelegators => "no_delegators",
            Reason::ClosedDelegation => "closed_delegation",
        }
    }
}

/// The open books of a pool: its hot record in memory, the storage of all other records, and the
/// events of the message.
///
/// Load, change, [`Books::close`]: the hot record is written once, if anything in it changed, and a
/// stale copy of it cannot outlive the message.
pub struct Books<'a, A: Accounting> {
    /// Configuration and chain.
    pub ctx: &'a Context<'a>,
    /// Where the other records are.
    pub storage: &'a mut dyn Storage,
    /// The hot record.
    pub pool: Pool<A::SharedRewards>,
    /// The hot record as it is stored.
    stored: Pool<A::SharedRewards>,
    events: Vec<Event>,
}

impl<'a, A: Accounting> Books<'a, A> {
    /// Reads the hot record.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn open(ctx: &'a Context<'a>, storage: &'a mut dyn Storage) -> Result<Self, ContractError> {
        let pool = Pool::load(storage)?;
        Ok(Books {
            ctx,
            storage,
            stored: pool.clone(),
            pool,
            events: Vec::new(),
        })
    }

    /// Writes the hot record, if it changed, and returns a response with the events.
    ///
    /// # Errors
    /// As [`PowerTotals::check`](validator_rewards::validator_set::PowerTotals::check).
    pub fn close(self) -> Result<Response, ContractError> {
        self.pool.totals.check()?;
        if self.pool != self.stored {
            self.pool.save(self.storage)?;
        }
        Ok(Response::new().add_events(self.events))
    }

    /// A validator with a record, whichever form its name has.
    ///
    /// # Errors
    /// [`ContractError::UnknownValidator`], and for a name that is no address of this chain.
    pub fn known_validator(&self, name: &str) -> Result<AddressBytes, ContractError> {
        let validator = self.ctx.validator(name)?;
        match A::validator(self, &validator)? {
            Some(_) => Ok(validator),
            None => Err(self.ctx.unknown_validator(&validator)),
        }
    }

    /// A validator that was not removed.
    ///
    /// # Errors
    /// [`ContractError::UnknownValidator`], [`ContractError::RemovedValidator`].
    pub fn present_validator(
        &self,
        validator: &AddressBytes,
    ) -> Result<ValidatorInfo, ContractError> {
        match A::validator(self, validator)? {
            Some(info) if info.removed => Err(self.ctx.removed_validator(validator)),
            Some(info) => Ok(info),
            None => Err(self.ctx.unknown_validator(validator)),
        }
    }

    /// A delegation to a validator with a record.
    ///
    /// # Errors
    /// As [`Books::known_validator`], and for a delegator that is no address of this chain.
    pub fn delegation_key(
        &self,
        delegator: &str,
        validator: &str,
    ) -> Result<DelegationKey, ContractError> {
        Ok(DelegationKey {
            delegator: self.ctx.chain.account(delegator)?,
            validator: self.known_validator(validator)?,
        })
    }

    /// Writes an event.
    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes an event about a validator and amounts, unless they are all zero.
    pub fn emit_amounts(&mut self, name: &str, validator: &AddressBytes, amounts: &Amounts) {
        if !amounts.is_zero() {
            let event = self.ctx.validator_event(name, validator);
            self.emit(self.ctx.config.denoms.add_amounts(event, amounts));
        }
    }

    /// The part of a denom's balance that belongs to nobody yet.
    ///
    /// # Errors
    /// When the bank does not answer.
    pub fn undistributed(
        &self,
        denom: DenomId,
        name: &str,
    ) -> Result<Undistributed, ContractError> {
        let balance = self.ctx.chain.balance(name)?;
        Ok(self.pool.ledger(denom).undistributed(balance)?)
    }

    /// Changes the ledger of a denom.
    ///
    /// # Errors
    /// Those of `change`; the ledger is as before then.
    pub fn update_ledger<T>(
        &mut self,
        denom: DenomId,
        change: impl FnOnce(&mut DenomLedger) -> Result<T, MathError>,
    ) -> Result<T, ContractError> {
        let changed = self
            .pool
            .denoms
            .update(denom, |record| change(&mut record.ledger));
        Ok(changed?)
    }

    /// Adds received points to a class of the ledger.
    ///
    /// # Errors
    /// Overflow, which the bound on receipts excludes.
    pub fn allocate(
        &mut self,
        denom: DenomId,
        class: Class,
        amount: Points,
    ) -> Result<(), ContractError> {
        self.update_ledger(denom, |ledger| ledger.allocate(class, amount))
    }

    /// Moves outstanding rewards to the community pool, with an event; `validator` is whose they
    /// were, none for what all validators share.
    ///
    /// # Errors
    /// When less is outstanding, which the records of validators exclude.
    pub fn outstanding_to_community(
        &mut self,
        validator: Option<&AddressBytes>,
        reason: Reason,
        amounts: &Amounts,
    ) -> Result<(), ContractError> {
        if amounts.is_zero() {
            return Ok(());
        }
        for (denom, amount) in amounts.iter() {
            self.update_ledger(denom, |ledger| {
                ledger.transfer(Class::Outstanding, Class::CommunityPool, *amount)
            })?;
        }
        let event = match validator {
            Some(validator) => self.ctx.validator_event("to_community_pool", validator),
            None => action("to_community_pool"),
        };
        let event = event.add_attribute("reason", reason.name());
        self.emit(self.ctx.config.denoms.add_amounts(event, amounts));
        Ok(())
    }
}
