//! What a block means for validators: their powers, and the reward that each gets of its fees.
//!
//! Shared by the contracts that split every block's fees among a validator set. The crate knows
//! neither delegators nor commission.
//!
//! | module | job |
//! |---|---|
//! | [`last_commit`] | the messages that tell of a block: who proposed it and who signed |
//! | [`heights`] | whether a block is a new one |
//! | [`validator_set`] | the active validators with their voting powers, and the totals |
//! | [`changes`] | the changes of powers that a call tells, checked |
//! | [`shared`] | what all validators share, as indexes: a block costs the same for any number of them |
//! | [`earned`] | what one validator has got |

pub mod changes;
pub mod earned;
mod error;
pub mod heights;
pub mod last_commit;
pub mod shared;
pub mod validator_set;

pub use error::RewardsError;
