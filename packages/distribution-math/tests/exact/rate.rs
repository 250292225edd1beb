//! Rates: fractions between 0 and 1.

use cosmwasm_std::{Decimal256, Uint256};
use distribution_math::{MathError, Rate};
use proptest::prelude::*;

use crate::inputs;
use crate::{exact_decimal, exact_rate, ratio, read_decimal};

proptest! {
    #[test]
    fn a_rate_is_the_decimal_it_was_made_of(rate in inputs::rate()) {
        prop_assert_eq!(Rate::new(rate.to_decimal()), Ok(rate));
        prop_assert_eq!(exact_decimal(rate.to_decimal()), exact_rate(rate));
        prop_assert_eq!(read_decimal(&rate.to_string()), exact_rate(rate));
    }

    #[test]
    fn a_rate_and_its_complement_are_one(rate in inputs::rate()) {
        prop_assert_eq!(exact_rate(rate) + exact_rate(rate.complement()), ratio(1, 1));
        prop_assert_eq!(rate.complement().complement(), rate);
    }

    #[test]
    fn every_decimal_above_one_is_refused(points in inputs::any_points()) {
        let decimal = Decimal256::new(points.value());
        match Rate::new(decimal) {
            Ok(rate) => prop_assert_eq!(exact_rate(rate), exact_decimal(decimal)),
            Err(error) => {
                prop_assert!(decimal > Decimal256::one());
                prop_assert_eq!(error, MathError::RateAboveOne { rate: decimal });
            }
        }
    }

    #[test]
    fn atomics_make_a_rate_up_to_one(atomics: u64) {
        let rate = Rate::from_atomics(atomics);
        prop_assert_eq!(rate.is_some(), atomics <= Rate::ATOMICS_PER_ONE);
        prop_assert_eq!(rate.map_or(atomics, Rate::atomics), atomics);
    }

    #[test]
    fn rates_are_ordered_as_numbers(a in inputs::rate(), b in inputs::rate()) {
        prop_assert_eq!(a.cmp(&b), exact_rate(a).cmp(&exact_rate(b)));
    }
}

#[test]
fn one_is_the_last_rate() {
    assert_eq!(Rate::new(Decimal256::one()), Ok(Rate::ONE));
    assert_eq!(Rate::ONE.complement(), Rate::ZERO);
    let above = Decimal256::one() + Decimal256::new(Uint256::one());
    assert_eq!(
        Rate::new(above).unwrap_err().to_string(),
        "rate 1.000000000000000001 is above 1"
    );
}

#[test]
fn the_smallest_rate_is_kept() {
    let smallest = Rate::new(Decimal256::new(Uint256::one())).unwrap();
    assert_eq!(smallest.atomics(), 1);
    assert_eq!(smallest.to_string(), "0.000000000000000001");
    assert_eq!(smallest.complement().to_string(), "0.999999999999999999");
}

#[test]
fn a_decimal_that_is_a_rate_in_its_lowest_64_bits_is_refused() {
    // 2^64 atomics and a half: cut to 64 bits it would be 0.5.
    let atomics = (Uint256::one() << 64) + Uint256::from(Rate::ATOMICS_PER_ONE / 2);
    assert!(Rate::new(Decimal256::new(atomics)).is_err());
    let atomics = (Uint256::one() << 128) + Uint256::from(Rate::ATOMICS_PER_ONE / 2);
    assert!(Rate::new(Decimal256::new(atomics)).is_err());
}
