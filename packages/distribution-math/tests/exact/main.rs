//! The crate against exact rationals, over random numbers and at the edges of its bounds.

// Inputs are chosen so that nothing here overflows; when something does, the test fails.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod dec_coins;
mod encoding;
mod extremes;
mod index;
mod inputs;
mod points;
mod rate;
mod split;
mod traps;
mod units;

use cosmwasm_std::{Decimal256, Uint256};
use distribution_math::{Points, Rate};
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;

/// `10^exponent`.
fn ten_to(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// A whole number.
fn whole(number: impl Into<BigInt>) -> BigRational {
    BigRational::from(number.into())
}

fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn big(value: Uint256) -> BigInt {
    BigUint::from_bytes_be(&value.to_be_bytes()).into()
}

/// Points as a whole number of points.
fn exact(points: Points) -> BigRational {
    whole(big(points.value()))
}

fn exact_rate(rate: Rate) -> BigRational {
    ratio(rate.atomics(), ten_to(18))
}

/// A decimal as the number that it shows.
fn exact_decimal(decimal: Decimal256) -> BigRational {
    ratio(big(decimal.atomics()), ten_to(18))
}

/// What a text such as `0.25` shows.
fn read_decimal(text: &str) -> BigRational {
    let (digits, places) = match text.split_once('.') {
        None => (text.to_string(), 0),
        Some((whole, fraction)) => (format!("{whole}{fraction}"), fraction.len() as u32),
    };
    ratio(digits.parse::<BigInt>().unwrap(), ten_to(places))
}

/// A number of points.
fn points(number: u128) -> Points {
    Points::new(Uint256::from(number))
}

/// A rate such as `0.05`.
fn rate(text: &str) -> Rate {
    Rate::new(text.parse().unwrap()).unwrap()
}
