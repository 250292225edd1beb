//! Payouts, spending and forfeits.

use super::*;
use crate::ledger::{ClaimError, LedgerError};

/// 98 base units over three delegators of one unit each.
fn in_thirds() -> FeeLedger {
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_power("v", 1);
    for delegator in ["a", "b", "c"] {
        ledger.set_units(delegator, "v", 1).unwrap();
    }
    block(&mut ledger, 100, None, 1);
    ledger
}

#[test]
fn overpayment_is_refused_with_its_excess() {
    let mut ledger = in_thirds();
    ledger.pay_delegation("a", "v", DENOM, 30).unwrap();
    let error = ledger.pay_delegation("a", "v", DENOM, 3).unwrap_err();
    assert_eq!(
        error,
        LedgerError::Claim(ClaimError::Overpaid {
            recipient: "delegation of a to v".to_owned(),
            denom: DENOM.to_owned(),
            coins: 3,
            excess: Box::new(ratio(1, 3)),
        })
    );
    assert_eq!(
        error.to_string(),
        "delegation of a to v: paid 3 uatom, which is \
         0.333333333333333333333333333333333333.. too much"
    );
    // Nothing was recorded.
    ledger.pay_delegation("a", "v", DENOM, 2).unwrap();
    assert_eq!(ledger.unpaid(delegation("a", "v"), DENOM), ratio(2, 3));
}

#[test]
fn commission_above_what_was_earned_is_refused() {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    ledger.create_validator("v", rate("0.25"));
    ledger.reward_validator("v", DENOM, 6).unwrap();
    let error = ledger.pay_commission("v", DENOM, 2).unwrap_err();
    assert_eq!(
        error.to_string(),
        "commission of v: paid 2 uatom, which is 0.5 too much"
    );
    ledger.pay_commission("v", DENOM, 1).unwrap();
}

#[test]
fn strangers_are_paid_nothing() {
    let mut ledger = in_thirds();
    assert!(ledger.pay_delegation("a", "v", "other", 1).is_err());
    assert!(ledger.pay_delegation("nobody", "v", DENOM, 1).is_err());
    assert!(ledger.pay_delegation("a", "nowhere", DENOM, 1).is_err());
    assert!(ledger.pay_commission("nowhere", DENOM, 1).is_err());
    assert!(ledger.pay_commission("v", DENOM, u128::MAX).is_err());
    ledger.pay_delegation("nobody", "v", DENOM, 0).unwrap();
    ledger.pay_commission("nowhere", DENOM, 0).unwrap();
    assert_eq!(ledger.total_paid(DENOM), 0);
}

#[test]
fn exact_whole_shares_can_be_paid_in_full() {
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_units("a", "v", 1).unwrap();
    for others in [2, 5, 5] {
        ledger.set_units("b", "v", others).unwrap();
        ledger.reward_validator("v", DENOM, 1).unwrap();
    }
    // 1/3 + 1/6 + 1/6 and then 1/3 more: 1, and not a bit less.
    ledger.set_units("b", "v", 2).unwrap();
    ledger.reward_validator("v", DENOM, 1).unwrap();
    assert_eq!(ledger.floor_coins(delegation("a", "v"), DENOM), 1);
    ledger.pay_delegation("a", "v", DENOM, 1).unwrap();
    assert_eq!(ledger.unpaid(delegation("a", "v"), DENOM), coins(0));
}

#[test]
fn the_community_pool_can_be_funded_and_spent() {
    let mut ledger = in_thirds();
    ledger.fund_community_pool(DENOM, 10).unwrap();
    assert_eq!(ledger.floor_coins(Recipient::CommunityPool, DENOM), 12);
    ledger.spend_community_pool(DENOM, 12).unwrap();
    assert!(ledger.spend_community_pool(DENOM, 1).is_err());
    assert_eq!(ledger.paid(Recipient::CommunityPool, DENOM), 12);
    assert_eq!(ledger.total_paid(DENOM), 12);
    ledger.check_conservation().unwrap();
}

