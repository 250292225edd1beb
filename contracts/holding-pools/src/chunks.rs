//! Where the chunks of a unit's weights are.

use borsh::{BorshDeserialize, BorshSerialize};

/// Where a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Chunk {
    /// The next tick sends it.
    Due,
    /// It was sent, and no answer has come.
    Unanswered,
    /// The next due block makes it due: it did not arrive, was refused, or goes again after a new
    /// handshake.
    Refused,
    /// The provider has it.
    Acked,
}

/// The chunks of a unit, at most 8.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Chunks(Vec<Chunk>);

impl Chunks {
    /// Chunks that are all in the same place.
    pub fn new(count: u32, chunk: Chunk) -> Self {
        Chunks((0..count).map(|_| chunk).collect())
    }

    /// How many are there.
    pub fn count(&self, chunk: Chunk) -> u32 {
        let there = self.0.iter().filter(|other| **other == chunk);
        // At most 8.
        there.count() as u32
    }

    /// The number of the first one that is due.
    pub fn next_due(&self) -> Option<u32> {
        let mut numbered = (0u32..).zip(&self.0);
        numbered
            .find(|(_, chunk)| **chunk == Chunk::Due)
            .map(|(number, _)| number)
    }

    /// Moves one chunk, if it is there, and says whether it was.
    pub fn move_one(&mut self, number: u32, from: Chunk, to: Chunk) -> bool {
        match self.0.get_mut(number as usize) {
            Some(chunk) if *chunk == from => {
                *chunk = to;
                true
            }
            _ => false,
        }
    }

    /// Moves all chunks that are there.
    pub fn move_all(&mut self, from: Chunk, to: Chunk) {
        for chunk in self.0.iter_mut().filter(|chunk| **chunk == from) {
            *chunk = to;
        }
    }
}
