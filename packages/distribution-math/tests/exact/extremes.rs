//! Products and quotients of the largest numbers that the bounds allow, and of integers whose
//! division is hardest, against integers without limits.

use cosmwasm_std::{Int512, Uint256};
use distribution_math::{
    ExchangeRate, FinePoints, MAX_UNITS, MathError, Points, Rate, Ratio, RewardIndex, SignedPoints,
    TokenScale,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::{big, exact, exact_rate, ratio, read_decimal, ten_to, whole};

const POWER: u64 = (1 << 63) - 1;

/// 2^248 - 1 points, more than can ever be received.
fn most_points() -> Uint256 {
    Uint256::MAX >> 8
}

fn largest_amounts() -> [Uint256; 3] {
    [
        Uint256::one(),
        most_points() - Uint256::one(),
        most_points(),
    ]
}

const LARGEST_UNITS: [u128; 3] = [1, MAX_UNITS - 1, MAX_UNITS];
const LARGEST_POWERS: [u64; 3] = [1, POWER - 1, POWER];

fn extreme_rates() -> [Rate; 4] {
    let one = Rate::ATOMICS_PER_ONE;
    [0, 1, one - 1, one].map(|atomics| Rate::from_atomics(atomics).unwrap())
}

fn big_signed(value: Int512) -> BigInt {
    BigInt::from_signed_bytes_be(&value.to_be_bytes())
}

fn fits_512(value: &BigInt) -> bool {
    let limit = BigInt::from(2).pow(511);
    *value >= -limit.clone() && *value < limit
}

fn fits_256(value: &BigInt) -> bool {
    *value < BigInt::from(2).pow(256)
}

/// Holds a result against the exact one: it is the same number, or it is refused because the exact
/// one does not fit.
#[track_caller]
fn assert_fine(result: Result<FinePoints, MathError>, expected: BigRational) {
    let expected = expected.to_integer();
    match result {
        Ok(parts) => assert_eq!(big_signed(parts.value()), expected),
        Err(error) => {
            assert!(matches!(error, MathError::SignedOverflow { .. }), "{error}");
            assert!(!fits_512(&expected), "{expected}");
        }
    }
}

#[track_caller]
fn assert_points(result: Result<Points, MathError>, expected: BigRational) {
    let expected = expected.to_integer();
    match result {
        Ok(points) => assert_eq!(big(points.value()), expected),
        Err(error) => {
            assert!(matches!(error, MathError::Overflow { .. }), "{error}");
            assert!(!fits_256(&expected), "{expected}");
        }
    }
}

#[test]
fn a_delegations_share_of_the_largest_amount_is_exact() {
    let mut largest_term = 0;
    for (units, all_units) in pairs(LARGEST_UNITS) {
        for (power, all_power) in pairs(LARGEST_POWERS) {
            for rate in extreme_rates() {
                let share = Ratio::new(
                    Uint256::from(rate.complement().atomics()),
                    Uint256::from(Rate::ATOMICS_PER_ONE) * Uint256::from(all_units),
                )
                .times(power.into())
                .and_then(|share| share.times(units))
                .and_then(|share| share.over(all_power.into()))
                .unwrap();
                let exact_share = ratio(units, all_units)
                    * ratio(power, all_power)
                    * (ratio(1, 1) - exact_rate(rate));
                for amount in largest_amounts() {
                    let term =
                        big(amount) * units * power * rate.complement().atomics() * ten_to(36);
                    largest_term = largest_term.max(term.bits());
                    let points = SignedPoints::from(Points::new(amount));
                    let parts = whole(big(amount)) * exact_share.clone() * whole(ten_to(36));
                    assert_fine(share.floor_of(points), parts.floor());
                    assert_fine(share.ceil_of(points), parts.ceil());
                    let negative = SignedPoints::ZERO.minus(points).unwrap();
                    assert_fine(share.floor_of(negative), (-parts.clone()).floor());
                    assert_fine(share.ceil_of(negative), (-parts).ceil());
                }
            }
        }
    }
    // The product of all factors would not have fitted into 512 bits.
    assert_eq!(largest_term, 604);
}

#[test]
fn a_ratio_of_the_largest_integers_is_exact() {
    let integers = [
        Uint256::one(),
        Uint256::from(u64::MAX),
        Uint256::from(u128::MAX),
        (Uint256::one() << 236) - Uint256::one(),
        Uint256::MAX - Uint256::one(),
        Uint256::MAX,
    ];
    let amounts = [
        Int512::from(1i64),
        Int512::from(u64::MAX),
        (Int512::one() << 369) - Int512::one(),
        Int512::MAX - Int512::one(),
        Int512::MAX,
        Int512::from(-1i64),
        Int512::MIN + Int512::one(),
        Int512::MIN,
    ];
    for (numerator, denominator) in pairs(integers) {
        let share = Ratio::new(numerator, denominator);
        for amount in amounts {
            let product = whole(big_signed(amount)) * ratio(big(numerator), big(denominator));
            let amount = FinePoints::new(amount);
            assert_fine(share.floor_of_parts(amount), product.floor());
            assert_fine(share.ceil_of_parts(amount), product.ceil());
        }
        let is_one = share == Ratio::new(Uint256::one(), Uint256::one());
        assert_eq!(is_one, numerator == denominator);
    }
}

#[test]
fn the_largest_products_with_units_are_exact() {
    for amount in largest_amounts() {
        let points = Points::new(amount);
        for units in LARGEST_UNITS {
            assert_points(points.checked_mul(units), exact(points) * whole(units));
            for parts in [
                FinePoints::of(points),
                FinePoints::of(points).unwrap().times(units),
            ] {
                let parts = parts.unwrap();
                assert_fine(
                    parts.times(units),
                    whole(big_signed(parts.value())) * whole(units),
                );
            }

            let mut index = RewardIndex::default();
            index.add(points, units).unwrap();
            let earned = index.owed(units, Points::ZERO).unwrap();
            assert_eq!(exact(earned) + exact(index.carry()), exact(points));
            assert!(index.carry().value() < Uint256::from(units));
        }
        assert_eq!(FinePoints::of(points).unwrap().floor(), points.into());
    }
}

#[test]
fn the_largest_amount_times_a_rate_or_a_power_is_exact() {
    for amount in largest_amounts() {
        let points = Points::new(amount);
        for rate in extreme_rates() {
            let product = exact(points) * exact_rate(rate);
            assert_eq!(exact(points.mul_rate_floor(rate)), product.floor());
        }
        for (power, all_power) in pairs(LARGEST_POWERS) {
            let part = points.mul_ratio_floor(power.into(), all_power.into());
            assert_points(part, (exact(points) * ratio(power, all_power)).floor());
        }
    }
}

#[test]
fn the_most_tokens_are_converted_exactly() {
    let lowest = ExchangeRate::MIN;
    let third = ExchangeRate::ONE
        .slashed(crate::rate("0.333333333333333333"))
        .unwrap();
    let most = Uint256::from(MAX_UNITS);
    for tokens in [Uint256::one(), most, most + Uint256::one(), Uint256::MAX] {
        for rate in [ExchangeRate::ONE, third, lowest] {
            for places in [0u8, 6, 18] {
                let units = whole(big(tokens)) * whole(ten_to(places.into()))
                    / read_decimal(&rate.to_string());
                match TokenScale::new(places).units_of_tokens(tokens, rate) {
                    Ok(result) => assert_eq!(whole(result.units), units.floor()),
                    Err(MathError::UnitsBound { units: refused }) => {
                        assert!(units.floor() > whole(MAX_UNITS));
                        assert_eq!(big(refused), units.to_integer().min(big(Uint256::MAX)));
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
}

/// Every pair of the numbers, in both orders and with themselves.
fn pairs<T: Copy, const N: usize>(numbers: [T; N]) -> impl Iterator<Item = (T, T)> {
    numbers
        .into_iter()
        .flat_map(move |left| numbers.into_iter().map(move |right| (left, right)))
}

/// Bytes with long runs of ones or zeros: with them a long division estimates digits too high.
fn runs<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    let byte = prop_oneof![Just(0u8), Just(0xff), Just(0x80), any::<u8>()];
    (prop::collection::vec((byte, 1usize..9), N), 0..=N).prop_map(|(runs, length)| {
        let mut bytes = [0; N];
        let repeated = runs
            .iter()
            .flat_map(|(byte, times)| std::iter::repeat_n(*byte, *times));
        for (place, byte) in bytes.iter_mut().rev().take(length).zip(repeated) {
            *place = byte;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn ratios_of_integers_with_runs_of_ones_are_exact(
        amount in runs::<64>(),
        numerator in runs::<32>(),
        denominator in runs::<32>(),
    ) {
        let amount = FinePoints::new(Int512::from_be_bytes(amount));
        let numerator = Uint256::from_be_bytes(numerator);
        let denominator = Uint256::from_be_bytes(denominator).max(Uint256::one());
        let share = Ratio::new(numerator, denominator);
        let product =
            whole(big_signed(amount.value())) * ratio(big(numerator), big(denominator));
        assert_fine(share.floor_of_parts(amount), product.floor());
        assert_fine(share.ceil_of_parts(amount), product.ceil());
    }

    #[test]
    fn parts_of_points_with_runs_of_ones_are_exact(
        amount in runs::<32>(),
        numerator in runs::<32>(),
        denominator in runs::<32>(),
        units in runs::<16>(),
    ) {
        let points = Points::new(Uint256::from_be_bytes(amount));
        let numerator = Uint256::from_be_bytes(numerator);
        let denominator = Uint256::from_be_bytes(denominator).max(Uint256::one());
        let quotient = exact(points) * ratio(big(numerator), big(denominator));
        assert_points(points.mul_ratio_floor(numerator, denominator), quotient.floor());

        let units = u128::from_be_bytes(units).max(1);
        let mut index = RewardIndex::default();
        index.add(points, units).unwrap();
        prop_assert_eq!(exact(index.index()), (exact(points) / whole(units)).floor());
        prop_assert_eq!(
            exact(index.index()) * whole(units) + exact(index.carry()),
            exact(points)
        );
    }
}
