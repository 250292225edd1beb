//! Holding a system's numbers against the exact shares.

use num_traits::Zero;

use super::*;
use crate::ledger::{ClaimError, LedgerError, NotConserved, PayoutRange};

fn points(coins: u128, thirds: u128) -> BigInt {
    let one = BigInt::from(10_u128.pow(36));
    coins * &one + thirds * one / 3
}

/// Of 98 base units a third is owed to a and two thirds to b.
fn two_of_three() -> FeeLedger {
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_power("v", 1);
    ledger.set_units("a", "v", 1).unwrap();
    ledger.set_units("b", "v", 2).unwrap();
    block(&mut ledger, 100, None, 1);
    ledger
}

#[test]
fn points_up_to_the_exact_share_pass() {
    let ledger = two_of_three();
    let a = delegation("a", "v");
    // 98/3 is no whole number of points.
    let floor = points(32, 2);
    assert_eq!(ledger.floor_points(a, DENOM), floor);
    ledger.check_points(a, DENOM, &floor).unwrap();
    let error = ledger.check_points(a, DENOM, &(&floor + 1)).unwrap_err();
    let third_of_a_point = BigRational::new(1.into(), BigInt::from(3) * 10_u128.pow(36));
    assert_eq!(
        error,
        LedgerError::Claim(ClaimError::TooMuch {
            recipient: a.to_string(),
            denom: DENOM.to_owned(),
            excess: Box::new(third_of_a_point),
        })
    );
}

#[test]
fn points_below_the_exact_share_pass_within_the_bound() {
    let ledger = two_of_three();
    let a = delegation("a", "v");
    let bound = ledger.bound_terms(a).unwrap().points();
    let floor = points(32, 2);
    // The exact share is 2/3 of a point above the floor.
    let least = &floor - &bound + 1;
    ledger.check_points(a, DENOM, &least).unwrap();
    let error = ledger.check_points(a, DENOM, &(&least - 1)).unwrap_err();
    assert!(
        matches!(error, LedgerError::Claim(ClaimError::TooLittle { .. })),
        "{error}"
    );
}

#[test]
fn a_shortfall_of_the_whole_bound_is_too_much() {
    let ledger = two_of_three();
    let community = Recipient::CommunityPool;
    let bound: BigInt = ["a", "b"]
        .map(|name| ledger.bound_terms(delegation(name, "v")).unwrap().points())
        .into_iter()
        .sum::<BigInt>()
        + ledger.bound_terms(commission("v")).unwrap().points();
    let exact = points(2, 0);
    ledger.check_points(community, DENOM, &exact).unwrap();
    ledger
        .check_points(community, DENOM, &(&exact + &bound - 1))
        .unwrap();
    let above = ledger.check_points(community, DENOM, &(&exact + &bound));
    assert!(matches!(
        above,
        Err(LedgerError::Claim(ClaimError::TooMuch { .. }))
    ));
    let below = ledger.check_points(community, DENOM, &(exact - 1));
    assert!(matches!(
        below,
        Err(LedgerError::Claim(ClaimError::TooLittle { .. }))
    ));
}

#[test]
fn who_earned_nothing_has_nothing() {
    let ledger = two_of_three();
    let stranger = delegation("nobody", "v");
    ledger
        .check_points(stranger, DENOM, &BigInt::zero())
        .unwrap();
    let one = ledger.check_points(stranger, DENOM, &1.into());
    assert!(matches!(
        one,
        Err(LedgerError::Claim(ClaimError::TooMuch { .. }))
    ));
    assert_eq!(
        ledger.payout(stranger, DENOM),
        PayoutRange { least: 0, most: 0 }
    );
}

#[test]
fn payouts_may_miss_a_coin_only_beside_a_whole_number() {
    let ledger = two_of_three();
    assert_eq!(
        ledger.payout(delegation("a", "v"), DENOM),
        PayoutRange {
            least: 32,
            most: 32
        }
    );

    // 1/3 + 2/3 exactly.
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_units("a", "v", 1).unwrap();
    ledger.set_units("b", "v", 2).unwrap();
    ledger.reward_validator("v", DENOM, 1).unwrap();
    ledger.reward_validator("v", DENOM, 2).unwrap();
    assert_eq!(
        ledger.payout(delegation("a", "v"), DENOM),
        PayoutRange { least: 0, most: 1 }
    );
}

#[test]
fn a_lost_share_is_found() {
    let mut ledger = two_of_three();
    let lost = ledger.validators[0].delegations[0].accounts.get_mut(0);
    lost.earned = crate::ledger::ExactSum::default();
    assert_eq!(
        ledger.check_conservation(),
        Err(LedgerError::NotConserved(NotConserved {
            denom: DENOM.to_owned(),
            difference: Box::new(ratio(-98, 3)),
        }))
    );
}

#[test]
fn all_recipients_are_listed_once() {
    let ledger = two_of_three();
    let all: Vec<_> = ledger.recipients().collect();
    assert_eq!(
        all,
        [
            Recipient::CommunityPool,
            commission("v"),
            delegation("a", "v"),
            delegation("b", "v"),
        ]
    );
}