#[test]
fn the_community_pool_may_spend_what_others_fall_short() {
    let mut ledger = FeeLedger::new(FeeParams {
        community_tax: rate("0.333333333333333333"),
        base_proposer_reward: Fraction::ZERO,
        bonus_proposer_reward: Fraction::ZERO,
        equal_share: Fraction::ZERO,
    })
    .unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_power("v", 1);
    ledger.set_units("a", "v", 10_u128.pow(18)).unwrap();
    block(&mut ledger, 3, None, 1);
    // The pool's exact share is 1 - 10^-18, and the others may fall short by just over twice that
    // missing part.
    assert_eq!(ledger.floor_coins(Recipient::CommunityPool, DENOM), 0);
    assert_eq!(ledger.payout(Recipient::CommunityPool, DENOM).most, 1);
    ledger.spend_community_pool(DENOM, 1).unwrap();
    assert_eq!(
        ledger.unpaid(Recipient::CommunityPool, DENOM),
        ratio(-1, 10_i128.pow(18))
    );
    assert_eq!(ledger.floor_coins(Recipient::CommunityPool, DENOM), 0);
    assert!(ledger.spend_community_pool(DENOM, 1).is_err());
    ledger.check_conservation().unwrap();
}

#[test]
fn a_forfeit_moves_the_remainder_to_the_community_pool() {
    let mut ledger = in_thirds();
    ledger.pay_delegation("a", "v", DENOM, 32).unwrap();
    ledger.set_units("a", "v", 0).unwrap();
    ledger.forfeit("a", "v").unwrap();

    let a = delegation("a", "v");
    assert_eq!(ledger.unpaid(a, DENOM), coins(0));
    assert_eq!(ledger.earned(a, DENOM), ratio(98, 3));
    assert_eq!(ledger.paid(a, DENOM), 32);
    assert_eq!(community(&ledger), coins(2) + ratio(2, 3));
    assert!(ledger.pay_delegation("a", "v", DENOM, 1).is_err());
    assert_eq!(ledger.bound_terms(a).unwrap().points(), 2.into());
    ledger.check_conservation().unwrap();

    // A new delegation begins at nothing.
    ledger.set_units("a", "v", 2).unwrap();
    block(&mut ledger, 100, None, 1);
    assert_eq!(ledger.unpaid(a, DENOM), coins(49));
    assert_eq!(ledger.earned(a, DENOM), coins(49) + ratio(98, 3));
    ledger.check_conservation().unwrap();
}

#[test]
fn whoever_has_units_or_a_whole_coin_forfeits_nothing() {
    let mut ledger = in_thirds();
    let refused = Err(LedgerError::NotForfeitable {
        recipient: "delegation of a to v".to_owned(),
    });
    ledger.pay_delegation("a", "v", DENOM, 32).unwrap();
    assert_eq!(ledger.forfeit("a", "v"), refused, "has units");

    let mut ledger = in_thirds();
    ledger.pay_delegation("a", "v", DENOM, 31).unwrap();
    ledger.set_units("a", "v", 0).unwrap();
    assert_eq!(ledger.forfeit("a", "v"), refused, "is owed 5/3");
    assert_eq!(ledger.unpaid(delegation("a", "v"), DENOM), ratio(5, 3));
    ledger.forfeit("nobody", "v").unwrap();
    ledger.forfeit("a", "nowhere").unwrap();
}

#[test]
fn a_record_may_go_when_only_the_bound_keeps_it_from_a_whole_coin() {
    // Exactly 1 is owed; a system that floors may hold less and delete the record.
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.create_validator("v", Fraction::ZERO);
    ledger.set_units("a", "v", 3).unwrap();
    ledger.reward_validator("v", DENOM, 1).unwrap();
    ledger.set_units("a", "v", 0).unwrap();
    ledger.forfeit("a", "v").unwrap();
    assert_eq!(community(&ledger), coins(1));
    ledger.check_conservation().unwrap();
}
