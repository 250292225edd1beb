//! Units: shares and tokens as whole numbers.

use cosmwasm_std::Uint256;
use distribution_math::{ExchangeRate, MAX_UNITS, MathError, Rate, ScaledUnits, TokenScale, units};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;

use crate::inputs;
use crate::{big, exact_rate, rate, ratio, read_decimal, ten_to, whole};

fn exact_exchange_rate(rate: ExchangeRate) -> BigRational {
    read_decimal(&rate.to_string())
}

/// The rate after several slashes; those that would pass the minimum leave it.
fn slashed(fractions: &[Rate]) -> ExchangeRate {
    fractions.iter().fold(ExchangeRate::ONE, |rate, fraction| {
        rate.slashed(*fraction).unwrap_or(rate)
    })
}

/// Whether rounding down takes more than a millionth of a number.
fn loses_a_millionth(exact: &BigRational) -> bool {
    (exact - exact.floor()) * whole(1_000_000u32) > *exact
}

/// Units of which nothing, or next to nothing, was cut away.
fn kept(units: u128) -> Result<ScaledUnits, MathError> {
    Ok(ScaledUnits {
        units,
        truncated: false,
    })
}

/// Tokens of all sizes that a `Uint256` holds.
fn tokens() -> impl Strategy<Value = Uint256> {
    inputs::any_points().prop_map(|points| points.value())
}

/// Rates of validators that were slashed any number of times.
fn exchange_rate() -> impl Strategy<Value = ExchangeRate> {
    prop::collection::vec(inputs::rate(), 0..6).prop_map(|fractions| slashed(&fractions))
}

