//! Signed amounts and ratios against exact rationals, over all magnitudes and at the edges.

// Inputs are chosen so that nothing here overflows; when something does, the test fails.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use cosmwasm_std::{Int512, Uint256, Uint512};
use distribution_math::{FinePoints, MAX_UNITS, MathError, Points, Rate, Ratio, SignedPoints};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn ten_to(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn big(value: Int512) -> BigInt {
    value.to_string().parse().unwrap()
}

fn big_unsigned(value: Uint256) -> BigInt {
    value.to_string().parse().unwrap()
}

/// In points.
fn signed(points: SignedPoints) -> BigRational {
    big(points.value()).into()
}

/// In points.
fn fine(parts: FinePoints) -> BigRational {
    BigRational::new(big(parts.value()), ten_to(36))
}

fn int(bytes: [u8; 64], shift: u32) -> Int512 {
    // Arithmetic shift: the sign stays.
    Int512::from_be_bytes(bytes) >> shift
}

fn any_bytes() -> impl Strategy<Value = [u8; 64]> {
    (any::<[u8; 32]>(), any::<[u8; 32]>())
        .prop_map(|(head, tail)| [head, tail].concat().try_into().unwrap())
}

/// Integers of all lengths up to so many bits and of both signs.
fn ints(bits: u32) -> impl Strategy<Value = Int512> {
    prop_oneof![
        8 => (any_bytes(), 512 - bits..512).prop_map(|(bytes, shift)| int(bytes, shift)),
        1 => Just(Int512::zero()),
        1 => Just(Int512::from(-1i64)),
        1 => Just(Int512::from(1i64)),
        1 => Just(Int512::MIN >> (512 - bits)),
        1 => Just(Int512::MAX >> (512 - bits)),
    ]
}

fn uints() -> impl Strategy<Value = Uint256> {
    (any::<[u8; 32]>(), 0u32..256).prop_map(|(bytes, shift)| Uint256::from_be_bytes(bytes) >> shift)
}

fn positive() -> impl Strategy<Value = Uint256> {
    uints().prop_map(|number| number.max(Uint256::one()))
}

/// Up to what a pool may ever receive, of both signs.
fn amounts() -> impl Strategy<Value = SignedPoints> {
    ints(249).prop_map(SignedPoints::new)
}

proptest! {
    #[test]
    fn sums_differences_and_multiples_are_exact(
        left in ints(500),
        right in ints(500),
        of_unit in ints(398),
        units in 0..=MAX_UNITS,
    ) {
        let (left, right) = (SignedPoints::new(left), SignedPoints::new(right));
        prop_assert_eq!(signed(left.plus(right).unwrap()), signed(left) + signed(right));
        prop_assert_eq!(signed(left.minus(right).unwrap()), signed(left) - signed(right));
        let (left, right) = (FinePoints::new(left.value()), FinePoints::new(right.value()));
        prop_assert_eq!(fine(left.plus(right).unwrap()), fine(left) + fine(right));
        prop_assert_eq!(fine(left.minus(right).unwrap()), fine(left) - fine(right));
        let of_unit = FinePoints::new(of_unit);
        let multiple = fine(of_unit.times(units).unwrap());
        prop_assert_eq!(multiple, fine(of_unit) * BigRational::from(BigInt::from(units)));
    }

    #[test]
    fn fine_points_round_to_the_points_next_to_them(parts in ints(512)) {
        let parts = FinePoints::new(parts);
        prop_assert_eq!(signed(parts.floor()), fine(parts).floor());
        prop_assert_eq!(signed(parts.ceil()), fine(parts).ceil());
    }

    #[test]
    fn points_are_whole_fine_points(points in ints(391)) {
        let points = SignedPoints::new(points);
        let parts = FinePoints::of(points).unwrap();
        prop_assert_eq!(fine(parts), signed(points));
        prop_assert_eq!((parts.floor(), parts.ceil()), (points, points));
    }

    #[test]
    fn an_entitlement_below_zero_is_nothing(points in ints(256)) {
        let exact = signed(SignedPoints::new(points));
        let shown = big_unsigned(SignedPoints::new(points).or_zero().value());
        prop_assert_eq!(BigRational::from(shown), exact.max(BigInt::ZERO.into()));
    }

    #[test]
    fn a_ratio_of_an_amount_is_rounded_once_to_the_side_that_is_asked_for(
        amount in amounts(),
        numerator in uints(),
        denominator in positive(),
    ) {
        let exact = signed(amount)
            * BigRational::new(big_unsigned(numerator), big_unsigned(denominator));
        let in_parts = exact.clone() * BigRational::from(ten_to(36));
        let ratio = Ratio::new(numerator, denominator);
        let fits = in_parts.clone().ceil().to_integer().bits() < 511;
        match (ratio.floor_of(amount), ratio.ceil_of(amount)) {
            (Ok(floor), Ok(ceil)) => {
                prop_assert_eq!(big(floor.value()), in_parts.floor().to_integer());
                prop_assert_eq!(big(ceil.value()), in_parts.ceil().to_integer());
                // So rounding to points afterwards is rounding once.
                prop_assert_eq!(signed(floor.floor()), exact.floor());
                prop_assert_eq!(signed(ceil.ceil()), exact.ceil());
            }
            _ => prop_assert!(!fits),
        }
    }

    #[test]
    fn a_ratio_over_a_number_is_divided_by_it(
        amount in amounts(),
        numerator in uints(),
        denominator in positive().prop_map(|number| number >> 128),
        divisor: u128,
    ) {
        let denominator = denominator.max(Uint256::one());
        let ratio = Ratio::new(numerator, denominator).over(divisor).unwrap();
        let product = denominator.checked_mul(Uint256::from(divisor)).unwrap();
        prop_assert_eq!(ratio, Ratio::new(numerator, product));
        if divisor == 0 {
            prop_assert_eq!(ratio.ceil_of(amount).unwrap(), FinePoints::ZERO);
        }
    }

    #[test]
    fn ratios_are_equal_when_they_are_the_same_number(
        left in (uints(), positive()),
        right in (uints(), positive()),
        factor in 1u128..,
    ) {
        let number = |(numerator, denominator): (Uint256, Uint256)| {
            BigRational::new(big_unsigned(numerator), big_unsigned(denominator))
        };
        let (one, other) = (Ratio::new(left.0, left.1), Ratio::new(right.0, right.1));
        prop_assert_eq!(one == other, number(left) == number(right));
        let small = (left.0 >> 128, (left.1 >> 128).max(Uint256::one()));
        let factor = Uint256::from(factor);
        let expanded = Ratio::new(
            small.0.checked_mul(factor).unwrap(),
            small.1.checked_mul(factor).unwrap(),
        );
        prop_assert_eq!(Ratio::new(small.0, small.1), expanded);
    }

    #[test]
    fn signed_amounts_survive_a_round_trip(value in ints(512)) {
        let points = SignedPoints::new(value);
        let bytes = borsh::to_vec(&points).unwrap();
        prop_assert_eq!(borsh::from_slice::<SignedPoints>(&bytes).unwrap(), points);
        let parts = FinePoints::new(value);
        prop_assert_eq!(borsh::to_vec(&parts).unwrap(), bytes.clone());
        prop_assert_eq!(borsh::from_slice::<FinePoints>(&bytes).unwrap(), parts);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        let _ = borsh::from_slice::<SignedPoints>(&bytes);
        let _ = borsh::from_slice::<FinePoints>(&bytes);
    }
}

fn number(number: u128) -> Uint256 {
    Uint256::from(number)
}

fn most_received() -> Points {
    Points::from_coins(u128::MAX)
}

#[test]
fn small_amounts_take_few_bytes_whatever_their_sign() {
    let bytes = |value: i64| borsh::to_vec(&SignedPoints::new(Int512::from(value))).unwrap();
    assert_eq!(bytes(0), [0]);
    assert_eq!(bytes(258), [2, 1, 2]);
    assert_eq!(bytes(-258), [102, 1, 2]);
}

#[test]
fn stored_amounts_beyond_512_bits_are_refused() {
    for head in [65, 99, 165, 255] {
        let bytes = [vec![head], vec![0; usize::from(head)]].concat();
        assert!(borsh::from_slice::<SignedPoints>(&bytes).is_err(), "{head}");
    }
    for head in [64, 164] {
        let bytes = [vec![head], Uint512::MAX.to_be_bytes().to_vec()].concat();
        assert!(borsh::from_slice::<FinePoints>(&bytes).is_err(), "{head}");
    }
}

#[test]
fn what_passes_512_bits_is_an_error_and_never_wraps() {
    let largest = SignedPoints::new(Int512::MAX);
    let smallest = SignedPoints::new(Int512::MIN);
    let one = SignedPoints::from(Points::ONE);
    let refused = |result: Result<SignedPoints, MathError>| {
        assert!(matches!(result, Err(MathError::SignedOverflow { .. })));
    };
    refused(largest.plus(one));
    refused(smallest.minus(one));
    let refused = |result: Result<FinePoints, MathError>| {
        assert!(matches!(result, Err(MathError::SignedOverflow { .. })));
    };
    refused(FinePoints::of(largest));
    refused(FinePoints::new(Int512::MAX).times(2));
    refused(FinePoints::new(Int512::MAX).plus(FinePoints::new(Int512::from(1i64))));
    refused(FinePoints::new(Int512::MIN).minus(FinePoints::new(Int512::from(1i64))));
    // An amount beyond 256 bits, and a result beyond 512.
    refused(Ratio::new(number(1), number(2)).floor_of(largest));
    refused(Ratio::new(Uint256::MAX, number(1)).ceil_of(most_received()));
    assert!(matches!(
        Ratio::new(number(1), Uint256::MAX).over(2),
        Err(MathError::Overflow { .. })
    ));
}

#[test]
fn the_least_amount_of_a_debt_rounds_to_a_whole_debt_or_to_nothing() {
    let hair = FinePoints::new(Int512::from(-1i64));
    assert_eq!(hair.floor(), SignedPoints::new(Int512::from(-1i64)));
    assert_eq!(hair.ceil(), SignedPoints::ZERO);
    let least = FinePoints::new(Int512::MIN);
    assert_eq!(signed(least.floor()), fine(least).floor());
    assert_eq!(signed(least.ceil()), fine(least).ceil());
}

/// The largest terms that an accounting forms: everything a pool may ever receive, in the hands of
/// the most units at the largest power, and of a single unit at power 1.
#[test]
fn the_largest_terms_of_an_accounting_fit() {
    let power = number((1 << 63) - 1);
    let rate = number(Rate::ATOMICS_PER_ONE.into());
    let units = number(MAX_UNITS);
    let all = Ratio::new(
        units.checked_mul(power).unwrap().checked_mul(rate).unwrap(),
        units.checked_mul(rate).unwrap(),
    )
    .over((1 << 63) - 1)
    .unwrap();
    assert_eq!(
        all.floor_of(most_received()).unwrap(),
        FinePoints::of(most_received()).unwrap()
    );
    // Per unit, with one unit: everything; as much as that may be what others changed.
    let twice = SignedPoints::from(most_received())
        .plus(most_received())
        .unwrap();
    let of_unit = Ratio::new(rate, rate).ceil_of(twice).unwrap();
    let of_all = of_unit.times(MAX_UNITS).unwrap();
    assert_eq!(
        fine(of_all),
        signed(twice) * BigRational::from(BigInt::from(MAX_UNITS))
    );
}
