//! Everybody among whom the receipts are divided, on both sides.

use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::ToPrimitive;

/// Decimal places of a point.
pub const POINT_PLACES: u32 = 36;

/// What kind of recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The community pool.
    CommunityPool,
    /// An operator's commission.
    Commission,
    /// A delegation.
    Delegation,
}

/// One recipient on both sides.
pub struct RecipientRow {
    /// What it is.
    pub kind: Kind,
    /// Whose it is: the account of the delegator or operator, or the pool itself.
    pub address: String,
    /// Operator address of its validator; none for the community pool.
    pub validator: Option<String>,
    /// The validator's name for people, empty for the community pool.
    pub moniker: String,
    /// Its whole exact share, of which some may be paid, in 10^-54 base units, rounded down.
    pub exact: BigInt,
    /// What the pool owes it, in points.
    pub owed: BigInt,
    /// What it was paid, in base units.
    pub paid: u128,
    /// By how much owed and paid together are below the exact share, in 10^-54 base units, rounded
    /// down.
    pub shortfall: BigInt,
    /// What [`Self::shortfall`] stays below, in base units.
    pub bound: BigRational,
}

impl RecipientRow {
    /// What the pool owes in whole base units, rounded down.
    pub fn owed_coins(&self) -> u128 {
        let coins = self.owed.div_floor(&BigInt::from(10).pow(POINT_PLACES));
        coins.to_u128().unwrap_or_default()
    }

    /// Whether both are the same recipient, of pools that may have different addresses.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_account = self.kind == Kind::CommunityPool || self.address == other.address;
        self.kind == other.kind && self.validator == other.validator && same_account
    }
}

impl fmt::Display for RecipientRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::CommunityPool => write!(out, "the community pool"),
            Kind::Commission => write!(out, "the commission of {}", self.moniker),
            Kind::Delegation => {
                write!(
                    out,
                    "the delegation of {} to {}",
                    self.address, self.moniker
                )
            }
        }
    }
}
