//! Random inputs over all magnitudes, with the edges of each range among them.

use cosmwasm_std::Uint256;
use distribution_math::{MAX_UNITS, Points, Rate, SplitRates};
use proptest::prelude::*;

/// Base units that a contract may receive of one denom: up to 2^128 - 1.
pub fn coins() -> impl Strategy<Value = u128> {
    prop_oneof![
        8 => (any::<u128>(), 0u32..128).prop_map(|(number, shift)| number >> shift),
        1 => Just(1),
        1 => Just(u128::MAX),
    ]
}

/// Points within the bound of the crate: up to (2^128 - 1) * 10^36.
pub fn points() -> impl Strategy<Value = Points> {
    let bound = Points::from_coins(u128::MAX).value();
    prop_oneof![
        8 => (any::<[u8; 32]>(), 8u32..256)
            .prop_map(|(bytes, shift)| Points::new(Uint256::from_be_bytes(bytes) >> shift)),
        1 => Just(Points::ONE),
        1 => Just(Points::new(bound)),
    ]
    .prop_map(move |points| Points::new(points.value().min(bound)))
}

/// Any number of points, also above the bound.
pub fn any_points() -> impl Strategy<Value = Points> {
    (any::<[u8; 32]>(), 0u32..256)
        .prop_map(|(bytes, shift)| Points::new(Uint256::from_be_bytes(bytes) >> shift))
}

/// Rates of all magnitudes, whole percents, 0 and 1.
pub fn rate() -> impl Strategy<Value = Rate> {
    atomics(Rate::ATOMICS_PER_ONE).prop_map(|atomics| Rate::from_atomics(atomics).unwrap())
}

fn atomics(most: u64) -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0..=most,
        2 => (0..=most, 0u32..60).prop_map(|(atomics, shift)| atomics >> shift),
        2 => (0..=100u64).prop_map(move |percent| most / 100 * percent),
        1 => Just(0),
        1 => Just(most),
    ]
}

/// Rates whose tax, base and bonus are together at most 1, and often exactly 1.
pub fn split_rates() -> impl Strategy<Value = SplitRates> {
    let one = Rate::ATOMICS_PER_ONE;
    let three = atomics(one).prop_flat_map(move |tax| {
        (Just(tax), atomics(one - tax))
            .prop_flat_map(move |(tax, base)| (Just(tax), Just(base), atomics(one - tax - base)))
    });
    (three, rate()).prop_map(|((tax, base, bonus), equal_share)| {
        let rate = |atomics| Rate::from_atomics(atomics).unwrap();
        SplitRates::tax_only(rate(tax))
            .with_proposer_reward(rate(base), rate(bonus))
            .unwrap()
            .with_equal_share(equal_share)
    })
}

/// Total powers that a validator set may have: 1 to 2^63 - 1.
pub fn total_power() -> impl Strategy<Value = u64> {
    prop_oneof![
        8 => (1..1u64 << 63, 0u32..63).prop_map(|(power, shift)| (power >> shift).max(1)),
        1 => Just(1),
        1 => Just((1 << 63) - 1),
    ]
}

/// Units that may share a reward: 1 to 10^34.
pub fn units() -> impl Strategy<Value = u128> {
    prop_oneof![
        8 => (1..=MAX_UNITS, 0u32..113).prop_map(|(units, shift)| (units >> shift).max(1)),
        1 => Just(1),
        1 => Just(MAX_UNITS),
    ]
}
