//! One message's view of the pools: opened at its start, closed at its end.

use cosmwasm_std::{Event, Response, Storage, SubMsg};
use distribution_math::{MathError, Points};
use pool_kit::events::action;
use pool_kit::ledger::Undistributed;
use pool_kit::staged::Staged;
use pool_kit::{Amounts, DenomId};
use validator_rewards::RewardsError;

use crate::ContractError;
use crate::context::Context;
use crate::ledger::{Class, HoldingLedger};
use crate::state::{LAST_REFUSAL, Pool, denom_key};

/// The open books of a message: the hot record in memory, the storage of all other records, and the
/// events and messages of the response.
///
/// Load, change, [`Books::close`]: the hot record is written once, if anything in it changed, and a
/// stale copy of it cannot outlive the message.
pub struct Books<'a> {
    /// Configuration and chain.
    pub ctx: &'a Context<'a>,
    /// Where the other records are.
    pub storage: &'a mut dyn Storage,
    /// The hot record.
    pub pool: Pool,
    /// The hot record as it is stored.
    stored: Pool,
    response: Response,
}

/// Work on a denom: it returns its cost.
pub type Work<'w> = &'w mut dyn FnMut(&mut Books) -> Result<usize, ContractError>;

impl<'a> Books<'a> {
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
            response: Response::new(),
        })
    }

    /// Writes the hot record, if it changed, and returns events and messages.
    ///
    /// # Errors
    /// When the totals of powers are beyond their bounds. They are checked here, so that one set of
    /// powers can become another one in any order. A unit has at most 512 validators, so no more
    /// are active.
    pub fn close(self) -> Result<Response, ContractError> {
        self.pool.totals.check()?;
        let (active, limit) = (
            self.pool.totals.active_validators,
            ccv::weights::MAX_VALIDATORS,
        );
        if active > limit {
            return Err(RewardsError::TooManyValidators { active, limit }.into());
        }
        if self.pool != self.stored {
            self.pool.save(self.storage)?;
        }
        Ok(self.response)
    }

    /// Works on a denom, and returns what that cost. Work that fails changes nothing, costs nothing and
    /// is the event `denom_failed`: the other denoms go on.
    pub fn isolated(&mut self, denom: DenomId, work: Work) -> usize {
        let mut staged = Staged::new(&*self.storage);
        let mut books = Books {
            ctx: self.ctx,
            storage: &mut staged,
            pool: self.pool.clone(),
            // Compared when books are closed, which these are not.
            stored: Pool::default(),
            response: Response::new(),
        };
        let done = work(&mut books);
        let Books { pool, response, .. } = books;
        match done {
            Ok(cost) => {
                staged.into_changes().apply(self.storage);
                self.pool = pool;
                response.events.into_iter().for_each(|it| self.emit(it));
                response.messages.into_iter().for_each(|it| self.send(it));
                cost
            }
            Err(error) => {
                let reason = error.to_string();
                let event = action("denom_failed")
                    .add_attribute("denom", self.ctx.denom_name(denom))
                    .add_attribute("reason", chain_types::text::head(&reason, 256));
                self.emit(event);
                0
            }
        }
    }

    /// The height of the block.
    pub fn height(&self) -> u64 {
        self.ctx.chain.env.block.height
    }

    /// The time of the block, in seconds.
    pub fn now(&self) -> u64 {
        self.ctx.chain.env.block.time.seconds()
    }

    /// Writes an event.
    pub fn emit(&mut self, event: Event) {
        let response = std::mem::take(&mut self.response);
        self.response = response.add_event(event);
    }

    /// Writes the event of amounts that changed their class, unless they are all zero.
    pub fn emit_amounts(&mut self, name: &str, amounts: &Amounts) {
        if !amounts.is_zero() {
            let denoms = &self.ctx.config.denoms;
            self.emit(denoms.add_amounts(action(name), amounts));
        }
    }

    /// Sends a message.
    pub fn send(&mut self, message: SubMsg) {
        let response = std::mem::take(&mut self.response);
        self.response = response.add_submessage(message);
    }

    /// The ledger of a denom.
    pub fn ledger(&self, denom: DenomId) -> HoldingLedger {
        self.pool.denoms.get(denom).ledger
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
        Ok(self.ledger(denom).undistributed(balance)?)
    }

    /// Changes the ledger of a denom.
    ///
    /// # Errors
    /// Those of `change`; the ledger is as before then.
    pub fn update_ledger(
        &mut self,
        denom: DenomId,
        change: impl FnOnce(&mut HoldingLedger) -> Result<(), MathError>,
    ) -> Result<(), ContractError> {
        let denoms = &mut self.pool.denoms;
        let changed = denoms.update(denom, |record| change(&mut record.ledger));
        Ok(changed?)
    }

    /// Moves points of a denom from one class to another.
    ///
    /// # Errors
    /// When the first class has less.
    pub fn transfer(
        &mut self,
        denom: DenomId,
        from: Class,
        to: Class,
        amount: Points,
    ) -> Result<(), ContractError> {
        self.update_ledger(denom, |ledger| ledger.transfer(from, to, amount))
    }

    /// Keeps what the provider or the chain last refused of a denom, to be shown.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn keep_refusal(&mut self, denom: DenomId, reason: &str) -> Result<(), ContractError> {
        let reason = chain_types::text::head(reason, 256).to_string();
        Ok(LAST_REFUSAL.save(self.storage, &denom_key(denom), &reason)?)
    }
}
