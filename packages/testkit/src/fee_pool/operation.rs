//! What may happen to a pool.

use std::collections::BTreeMap;

/// Who signed a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The whole list of votes; these validators did not sign.
    Votes {
        /// Who did not sign.
        absent: Vec<String>,
    },
    /// The whole list of votes, with other powers than before.
    ChangedVotes {
        /// Powers from this block on; 0 is not among the votes. A validator without a
        /// record gets one.
        powers: BTreeMap<String, u64>,
        /// Who did not sign.
        absent: Vec<String>,
    },
    /// Only the power that signed.
    SignedPower {
        /// Who did not sign.
        absent: Vec<String>,
    },
    /// The power that signed, and other powers than before. A validator without a record gets one.
    ChangedPowers {
        /// Powers from this block on.
        powers: BTreeMap<String, u64>,
        /// Who did not sign.
        absent: Vec<String>,
    },
}

/// One step of a history. Validators and delegators are names, or addresses of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A block with fees.
    Block {
        /// Fees, by the place of their denom in the pool's list.
        fees: Vec<u128>,
        /// Who proposed it.
        proposer: Option<String>,
        /// Who signed it.
        commit: Commit,
    },
    /// A validator is created, or comes back after its removal.
    CreateValidator {
        /// Which.
        validator: String,
        /// Its commission in 10^-18.
        commission_atomics: u64,
    },
    /// A validator is removed.
    RemoveValidator {
        /// Which.
        validator: String,
    },
    /// A validator's power changes; 0 is jailed.
    SetPower {
        /// Which.
        validator: String,
        /// To what.
        power: u64,
    },
    /// The powers of several validators change. A validator without a record gets one.
    SetPowers {
        /// To what.
        powers: BTreeMap<String, u64>,
    },
    /// A validator's commission changes.
    SetCommission {
        /// Which.
        validator: String,
        /// In 10^-18.
        commission_atomics: u64,
    },
    /// A validator is slashed.
    Slash {
        /// Which.
        validator: String,
        /// By what, in 10^-18.
        fraction_atomics: u64,
    },
    /// A delegation has other shares; 0 is undelegated.
    SetShares {
        /// Whose.
        delegator: String,
        /// With whom.
        validator: String,
        /// Whole shares.
        shares: u128,
    },
    /// Shares move from one validator to another.
    Redelegate {
        /// Whose.
        delegator: String,
        /// From whom.
        from: String,
        /// To whom.
        to: String,
        /// At most these whole shares.
        shares: u128,
    },
    /// A delegator withdraws from one validator.
    Withdraw {
        /// Who.
        delegator: String,
        /// From whom.
        validator: String,
    },
    /// A delegator withdraws from all validators, in pages.
    WithdrawAll {
        /// Who.
        delegator: String,
        /// Delegations in a page.
        page: u32,
    },
    /// An operator withdraws its commission.
    WithdrawCommission {
        /// Who.
        validator: String,
    },
    /// An operator withdraws commission and self-delegation.
    WithdrawValidator {
        /// Who.
        validator: String,
    },
    /// Somebody rewards one validator.
    RewardValidator {
        /// Whom.
        validator: String,
        /// By the place of the denom in the pool's list.
        rewards: Vec<u128>,
    },
    /// Somebody gives to the community pool.
    FundCommunityPool {
        /// By the place of the denom in the pool's list.
        amounts: Vec<u128>,
    },
    /// The owner spends at most this of each denom from the community pool.
    SpendCommunityPool {
        /// Of the first denom.
        amount: u128,
    },
}
