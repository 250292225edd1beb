//! Mistakes that other distributions have made. Each test shows what the mistake would lose or
//! create, and that this arithmetic does not.

use cosmwasm_std::{Decimal, Uint128, Uint256};
use distribution_math::{
    ExchangeRate, MAX_UNITS, Points, RewardIndex, RewardSplit, SignedPower, SplitRates, TokenScale,
};

use crate::{points, rate};

#[test]
fn six_equal_validators_do_not_share_more_than_one_base_unit() {
    // Rounding every share half to even at 18 places gives away more than there is.
    let share = 166_666_666_666_666_667u128;
    assert!(6 * share > 1_000_000_000_000_000_000);

    let fees = Points::from_coins(1);
    let mut index = RewardIndex::default();
    index.add(fees, 6).unwrap();
    let given = index.owed(6, Points::ZERO).unwrap();
    assert!(given < fees);
    assert_eq!(given.checked_add(index.carry()).unwrap(), fees);
    assert_eq!(index.carry(), points(4)); // 10^36 = 6 * 166..666 + 4
}

#[test]
fn a_reward_of_1e8_over_5e26_staked_is_not_rounded_to_zero() {
    let (reward, staked) = (100_000_000u128, 500_000_000_000_000_000_000_000_000u128);
    assert_eq!(Decimal::from_ratio(reward, staked), Decimal::zero());

    let mut index = RewardIndex::default();
    index.add(Points::from_coins(reward), staked).unwrap();
    assert_eq!(index.carry(), Points::ZERO);
    // Everything is earned: a holder of a tenth has a tenth.
    assert_eq!(
        index.owed(staked / 10, Points::ZERO).unwrap(),
        Points::from_coins(reward / 10)
    );
}

#[test]
fn rewards_that_truncate_to_zero_one_by_one_are_not_locked() {
    // A thousandth of a point for each of 10^34 units: no block alone moves the index.
    let mut index = RewardIndex::default();
    for _ in 0..1_000 {
        index.add(points(MAX_UNITS / 1_000), MAX_UNITS).unwrap();
    }
    assert_eq!(
        index.owed(MAX_UNITS, Points::ZERO).unwrap(),
        points(MAX_UNITS)
    );
    assert_eq!(index.carry(), Points::ZERO);
}

#[test]
fn three_shares_of_1e18_lose_no_base_unit_by_dividing_first() {
    let fees = 1_000_000_000_000_000_000u128;
    // A third with 18 places, times the fees, three times: one base unit is missing.
    let third = Decimal::from_ratio(1u128, 3u128);
    let divided_first = Uint128::new(fees).mul_floor(third);
    assert_eq!(divided_first * Uint128::new(3), Uint128::new(fees - 1));

    let each = Points::from_coins(fees)
        .mul_ratio_floor(Uint256::one(), Uint256::from(3u128))
        .unwrap();
    let all = each.checked_mul(3).unwrap();
    // What is missing is one point, 10^-36 base units, and it is known.
    assert_eq!(
        Points::from_coins(fees).checked_sub(all).unwrap(),
        Points::ONE
    );
}

#[test]
fn a_signed_fraction_that_no_decimal_holds_costs_no_base_unit() {
    // Two thirds signed: 0.666666666666666666 * 10^21 would be 666 base units short.
    let fees = Points::from_coins(1_000_000_000_000_000_000_000);
    let rates = SplitRates::tax_only(rate("0"))
        .with_proposer_reward(rate("0"), rate("1"))
        .unwrap();
    let split = rates.split(fees, SignedPower::new(3, 2)).unwrap();
    assert_eq!(
        split.proposer.whole_coins(),
        Uint256::from(666_666_666_666_666_666_666u128)
    );
    assert_eq!(
        split.by_power.whole_coins(),
        Uint256::from(333_333_333_333_333_333_333u128)
    );
    assert_eq!(split.community, Points::ONE);
}

#[test]
fn a_fraction_is_kept_claim_after_claim() {
    // A third of a base unit a block, claimed in every block.
    let mut index = RewardIndex::default();
    let (mut start, mut pending, mut paid) = (Points::ZERO, Points::ZERO, Uint256::zero());
    for _ in 0..9 {
        index.add(Points::from_coins(1), 3).unwrap();
        let earned = index.owed(1, start).unwrap();
        start = index.index();
        let owed = pending.checked_add(earned).unwrap();
        paid += owed.whole_coins();
        pending = owed.fraction();
    }
    // Dropping the fraction each time would have paid nothing.
    assert_eq!(paid, Uint256::from(3u128));
    assert_eq!((pending, index.carry()), (Points::ZERO, Points::ZERO));
}

#[test]
fn commission_and_delegators_never_round_to_more_than_the_reward() {
    // One and a half points each, both rounded half to even, would be 2 + 2 of 3.
    let split = RewardSplit::new(points(3), rate("0.5")).unwrap();
    assert_eq!((split.commission, split.delegators), (points(1), points(1)));
    assert_eq!(split.remainder, points(1));
}

#[test]
fn units_do_not_exceed_the_recorded_ones_after_a_slash() {
    // 100 tokens, slashed by a third and by a third of the rest: staking knows 66 and then 44.
    let third = rate("0.333333333333333333");
    let once = ExchangeRate::ONE.slashed(third).unwrap();
    let twice = once.slashed(third).unwrap();
    let scale = TokenScale::new(0);
    for (tokens, rate) in [(100u128, ExchangeRate::ONE), (66, once), (44, twice)] {
        let units = scale.units_of_tokens(Uint256::from(tokens), rate).unwrap();
        // 66 / 0.67 and 44 / 0.44 lie just below 99.
        assert_eq!(units.units, if tokens == 100 { 100 } else { 98 });
    }
}

#[test]
fn a_deposit_cannot_overflow_the_index_of_what_was_received_before() {
    // The largest total that a pool takes, all of it over a single unit.
    let mut index = RewardIndex::default();
    let half = u128::MAX / 2;
    index.add(Points::from_coins(half), 1).unwrap();
    index.add(Points::from_coins(u128::MAX - half), 1).unwrap();
    assert_eq!(
        index.owed(1, Points::ZERO).unwrap(),
        Points::from_coins(u128::MAX)
    );
    // Beyond it there is an error, never a wrapped number.
    let beyond = Uint256::from(u128::MAX) + Uint256::one();
    assert!(Points::try_from_coins(beyond).is_err());
}
