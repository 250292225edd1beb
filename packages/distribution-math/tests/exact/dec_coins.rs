//! DecCoins: how amounts are shown.

use std::collections::BTreeMap;

use cosmwasm_std::{Uint256, from_json, to_json_string};
use distribution_math::{DecCoin, DecCoins, MathError, Points};
use num_rational::BigRational;
use proptest::prelude::*;

use crate::inputs;
use crate::{exact, exact_decimal, ten_to, whole};

/// Amounts of few denoms, so that some come several times; many below the last place.
fn amounts() -> impl Strategy<Value = Vec<(String, Points)>> {
    // Ten of them stay within the bound.
    let amount = prop_oneof![
        3 => inputs::points().prop_map(|points| {
            Points::new(points.value().checked_div(Uint256::from(10u128)).unwrap())
        }),
        1 => (0u128..3_000_000_000_000_000_000).prop_map(crate::points),
        1 => Just(Points::ZERO),
    ];
    prop::collection::vec(("[abc]{3}|ibc/[AB]{2}", amount), 0..10)
}

proptest! {
    #[test]
    fn coins_are_sorted_unique_and_not_zero(amounts in amounts()) {
        let coins = DecCoins::from_points(amounts);
        for pair in coins.as_slice().windows(2) {
            prop_assert!(pair[0].denom < pair[1].denom);
        }
        prop_assert!(coins.as_slice().iter().all(|coin| !coin.amount.is_zero()));
        prop_assert_eq!(coins.is_empty(), coins.as_slice().is_empty());
    }

    #[test]
    fn every_denom_shows_the_floor_of_its_sum(amounts in amounts()) {
        let mut sums: BTreeMap<String, BigRational> = BTreeMap::new();
        for (denom, amount) in &amounts {
            *sums.entry(denom.clone()).or_insert(whole(0)) += exact(*amount);
        }
        let coins = DecCoins::from_points(amounts);
        for (denom, sum) in sums {
            let shown = exact_decimal(coins.amount_of(&denom));
            let shown_points = shown * whole(ten_to(36));
            prop_assert_eq!(
                shown_points / whole(ten_to(18)),
                (sum / whole(ten_to(18))).floor()
            );
        }
        prop_assert!(coins.amount_of("none").is_zero());
    }

    #[test]
    fn the_order_of_the_amounts_does_not_matter(amounts in amounts()) {
        let backwards = amounts.iter().rev().cloned();
        prop_assert_eq!(DecCoins::from_points(backwards), DecCoins::from_points(amounts.clone()));
    }

    #[test]
    fn json_comes_back_as_it_was(amounts in amounts()) {
        let coins = DecCoins::from_points(amounts);
        let json = to_json_string(&coins).unwrap();
        prop_assert_eq!(from_json::<DecCoins>(json).unwrap(), coins);
    }

    #[test]
    fn a_list_is_taken_exactly_when_it_keeps_the_rules(
        coins in prop::collection::vec(("[ab]{1,2}", 0u128..3), 0..4),
    ) {
        let list: Vec<DecCoin> = coins
            .into_iter()
            .map(|(denom, amount)| DecCoin {
                denom,
                amount: Points::from_coins(amount).to_decimal(),
            })
            .collect();
        let keeps_rules = list.windows(2).all(|pair| pair[0].denom < pair[1].denom)
            && list.iter().all(|coin| !coin.amount.is_zero());
        prop_assert_eq!(DecCoins::try_from(list).is_ok(), keeps_rules);
    }
}

#[test]
fn json_is_like_the_sdk() {
    let half = Points::from_coins(3)
        .checked_sub(Points::from_coins(1))
        .unwrap();
    let coins = DecCoins::from_points([
        ("uosmo", half),
        (
            "uatom",
            Points::from_coins(3).mul_rate_floor(crate::rate("0.5")),
        ),
    ]);
    let json = r#"[{"denom":"uatom","amount":"1.5"},{"denom":"uosmo","amount":"2"}]"#;
    assert_eq!(to_json_string(&coins).unwrap(), json);
    assert_eq!(coins.to_string(), "1.5uatom,2uosmo");
    // The SDK writes all 18 places.
    let sdk = r#"[{"denom":"uatom","amount":"1.500000000000000000"},{"denom":"uosmo","amount":"2.000000000000000000"}]"#;
    assert_eq!(from_json::<DecCoins>(sdk).unwrap(), coins);
}

#[test]
fn nothing_is_an_empty_list() {
    let nothing = DecCoins::from_points([("uatom", Points::ZERO)]);
    assert_eq!(nothing, DecCoins::default());
    assert_eq!(to_json_string(&nothing).unwrap(), "[]");
    assert_eq!(nothing.to_string(), "");
}

#[test]
fn an_amount_below_the_last_place_is_left_out() {
    let last_place = crate::points(1_000_000_000_000_000_000);
    let below = last_place.checked_sub(Points::ONE).unwrap();
    assert!(DecCoins::from_points([("uatom", below)]).is_empty());
    let shown = DecCoins::from_points([("uatom", last_place)]);
    assert_eq!(shown.to_string(), "0.000000000000000001uatom");
    // Two that are too small alone are shown together.
    let together = DecCoins::from_points([("uatom", below), ("uatom", below)]);
    assert_eq!(together, shown);
}

#[test]
fn the_largest_amount_is_shown() {
    let largest = DecCoins::from_points([("uatom", Points::from_coins(u128::MAX))]);
    assert_eq!(
        largest.to_string(),
        "340282366920938463463374607431768211455uatom"
    );
}

#[test]
fn a_list_that_breaks_the_rules_cannot_be_read() {
    let unsorted = r#"[{"denom":"uosmo","amount":"1"},{"denom":"uatom","amount":"1"}]"#;
    let twice = r#"[{"denom":"uatom","amount":"1"},{"denom":"uatom","amount":"1"}]"#;
    let zero = r#"[{"denom":"uatom","amount":"0"}]"#;
    for json in [unsorted, twice, zero] {
        let error = from_json::<DecCoins>(json).unwrap_err().to_string();
        assert!(error.contains("at denom `uatom`"), "{error}");
    }
    let error = DecCoins::try_from(vec![DecCoin {
        denom: "uatom".into(),
        amount: Points::ZERO.to_decimal(),
    }]);
    assert_eq!(
        error,
        Err(MathError::InvalidDecCoins {
            denom: "uatom".into()
        })
    );
}
