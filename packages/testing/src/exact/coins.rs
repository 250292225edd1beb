//! Whole base units.

/// An amount of one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DenomAmount<'a> {
    /// The denom.
    pub denom: &'a str,
    /// Base units.
    pub amount: u128,
}

/// The whole base units that a system may pay a recipient, or have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutRange {
    /// The least.
    pub least: u128,
    /// The most.
    pub most: u128,
}

impl PayoutRange {
    /// Whether so many base units are neither too few nor too many.
    pub const fn contains(&self, coins: u128) -> bool {
        self.least <= coins && coins <= self.most
    }
}
