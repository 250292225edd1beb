//! Which of the two fee pools is meant.

use cosmwasm_schema::cw_serde;

/// An accounting of the fee pool; each is a contract of its own.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum AccountingKind {
    /// Indexes of reward per unit.
    F1,
    /// Shares of everything ever received, with adjustments.
    Lazy,
}

impl AccountingKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::F1, Self::Lazy];

    /// The name of the contract in the registry of codes.
    pub fn code(self) -> &'static str {
        match self {
            AccountingKind::F1 => "fee-pool",
            AccountingKind::Lazy => "lazy-fee-pool",
        }
    }
}
