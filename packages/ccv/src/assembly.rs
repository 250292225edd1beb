//! The receiving side: a unit of which some chunks have arrived.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::Points;

use crate::CcvError;
use crate::name::Name;
use crate::weights::{UnitHeader, WeightsChunk, check_order, check_within_total};

/// What is known of a unit whose chunks arrive in any order, and more than once.
///
/// The entries are not in it: whoever holds one stores them elsewhere. Of each chunk it keeps the
/// first and the last validator and a hash of the whole, so a chunk costs the same whichever
/// others have arrived, and at most 8 are kept.
///
/// A chunk is ordered within itself. The validators of a unit ascend when, besides, each chunk's
/// first one comes after the last one of the chunk before it. An arriving chunk is held against its
/// nearest neighbours that are there, so the chunks that are there ascend at all times, and all of
/// them do when all are there.
///
/// ```
/// use ccv::assembly::{Added, Assembly};
/// use ccv::name::Name;
/// use ccv::weights::{Entry, chunks};
/// use distribution_math::Points;
///
/// let entries = (100..200)
///     .map(|number| Name::new(&format!("valoper{number}")).unwrap())
///     .map(|validator| Entry::new(validator, Points::from_coins(1)))
///     .collect();
/// let chunks = chunks(7, Name::new("uatom").unwrap(), entries).unwrap();
/// let mut unit = Assembly::new(&chunks[1]).unwrap();
/// assert_eq!(unit.missing(), [0]);
/// assert_eq!(unit.add(&chunks[1]).unwrap(), Added::Known);
/// assert_eq!(unit.add(&chunks[0]).unwrap(), Added::New);
/// assert!(unit.is_complete());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Assembly {
    header: UnitHeader,
    /// One for each chunk of the unit, by its place.
    chunks: Vec<Option<ChunkRecord>>,
    /// Entries that have arrived.
    entries: u32,
    /// The sum of their weights.
    sum: Points,
}

/// What is kept of a chunk.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct ChunkRecord {
    first: Name,
    last: Name,
    digest: [u8; 32],
}

/// What an arriving chunk was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It had not arrived before: its entries are to be stored.
    New,
    /// The same chunk had arrived before: nothing changed.
    Known,
}

impl Assembly {
    /// A unit of which this chunk is the first to arrive, whatever its place.
    ///
    /// # Errors
    /// [`CcvError::WrongCount`] and [`CcvError::WrongTotal`] as [`Assembly::add`].
    pub fn new(chunk: &WeightsChunk) -> Result<Self, CcvError> {
        let header = chunk.header();
        let chunks = (0..header.chunks).map(|_| None).collect();
        let mut unit = Assembly {
            header,
            chunks,
            entries: 0,
            sum: Points::ZERO,
        };
        unit.add(chunk)?;
        Ok(unit)
    }

    /// Adds a chunk.
    ///
    /// # Errors
    /// Nothing changes then.
    /// - [`CcvError::OtherHeader`] if the chunk describes the unit otherwise than the first did, or
    ///   is of another unit.
    /// - [`CcvError::OtherEntries`] if the chunk has arrived before with other entries.
    /// - [`CcvError::NotAscending`] if its validators do not lie between those of its neighbours.
    /// - [`CcvError::WrongCount`] if with it there are more entries than validators, or fewer when
    ///   all chunks have arrived.
    /// - [`CcvError::WrongTotal`] if with it the weights are above the total, or below it when all
    ///   chunks have arrived.
    pub fn add(&mut self, chunk: &WeightsChunk) -> Result<Added, CcvError> {
        let header = chunk.header();
        if header != self.header {
            return Err(CcvError::OtherHeader {
                chunk: chunk.chunk(),
                epoch: header.epoch,
                denom: header.denom.to_string(),
            });
        }
        let record = record(chunk)?;
        if let Some(known) = self.at(chunk.chunk()) {
            return match known.digest == record.digest {
                true => Ok(Added::Known),
                false => Err(CcvError::OtherEntries {
                    chunk: chunk.chunk(),
                    epoch: self.header.epoch,
                    denom: self.header.denom.to_string(),
                }),
            };
        }
        self.check_neighbours(chunk.chunk(), &record)?;
        // A chunk has at most 64 entries, and a unit at most 8 chunks.
        let entries = self.entries.saturating_add(chunk.entries().len() as u32);
        let sum = self.sum.checked_add(chunk.sum()?)?;
        let is_last = self.missing().len() == 1;
        self.check_count(entries, is_last)?;
        self.check_total(sum, is_last)?;
        if let Some(slot) = self.chunks.get_mut(chunk.chunk() as usize) {
            *slot = Some(record);
        }
        self.entries = entries;
        self.sum = sum;
        Ok(Added::New)
    }

    /// The header of the unit.
    pub fn header(&self) -> &UnitHeader {
        &self.header
    }

    /// Whether all chunks have arrived. Then the validators ascend strictly through all chunks,
    /// their number is that of the header, and their weights add up to its total.
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }

    /// The places of the chunks that have not arrived, ascending.
    pub fn missing(&self) -> Vec<u32> {
        (0..)
            .zip(&self.chunks)
            .filter_map(|(place, record)| record.is_none().then_some(place))
            .collect()
    }

    fn at(&self, chunk: u32) -> Option<&ChunkRecord> {
        self.chunks.get(chunk as usize)?.as_ref()
    }

    fn check_neighbours(&self, chunk: u32, record: &ChunkRecord) -> Result<(), CcvError> {
        let place = chunk as usize;
        let before = self.chunks.iter().take(place).flatten().next_back();
        let after = self.chunks.iter().skip(place).flatten().next();
        if let Some(before) = before {
            check_order(&before.last, &record.first)?;
        }
        if let Some(after) = after {
            check_order(&record.last, &after.first)?;
        }
        Ok(())
    }

    fn check_count(&self, entries: u32, is_last: bool) -> Result<(), CcvError> {
        let validators = self.header.validators;
        if entries > validators || (is_last && entries < validators) {
            return Err(CcvError::WrongCount {
                entries,
                validators,
            });
        }
        Ok(())
    }

    fn check_total(&self, sum: Points, is_last: bool) -> Result<(), CcvError> {
        let total = self.header.total;
        if is_last && sum != total {
            return Err(CcvError::WrongTotal {
                sum: sum.to_string(),
                total: total.to_string(),
            });
        }
        check_within_total(sum, total)
    }
}

fn record(chunk: &WeightsChunk) -> Result<ChunkRecord, CcvError> {
    // A chunk is never empty.
    let ends = chunk.entries().first().zip(chunk.entries().last());
    let Some((first, last)) = ends else {
        return Err(CcvError::ChunkSize {
            chunk: chunk.chunk(),
            chunks: chunk.header().chunks,
            entries: 0,
        });
    };
    Ok(ChunkRecord {
        first: first.validator().clone(),
        last: last.validator().clone(),
        digest: chunk.digest()?,
    })
}
