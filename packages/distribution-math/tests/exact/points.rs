//! Points: the arithmetic of amounts.

use cosmwasm_std::Uint256;
use distribution_math::points::POINTS_PER_COIN;
use distribution_math::{MathError, Points};
use num_bigint::BigInt;
use num_traits::Zero;
use proptest::prelude::*;

use crate::inputs;
use crate::{big, exact, exact_decimal, exact_rate, points, ratio, ten_to, whole};

fn fits(value: &BigInt) -> bool {
    *value < BigInt::from(2).pow(256)
}

proptest! {
    #[test]
    fn a_coin_is_ten_to_the_36_points(coins in inputs::coins()) {
        let amount = Points::from_coins(coins);
        prop_assert_eq!(exact(amount), whole(BigInt::from(coins) * ten_to(36)));
        prop_assert_eq!(Points::try_from_coins(Uint256::from(coins)), Ok(amount));
        prop_assert_eq!(amount.whole_coins(), Uint256::from(coins));
        prop_assert!(amount.fraction().is_zero());
    }

    #[test]
    fn whole_coins_and_fraction_are_floor_and_remainder(amount in inputs::any_points()) {
        let coins = exact(amount) / whole(ten_to(36));
        prop_assert_eq!(whole(big(amount.whole_coins())), coins.floor());
        prop_assert_eq!(exact(amount.fraction()) / whole(ten_to(36)), coins.fract());
        prop_assert!(amount.fraction().value() < POINTS_PER_COIN);
    }

    #[test]
    fn what_is_shown_is_below_the_amount_by_less_than_the_last_place(amount in inputs::any_points()) {
        let missing = exact(amount) / whole(ten_to(36)) - exact_decimal(amount.to_decimal());
        prop_assert!(missing >= ratio(0, 1));
        prop_assert!(missing < ratio(1, ten_to(18)));
    }

    #[test]
    fn a_sum_is_exact_or_refused(a in inputs::any_points(), b in inputs::any_points()) {
        let sum = big(a.value()) + big(b.value());
        match a.checked_add(b) {
            Ok(result) => {
                prop_assert_eq!(big(result.value()), sum);
                prop_assert_eq!(a.saturating_add(b), result);
            }
            Err(error) => {
                prop_assert!(!fits(&sum));
                let (left, right) = (a.value(), b.value());
                prop_assert_eq!(error, MathError::Overflow { operation: "addition", left, right });
                prop_assert_eq!(a.saturating_add(b), Points::new(Uint256::MAX));
            }
        }
    }

    #[test]
    fn a_difference_is_exact_or_refused(a in inputs::any_points(), b in inputs::any_points()) {
        let difference = big(a.value()) - big(b.value());
        match a.checked_sub(b) {
            Ok(result) => {
                prop_assert_eq!(big(result.value()), difference);
                prop_assert_eq!(a.saturating_sub(b), result);
            }
            Err(error) => {
                prop_assert!(difference < BigInt::zero());
                prop_assert_eq!(error, MathError::Underflow { left: a.value(), right: b.value() });
                prop_assert_eq!(a.saturating_sub(b), Points::ZERO);
            }
        }
    }

    #[test]
    fn a_product_with_units_is_exact_or_refused(a in inputs::any_points(), units in inputs::coins()) {
        let product = big(a.value()) * units;
        match a.checked_mul(units) {
            Ok(result) => prop_assert_eq!(big(result.value()), product),
            Err(error) => {
                prop_assert!(!fits(&product));
                prop_assert_eq!(error, MathError::Overflow {
                    operation: "multiplication",
                    left: a.value(),
                    right: Uint256::from(units),
                });
            }
        }
    }

    #[test]
    fn a_rate_of_an_amount_is_the_floor_of_the_exact_product(
        amount in inputs::any_points(),
        rate in inputs::rate(),
    ) {
        let product = exact(amount) * exact_rate(rate);
        prop_assert_eq!(exact(amount.mul_rate_floor(rate)), product.floor());
    }

    #[test]
    fn a_ratio_of_an_amount_is_the_floor_of_the_exact_quotient_or_refused(
        amount in inputs::any_points(),
        numerator in inputs::any_points(),
        denominator in inputs::any_points(),
    ) {
        let (numerator, denominator) = (numerator.value(), denominator.value());
        let result = amount.mul_ratio_floor(numerator, denominator);
        if denominator.is_zero() {
            prop_assert_eq!(result, Err(MathError::DivisionByZero { amount: amount.value() }));
            return Ok(());
        }
        let quotient = (exact(amount) * whole(big(numerator)) / whole(big(denominator))).floor();
        match result {
            Ok(result) => prop_assert_eq!(exact(result), quotient),
            Err(error) => {
                prop_assert!(!fits(&quotient.to_integer()));
                let is_overflow = matches!(error, MathError::Overflow { .. });
                prop_assert!(is_overflow, "{}", error);
            }
        }
    }

    #[test]
    fn the_sum_of_many_is_exact(amounts in prop::collection::vec(inputs::any_points(), 0..8)) {
        let sum: BigInt = amounts.iter().map(|amount| big(amount.value())).sum();
        match Points::sum(amounts) {
            Ok(result) => prop_assert_eq!(big(result.value()), sum),
            Err(_) => prop_assert!(!fits(&sum)),
        }
    }
}

#[test]
fn the_largest_receipt_fits_with_room_to_spare() {
    let largest = Points::from_coins(u128::MAX);
    assert!(big(largest.value()) < BigInt::from(2).pow(248));
    assert_eq!(largest.whole_coins(), Uint256::from(u128::MAX));
    assert_eq!(
        largest.to_decimal().to_string(),
        "340282366920938463463374607431768211455"
    );
}

#[test]
fn two_to_the_128_coins_are_refused() {
    let refused = Uint256::from(u128::MAX) + Uint256::one();
    let error = Points::try_from_coins(refused).unwrap_err();
    assert_eq!(error, MathError::CoinsBound { amount: refused });
    assert_eq!(
        error.to_string(),
        "340282366920938463463374607431768211456 base units are above the bound of 2^128 - 1"
    );
}

#[test]
fn one_base_unit_and_one_point_are_told_apart() {
    assert_eq!(Points::from_coins(1).value(), POINTS_PER_COIN);
    assert_eq!(Points::from_coins(1).to_decimal().to_string(), "1");
    assert_eq!(Points::ONE.whole_coins(), Uint256::zero());
    assert_eq!(Points::ONE.to_decimal().to_string(), "0");
    assert!(!Points::ONE.is_zero());
    let almost = Points::from_coins(1).checked_sub(Points::ONE).unwrap();
    assert_eq!(almost.whole_coins(), Uint256::zero());
    assert_eq!(almost.to_decimal().to_string(), "0.999999999999999999");
}

#[test]
fn points_are_printed_as_a_whole_number() {
    assert_eq!(points(1_500).to_string(), "1500");
    assert_eq!(
        Points::from_coins(2).to_string(),
        "2000000000000000000000000000000000000"
    );
}
