//! The messages that tell of a block: who proposed it and who signed.

use chain_types::staking_event::ChangedPower;
use chain_types::text::head;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Event, Uint128};
use pool_kit::events::action;

use crate::RewardsError;

/// Bytes of a proposer's name that an event repeats.
const SHOWN: usize = 128;

/// Who signed the last block, in one of two forms: `{"signed_power": "..", "changed"?: [..]}`, for
/// whoever knows what it sent before, or `{"votes": [..]}`, for small sets and by hand.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct LastCommit {
    /// The power that signed.
    pub signed_power: Option<Uint128>,
    /// Beside `signed_power`: the powers that differ from what the pool knows, at most 100. More
    /// are sent before, in the same block, as `powers_changed`.
    #[serde(default)]
    pub changed: Vec<ChangedPower>,
    /// All votes, at most 1 000: a validator that is not among them has no power. A list that
    /// changes more than 100 powers is refused.
    pub votes: Option<Vec<Vote>>,
}

/// One validator's part in a block.
#[cw_serde]
pub struct Vote {
    /// Operator address.
    pub validator: String,
    /// Its power, below 2^63.
    pub power: Uint128,
    /// Whether it signed.
    pub signed: bool,
}

/// A block, as a block reporter or the chain sends it.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct BeginBlock {
    /// Operator address of who proposed the block, if anybody did.
    pub proposer: Option<String>,
    /// Who signed it.
    pub last_commit: LastCommit,
    /// The reporter's own number of the block; it must grow. The contract's height decides what
    /// a block is.
    pub height: Option<u64>,
}

impl BeginBlock {
    /// The proposer's name, empty if nobody proposed the block.
    pub fn proposer(&self) -> &str {
        self.proposer.as_deref().map(str::trim).unwrap_or_default()
    }
}

/// The event of a proposer that cannot be rewarded: there is none, or it is unknown or removed.
pub fn unknown_proposer(proposer: &str) -> Event {
    // Some chains refuse events with blank values.
    let shown = match head(proposer, SHOWN) {
        "" => "none",
        shown => shown,
    };
    action("proposer_unknown").add_attribute("proposer", shown)
}

/// [`BeginBlock`] of a chain, which may have more fields. In a message a misspelt optional field is an
/// error.
#[cw_serde]
pub struct SudoBeginBlock {
    /// See [`BeginBlock::proposer`].
    pub proposer: Option<String>,
    /// See [`BeginBlock::last_commit`].
    pub last_commit: SudoLastCommit,
    /// See [`BeginBlock::height`].
    pub height: Option<u64>,
}

/// [`LastCommit`] of a chain, which may have more fields.
#[cw_serde]
pub struct SudoLastCommit {
    /// See [`LastCommit::signed_power`].
    pub signed_power: Option<Uint128>,
    /// See [`LastCommit::changed`].
    #[serde(default)]
    pub changed: Vec<ChangedPower>,
    /// See [`LastCommit::votes`].
    pub votes: Option<Vec<Vote>>,
}

/// Powers that changed, of a chain, which may have more fields.
#[cw_serde]
pub struct SudoPowersChanged {
    /// Each validator once, at most 100.
    pub changes: Vec<ChangedPower>,
}

impl From<SudoBeginBlock> for BeginBlock {
    fn from(block: SudoBeginBlock) -> Self {
        BeginBlock {
            proposer: block.proposer,
            last_commit: LastCommit {
                signed_power: block.last_commit.signed_power,
                changed: block.last_commit.changed,
                votes: block.last_commit.votes,
            },
            height: block.height,
        }
    }
}

/// The two forms of a last commit.
#[derive(Clone, Copy, Debug)]
pub enum Signatures<'m> {
    /// The power that signed, and the powers that changed.
    Changes {
        /// The power that signed. A larger one than the total counts as the total.
        signed: u64,
        /// The powers that changed.
        changed: &'m [ChangedPower],
    },
    /// All votes.
    Votes(&'m [Vote]),
}

impl<'m> Signatures<'m> {
    /// Reads a last commit.
    ///
    /// # Errors
    /// [`RewardsError::LastCommitForm`] for neither or both of the forms.
    pub fn read(last_commit: &'m LastCommit) -> Result<Self, RewardsError> {
        match (&last_commit.signed_power, &last_commit.votes) {
            (Some(signed), None) => Ok(Signatures::Changes {
                // More than the total counts as the total, so saturating loses nothing.
                signed: u64::try_from(signed.u128()).unwrap_or(u64::MAX),
                changed: &last_commit.changed,
            }),
            (None, Some(votes)) if last_commit.changed.is_empty() => Ok(Signatures::Votes(votes)),
            _ => Err(RewardsError::LastCommitForm),
        }
    }

    /// The first validator that is named.
    pub fn first_validator(&self) -> Option<&'m str> {
        match *self {
            Signatures::Changes { changed, .. } => Some(&changed.first()?.validator),
            Signatures::Votes(votes) => Some(&votes.first()?.validator),
        }
    }
}
