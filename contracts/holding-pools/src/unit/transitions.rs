//! How a unit moves from one stage to another.

use ccv::weights::MAX_VALIDATORS;
use distribution_math::Points;

use super::{Stage, Transfer, Unit, WrongStage, chunks_of};
use crate::chunks::{Chunk, Chunks};
use crate::walk::Walk;

impl Unit {
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

    /// How far the cursor has come.
    ///
    /// # Errors
    /// Unless settling.
    pub fn walk(&self) -> Result<Walk, WrongStage> {
        match self.stage {
            Stage::Settling { walk, .. } => Ok(walk),
            _ => Err(self.refuse("settled")),
        }
    }

    /// The cursor has come further.
    ///
    /// # Errors
    /// Unless settling.
    pub fn go_on(&mut self, to: Walk) -> Result<(), WrongStage> {
        match &mut self.stage {
            Stage::Settling { walk, .. } => {
                *walk = to;
                Ok(())
            }
            _ => Err(self.refuse("settled")),
        }
    }

    /// All validators are settled: the weights can go.
    ///
    /// # Errors
    /// Unless settling.
    pub fn weights_counted(&mut self) -> Result<(), WrongStage> {
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
        self.move_chunk(chunk, Chunk::Due, Chunk::Unanswered, "sent")
    }

    /// A chunk that was sent did not arrive or was refused.
    ///
    /// # Errors
    /// Unless it was sent.
    pub fn chunk_refused(&mut self, chunk: u32) -> Result<(), WrongStage> {
        self.move_chunk(chunk, Chunk::Unanswered, Chunk::Refused, "refused")
    }

    /// A chunk that was sent has arrived. With the last one the coins are due.
    ///
    /// # Errors
    /// Unless it was sent.
    pub fn chunk_acked(&mut self, chunk: u32) -> Result<(), WrongStage> {
        self.move_chunk(chunk, Chunk::Unanswered, Chunk::Acked, "acknowledged")?;
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

    /// The CCV channel or the provider was replaced. Packets of the channel before are not answered
    /// any more, and whoever is at the other end now may not have what was acknowledged: it is another
    /// provider, or has registered this consumer anew. So all weights go again. Coins on their way stay
    /// so, and wait for their weights when they come back.
    pub fn peer_replaced(&mut self) {
        match &mut self.stage {
            Stage::Weighing(_) | Stage::Ready { .. } => self.weigh_again(),
            Stage::Sent(transfer) => transfer.weigh_again = true,
            Stage::Settling { .. } => {}
        }
    }

    /// All weights go again, with the next due block.
    fn weigh_again(&mut self) {
        let chunks = Chunks::new(chunks_of(self.validators), Chunk::Refused);
        self.stage = Stage::Weighing(chunks);
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
        match self.check_sent("back")?.weigh_again {
            true => self.weigh_again(),
            false => self.stage = Stage::Ready { is_due: false },
        }
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

    /// The transfer that is under way, for what is done with it: an outcome ends the unit.
    ///
    /// # Errors
    /// Unless sent.
    pub fn check_sent(&self, transition: &'static str) -> Result<&Transfer, WrongStage> {
        match &self.stage {
            Stage::Sent(transfer) => Ok(transfer),
            _ => Err(self.refuse(transition)),
        }
    }

    /// Passes for a unit whose coins are here, which may be given up. Not while validators are being
    /// settled, because some of the weights are still in their records; ticks of anybody end that.
    ///
    /// # Errors
    /// While settling or sent.
    pub fn check_releasable(&self) -> Result<(), WrongStage> {
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
