//! A unit: what was closed of one denom, on its way to the provider.
//!
//! ```text
//! settling ──all validators──▶ weighing ──all chunks acked──▶ ready ──transfer──▶ sent ──success──▶ gone
//!                                │ ▲ refused, timed out         ▲                  │ error, timeout
//!                                └─┘ sent again next period     └──────────────────┘ coins back
//! ```
//!
//! A new handshake or another provider brings `ready`, and coins that come back, to `weighing`.
//!
//! The methods in `transitions` are the only way from one stage to another; each of them refuses a
//! unit that is in another stage. `settling` is the first part of the state that queries call `weighing`:
//! weights are being counted, and nothing has been sent.

mod transitions;

#[cfg(test)]
mod tests;

use borsh::{BorshDeserialize, BorshSerialize};
use ccv::name::Name;
use ccv::weights::UnitHeader;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;
use distribution_math::{MathError, Points};
use thiserror::Error;
use validator_rewards::shared::SharedIndexes;

use crate::chunks::{Chunk, Chunks};
use crate::msg::Provider;
use crate::walk::Walk;

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
        /// How far the cursor has come.
        walk: Walk,
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
    /// The provider contract that it goes to.
    receiver: String,
    /// Its timeout, in nanoseconds.
    timeout: u64,
    /// From when on the provider may be asked what became of it, in seconds.
    ask_from: u64,
    /// Whether the provider may have forgotten the weights meanwhile: if the coins come back, the
    /// weights go again before them.
    weigh_again: bool,
}

impl Transfer {
    /// A transfer to a provider, with a timeout on the provider's clock; the provider may be asked
    /// about it from `ask_from`, in seconds.
    pub fn new(provider: &Provider, timeout: Timestamp, ask_from: u64) -> Self {
        Transfer {
            channel: provider.transfer_channel.clone(),
            receiver: provider.receiver.clone(),
            timeout: timeout.nanos(),
            ask_from,
            weigh_again: false,
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

    /// The provider contract that it goes to, which may have been replaced meanwhile.
    pub fn receiver(&self) -> &str {
        &self.receiver
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
    Settle,
    /// Send a chunk of the weights.
    SendChunk(u32),
    /// Send the coins.
    SendTokens,
    /// Wait for an answer, or for the next due block.
    Wait,
}

impl Unit {
    /// Closes `total`, all of it points of validators, at the indexes of now. They are going to be
    /// settled in the order of the walk.
    pub fn close(epoch: u32, total: Points, frozen: SharedIndexes, walk: Walk) -> Self {
        Unit {
            epoch,
            total,
            validators: 0,
            attempts: 0,
            stage: Stage::Settling { frozen, walk },
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

    /// Whether its weights are counted and below a whole coin, so that there is nothing to send. (What
    /// did not fit was left out.)
    pub fn is_void(&self) -> bool {
        self.frozen().is_none() && self.total.whole_coins().is_zero()
    }

    /// What to do next.
    pub fn next_job(&self) -> NextJob {
        if self.is_void() {
            return NextJob::Wait;
        }
        match &self.stage {
            Stage::Settling { .. } => NextJob::Settle,
            Stage::Weighing(chunks) => chunks.next_due().map_or(NextJob::Wait, NextJob::SendChunk),
            Stage::Ready { is_due: true } => NextJob::SendTokens,
            Stage::Ready { is_due: false } | Stage::Sent(_) => NextJob::Wait,
        }
    }
}

fn chunks_of(validators: u32) -> u32 {
    validators.div_ceil(ccv::weights::MAX_CHUNK_ENTRIES)
}
