//! What a lock earned: its amount times what the index of each of its pools gained while it counted.

use distribution_math::EpochId;
use pool_kit::Amounts;

use crate::ContractError;
use crate::books::Books;
use crate::settle::{self, Steps};
use crate::state::Lock;

impl Lock {
    /// Settles its pools through an epoch that is over, as far as the steps reach, and adds what it
    /// earned there to what it is owed.
    ///
    /// Cost: O(pools * reward assets), and the settlement's steps.
    pub fn accrue(
        &mut self,
        books: &mut Books,
        through: EpochId,
        steps: &mut Steps,
    ) -> Result<(), ContractError> {
        for position in &mut self.positions {
            if position.is_over() {
                continue;
            }
            let mut open = books.take_pool(self.asset.pool(position.duration))?;
            if !open.is_known_through(through) {
                settle::settle(books, &mut open, through, steps)?;
            }
            let paid = position.counts_through(open.known_through(through));
            if paid > position.cursor {
                let units = self.amount.amount();
                let earned = open.earned(books.storage, units, position.cursor, paid)?;
                self.owed.add_all(&earned)?;
                position.cursor = paid;
            }
            books.put_pool(open);
        }
        Ok(())
    }

    /// Settles all of its pools through the last epoch that is over, and adds what it earned to what
    /// it is owed. Idle pools need no step, however long ago they were settled: see [`crate::pools`].
    ///
    /// # Errors
    /// [`ContractError::SettleFirst`] when that takes more steps than a message may do.
    pub fn accrue_all(&mut self, books: &mut Books) -> Result<(), ContractError> {
        let mut steps = Steps::default();
        let finished = books.ctx.finished();
        for position in &self.positions {
            let mut open = books.take_pool(self.asset.pool(position.duration))?;
            if !open.is_known_through(finished) {
                open = settle::settle_all(books, open, &mut steps)?.into_open();
            }
            books.put_pool(open);
        }
        self.accrue(books, finished, &mut steps)
    }

    /// What it earned in settled epochs and is not in what it is owed yet.
    pub fn pending(&self, books: &mut Books) -> Result<Amounts, ContractError> {
        let mut pending = Amounts::default();
        for position in &self.positions {
            let open = books.take_pool(self.asset.pool(position.duration))?;
            let paid = position.counts_through(open.pool.settled);
            if paid > position.cursor {
                let units = self.amount.amount();
                pending.add_all(&open.earned(books.storage, units, position.cursor, paid)?)?;
            }
            books.put_pool(open);
        }
        Ok(pending)
    }

    /// Whether all that it earned through an epoch is in what it is owed.
    pub fn is_settled(&self, through: EpochId) -> bool {
        let mut positions = self.positions.iter();
        positions.all(|position| position.cursor >= position.counts_through(through))
    }
}
