//! How the tokens of a unit are shared out on the provider.

use proptest::prelude::*;

use super::*;

fn distribute(tokens: u128, points: &[u128], exist: &[bool], policy: Policy) -> Distribution {
    let weights = weights(points);
    let exists = |name: &str| {
        let place = weights.iter().position(|it| it.validator == name);
        place.is_some_and(|place| exist[place])
    };
    Distribution::new(tokens, &weights, policy, exists).unwrap()
}

/// `"101"`: the first and the third exist.
fn flags(text: &str) -> Vec<bool> {
    text.bytes().map(|it| it == b'1').collect()
}

fn coins(distribution: &Distribution) -> Vec<u128> {
    distribution.shares.iter().map(|it| it.coins).collect()
}

/// A worked example under the policy `redistribute`.
struct Example {
    tokens: u128,
    points: &'static [u128],
    exist: &'static str,
    coins: &'static [u128],
    dust: u128,
}

const EXAMPLES: [Example; 7] = [
    Example {
        tokens: 100,
        points: &[100; 6],
        exist: "111100",
        coins: &[25; 4],
        dust: 0,
    },
    Example {
        tokens: 1000,
        points: &[50, 30, 20],
        exist: "110",
        coins: &[625, 375],
        dust: 0,
    },
    Example {
        tokens: 1000,
        points: &[50, 30, 20],
        exist: "011",
        coins: &[600, 400],
        dust: 0,
    },
    Example {
        tokens: 1001,
        points: &[1; 3],
        exist: "111",
        coins: &[333; 3],
        dust: 2,
    },
    Example {
        tokens: 1001,
        points: &[1; 3],
        exist: "110",
        coins: &[500, 500],
        dust: 1,
    },
    Example {
        tokens: 12345,
        points: &[7, 11, 13, 17, 19],
        exist: "10101",
        coins: &[2215, 4115, 6014],
        dust: 1,
    },
    Example {
        tokens: 1_000_000,
        points: &[100, 1, 1, 1],
        exist: "1111",
        coins: &[970_873, 9708, 9708, 9708],
        dust: 3,
    },
];

#[test]
fn worked_examples_pay_whole_coins_and_carry_the_dust() {
    for example in &EXAMPLES {
        let exist = flags(example.exist);
        let result = distribute(example.tokens, example.points, &exist, Policy::Redistribute);
        assert_eq!(coins(&result), example.coins);
        assert_eq!((result.carry, result.community), (example.dust, 0));
    }
}

#[test]
fn without_a_qualified_validator_everything_is_the_community_pools() {
    for policy in [Policy::Redistribute, Policy::Carry] {
        let result = distribute(7, &[3; 3], &flags("000"), policy);
        assert!(result.shares.is_empty());
        assert_eq!((result.carry, result.community), (0, 7));
        assert_eq!(result.disqualified_pool, ratio(7, 1));
        assert_eq!(result.qualified_total_weight, BigInt::ZERO);
    }
}

#[test]
fn the_terms_of_the_source_are_shown() {
    let result = distribute(1000, &[50, 30, 20], &flags("011"), Policy::Redistribute);
    assert_eq!(result.total_weight, 100.into());
    assert_eq!(result.qualified_total_weight, 50.into());
    assert_eq!(result.disqualified_pool, ratio(500, 1));
}

#[test]
fn the_policy_carry_keeps_the_disqualified_part_for_the_next_unit() {
    let result = distribute(1001, &[50, 30, 20], &flags("110"), Policy::Carry);
    assert_eq!(coins(&result), [500, 300]);
    assert_eq!(result.carry, 201);
}

#[test]
fn weights_of_zero_in_sum_share_nothing_out() {
    let all = |_: &str| true;
    assert_eq!(
        Distribution::new(7, &weights(&[0, 0]), Policy::Redistribute, all),
        None
    );
    assert_eq!(Distribution::new(7, &[], Policy::Redistribute, all), None);
}

