//! A unit: what was closed of one denom, on its way to the provider.
//!
//! ```text
//! settling ──all validators──▶ weighing ──all chunks acked──▶ ready ──transfer──▶ sent ──success──▶ gone
//!                                │ ▲ refused, timed out         ▲                  │ error, timeout
//!                                └─┘ sent again next period     └──────────────────┘ coins back
//! ```
//!
//! The methods of [`Unit`] are the only way from one stage to another; each of them refuses a unit
//! that is in another stage. `settling` is the first part of the state that queries call `weighing`:
//! weights are being counted, and nothing has been sent.

use borsh::{BorshDeserialize, BorshSerialize};
use ccv::name::Name;
use ccv::weights::{MAX_VALIDATORS, UnitHeader};
use chain_types::address::AddressBytes;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;
use distribution_math::{MathError, Points};
use thiserror::Error;
use validator_rewards::shared::SharedIndexes;

use crate::chunks::{Chunk, Chunks};

/// Closed pools of one denom.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Unit {
    epoch: u32,
    /// Points of all its weights.
    total: Points,
    /// Provider validators with a weight, as far as they are counted.
    validators: u32,
    /// Transfers made so far.
    attempts: u32,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
enum Stage {
    /// The cursor goes through the validators and writes their weights.
    Settling {
        /// The indexes at the close: they say what each validator had by then.
        frozen: SharedIndexes,
        /// The last validator that the cursor has passed.
        cursor: Option<AddressBytes>,
    },
    /// The weights are complete and go to the provider, chunk by chunk.
    Weighing(Chunks),
    /// The provider has all weights. The coins go as soon as this is due.
    Ready { is_due: bool },
    /// The coins are on their way.
    Sent(Transfer),
}

/// A transfer that is under way.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transfer {
    /// The transfer channel that it went over.
    channel: String,
    /// Its timeout, in nanoseconds.
    timeout: u64,
    /// From when on the provider may be asked what became of it, in seconds.
    ask_from: u64,
}

impl Transfer {
    /// A transfer over a channel, with a timeout on the provider's clock; the provider may be asked
    /// about it from `ask_from`, in seconds.
    pub fn new(channel: &str, timeout: Timestamp, ask_from: u64) -> Self {
        Transfer {
            channel: channel.to_string(),
            timeout: timeout.nanos(),
            ask_from,
        }
    }

    /// The timeout, on the provider's clock.
    pub fn timeout(&self) -> Timestamp {
        Timestamp::from_nanos(self.timeout)
    }

    /// The transfer channel.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// From when on the provider may be asked what became of it, in seconds.
    pub fn ask_from(&self) -> u64 {
        self.ask_from
    }
}

/// The state of a unit, as queries show it.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum UnitState {
    /// Its weights are counted and sent.
    Weighing,
    /// The provider has all weights; the coins are here.
    Ready,
    /// The coins are on their way.
    Sent,
}

/// A transition that a unit cannot make now.
#[derive(Error, Clone, Debug, PartialEq, Eq)]
#[error("epoch {epoch} of the unit is {stage} and cannot be {transition}")]
pub struct WrongStage {
    /// The unit's epoch.
    pub epoch: u32,
    /// Its stage.
    pub stage: &'static str,
    /// What was asked for.
    pub transition: &'static str,
}

/// What a unit does next, while it needs nobody's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextJob {
    /// Write the weight of the next validator.
    Settle {
        /// The indexes at the close.
        frozen: SharedIndexes,
        /// The last validator that was settled.
        cursor: Option<AddressBytes>,
    },
    /// Send a chunk of the weights.
    SendChunk(u32),
    /// Send the coins.
    SendTokens,
    /// Wait for an answer, or for the next due block.
    Wait,
}

impl Unit {
    /// Closes `total`, all of it points of validators, at the indexes of now.
    pub fn close(epoch: u32, total: Points, frozen: SharedIndexes) -> Self {
        Unit {
            epoch,
            total,
            validators: 0,
            attempts: 0,
            stage: Stage::Settling {
                frozen,
                cursor: None,
            },
        }
    }

    /// The number of the epoch; it stays through all attempts.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Points of all weights.
    pub fn total(&self) -> Points {
        self.total
    }

    /// The whole coins in the total, which are what is sent, as points.
    ///
    /// # Errors
    /// Never below the bound on receipts.
    pub fn coins(&self) -> Result<Points, MathError> {
        Points::try_from_coins(self.total.whole_coins())
    }

    /// Provider validators with a weight, as far as they are counted.
    pub fn validators(&self) -> u32 {
        self.validators
    }

