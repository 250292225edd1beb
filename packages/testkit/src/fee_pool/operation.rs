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

/// Commission terms, in 10^-18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The rate in force.
    pub rate: u64,
    /// Its limit.
    pub max_rate: u64,
    /// The most by which it rises in a day.
    pub max_change_rate: u64,
}

impl Terms {
    /// A rate without limits.
    pub fn unlimited(rate: u64) -> Self {
        const ONE: u64 = 1_000_000_000_000_000_000;
        Terms {
            rate,
            max_rate: ONE,
            max_change_rate: ONE,
        }
    }
}

/// One line of an import. Amounts are by the place of their denom in the pool's list, each a decimal
/// of at most 18 places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A validator.
    Validator {
        /// Which.
        validator: String,
        /// Its power.
        power: u64,
        /// Its commission.
        terms: Terms,
    },
    /// A delegation.
    Delegation {
        /// Whose.
        delegator: String,
        /// With whom.
        validator: String,
        /// A decimal: shares, or tokens where the source gives tokens.
        shares: String,
    },
    /// Where a delegator's rewards go.
    WithdrawAddress {
        /// Whose.
        delegator: String,
        /// Where to.
        to: String,
    },
    /// What a delegation is owed.
    Rewards {
        /// Whose.
        delegator: String,
        /// With whom.
        validator: String,
        /// How much.
        amounts: Vec<String>,
    },
    /// What an operator is owed.
    Commission {
        /// Who.
        validator: String,
        /// How much.
        amounts: Vec<String>,
    },
    /// The community pool.
    CommunityPool {
        /// How much.
        amounts: Vec<String>,
    },
}

/// One step of a history. Validators and delegators are names, or addresses of the chain.
///
/// A pool that believes hooks is told by them what changes in staking, as far as they are not lost. What
/// makes no sense on its chain, such as a delegation to a validator that is not there, does not
/// happen then; a pool that believes a reporter is told all the same, and must refuse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One page of an import.
    Import {
        /// Its lines.
        lines: Vec<Line>,
        /// Coins that cover what is owed, by the place of their denom in the pool's list.
        funds: Vec<u128>,
    },
    /// The pool starts, with what is missing of the coins that cover what is owed.
    Activate {
        /// More coins than are missing, by the place of their denom in the pool's list.
        surplus: Vec<u128>,
    },
    /// Fees come in and wait for the next block.
    Send {
        /// By the place of their denom in the pool's list.
        fees: Vec<u128>,
    },
    /// The next hooks are lost on their way to the pool.
    LoseHooks {
        /// So many.
        count: u32,
    },
    /// The owner compares what the pool says of staking with the chain, and corrects it. For a pool
    /// that believes a reporter nothing happens.
    Correct,
    /// Somebody has the pool read a validator's commission from the chain. For a pool that believes a
    /// reporter nothing happens.
    Refresh {
        /// Whose.
        validator: String,
    },
    /// An account decides where its rewards go.
    SetWithdrawAddress {
        /// Whose.
        delegator: String,
        /// Where to; itself switches the setting off.
        to: String,
    },
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
