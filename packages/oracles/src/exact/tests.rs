//! The sum of fractions against plain rationals.

#![allow(clippy::unwrap_used)]

use std::{
    cmp::Ordering,
    num::{NonZeroU64, NonZeroU128},
};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

use super::{Denominator, ExactSum};

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn ten_to(places: u32) -> BigInt {
    BigInt::from(10).pow(places)
}

fn over(units: u128, total_power: u64, validators: u64) -> Denominator {
    Denominator {
        units: NonZeroU128::new(units).unwrap(),
        total_power: NonZeroU64::new(total_power).unwrap(),
        validators: NonZeroU64::new(validators).unwrap(),
    }
}

fn plain_value(denominator: Denominator) -> BigInt {
    BigInt::from(denominator.total_power.get()).pow(2)
        * denominator.validators.get()
        * denominator.units.get()
}

/// A term of a sum: the numerator in 10^-54 base units.
#[derive(Clone, Debug)]
struct Term {
    numerator: BigInt,
    denominator: Denominator,
}

fn sum_of(terms: &[Term]) -> ExactSum {
    let mut sum = ExactSum::default();
    for term in terms {
        sum.add(term.numerator.clone(), term.denominator);
    }
    sum
}

fn plain_sum_of(terms: &[Term]) -> BigRational {
    terms
        .iter()
        .map(|term| {
            BigRational::new(
                term.numerator.clone(),
                plain_value(term.denominator) * ten_to(54),
            )
        })
        .fold(BigRational::zero(), |sum, each| sum + each)
}

/// Few different denominators, so that entries meet again, with small factors that cancel.
fn small_terms() -> impl Strategy<Value = Vec<Term>> {
    let term = (-20_i64..=20, 1_u128..=4, 1_u64..=3, 1_u64..=2).prop_map(
        |(numerator, units, power, validators)| Term {
            numerator: BigInt::from(numerator) * ten_to(54),
            denominator: over(units, power, validators),
        },
    );
    prop::collection::vec(term, 0..40)
}

/// Anything that a ledger may meet.
fn large_terms() -> impl Strategy<Value = Vec<Term>> {
    let term = (
        any::<i128>(),
        any::<u128>(),
        1..=10_u128.pow(30),
        1_u64..1 << 63,
        1_u64..=1000,
    )
        .prop_map(|(high, low, units, power, validators)| Term {
            numerator: (BigInt::from(high) << 128) + low,
            denominator: over(units, power, validators),
        });
    prop::collection::vec(term, 0..12)
}

/// Everything a sum answers, against the plain value.
fn agrees(sum: &ExactSum, plain: &BigRational) {
    assert_eq!(&sum.value(), plain);
    let in_points = plain * ten_to(36);
    let floor = plain.floor().to_integer();
    let floor_points = in_points.floor().to_integer();
    assert_eq!(sum.floor_coins(), floor);
    assert_eq!(sum.floor_points(), floor_points);
    assert_eq!(sum.floor_parts(), (plain * ten_to(54)).floor().to_integer());
    for off in -1..=2 {
        let near = &floor + off;
        assert_eq!(
            sum.cmp_coins(&near),
            plain.cmp(&BigRational::from(near.clone()))
        );
        let near = &floor_points + off;
        assert_eq!(
            sum.cmp_points(&near),
            in_points.cmp(&BigRational::from(near.clone()))
        );
        assert_eq!(
            sum.minus_points(&near),
            plain - BigRational::new(near, ten_to(36))
        );
    }
}

proptest! {
    #[test]
    fn small_fractions_sum_like_rationals(terms in small_terms()) {
        agrees(&sum_of(&terms), &plain_sum_of(&terms));
    }

    #[test]
    fn large_fractions_sum_like_rationals(terms in large_terms()) {
        agrees(&sum_of(&terms), &plain_sum_of(&terms));
    }

    #[test]
    fn sums_of_sums_are_sums(a in small_terms(), b in small_terms(), coins in -9_i64..9) {
        let mut sum = sum_of(&a);
        sum.add_sum(&sum_of(&b));
        sum.add_coins(coins);
        let plain = plain_sum_of(&a) + plain_sum_of(&b) + BigRational::from(BigInt::from(coins));
        agrees(&sum, &plain);
    }

    #[test]
    fn what_is_added_and_taken_away_leaves_nothing(terms in large_terms()) {
        let mut sum = sum_of(&terms);
        for term in &terms {
            sum.add(-&term.numerator, term.denominator);
        }
        agrees(&sum, &BigRational::zero());
    }
}

#[test]
fn an_empty_sum_is_zero() {
    agrees(&ExactSum::default(), &BigRational::zero());
}

#[test]
fn a_whole_number_of_fractions_is_not_below_it() {
    let mut sum = ExactSum::default();
    for units in [3, 6, 2] {
        sum.add(ten_to(54), over(units, 1, 1));
    }
    assert_eq!(sum.floor_coins(), BigInt::one());
    assert_eq!(sum.cmp_coins(&BigInt::one()), Ordering::Equal);
}

#[test]
fn what_the_bounds_cannot_see_is_still_compared_exactly() {
    // Above 1/3 + 2/3 by 10^-54 / (10^30 * (2^63 - 1)^2): far below what the bounds resolve.
    let mut sum = ExactSum::default();
    sum.add(ten_to(54), over(3, 1, 1));
    sum.add(ten_to(54) * 4, over(6, 1, 1));
    assert_eq!(sum.cmp_coins(&BigInt::one()), Ordering::Equal);
    let speck = over(10_u128.pow(30), (1 << 63) - 1, 1);
    sum.add(BigInt::one(), speck);
    assert_eq!(sum.cmp_coins(&BigInt::one()), Ordering::Greater);
    assert_eq!(sum.floor_coins(), BigInt::one());
    sum.add(BigInt::from(-2), speck);
    assert_eq!(sum.cmp_coins(&BigInt::one()), Ordering::Less);
    assert_eq!(sum.floor_coins(), BigInt::zero());
}

#[test]
fn a_single_fraction_just_above_a_whole_number_is_above_it() {
    let fine = over(10_u128.pow(30), (1 << 63) - 1, 1);
    let mut sum = ExactSum::default();
    sum.add(plain_value(fine) * ten_to(54) + 1, fine);
    assert_eq!(sum.cmp_coins(&BigInt::one()), Ordering::Greater);
    assert_eq!(sum.cmp_coins(&BigInt::from(2)), Ordering::Less);
}

#[test]
fn numerators_count_their_part_of_a_base_unit() {
    let mut sum = ExactSum::default();
    sum.add(ten_to(54) * 7, over(5, 3, 2));
    assert_eq!(sum.value(), ratio(7, 90));
}
