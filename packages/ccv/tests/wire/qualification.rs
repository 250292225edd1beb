//! Disqualification and the division, held against the specification's two steps in exact
//! rationals.

use ccv::qualification::{DisqualifiedPolicy, Qualification};
use cosmwasm_std::Uint256;
use distribution_math::{MathError, Points};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{big, inputs, points, whole};

use DisqualifiedPolicy::{Carry, Redistribute};

/// A weight, and whether its validator exists.
#[derive(Clone, Copy, Debug)]
struct Weight {
    points: Points,
    exists: bool,
}

/// What one unit pays.
#[derive(Debug, PartialEq)]
struct Outcome {
    disqualified_pool: u128,
    /// By validator; those that do not exist get nothing.
    paid: Vec<u128>,
    community: u128,
    carry: u128,
}

fn stored(count: &Qualification) -> Qualification {
    borsh::from_slice(&borsh::to_vec(count).unwrap()).unwrap()
}

/// Both passes, in pages of `page` validators.
fn distribute(
    tokens: u128,
    weights: &[Weight],
    policy: DisqualifiedPolicy,
    page: usize,
) -> Outcome {
    let total = Points::sum(weights.iter().map(|weight| weight.points)).unwrap();
    let mut count = Qualification::new(total);
    for page in weights.chunks(page) {
        for weight in page.iter().filter(|weight| !weight.exists) {
            count.disqualify(weight.points).unwrap();
        }
        count = stored(&count);
    }
    let mut outcome = Outcome {
        disqualified_pool: count.disqualified_pool(tokens).unwrap(),
        paid: vec![0; weights.len()],
        community: 0,
        carry: tokens,
    };
    if count.shares(tokens, policy).is_none() {
        outcome.community = std::mem::take(&mut outcome.carry);
    }
    for (page, paid) in weights.chunks(page).zip(outcome.paid.chunks_mut(page)) {
        let Some(shares) = stored(&count).shares(tokens, policy) else {
            continue;
        };
        for (weight, paid) in page.iter().zip(paid).filter(|(weight, _)| weight.exists) {
            *paid = shares.of(weight.points).unwrap();
            outcome.carry -= *paid;
        }
    }
    outcome
}

/// The specification's formula for each validator, unrounded: `tokens * W_i / TW`, and with
/// `redistribute` a second step, `disqualified_pool * W_i / QTW`.
fn two_steps(tokens: u128, weights: &[Weight], policy: DisqualifiedPolicy) -> Vec<BigRational> {
    let total: BigInt = weights.iter().map(|weight| big(weight.points)).sum();
    let mut qualified_total = total.clone();
    let mut pool = whole(0);
    for weight in weights.iter().filter(|weight| !weight.exists) {
        pool += whole(tokens) * whole(big(weight.points)) / whole(total.clone());
        qualified_total -= big(weight.points);
    }
    let share = |weight: &Weight| {
        if !weight.exists {
            return whole(0);
        }
        let first = whole(tokens) * whole(big(weight.points)) / whole(total.clone());
        let second = &pool * whole(big(weight.points)) / whole(qualified_total.clone());
        match policy {
            Redistribute => first + second,
            Carry => first,
        }
    };
    weights.iter().map(share).collect()
}

fn policies() -> impl Strategy<Value = DisqualifiedPolicy> {
    prop_oneof![Just(Redistribute), Just(Carry)]
}

/// Weights of all magnitudes, or of few, with any of them gone.
fn weights() -> impl Strategy<Value = Vec<Weight>> {
    let points = prop_oneof![inputs::weight(), (1u128..5).prop_map(points)];
    let weight =
        (points, prop::bool::weighted(0.7)).prop_map(|(points, exists)| Weight { points, exists });
    vec(weight, 1..40)
}

proptest! {
    #[test]
    fn each_reward_is_the_floor_of_the_two_step_formula(
        tokens in inputs::tokens(),
        weights in weights(),
        policy in policies(),
    ) {
        let outcome = distribute(tokens, &weights, policy, weights.len());
        let exact = two_steps(tokens, &weights, policy);
        for (paid, exact) in outcome.paid.iter().zip(&exact) {
            prop_assert_eq!(whole(*paid), exact.floor());
        }
    }

    #[test]
    fn nothing_is_lost_and_the_dust_is_below_one_for_each_qualified_validator(
        tokens in inputs::tokens(),
        weights in weights(),
        policy in policies(),
    ) {
        let outcome = distribute(tokens, &weights, policy, weights.len());
        let paid: u128 = outcome.paid.iter().sum();
        prop_assert_eq!(paid + outcome.community + outcome.carry, tokens);
        let qualified = weights.iter().filter(|weight| weight.exists).count() as u128;
        let exact: BigRational = two_steps(tokens, &weights, policy).iter().sum();
        let carried = match policy {
            Redistribute => whole(0),
            Carry => whole(tokens) - exact,
        };
        let dust = whole(outcome.carry) - carried;
        if qualified == 0 {
            prop_assert_eq!((outcome.community, outcome.carry), (tokens, 0));
        } else {
            prop_assert_eq!(outcome.community, 0);
            prop_assert!(dust >= whole(0) && dust < whole(qualified));
        }
    }

    #[test]
    fn the_page_size_never_changes_the_result(
        tokens in inputs::tokens(),
        weights in weights(),
        policy in policies(),
    ) {
        let expected = distribute(tokens, &weights, policy, weights.len());
        for page in 1..weights.len() {
            prop_assert_eq!(&distribute(tokens, &weights, policy, page), &expected);
        }
    }

    #[test]
    fn the_disqualified_pool_is_the_floor_of_the_exact_one(
        tokens in inputs::tokens(),
        weights in weights(),
    ) {
        let outcome = distribute(tokens, &weights, Redistribute, 1);
        let gone = weights.iter().filter(|weight| !weight.exists);
        let gone: BigInt = gone.map(|weight| big(weight.points)).sum();
        let total: BigInt = weights.iter().map(|weight| big(weight.points)).sum();
        let exact = whole(tokens) * whole(gone) / whole(total);
        prop_assert_eq!(whole(outcome.disqualified_pool), exact.floor());
    }
}

