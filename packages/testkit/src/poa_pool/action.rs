//! What may happen to a pool in a random history.

/// An operator and the power that it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPower {
    /// The operator's name.
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
    /// The receiver. `None`: the account itself.
    pub to: Option<String>,
    /// Whether transfers to the receiver fail.
    pub refused: bool,
    /// The only denom to withdraw. `None`: all denoms.
    pub only: Option<String>,
}

impl PoaWithdrawal {
    /// All denoms, to the account itself.
    pub fn of(account: &str) -> Self {
        PoaWithdrawal {
            account: account.to_string(),
            to: None,
            refused: false,
            only: None,
        }
    }

    /// Whether it pays a denom.
    pub fn pays(&self, denom: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == denom)
    }
}

/// One step of a random history. Accounts are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoaAction {
    /// Fees come in.
    Income(Income),
    /// Somebody takes a checkpoint.
    Checkpoint,
    /// The admin sets powers of operators.
    Powers(Vec<NamedPower>),
    /// The admin adds members and removes operators.
    Members {
        /// Operators whose power becomes 0.
        remove: Vec<String>,
        /// Operators and new operators, with their power.
        add: Vec<NamedPower>,
    },
    /// An account becomes a candidate.
    Candidate(String),
    /// A validator is handed over.
    HandOver {
        /// Its operator until now.
        operator: String,
        /// Its operator from now on.
        new_operator: String,
        /// Sent by the admin; otherwise by the operator.
        by_admin: bool,
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
