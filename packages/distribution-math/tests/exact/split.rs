//! Splits: a block's fees, and a validator's reward.

use distribution_math::{FeeSplit, MathError, Points, Rate, RewardSplit, SignedPower, SplitRates};
use num_rational::BigRational;
use proptest::prelude::*;

use crate::inputs;
use crate::{exact, exact_rate, points, rate, ratio};

/// The part of the power that signed; more than all counts as all.
fn signed_part(total: u64, signed: u64) -> BigRational {
    ratio(signed.min(total), total)
}

/// The proposer's part of the fees: `base + bonus * signed / total`.
fn proposer_part(rates: &SplitRates, total: u64, signed: u64) -> BigRational {
    exact_rate(rates.base_proposer_reward())
        + exact_rate(rates.bonus_proposer_reward()) * signed_part(total, signed)
}

fn sum(split: &FeeSplit) -> BigRational {
    exact(split.proposer) + exact(split.by_power) + exact(split.equally) + exact(split.community)
}

proptest! {
    #[test]
    fn every_part_is_the_floor_of_the_exact_part(
        fees in inputs::points(),
        rates in inputs::split_rates(),
        total in inputs::total_power(),
        signed: u64,
    ) {
        let split = rates.split(fees, SignedPower::new(total, signed)).unwrap();
        let proposer = proposer_part(&rates, total, signed);
        let tax = exact_rate(rates.community_tax());
        let votes = ratio(1, 1) - tax.clone() - proposer.clone();

        prop_assert_eq!(exact(split.proposer), (exact(fees) * proposer).floor());
        let votes = (exact(fees) * votes).floor();
        let equally = votes.clone() * exact_rate(rates.equal_share());
        prop_assert_eq!(exact(split.equally), equally.floor());
        prop_assert_eq!(exact(split.by_power), (votes - equally).floor());
        prop_assert_eq!(sum(&split), exact(fees));
        let beyond_tax = exact(split.community) - exact(fees) * tax;
        prop_assert!(beyond_tax >= ratio(0, 1) && beyond_tax < ratio(3, 1));
    }

    #[test]
    fn more_signed_power_than_there_is_counts_as_all_of_it(
        fees in inputs::points(),
        rates in inputs::split_rates(),
        total in inputs::total_power(),
        beyond: u64,
    ) {
        let power = SignedPower::new(total, total.saturating_add(beyond));
        prop_assert_eq!((power.total(), power.signed()), (total, total));
        prop_assert_eq!(
            rates.split(fees, power).unwrap(),
            rates.split(fees, SignedPower::new(total, total)).unwrap()
        );
    }

    #[test]
    fn a_signature_more_moves_fees_from_votes_to_proposer_only(
        fees in inputs::points(),
        rates in inputs::split_rates(),
        total in inputs::total_power(),
        signed: u64,
    ) {
        let signed = signed % total;
        let before = rates.split(fees, SignedPower::new(total, signed)).unwrap();
        let after = rates.split(fees, SignedPower::new(total, signed + 1)).unwrap();
        prop_assert!(after.proposer >= before.proposer);
        prop_assert!(after.by_power <= before.by_power && after.equally <= before.equally);
    }

    #[test]
    fn without_power_all_fees_go_to_the_community_pool(
        fees in inputs::points(),
        rates in inputs::split_rates(),
        signed: u64,
    ) {
        let split = rates.split(fees, SignedPower::new(0, signed)).unwrap();
        prop_assert_eq!(split, FeeSplit { community: fees, ..FeeSplit::default() });
    }

    #[test]
    fn rates_are_taken_exactly_when_they_promise_at_most_everything(
        tax in inputs::rate(),
        base in inputs::rate(),
        bonus in inputs::rate(),
    ) {
        let promised = exact_rate(tax) + exact_rate(base) + exact_rate(bonus);
        match SplitRates::tax_only(tax).with_proposer_reward(base, bonus) {
            Ok(rates) => {
                prop_assert!(promised <= ratio(1, 1));
                prop_assert_eq!(rates.community_tax(), tax);
                prop_assert_eq!(rates.base_proposer_reward(), base);
                prop_assert_eq!(rates.bonus_proposer_reward(), bonus);
                prop_assert_eq!(rates.equal_share(), Rate::ZERO);
            }
            Err(error) => {
                let MathError::RatesAboveOne { sum } = error else {
                    panic!("{error}");
                };
                prop_assert!(promised > ratio(1, 1));
                prop_assert_eq!(crate::exact_decimal(sum), promised);
            }
        }
    }

    #[test]
    fn a_reward_splits_into_two_floors_and_at_most_one_point(
        reward in inputs::any_points(),
        rate in inputs::rate(),
    ) {
        let split = RewardSplit::new(reward, rate).unwrap();
        let commission = exact(reward) * exact_rate(rate);
        let delegators = exact(reward) - commission.clone();
        prop_assert_eq!(exact(split.commission), commission.floor());
        prop_assert_eq!(exact(split.delegators), delegators.floor());
        prop_assert!(split.remainder <= Points::ONE);
        prop_assert_eq!(
            exact(split.commission) + exact(split.delegators) + exact(split.remainder),
            exact(reward)
        );
    }
}

fn reference_rates() -> SplitRates {
    SplitRates::tax_only(rate("0.02"))
        .with_proposer_reward(rate("0.01"), rate("0.04"))
        .unwrap()
}

