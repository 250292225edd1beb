//! The wire types against their golden bytes, hostile input and brute force, and the divisions
//! against exact rationals.

// Inputs are chosen so that nothing here overflows; when something does, the test fails.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod ack;
mod assembly;
mod denom;
mod golden;
mod hostile;
mod inputs;
mod memo;
mod packet;
mod qualification;
mod split;
mod transfer;
mod weights;

use ccv::name::Name;
use ccv::weights::Entry;
use cosmwasm_std::Uint256;
use distribution_math::Points;
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A number of points.
fn points(number: u128) -> Points {
    Points::new(Uint256::from(number))
}

/// A validator with whole coins as its weight.
fn coins(validator: &str, coins: u128) -> Entry {
    Entry::new(name(validator), Points::from_coins(coins))
}

fn big(value: Points) -> BigInt {
    BigUint::from_bytes_be(&value.value().to_be_bytes()).into()
}

/// A whole number.
fn whole(number: impl Into<BigInt>) -> BigRational {
    BigRational::from(number.into())
}
