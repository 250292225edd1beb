//! Which weights count, and what each qualified validator is paid.
//!
//! The specification of the flow takes two steps, for each validator `i` that exists:
//!
//! ```text
//! disqualified_pool = sum of tokens * W_k / TW over the validators k that do not exist
//! reward_i          = tokens * W_i / TW + disqualified_pool * W_i / QTW
//! ```
//!
//! `TW` is the total weight and `QTW` what of it is qualified. The disqualified pool is
//! `tokens * (TW - QTW) / TW`, so the reward is `tokens * W_i / QTW`, and is computed as that, with
//! one rounding.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};
use distribution_math::{MathError, Points};

/// What becomes of the part of validators that do not exist.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub enum DisqualifiedPolicy {
    /// The qualified validators get it in proportion to their weights.
    #[default]
    Redistribute,
    /// It joins the next unit of the denom.
    Carry,
}

/// The count of which weights of a unit are qualified. It may be made in pages of any size, in any
/// order, each validator once.
///
/// ```
/// use ccv::qualification::{DisqualifiedPolicy, Qualification};
/// use cosmwasm_std::Uint256;
/// use distribution_math::Points;
///
/// let weight = |number: u128| Points::new(Uint256::from(number));
/// let mut count = Qualification::new(weight(100));
/// count.disqualify(weight(50)).unwrap();
/// assert_eq!(count.disqualified_pool(1000).unwrap(), 500);
///
/// let shares = count.shares(1000, DisqualifiedPolicy::Redistribute).unwrap();
/// assert_eq!(shares.of(weight(30)).unwrap(), 600);
/// assert_eq!(shares.of(weight(20)).unwrap(), 400);
///
/// let shares = count.shares(1000, DisqualifiedPolicy::Carry).unwrap();
/// assert_eq!(shares.of(weight(30)).unwrap(), 300);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Qualification {
    total: Points,
    qualified: Points,
}

impl Qualification {
    /// Starts with the total weight of a unit, all of it qualified.
    pub fn new(total: Points) -> Self {
        Qualification {
            total,
            qualified: total,
        }
    }

    /// Takes out the weight of a validator that does not exist.
    ///
    /// # Errors
    /// [`MathError::Underflow`] if more than the total is taken out.
    pub fn disqualify(&mut self, weight: Points) -> Result<(), MathError> {
        self.qualified = self.qualified.checked_sub(weight)?;
        Ok(())
    }

    /// The total weight `TW`.
    pub fn total(&self) -> Points {
        self.total
    }

    /// The weight `QTW` of the validators that exist, as far as it has been counted.
    pub fn qualified(&self) -> Points {
        self.qualified
    }

    /// The part of `tokens` base units that belongs to validators that do not exist:
    /// `floor(tokens * (TW - QTW) / TW)`. It is shown; what is paid is computed from the weights.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] if the total is 0.
    pub fn disqualified_pool(&self, tokens: u128) -> Result<u128, MathError> {
        let disqualified = self.total.checked_sub(self.qualified)?;
        part(tokens, disqualified, self.total)
    }

    /// How `tokens` base units are shared, when every validator has been counted: `None` if nobody
    /// is qualified. Then everything goes to the community pool, under either policy.
    pub fn shares(&self, tokens: u128, policy: DisqualifiedPolicy) -> Option<Shares> {
        let divisor = match policy {
            DisqualifiedPolicy::Redistribute => self.qualified,
            DisqualifiedPolicy::Carry => self.total,
        };
        (!self.qualified.is_zero()).then_some(Shares { tokens, divisor })
    }
}

/// How the tokens of a unit are shared.
///
/// Each share is computed from the unit's totals alone, so payments may be made in pages of any
/// size, in any order. They are together at most the tokens. What is not paid is the carry: what
/// rounding down leaves (less than one base unit for each qualified validator), the disqualified
/// part under [`DisqualifiedPolicy::Carry`], and the share of whoever could not be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    tokens: u128,
    divisor: Points,
}

impl Shares {
    /// The share of a qualified validator, in base units: `floor(tokens * W_i / QTW)`, or
    /// `floor(tokens * W_i / TW)` where the disqualified part is carried.
    ///
    /// # Errors
    /// [`MathError::Underflow`] if the weight is above the total that shares, which no qualified
    /// validator's is.
    pub fn of(&self, weight: Points) -> Result<u128, MathError> {
        self.divisor.checked_sub(weight)?;
        part(self.tokens, weight, self.divisor)
    }
}

/// `floor(tokens * weight / total)`, with the product in 512 bits. The weight must be at most the
/// total.
fn part(tokens: u128, weight: Points, total: Points) -> Result<u128, MathError> {
    let tokens = Points::new(Uint256::from(tokens));
    let part = tokens
        .mul_ratio_floor(weight.value(), total.value())?
        .value();
    // At most `tokens`, since the weight is at most the total.
    Uint128::try_from(part)
        .map(|part| part.u128())
        .map_err(|_| MathError::CoinsBound { amount: part })
}