proptest! {
    #[test]
    fn shares_are_read_digit_by_digit_and_floored(
        digits in "[0-9]{1,40}",
        fraction in prop::option::of("[0-9]{1,18}"),
        places in 0u8..=18,
    ) {
        let text = fraction.map_or(digits.clone(), |fraction| format!("{digits}.{fraction}"));
        let exact = read_decimal(&text) * whole(ten_to(places.into()));
        let units = exact.floor();
        match TokenScale::new(places).units_of_shares(&text) {
            Ok(result) => {
                prop_assert_eq!(whole(result.units), units);
                prop_assert!(result.units <= MAX_UNITS);
                prop_assert_eq!(result.truncated, loses_a_millionth(&exact));
            }
            Err(error) => {
                let MathError::UnitsBound { units: refused } = error else {
                    panic!("{error}");
                };
                prop_assert!(units > whole(MAX_UNITS));
                // Exact, or the largest number of 128 bits.
                prop_assert_eq!(whole(big(refused)), units.min(whole(u128::MAX)));
            }
        }
    }

    #[test]
    fn what_is_no_decimal_number_is_refused(text in "\\PC{0,40}", places in 0u8..=18) {
        let (before, behind) = text.split_once('.').unwrap_or((text.as_str(), "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_number = is_digits(before) && is_digits(behind) && behind.len() <= 18;
        let result = TokenScale::new(places).units_of_shares(&text);
        prop_assert_eq!(
            matches!(result, Err(MathError::InvalidShares { .. })),
            !is_number
        );
    }

    #[test]
    fn units_of_tokens_are_the_floor_of_the_exact_quotient(
        tokens in tokens(),
        places in 0u8..=18,
        rate in exchange_rate(),
    ) {
        let units = whole(big(tokens)) * whole(ten_to(places.into())) / exact_exchange_rate(rate);
        match TokenScale::new(places).units_of_tokens(tokens, rate) {
            Ok(result) => {
                prop_assert_eq!(whole(result.units), units.floor());
                prop_assert!(result.units <= MAX_UNITS);
                prop_assert_eq!(result.truncated, loses_a_millionth(&units));
            }
            Err(MathError::UnitsBound { .. }) => prop_assert!(units.floor() > whole(MAX_UNITS)),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_slash_multiplies_and_rounds_up(rate in exchange_rate(), fraction in inputs::rate()) {
        let product = exact_exchange_rate(rate) * (ratio(1, 1) - exact_rate(fraction));
        match rate.slashed(fraction) {
            Some(result) => {
                let result = exact_exchange_rate(result);
                let above = result.clone() - product;
                prop_assert!(above >= BigRational::zero());
                prop_assert!(above < ratio(1, ten_to(36)));
                prop_assert!(result >= ratio(1, ten_to(9)));
                prop_assert!(result <= exact_exchange_rate(rate));
            }
            None => prop_assert!(product < ratio(1, ten_to(9))),
        }
    }

    #[test]
    fn a_rate_of_many_slashes_never_makes_too_many_units(
        fractions in prop::collection::vec(inputs::rate(), 0..6),
        tokens in inputs::coins(),
    ) {
        // Only slashes that are applied: the minimum leaves the rate where it is.
        let mut rate = ExchangeRate::ONE;
        let mut exact = ratio(1, 1);
        for fraction in fractions {
            if let Some(next) = rate.slashed(fraction) {
                rate = next;
                exact *= ratio(1, 1) - exact_rate(fraction);
            }
        }
        prop_assert!(exact_exchange_rate(rate) >= exact);
        if let Ok(units) = TokenScale::new(0).units_of_tokens(Uint256::from(tokens), rate) {
            prop_assert!(exact.is_zero() || whole(units.units) <= whole(tokens) / exact);
        }
    }

    #[test]
    fn a_slash_of_a_delegations_tokens_leaves_its_units_within_one(
        tokens in 1u128..1 << 90,
        percent in 0u64..100,
    ) {
        let fraction = Rate::from_atomics(Rate::ATOMICS_PER_ONE / 100 * percent).unwrap();
        let scale = TokenScale::new(0);
        let before = scale.units_of_tokens(Uint256::from(tokens), ExchangeRate::ONE).unwrap().units;
        // The staking module keeps whole tokens too, rounded down.
        let left = tokens * u128::from(100 - percent) / 100;
        let rate = ExchangeRate::ONE.slashed(fraction).unwrap();
        let after = scale.units_of_tokens(Uint256::from(left), rate).unwrap().units;
        prop_assert!(after <= before);
        // One token less is worth 1 / rate units.
        prop_assert!(before - after <= u128::from(100 / (100 - percent)) + 1);
    }
}

#[test]
fn ten_to_the_34_units_are_the_most() {
    let most = "10000000000000000000000000000000000";
    assert_eq!(TokenScale::new(0).units_of_shares(most), kept(MAX_UNITS));
    let above = "10000000000000000000000000000000001";
    assert_eq!(
        TokenScale::new(0)
            .units_of_shares(above)
            .unwrap_err()
            .to_string(),
        "10000000000000000000000000000000001 units are above the bound of 10^34"
    );
    // The same bound wherever the point is.
    let scale = TokenScale::new(18);
    assert_eq!(scale.units_of_shares("10000000000000000"), kept(MAX_UNITS));
    assert_eq!(
        scale.units_of_shares("10000000000000000.000000000000000001"),
        Err(MathError::UnitsBound {
            units: Uint256::from(MAX_UNITS + 1)
        })
    );
    // A place less is cut off before it counts.
    assert_eq!(
        TokenScale::new(17).units_of_shares("100000000000000000.000000000000000009"),
        kept(MAX_UNITS)
    );
}

#[test]
fn ten_to_the_34_units_of_tokens_are_the_most() {
    let scale = TokenScale::new(0);
    let tokens = Uint256::from(MAX_UNITS);
    assert_eq!(
        scale.units_of_tokens(tokens, ExchangeRate::ONE),
        kept(MAX_UNITS)
    );
    assert_eq!(
        scale.units_of_tokens(tokens + Uint256::one(), ExchangeRate::ONE),
        Err(MathError::UnitsBound {
            units: tokens + Uint256::one()
        })
    );
    // At the lowest rate 10^25 tokens are 10^34 units.
    let tokens = Uint256::from(10_000_000_000_000_000_000_000_000u128);
    assert_eq!(
        scale.units_of_tokens(tokens, ExchangeRate::MIN),
        kept(MAX_UNITS)
    );
    assert!(
        scale
            .units_of_tokens(tokens + Uint256::one(), ExchangeRate::MIN)
            .is_err()
    );
    // The largest number of tokens is refused, not wrapped.
    assert_eq!(
        TokenScale::new(18).units_of_tokens(Uint256::MAX, ExchangeRate::MIN),
        Err(MathError::UnitsBound {
            units: Uint256::MAX
        })
    );
}

#[test]
fn one_base_unit_is_ten_to_the_places_units() {
    for places in 0..=18u8 {
        let scale = TokenScale::new(places);
        let units = 10u128.pow(places.into());
        assert_eq!(scale.units_of_shares("1"), kept(units));
        let one = Uint256::one();
        assert_eq!(scale.units_of_tokens(one, ExchangeRate::ONE), kept(units));
    }
}

#[test]
fn what_is_cut_away_is_seen_from_a_millionth_on() {
    let truncates = |places, shares| {
        let units = TokenScale::new(places).units_of_shares(shares).unwrap();
        units.truncated
    };
    assert!(!truncates(0, "999999.999999"));
    assert!(!truncates(6, "0.999999000000999998"));
    assert!(truncates(0, "999998.999999999999999999"));
    assert!(truncates(0, "0.000000000000000001"));
    assert!(truncates(6, "0.000000900000218085"));
    assert!(!truncates(18, "0.000000900000218085"));
}

#[test]
fn more_than_18_places_count_as_18() {
    assert_eq!(TokenScale::new(19), TokenScale::new(18));
    assert_eq!(TokenScale::new(u8::MAX), TokenScale::new(18));
}

#[test]
fn shares_beyond_128_bits_of_atomics_are_read() {
    // 5 * 10^26 shares with 18 places have 45 digits, more than a decimal of 128 bits holds.
    let shares = "500000000000000000000000000.123456789012345678";
    assert_eq!(
        TokenScale::new(0).units_of_shares(shares),
        kept(500_000_000_000_000_000_000_000_000)
    );
    assert_eq!(
        TokenScale::new(3).units_of_shares(shares),
        kept(500_000_000_000_000_000_000_000_000_123)
    );
}

#[test]
fn texts_that_only_look_like_numbers_are_refused() {
    for text in [
        "",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1,5",
        " 1",
        "1 ",
        "0x1",
        "1.2.3",
        "1_000",
        "١",
        "0.0000000000000000001",
        "inf",
    ] {
        let error = TokenScale::new(6).units_of_shares(text).unwrap_err();
        assert_eq!(
            error,
            MathError::InvalidShares {
                shares: text.to_string()
            }
        );
    }
    let long = "x".repeat(1_000);
    let error = TokenScale::new(6).units_of_shares(&long).unwrap_err();
    let MathError::InvalidShares { shares } = error else {
        panic!("{error}");
    };
    assert_eq!(shares.len(), 64);
}

#[test]
fn zeros_in_front_and_behind_change_nothing() {
    let scale = TokenScale::new(6);
    let zeros = "0".repeat(500);
    assert_eq!(
        scale.units_of_shares(&format!("{zeros}7.50")),
        kept(7_500_000)
    );
    assert_eq!(scale.units_of_shares("0"), kept(0));
    assert_eq!(scale.units_of_shares("0.000000000000000000"), kept(0));
}

#[test]
fn a_rate_stops_at_ten_to_the_minus_nine() {
    assert_eq!(ExchangeRate::MIN.to_string(), "0.000000001");
    let to_minimum = rate("0.999999999");
    assert_eq!(
        ExchangeRate::ONE.slashed(to_minimum),
        Some(ExchangeRate::MIN)
    );
    let a_hair_more = rate("0.999999999000000001");
    assert_eq!(ExchangeRate::ONE.slashed(a_hair_more), None);
    assert_eq!(ExchangeRate::ONE.slashed(Rate::ONE), None);
    // At the minimum only a slash of nothing leaves it in its range.
    let nothing = ExchangeRate::MIN.slashed(Rate::ZERO);
    assert_eq!(nothing, Some(ExchangeRate::MIN));
    let smallest = Rate::from_atomics(1).unwrap();
    assert_eq!(ExchangeRate::MIN.slashed(smallest), None);
}

#[test]
fn a_slash_of_nothing_leaves_the_rate() {
    let rate = slashed(&[rate("0.05"), rate("0.0001")]);
    assert_eq!(rate.slashed(Rate::ZERO), Some(rate));
    assert_eq!(rate.to_string(), "0.949905");
}

#[test]
fn a_third_place_beyond_36_is_rounded_up() {
    // 0.999999999999999999^3 has 54 places.
    let hair = Rate::from_atomics(1).unwrap();
    let exact = {
        let factor = ratio(Rate::ATOMICS_PER_ONE - 1, Rate::ATOMICS_PER_ONE);
        &factor * &factor * &factor
    };
    let rounded_up = (exact * whole(ten_to(36))).ceil() / whole(ten_to(36));
    let rate = slashed(&[hair, hair, hair]);
    assert_eq!(exact_exchange_rate(rate), rounded_up);
    assert_eq!(rate.to_string(), "0.999999999999999997000000000000000003");
}

#[test]
fn the_largest_product_of_tokens_stays_within_512_bits() {
    // 2^256 tokens with 18 places over the lowest rate: 2^256 * 10^54 < 2^436.
    let most = BigInt::from(2).pow(256) * ten_to(54);
    assert!(most < BigInt::from(2).pow(436));
}

#[test]
fn a_changed_holder_changes_the_total_by_the_difference() {
    assert_eq!(units::after_change(10, 4, 1), Ok(7));
    assert_eq!(units::after_change(MAX_UNITS, 1, 1), Ok(MAX_UNITS));
    let beyond = |units| {
        Err(MathError::UnitsBound {
            units: Uint256::from(units),
        })
    };
    assert_eq!(units::after_change(MAX_UNITS, 0, 1), beyond(MAX_UNITS + 1));
    assert_eq!(
        units::after_change(MAX_UNITS, 0, u128::MAX),
        beyond(u128::MAX)
    );
    assert_eq!(
        units::after_change(3, 4, 5),
        Err(MathError::Underflow {
            left: Uint256::from(3u128),
            right: Uint256::from(4u128),
        })
    );
}