    /// Transfers made so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The state that queries show.
    pub fn state(&self) -> UnitState {
        match self.stage {
            Stage::Settling { .. } | Stage::Weighing(_) => UnitState::Weighing,
            Stage::Ready { .. } => UnitState::Ready,
            Stage::Sent(_) => UnitState::Sent,
        }
    }

    /// The indexes at the close, while not all validators are settled.
    pub fn frozen(&self) -> Option<SharedIndexes> {
        match &self.stage {
            Stage::Settling { frozen, .. } => Some(*frozen),
            _ => None,
        }
    }

    /// The transfer, while it is under way.
    pub fn transfer(&self) -> Option<&Transfer> {
        match &self.stage {
            Stage::Sent(transfer) => Some(transfer),
            _ => None,
        }
    }

    /// What every chunk says of the unit.
    ///
    /// # Errors
    /// Never below the bound on receipts.
    pub fn header(&self, denom: Name) -> Result<UnitHeader, ccv::CcvError> {
        UnitHeader::closing(self.epoch, denom, self.total, self.validators)
    }

    /// The number of chunks, 0 while the validators are being settled.
    pub fn chunks(&self) -> u32 {
        match self.stage {
            Stage::Settling { .. } => 0,
            _ => chunks_of(self.validators),
        }
    }

    /// The chunks that the provider has.
    pub fn acked_chunks(&self) -> u32 {
        match &self.stage {
            Stage::Settling { .. } => 0,
            Stage::Weighing(chunks) => chunks.count(Chunk::Acked),
            Stage::Ready { .. } | Stage::Sent(_) => self.chunks(),
        }
    }

    /// What to do next.
    pub fn next_job(&self) -> NextJob {
        match &self.stage {
            Stage::Settling { frozen, cursor } => NextJob::Settle {
                frozen: *frozen,
                cursor: *cursor,
            },
            Stage::Weighing(chunks) => chunks.next_due().map_or(NextJob::Wait, NextJob::SendChunk),
            Stage::Ready { is_due: true } => NextJob::SendTokens,
            Stage::Ready { is_due: false } | Stage::Sent(_) => NextJob::Wait,
        }
    }

    /// Whether one more provider validator fits: the provider takes at most 512.
    pub fn has_room(&self) -> bool {
        self.validators < MAX_VALIDATORS
    }

    /// Counts a provider validator that has a weight for the first time.
    ///
    /// # Errors
    /// Unless settling.
    pub fn count_validator(&mut self) -> Result<(), WrongStage> {
        self.check_settling("weighed")?;
        self.validators = self.validators.saturating_add(1);
        Ok(())
    }

    /// Leaves out the pool of a validator for whom there is no room: it stays that validator's.
    ///
    /// # Errors
    /// Unless settling.
    pub fn leave_out(&mut self, pool: Points) -> Result<(), WrongStage> {
        self.check_settling("left out")?;
        // The pools that were closed add up to the total.
        self.total = self.total.saturating_sub(pool);
        Ok(())
    }

    /// Moves the cursor behind a validator.
    ///
    /// # Errors
    /// Unless settling.
    pub fn pass(&mut self, validator: AddressBytes) -> Result<(), WrongStage> {
        match &mut self.stage {
            Stage::Settling { cursor, .. } => {
                *cursor = Some(validator);
                Ok(())
            }
            _ => Err(self.refuse("settled")),
        }
    }

    /// All validators are settled: the weights can go.
    ///
    /// # Errors
    /// Unless settling.
    pub fn settled(&mut self) -> Result<(), WrongStage> {
        self.check_settling("settled")?;
        self.stage = Stage::Weighing(Chunks::new(chunks_of(self.validators), Chunk::Due));
        Ok(())
    }

    fn check_settling(&self, transition: &'static str) -> Result<(), WrongStage> {
        match self.stage {
            Stage::Settling { .. } => Ok(()),
            _ => Err(self.refuse(transition)),
        }
    }

    /// A chunk that was due is sent.
    ///
    /// # Errors
    /// Unless it was due.
    pub fn chunk_sent(&mut self, chunk: u32) -> Result<(), WrongStage> {
        self.move_chunk(chunk, Chunk::Due, Chunk::Sent, "sent")
    }

    /// A chunk that was sent did not arrive or was refused.
    ///
    /// # Errors
    /// Unless it was sent.
    pub fn chunk_refused(&mut self, chunk: u32) -> Result<(), WrongStage> {
        self.move_chunk(chunk, Chunk::Sent, Chunk::Refused, "refused")
    }

