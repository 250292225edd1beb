//! How the tokens of a unit are shared out on the provider.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{floor_coins, whole};

/// A validator's weight as it was on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// The validator.
    pub validator: String,
    /// Its holding pool in points (10^-36 base units).
    pub points: BigInt,
}

/// What becomes of the part of validators that do not exist any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// The others get it, by their weights.
    #[default]
    Redistribute,
    /// It is carried to the next unit.
    Carry,
}

/// A validator's part of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The validator.
    pub validator: String,
    /// Its exact part, in base units.
    pub exact: BigRational,
    /// What it gets: the exact part rounded down.
    pub coins: u128,
}

/// The tokens of a unit, shared out. All but `carry` and `community` stands as in the source, where
/// each qualified validator gets `tokens * W / TW + disqualified_pool * W / QTW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// What is shared out: what arrived, and the carry from before.
    pub tokens: u128,
    /// `TW`, the sum of all weights.
    pub total_weight: BigInt,
    /// `QTW`, the sum of the weights of validators that exist.
    pub qualified_total_weight: BigInt,
    /// What the others would have got, in base units.
    pub disqualified_pool: BigRational,
    /// The parts of the validators that exist, in the order of the weights.
    pub shares: Vec<Share>,
    /// What remains for the next unit.
    pub carry: u128,
    /// Everything, when no validator exists.
    pub community: u128,
}

impl Distribution {
    /// Shares tokens out. `None` when the weights are 0 in sum.
    pub fn new(
        tokens: u128,
        weights: &[Weight],
        policy: Policy,
        exists: impl Fn(&str) -> bool,
    ) -> Option<Self> {
        let total_weight: BigInt = weights.iter().map(|it| &it.points).sum();
        if total_weight <= BigInt::ZERO {
            return None;
        }

        // First step: the parts by all weights.
        let amount = whole(tokens);
        let part = |points: &BigInt, of: &BigRational, total: &BigInt| {
            of * BigRational::new(points.clone(), total.clone())
        };
        let mut qualified_total_weight = total_weight.clone();
        let mut disqualified_pool = BigRational::default();
        for weight in weights.iter().filter(|it| !exists(&it.validator)) {
            disqualified_pool += part(&weight.points, &amount, &total_weight);
            qualified_total_weight -= &weight.points;
        }
        let nobody = qualified_total_weight == BigInt::ZERO;

        // Second step: the disqualified pool by the weights of those that exist.
        let qualified = weights.iter().filter(|it| !nobody && exists(&it.validator));
        let shares: Vec<Share> = qualified
            .map(|it| {
                let mut exact = part(&it.points, &amount, &total_weight);
                if policy == Policy::Redistribute {
                    exact += part(&it.points, &disqualified_pool, &qualified_total_weight);
                }
                Share {
                    validator: it.validator.clone(),
                    coins: floor_coins(&exact),
                    exact,
                }
            })
            .collect();

        let rest = tokens - shares.iter().map(|it| it.coins).sum::<u128>();
        Some(Self {
            tokens,
            total_weight,
            qualified_total_weight,
            disqualified_pool,
            shares,
            carry: if nobody { 0 } else { rest },
            community: if nobody { rest } else { 0 },
        })
    }
}
