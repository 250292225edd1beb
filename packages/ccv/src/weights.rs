//! A unit's weights, cut into chunks.

use std::cmp::Ordering;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Uint128;
use distribution_math::{MathError, Points, compact};
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::sha256::sha256;
use crate::{CcvError, decimal, json};

/// The most validators of a unit.
pub const MAX_VALIDATORS: u32 = 512;

/// The most entries of a chunk.
pub const MAX_CHUNK_ENTRIES: u32 = 64;

/// The most chunks of a unit: as many as the most validators fill.
pub const MAX_CHUNKS: u32 = MAX_VALIDATORS / MAX_CHUNK_ENTRIES;

/// What a validator has earned in a unit. On the wire it is `["valoper..","w"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry(Name, #[serde(with = "decimal")] Points);

impl Entry {
    /// A validator, as the provider writes its address, and its weight: the points of its holding
    /// pool.
    pub fn new(validator: Name, weight: Points) -> Self {
        Entry(validator, weight)
    }

    /// The validator, as the provider writes its address.
    pub fn validator(&self) -> &Name {
        &self.0
    }

    /// The points of its holding pool.
    pub fn weight(&self) -> Points {
        self.1
    }
}

/// What every chunk says of its unit.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct UnitHeader {
    /// The epoch that was closed.
    pub epoch: u32,
    /// The denom, as the consumer names it.
    pub denom: Name,
    /// The whole coins that will be sent, in base units: the total, rounded down. To the receiver
    /// it is a claim: what arrives is what is divided.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub amount: u128,
    /// The sum of all weights, in points.
    pub total: Points,
    /// The number of validators with a weight above 0.
    pub validators: u32,
    /// The number of chunks.
    pub chunks: u32,
}

impl UnitHeader {
    /// The header of a unit that a consumer closes with `validators` weights above 0, together
    /// `total`.
    ///
    /// The fraction of the total below a whole coin is not sent: the consumer keeps it for the
    /// provider's part of the next block.
    ///
    /// # Errors
    /// [`MathError::CoinsBound`] for 2^128 coins or more. Whether the unit is empty or too large is
    /// checked where a chunk is made.
    pub fn closing(
        epoch: u32,
        denom: Name,
        total: Points,
        validators: u32,
    ) -> Result<Self, CcvError> {
        let coins = total.whole_coins();
        let amount = Uint128::try_from(coins)
            .map_err(|_| MathError::CoinsBound { amount: coins })?
            .u128();
        Ok(UnitHeader {
            epoch,
            denom,
            amount,
            total,
            validators,
            chunks: validators.div_ceil(MAX_CHUNK_ENTRIES),
        })
    }
}

/// Some of a unit's weights, with the header of the unit: the packet `weights`.
///
/// A value of this type keeps these rules, whether it was made here or read:
/// - amount and total of the unit are above 0; it has at most 512 validators in at most 8 chunks,
///   from 1 to 64 in each;
/// - the chunk's place counts from 0 and is below the number of chunks; it has 1 to 64 entries;
/// - the validators ascend strictly by their bytes; no weight is 0; the weights are together at
///   most the total.
///
/// What holds for all chunks of a unit together is checked by
/// [`Assembly`](crate::assembly::Assembly).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct WeightsChunk(Fields);

/// The fields in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    epoch: u32,
    denom: Name,
    #[serde(with = "decimal")]
    amount: u128,
    #[serde(with = "decimal")]
    total: Points,
    validators: u32,
    chunk: u32,
    chunks: u32,
    entries: Vec<Entry>,
}

impl WeightsChunk {
    /// The chunk at place `chunk` of a unit.
    ///
    /// # Errors
    /// One for each rule of the type: [`CcvError::EmptyUnit`], [`CcvError::UnitSize`],
    /// [`CcvError::ChunkSize`], [`CcvError::NotAscending`], [`CcvError::ZeroWeight`],
    /// [`CcvError::WrongTotal`], and [`CcvError::Math`] for weights of 2^256 or more.
    pub fn new(header: UnitHeader, chunk: u32, entries: Vec<Entry>) -> Result<Self, CcvError> {
        WeightsChunk::try_from(Fields {
            epoch: header.epoch,
            denom: header.denom,
            amount: header.amount,
            total: header.total,
            validators: header.validators,
            chunk,
            chunks: header.chunks,
            entries,
        })
    }

    /// The header of the unit.
    pub fn header(&self) -> UnitHeader {
        UnitHeader {
            epoch: self.0.epoch,
            denom: self.0.denom.clone(),
            amount: self.0.amount,
            total: self.0.total,
            validators: self.0.validators,
            chunks: self.0.chunks,
        }
    }

    /// The chunk's place among the chunks of the unit, from 0 on.
    pub fn chunk(&self) -> u32 {
        self.0.chunk
    }

    /// The entries, by ascending validator.
    pub fn entries(&self) -> &[Entry] {
        &self.0.entries
    }

    /// The sum of the chunk's weights.
    pub(crate) fn sum(&self) -> Result<Points, CcvError> {
        self.0.sum()
    }

