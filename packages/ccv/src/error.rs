use distribution_math::MathError;
use thiserror::Error;

use crate::name::MAX_NAME;
use crate::weights::{MAX_CHUNK_ENTRIES, MAX_CHUNKS, MAX_VALIDATORS};

/// Why a packet, a memo or a unit was refused. Every variant carries the values that broke the
/// rule.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum CcvError {
    /// Bytes that are not the JSON of what was expected.
    #[error("{what} cannot be read: {reason}")]
    Unreadable {
        /// What was expected.
        what: &'static str,
        /// The first 256 bytes of what is wrong.
        reason: String,
    },
    /// Bytes that mean something, but are not how this crate writes it.
    #[error("{what} must be spelled as {expected}")]
    OtherSpelling {
        /// What was read.
        what: &'static str,
        /// The first 256 bytes of how it is written.
        expected: String,
    },
    /// A value that cannot be written as JSON.
    #[error("{what} cannot be written: {reason}")]
    Unwritable {
        /// What was to be written.
        what: &'static str,
        /// The first 256 bytes of what is wrong.
        reason: String,
    },
    /// More bytes than any packet of the channel has.
    #[error("a packet of {bytes} bytes is above the bound of {most}")]
    PacketSize {
        /// Its size.
        bytes: usize,
        /// The bound.
        most: usize,
    },
    /// A denom or an address with other characters or of another length than allowed.
    #[error(
        "`{text}` must be 1 to {} characters, of letters, digits and /:._-",
        MAX_NAME
    )]
    InvalidName {
        /// The first 128 bytes of the refused text.
        text: String,
    },
    /// The path of a denom whose base is blank.
    #[error("denom path `{path}` has no base denom")]
    NoBaseDenom {
        /// The first 128 bytes of the path.
        path: String,
    },
    /// A transfer of nothing.
    #[error("a transfer must have an amount above 0")]
    NoAmount,
    /// A unit without a whole coin to send, or without any weight.
    #[error("epoch {epoch} of {denom}: amount {amount} and total weight {total} must be above 0")]
    EmptyUnit {
        /// The unit's epoch.
        epoch: u32,
        /// The unit's denom.
        denom: String,
        /// Its amount in base units.
        amount: u128,
        /// Its total weight in points.
        total: String,
    },
    /// More validators or chunks than a unit may have, or chunks that cannot hold the validators.
    #[error(
        "{validators} validators in {chunks} chunks: at most {} in at most {}, from 1 to {} in each",
        MAX_VALIDATORS,
        MAX_CHUNKS,
        MAX_CHUNK_ENTRIES
    )]
    UnitSize {
        /// How many validators the unit has.
        validators: u32,
        /// In how many chunks they come.
        chunks: u32,
    },
    /// A chunk outside its unit, or with too few or too many entries.
    #[error(
        "chunk {chunk} of {chunks} with {entries} entries: chunks count from 0, entries are 1 to {}",
        MAX_CHUNK_ENTRIES
    )]
    ChunkSize {
        /// The chunk's place.
        chunk: u32,
        /// How many chunks the unit has.
        chunks: u32,
        /// How many entries this one has.
        entries: usize,
    },
    /// A validator with the weight 0, which is left out on the wire.
    #[error("validator {validator} must have a weight above 0")]
    ZeroWeight {
        /// The validator.
        validator: String,
    },
    /// Validators that do not ascend: unsorted, or one of them twice.
    #[error("validators must ascend: {next} follows {previous}")]
    NotAscending {
        /// A validator.
        previous: String,
        /// One that is not greater and stands later.
        next: String,
    },
    /// Weights that exceed the total of their unit, or, when all have arrived, are below it.
    #[error("the weights add up to {sum}, the total says {total}")]
    WrongTotal {
        /// The sum of the weights so far, in points.
        sum: String,
        /// The total of the unit, in points.
        total: String,
    },
    /// More or fewer entries than the unit says.
    #[error("{entries} entries have arrived, the unit says {validators}")]
    WrongCount {
        /// The entries so far.
        entries: u32,
        /// How many validators the unit has.
        validators: u32,
    },
    /// A chunk whose unit is described otherwise than by the chunks before it.
    #[error(
        "chunk {chunk} of epoch {epoch} of {denom} describes its unit otherwise than earlier chunks"
    )]
    OtherHeader {
        /// The chunk's place.
        chunk: u32,
        /// The chunk's epoch.
        epoch: u32,
        /// The chunk's denom.
        denom: String,
    },
    /// A chunk that has arrived before with other entries.
    #[error("chunk {chunk} of epoch {epoch} of {denom} has arrived before with other entries")]
    OtherEntries {
        /// The chunk's place.
        chunk: u32,
        /// The chunk's epoch.
        epoch: u32,
        /// The chunk's denom.
        denom: String,
    },
    /// A calculation that was refused.
    #[error(transparent)]
    Math(#[from] MathError),
}
