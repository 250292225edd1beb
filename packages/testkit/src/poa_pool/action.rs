//! What may happen to a pool in a random history.

/// A validator and the power that it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPower {
    /// The name of an account that operates it or has operated it.
    pub operator: String,
    /// Its power from now on.
    pub power: u64,
}

/// Fees that come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Income {
    /// The denom.
    pub denom: String,
    /// Base units.
    pub amount: u128,
    /// By the message `deposit`; otherwise by a plain transfer.
    pub deposited: bool,
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoaWithdrawal {
    /// An operator or former operator.
    pub account: String,
    /// The receiver for this once. `None`: the account's withdraw address.
    pub to: Option<String>,
    /// Sent by the account's claimer, which it must have; otherwise by the account.
    pub by_claimer: bool,
    /// Whether transfers to the receiver fail.
    pub refused: bool,
    /// The only denom to withdraw. `None`: all denoms.
    pub only: Option<String>,
}

impl PoaWithdrawal {
    /// All denoms, by the account to its withdraw address.
    pub fn of(account: &str) -> Self {
        PoaWithdrawal {
            account: account.to_string(),
            to: None,
            by_claimer: false,
            refused: false,
            only: None,
        }
    }

    /// Whether it pays a denom.
    pub fn pays(&self, denom: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == denom)
    }
}

/// A validator and the account that takes it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoaHandOver {
    /// The name of an account that operates it or has operated it.
    pub operator: String,
    /// The account.
    pub new_operator: String,
}

/// One step of a random history. Accounts are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoaAction {
    /// Fees come in.
    Income(Income),
    /// Somebody takes a checkpoint.
    Checkpoint,
    /// The admin sets powers of validators.
    Powers {
        /// The powers.
        powers: Vec<NamedPower>,
        /// Whether the message names validators by their ids; otherwise by the names given here.
        by_id: bool,
    },
    /// The admin adds members and removes operators.
    Members {
        /// Operators whose power becomes 0.
        remove: Vec<String>,
        /// Operators and new operators, with their power.
        add: Vec<NamedPower>,
    },
    /// An account becomes a candidate.
    Candidate(String),
    /// The admin hands a validator over.
    HandOver(PoaHandOver),
    /// The operator of a validator offers it to an account, to itself to take an offer back.
    Offer(PoaHandOver),
    /// The account that a validator is offered to takes it over.
    Accept(String),
    /// An account sets where its fees are sent.
    WithdrawAddress {
        /// The account.
        account: String,
        /// Where to; the account itself switches the setting off.
        to: String,
    },
    /// An account sets who else may trigger its withdrawals.
    Claimer {
        /// The account.
        account: String,
        /// Who.
        claimer: Option<String>,
    },
    /// An operator withdraws its fees.
    Withdraw(PoaWithdrawal),
    /// The admin removes a denom, or adds it again.
    CollectDenom {
        /// The denom.
        denom: String,
        /// Whether it is received as fees from now on.
        collected: bool,
    },
    /// A block passes.
    NextBlock,
}