    /// A chunk that was sent has arrived. With the last one the coins are due.
    ///
    /// # Errors
    /// Unless it was sent.
    pub fn chunk_acked(&mut self, chunk: u32) -> Result<(), WrongStage> {
        self.move_chunk(chunk, Chunk::Sent, Chunk::Acked, "acknowledged")?;
        if self.acked_chunks() == self.chunks() {
            self.stage = Stage::Ready { is_due: true };
        }
        Ok(())
    }

    fn move_chunk(
        &mut self,
        place: u32,
        from: Chunk,
        to: Chunk,
        transition: &'static str,
    ) -> Result<(), WrongStage> {
        let is_moved = match &mut self.stage {
            Stage::Weighing(chunks) => chunks.move_one(place, from, to),
            _ => false,
        };
        match is_moved {
            true => Ok(()),
            false => Err(self.refuse(transition)),
        }
    }

    /// A due block: what was refused, or came back, may go again.
    pub fn try_again(&mut self) {
        match &mut self.stage {
            Stage::Weighing(chunks) => chunks.move_all(Chunk::Refused, Chunk::Due),
            Stage::Ready { is_due } => *is_due = true,
            Stage::Settling { .. } | Stage::Sent(_) => {}
        }
    }

    /// The CCV channel was replaced: packets of the one before are not answered any more. What was
    /// acknowledged stays so, because the provider keeps what it has.
    pub fn channel_replaced(&mut self) {
        if let Stage::Weighing(chunks) = &mut self.stage {
            chunks.move_all(Chunk::Sent, Chunk::Refused);
        }
    }

    /// The provider was replaced: the new one needs all weights. Coins on their way stay so.
    pub fn provider_replaced(&mut self) {
        if matches!(self.stage, Stage::Weighing(_) | Stage::Ready { .. }) {
            let chunks = Chunks::new(chunks_of(self.validators), Chunk::Refused);
            self.stage = Stage::Weighing(chunks);
        }
    }

    /// The coins go, and return the number of the attempt.
    ///
    /// # Errors
    /// Unless ready.
    pub fn send(&mut self, transfer: Transfer) -> Result<u32, WrongStage> {
        if !matches!(self.stage, Stage::Ready { .. }) {
            return Err(self.refuse("sent"));
        }
        self.attempts = self.attempts.saturating_add(1);
        self.stage = Stage::Sent(transfer);
        Ok(self.attempts)
    }

    /// The coins cannot go now: they wait for the next due block.
    ///
    /// # Errors
    /// Unless ready.
    pub fn hold(&mut self) -> Result<(), WrongStage> {
        if !matches!(self.stage, Stage::Ready { .. }) {
            return Err(self.refuse("held"));
        }
        self.stage = Stage::Ready { is_due: false };
        Ok(())
    }

    /// The coins of the attempt that is under way are back.
    ///
    /// # Errors
    /// Unless sent.
    pub fn came_back(&mut self) -> Result<(), WrongStage> {
        self.check_sent("back")?;
        self.stage = Stage::Ready { is_due: false };
        Ok(())
    }

    /// The provider is asked about the transfer, and not again before `ask_from`, in seconds.
    ///
    /// # Errors
    /// Unless sent.
    pub fn asked(&mut self, ask_from: u64) -> Result<(), WrongStage> {
        match &mut self.stage {
            Stage::Sent(transfer) => {
                transfer.ask_from = ask_from;
                Ok(())
            }
            _ => Err(self.refuse("asked about")),
        }
    }

    /// Ends a unit whose coins are not here any more: delivered or written off.
    ///
    /// # Errors
    /// Unless sent.
    pub fn check_sent(&self, transition: &'static str) -> Result<(), WrongStage> {
        match self.stage {
            Stage::Sent(_) => Ok(()),
            _ => Err(self.refuse(transition)),
        }
    }

    /// Ends a unit whose coins are here. Not while validators are being settled, because their
    /// weights are still in their records: any ticks bring it behind that.
    ///
    /// # Errors
    /// While settling or sent.
    pub fn check_released(&self) -> Result<(), WrongStage> {
        match self.stage {
            Stage::Weighing(_) | Stage::Ready { .. } => Ok(()),
            Stage::Settling { .. } | Stage::Sent(_) => Err(self.refuse("released")),
        }
    }

    fn refuse(&self, transition: &'static str) -> WrongStage {
        WrongStage {
            epoch: self.epoch,
            stage: match self.stage {
                Stage::Settling { .. } => "settling",
                Stage::Weighing(_) => "weighing",
                Stage::Ready { .. } => "ready",
                Stage::Sent(_) => "sent",
            },
            transition,
        }
    }
}

fn chunks_of(validators: u32) -> u32 {
    validators.div_ceil(ccv::weights::MAX_CHUNK_ENTRIES)
}

#[cfg(test)]
mod tests;