#[test]
fn a_weight_of_zero_qualifies_nobody() {
    let result = distribute(7, &[0, 3], &flags("10"), Policy::Redistribute);
    assert_eq!(result.community, 7);
}

fn case() -> impl Strategy<Value = (u128, Vec<u128>, Vec<bool>)> {
    let weight = prop_oneof![1..10_u128, 1..u128::MAX];
    let tokens = prop_oneof![0..100_u128, 0..u128::MAX];
    prop::collection::vec((weight, any::<bool>()), 1..8)
        .prop_flat_map(move |weights| (tokens.clone(), Just(weights)))
        .prop_map(|(tokens, weights)| {
            let (points, exist) = weights.into_iter().unzip();
            (tokens, points, exist)
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![Just(Policy::Redistribute), Just(Policy::Carry)]
}

proptest! {
    #[test]
    fn no_coin_is_made_or_lost(
        (tokens, points, exist) in case(),
        policy in policy(),
    ) {
        let result = distribute(tokens, &points, &exist, policy);
        let shares: u128 = coins(&result).iter().sum();
        prop_assert_eq!(shares + result.carry + result.community, tokens);
    }

    #[test]
    fn the_exact_shares_are_all_tokens(
        (tokens, points, exist) in case(),
    ) {
        let result = distribute(tokens, &points, &exist, Policy::Redistribute);
        if exist.contains(&true) {
            let exact: BigRational = result.shares.iter().map(|it| &it.exact).sum();
            prop_assert_eq!(exact, BigRational::from(BigInt::from(tokens)));
            prop_assert!(result.carry < result.shares.len() as u128);
        }
    }

    #[test]
    fn two_steps_are_one_by_the_qualified_weights(
        (tokens, points, exist) in case(),
    ) {
        let result = distribute(tokens, &points, &exist, Policy::Redistribute);
        let qualified = points.iter().zip(&exist).filter(|(_, exists)| **exists);
        let total: BigInt = qualified.clone().map(|(&it, _)| BigInt::from(it)).sum();
        for (share, (&points, _)) in result.shares.iter().zip(qualified) {
            let one_step = BigInt::from(tokens) * points / &total;
            prop_assert_eq!(BigInt::from(share.coins), one_step);
        }
    }

    #[test]
    fn more_tokens_give_nobody_less(
        (tokens, points, exist) in case(),
        more in 0..1000_u128,
        policy in policy(),
    ) {
        let few = distribute(tokens.min(u128::MAX - more), &points, &exist, policy);
        let many = distribute(few.tokens + more, &points, &exist, policy);
        for (few, many) in few.shares.iter().zip(&many.shares) {
            prop_assert!(few.coins <= many.coins);
        }
    }

    #[test]
    fn more_weight_never_takes_from_its_validator_nor_gives_to_others(
        (tokens, points, _) in case(),
        more in 1..1000_u128,
    ) {
        let exist = vec![true; points.len()];
        let before = distribute(tokens, &points, &exist, Policy::Redistribute);
        let mut points = points;
        points[0] = points[0].saturating_add(more);
        let after = distribute(tokens, &points, &exist, Policy::Redistribute);
        let pairs = before.shares.iter().zip(&after.shares);
        for (place, (before, after)) in pairs.enumerate() {
            if place == 0 {
                prop_assert!(before.coins <= after.coins);
            } else {
                prop_assert!(before.coins >= after.coins);
            }
        }
    }

    #[test]
    fn who_stays_gets_no_less_when_another_vanishes(
        (tokens, points, exist) in case(),
    ) {
        let all = distribute(tokens, &points, &vec![true; points.len()], Policy::Redistribute);
        let some = distribute(tokens, &points, &exist, Policy::Redistribute);
        for share in &some.shares {
            let before = all.shares.iter().find(|it| it.validator == share.validator);
            prop_assert!(before.unwrap().coins <= share.coins);
        }
    }
}