#[test]
fn fees_of_a_block_by_hand() {
    let coins = Points::from_coins;
    // All signed: 1 % + 4 % for the proposer, 93 % for the votes.
    let split = reference_rates().split(coins(1000), SignedPower::new(400, 400));
    let expected = FeeSplit {
        proposer: coins(50),
        by_power: coins(930),
        equally: Points::ZERO,
        community: coins(20),
    };
    assert_eq!(split, Ok(expected));
    // Nobody signed: the bonus goes to the votes.
    let split = reference_rates().split(coins(1000), SignedPower::new(400, 0));
    let expected = FeeSplit {
        proposer: coins(10),
        by_power: coins(970),
        ..expected
    };
    assert_eq!(split, Ok(expected));
}

#[test]
fn a_tenth_of_the_votes_in_equal_parts_by_hand() {
    let rates = SplitRates::tax_only(rate("0.02")).with_equal_share(rate("0.1"));
    let split = rates.split(Points::from_coins(1000), SignedPower::new(5, 5));
    assert_eq!(
        split,
        Ok(FeeSplit {
            proposer: Points::ZERO,
            by_power: Points::from_coins(882),
            equally: Points::from_coins(98),
            community: Points::from_coins(20),
        })
    );
}

#[test]
fn what_the_equal_parts_leave_is_not_shared_by_power() {
    // Neither part of the votes is whole: 10^36 * 863 * (1 - 0.03 - 0.0097 * 10 / 11).
    let rates = SplitRates::tax_only(rate("0.03"))
        .with_proposer_reward(Rate::ZERO, rate("0.0097"))
        .unwrap()
        .with_equal_share(rate("0.355982029888482073"));
    let split = rates
        .split(Points::from_coins(863), SignedPower::new(11, 10))
        .unwrap();
    let votes =
        exact(Points::from_coins(863)) * (ratio(97, 100) - ratio(97, 10_000) * ratio(10, 11));
    let equal_share = ratio(355_982_029_888_482_073u64, 1_000_000_000_000_000_000u64);
    let exact_by_power = &votes * (ratio(1, 1) - &equal_share);
    assert!(exact(split.by_power) <= exact_by_power);
    assert!(exact(split.equally) <= votes * equal_share);
    assert_eq!(sum(&split), exact(Points::from_coins(863)));
}

#[test]
fn the_largest_fees_at_the_largest_power_are_split_exactly() {
    let fees = Points::from_coins(u128::MAX);
    let total = (1u64 << 63) - 1;
    let split = reference_rates()
        .split(fees, SignedPower::new(total, total - 1))
        .unwrap();
    let proposer = ratio(1, 100) + ratio(4, 100) * ratio(total - 1, total);
    assert_eq!(
        exact(split.proposer),
        (exact(fees) * proposer.clone()).floor()
    );
    let votes = ratio(98, 100) - proposer;
    assert_eq!(exact(split.by_power), (exact(fees) * votes).floor());
    assert_eq!(sum(&split), exact(fees));
}

#[test]
fn one_point_of_fees_goes_to_the_community_pool() {
    // Neither 5 % nor 93 % of it is a point.
    let split = reference_rates().split(Points::ONE, SignedPower::new(1, 1));
    assert_eq!(
        split,
        Ok(FeeSplit {
            community: Points::ONE,
            ..FeeSplit::default()
        })
    );
}

#[test]
fn rates_that_take_everything_leave_nothing_for_the_votes() {
    let rates = SplitRates::tax_only(rate("0.02"))
        .with_proposer_reward(rate("0.08"), rate("0.9"))
        .unwrap();
    let fees = Points::from_coins(100);
    let all = rates.split(fees, SignedPower::new(3, 3)).unwrap();
    assert_eq!(all.by_power, Points::ZERO);
    assert_eq!(all.proposer, Points::from_coins(98));
    let none = rates.split(fees, SignedPower::new(3, 0)).unwrap();
    assert_eq!(none.by_power, Points::from_coins(90));
}

#[test]
fn rates_that_promise_a_hair_too_much_are_refused() {
    let error = SplitRates::tax_only(rate("0.02"))
        .with_proposer_reward(rate("0.08"), rate("0.900000000000000001"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "community_tax + base_proposer_reward + bonus_proposer_reward is \
         1.000000000000000001, above 1"
    );
    // Three rates of 1 are the most that can be promised.
    assert!(
        SplitRates::tax_only(Rate::ONE)
            .with_proposer_reward(Rate::ONE, Rate::ONE)
            .is_err()
    );
}

#[test]
fn one_point_at_a_commission_of_a_half_goes_to_the_community_pool() {
    let split = RewardSplit::new(points(1), rate("0.5")).unwrap();
    assert_eq!(split.commission, Points::ZERO);
    assert_eq!(split.delegators, Points::ZERO);
    assert_eq!(split.remainder, Points::ONE);
}

#[test]
fn a_commission_of_nothing_or_everything_leaves_no_remainder() {
    let reward = Points::from_coins(u128::MAX);
    let none = RewardSplit::new(reward, Rate::ZERO).unwrap();
    assert_eq!((none.commission, none.delegators), (Points::ZERO, reward));
    assert!(none.remainder.is_zero());
    let all = RewardSplit::new(reward, Rate::ONE).unwrap();
    assert_eq!((all.commission, all.delegators), (reward, Points::ZERO));
    assert!(all.remainder.is_zero());
}
