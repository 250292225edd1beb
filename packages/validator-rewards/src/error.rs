use chain_types::address::AddressError;
use cosmwasm_std::{StdError, Uint128};
use distribution_math::MathError;
use thiserror::Error;

/// Why a block or a change of powers was refused.
#[derive(Error, Debug)]
pub enum RewardsError {
    /// Storage.
    #[error("{0}")]
    Std(#[from] StdError),
    /// An address of this chain was expected.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A bound of the arithmetic.
    #[error(transparent)]
    Math(#[from] MathError),

    /// A power is below 2^63.
    #[error("power {power} of validator {validator} is not below 2^63")]
    PowerBound {
        /// The validator.
        validator: String,
        /// The refused power.
        power: Uint128,
    },
    /// The total voting power is below 2^63.
    #[error("a total power of {total} is not below 2^63")]
    TotalPowerBound {
        /// The refused total.
        total: u128,
    },
    /// A validator set is bounded.
    #[error("{active} active validators are above the limit of {limit}")]
    TooManyValidators {
        /// Active validators there would be.
        active: u32,
        /// The limit.
        limit: u32,
    },
    /// A call changes a bounded number of powers.
    #[error(
        "{changes} changed powers are above the limit of {limit} in one call: send them in steps before \
         begin_block, as powers_changed or in smaller updates of the group"
    )]
    TooManyPowerChanges {
        /// Changes there would be.
        changes: usize,
        /// The limit.
        limit: usize,
    },
    /// More votes than one block may have.
    #[error("{votes} votes are above the limit of {limit}")]
    TooManyVotes {
        /// Votes given.
        votes: usize,
        /// The limit.
        limit: usize,
    },
    /// A validator that a list names twice: it would be unclear which entry counts.
    #[error("validator {validator} is named twice")]
    RepeatedValidator {
        /// The validator.
        validator: String,
    },
    /// `last_commit` has two forms.
    #[error("last_commit has either `signed_power`, with or without `changed`, or `votes` alone")]
    LastCommitForm,
    /// Changes of powers in a block that is not taken any more.
    #[error(
        "last_commit.changed: the block is not a new one ({reason}), so none of its changes was taken: \
         tell powers that changed since with powers_changed"
    )]
    ChangesOfAnOldBlock {
        /// The event that the block has without changes.
        reason: String,
    },
}
