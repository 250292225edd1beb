//! Exact numbers, and the library's read as such. Amounts are in points (10^-36 base units).

use cosmwasm_std::Int512;
use distribution_math::{FinePoints, Points, Rate, SignedPoints};
use num_bigint::BigInt;
use num_rational::BigRational;
use pool_kit::{DenomId, Denoms};

/// An exact amount.
pub type Exact = BigRational;

pub fn whole(number: impl Into<BigInt>) -> Exact {
    Exact::from(number.into())
}

pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Exact {
    Exact::new(numerator.into(), denominator.into())
}

fn int(value: Int512) -> BigInt {
    value.to_string().parse().unwrap()
}

/// The number of points.
pub fn points(points: Points) -> Exact {
    whole(points.value().to_string().parse::<BigInt>().unwrap())
}

/// The number of points.
pub fn signed(points: SignedPoints) -> Exact {
    whole(int(points.value()))
}

/// The number of points.
pub fn fine(parts: FinePoints) -> Exact {
    Exact::new(int(parts.value()), BigInt::from(10).pow(36))
}

/// A rate as the number that it is.
pub fn rate(rate: Rate) -> Exact {
    ratio(rate.atomics(), Rate::ATOMICS_PER_ONE)
}

/// So many percent.
pub fn percent(percent: u64) -> Rate {
    Rate::from_atomics(percent * (Rate::ATOMICS_PER_ONE / 100)).unwrap()
}

/// So many base units, as points.
pub fn coins(coins: u128) -> Exact {
    points(Points::from_coins(coins))
}

/// The only denom of these tests.
pub fn denom() -> DenomId {
    let denoms = Denoms::new(vec!["uatom".to_string()]).unwrap();
    denoms.ids().next().unwrap()
}