/// Weights and which of their validators exist (`1`), as `101`.
fn case(weights: &[u128], exist: &str) -> Vec<Weight> {
    weights
        .iter()
        .zip(exist.chars())
        .map(|(weight, exists)| Weight {
            points: points(*weight),
            exists: exists == '1',
        })
        .collect()
}

#[test]
fn the_cases_of_the_specification() {
    for (tokens, weights, exist, paid, dust) in [
        (100, &[100; 6][..], "111100", &[25, 25, 25, 25, 0, 0][..], 0),
        (1000, &[50, 30, 20], "110", &[625, 375, 0], 0),
        (1000, &[50, 30, 20], "011", &[0, 600, 400], 0),
        (1001, &[1, 1, 1], "111", &[333, 333, 333], 2),
        (1001, &[1, 1, 1], "110", &[500, 500, 0], 1),
        (
            12345,
            &[7, 11, 13, 17, 19],
            "10101",
            &[2215, 0, 4115, 0, 6014],
            1,
        ),
        (
            1_000_000,
            &[100, 1, 1, 1],
            "1111",
            &[970_873, 9708, 9708, 9708],
            3,
        ),
    ] {
        let outcome = distribute(tokens, &case(weights, exist), Redistribute, 2);
        assert_eq!(outcome.paid, paid, "{tokens} {weights:?} {exist}");
        assert_eq!(
            (outcome.carry, outcome.community),
            (dust, 0),
            "{tokens} {weights:?} {exist}"
        );
    }
}

#[test]
fn nobody_qualified_pays_the_community_pool_under_either_policy() {
    for policy in [Redistribute, Carry] {
        let outcome = distribute(7, &case(&[3, 3, 3], "000"), policy, 2);
        assert_eq!(
            outcome,
            Outcome {
                disqualified_pool: 7,
                paid: vec![0; 3],
                community: 7,
                carry: 0,
            }
        );
    }
}

#[test]
fn the_carry_policy_keeps_the_disqualified_part() {
    let outcome = distribute(1000, &case(&[50, 30, 20], "011"), Carry, 1);
    assert_eq!(outcome.disqualified_pool, 500);
    assert_eq!(outcome.paid, [0, 300, 200]);
    assert_eq!(outcome.carry, 500);
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    let half = Points::new(Uint256::MAX >> 1);
    let total = half.checked_add(half).unwrap();
    let mut count = Qualification::new(total);
    let all = count.shares(u128::MAX, Redistribute).unwrap();
    assert_eq!(all.of(half), Ok(u128::MAX >> 1));
    assert_eq!(all.of(total), Ok(u128::MAX));
    count.disqualify(half).unwrap();
    let one = count.shares(u128::MAX, Redistribute).unwrap();
    assert_eq!(one.of(half), Ok(u128::MAX));
    assert_eq!(count.qualified(), half);
    assert_eq!(count.total(), total);
}

#[test]
fn more_than_the_total_is_neither_disqualified_nor_paid() {
    let underflow =
        |result: Result<u128, MathError>| matches!(result, Err(MathError::Underflow { .. }));
    let mut count = Qualification::new(points(10));
    assert!(count.disqualify(points(11)).is_err());
    assert_eq!(
        count.qualified(),
        points(10),
        "a refused weight changes nothing"
    );
    count.disqualify(points(4)).unwrap();
    assert!(underflow(
        count.shares(100, Redistribute).unwrap().of(points(7))
    ));
    assert!(underflow(count.shares(100, Carry).unwrap().of(points(11))));
}

#[test]
fn a_unit_without_weights_is_nobodys() {
    let count = Qualification::new(Points::ZERO);
    assert_eq!(count.shares(5, Redistribute), None);
    assert!(count.disqualified_pool(5).is_err());
}

#[test]
fn the_policy_is_read_by_its_name() {
    let read = cosmwasm_std::from_json::<DisqualifiedPolicy>;
    assert_eq!(
        read(r#""redistribute""#).unwrap(),
        DisqualifiedPolicy::default()
    );
    assert_eq!(read(r#""carry""#).unwrap(), Carry);
    assert!(read(r#""Carry""#).is_err());
}