    /// The SHA-256 of the chunk as it stands on the wire.
    ///
    /// # Errors
    /// [`CcvError::Unwritable`].
    pub(crate) fn digest(&self) -> Result<[u8; 32], CcvError> {
        Ok(sha256(&json::write("the chunk", self)?))
    }
}

impl TryFrom<Fields> for WeightsChunk {
    type Error = CcvError;

    fn try_from(fields: Fields) -> Result<Self, CcvError> {
        fields.check_unit()?;
        fields.check_place()?;
        fields.check_entries()?;
        Ok(WeightsChunk(fields))
    }
}

impl Fields {
    /// The bound on the chunks is one on the validators too: 8 full chunks hold 512.
    fn check_unit(&self) -> Result<(), CcvError> {
        if self.amount == 0 || self.total.is_zero() {
            return Err(CcvError::EmptyUnit {
                epoch: self.epoch,
                denom: self.denom.to_string(),
                amount: self.amount,
                total: self.total.to_string(),
            });
        }
        let fits = self.validators <= self.chunks.saturating_mul(MAX_CHUNK_ENTRIES);
        let is_filled = self.chunks <= self.validators;
        if !fits || !is_filled || self.chunks > MAX_CHUNKS {
            return Err(CcvError::UnitSize {
                validators: self.validators,
                chunks: self.chunks,
            });
        }
        Ok(())
    }

    fn check_place(&self) -> Result<(), CcvError> {
        let is_empty = self.entries.is_empty();
        let is_full = self.entries.len() > MAX_CHUNK_ENTRIES as usize;
        if self.chunk >= self.chunks || is_empty || is_full {
            return Err(CcvError::ChunkSize {
                chunk: self.chunk,
                chunks: self.chunks,
                entries: self.entries.len(),
            });
        }
        Ok(())
    }

    fn check_entries(&self) -> Result<(), CcvError> {
        let later = self.entries.iter().skip(1);
        for (previous, next) in self.entries.iter().zip(later) {
            check_order(previous.validator(), next.validator())?;
        }
        if let Some(entry) = self.entries.iter().find(|entry| entry.weight().is_zero()) {
            return Err(CcvError::ZeroWeight {
                validator: entry.validator().to_string(),
            });
        }
        check_within_total(self.sum()?, self.total)
    }

    fn sum(&self) -> Result<Points, CcvError> {
        Ok(Points::sum(self.entries.iter().map(Entry::weight))?)
    }
}

/// Refuses two validators of which the second does not come after the first.
pub(crate) fn check_order(previous: &Name, next: &Name) -> Result<(), CcvError> {
    if previous >= next {
        return Err(CcvError::NotAscending {
            previous: previous.to_string(),
            next: next.to_string(),
        });
    }
    Ok(())
}

/// Refuses weights that are together above the total of their unit.
pub(crate) fn check_within_total(sum: Points, total: Points) -> Result<(), CcvError> {
    match sum.cmp(&total) {
        Ordering::Greater => Err(CcvError::WrongTotal {
            sum: sum.to_string(),
            total: total.to_string(),
        }),
        Ordering::Less | Ordering::Equal => Ok(()),
    }
}

/// The chunks of a unit with these weights, in any order.
///
/// Zero weights are left out. Two entries of one validator (two validators of the consumer may name
/// the same one of the provider) become one with the sum of their weights. Without any weight above
/// 0 there are no chunks.
///
/// ```
/// use ccv::name::Name;
/// use ccv::weights::{Entry, chunks};
/// use distribution_math::Points;
///
/// let name = |text: &str| Name::new(text).unwrap();
/// let entry = |validator, coins| Entry::new(name(validator), Points::from_coins(coins));
/// let entries = vec![entry("valoper1b", 2), entry("valoper1c", 0), entry("valoper1a", 3)];
/// let chunks = chunks(7, name("uatom"), entries).unwrap();
/// assert_eq!(chunks.len(), 1);
/// assert_eq!(chunks[0].header().amount, 5);
/// assert_eq!(chunks[0].entries(), [entry("valoper1a", 3), entry("valoper1b", 2)]);
/// ```
///
/// # Errors
/// [`CcvError::Math`] if the total exceeds 256 bits or 2^128 - 1 coins, [`CcvError::UnitSize`] for
/// more than 512 validators, [`CcvError::EmptyUnit`] for less than one coin.
pub fn chunks(
    epoch: u32,
    denom: Name,
    mut entries: Vec<Entry>,
) -> Result<Vec<WeightsChunk>, CcvError> {
    entries.retain(|entry| !entry.weight().is_zero());
    entries.sort_by(|a, b| a.validator().cmp(b.validator()));
    let total = Points::sum(entries.iter().map(Entry::weight))?;
    // A sum of some of the weights is at most the total, so it fits.
    entries.dedup_by(|later, kept| {
        let is_same = later.0 == kept.0;
        if is_same {
            kept.1 = kept.1.saturating_add(later.1);
        }
        is_same
    });
    // More than 2^32 entries would be refused as the largest number is.
    let validators = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let header = UnitHeader::closing(epoch, denom, total, validators)?;
    (0..)
        .zip(entries.chunks(MAX_CHUNK_ENTRIES as usize))
        .map(|(chunk, entries)| WeightsChunk::new(header.clone(), chunk, entries.to_vec()))
        .collect()
}
