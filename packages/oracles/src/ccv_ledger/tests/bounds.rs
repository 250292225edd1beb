//! What is counted into the bound of a pool, and that checks go by it.

use super::*;
use crate::exact::pow10;

#[test]
fn blocks_and_changes_of_powers_count() {
    let mut ledger = ConsumerLedger::with_powers(&[10, 1000]);
    ledger.fees(5, "v1");
    assert_eq!(
        ledger.bound(DENOM, "v1"),
        PoolBound {
            held_back: 23.into(),
            passed_on: 2.into()
        }
    );
    ledger.set_power("v1", 4);
    assert_eq!(ledger.bound(DENOM, "v1").held_back, 46.into());
    assert_eq!(ledger.bound(DENOM, "v2").held_back, (2 * 2003).into());
    assert_eq!(ledger.bound(DENOM, "v2").passed_on, 1012.into());
    let before = ledger.bound(DENOM, "v2");
    ledger.set_power("v1", 4);
    assert_eq!(ledger.bound(DENOM, "v2"), before, "no change");
    // A carry of the time of the largest total power may still be there.
    ledger.set_power("v2", 1);
    assert_eq!(ledger.bound(DENOM, "v2").passed_on, 2022.into());
}

#[test]
fn a_closing_counts_and_begins_anew() {
    let mut ledger = ConsumerLedger::with_powers(&[10, 1000]);
    ledger.fees(5, "v1");
    ledger.freeze(DENOM).unwrap();
    assert_eq!(
        ledger.bound(DENOM, "v1"),
        PoolBound {
            held_back: 0.into(),
            passed_on: 1012.into()
        }
    );
    assert_eq!(ledger.bound("other", "v1"), PoolBound::default());
}

#[test]
fn a_block_without_power_rounds_nothing() {
    let mut ledger = ConsumerLedger::with_powers(&[0]);
    ledger.fees(5, "v1");
    assert_eq!(ledger.bound(DENOM, "v1"), PoolBound::default());
}

/// `v1` has three and a third of a base unit, by either check.
fn checks(points: &BigInt) -> [Result<(), CcvLedgerError>; 2] {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    let without_bonus = ConsumerParams::default();
    ledger.set_params(without_bonus).unwrap();
    ledger.fees(10, "v1");
    let open = ledger.check_pool(DENOM, "v1", points);
    ledger.freeze(DENOM).unwrap();
    let mut weights = ledger.weights_in_points(DENOM).unwrap();
    weights[0].points.clone_from(points);
    [open, ledger.check_weights(DENOM, &weights)]
}

#[test]
fn points_pass_within_the_bound_and_no_further() {
    let floor = 10 * pow10(36) / 3;
    // The exact amount is a third of a point above the floor. 2 * 1 + 3 are held back by the block,
    // 2 are passed on by it, and 3 by a closing.
    for (open, least, most) in [(0, -6, 2), (1, -9, 5)] {
        for inside in [least, 0, most] {
            checks(&(&floor + inside))[open].clone().unwrap();
        }
        let below = checks(&(&floor + least - 1))[open].clone().unwrap_err();
        assert!(matches!(
            below,
            CcvLedgerError::Claim(ClaimError::TooLittle { .. })
        ));
        let above = checks(&(&floor + most + 1))[open].clone().unwrap_err();
        assert!(matches!(
            above,
            CcvLedgerError::Claim(ClaimError::TooMuch { .. })
        ));
    }
}

#[test]
fn a_weight_that_is_left_out_is_too_little() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    ledger.fees(10, "v1");
    ledger.freeze(DENOM).unwrap();
    let mut weights = ledger.weights_in_points(DENOM).unwrap();
    weights.pop();
    let error = ledger.check_weights(DENOM, &weights).unwrap_err();
    assert!(error.to_string().starts_with("v2: 6.3333333"), "{error}");
}

#[test]
fn a_weight_of_somebody_who_earned_nothing_is_too_much() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(10, "v1");
    ledger.freeze(DENOM).unwrap();
    let mut weights = ledger.weights_in_points(DENOM).unwrap();
    weights.push(Weight {
        validator: "stranger".to_owned(),
        points: 4.into(),
    });
    let error = ledger.check_weights(DENOM, &weights).unwrap_err();
    assert_eq!(
        error.to_string(),
        "stranger: 0.000000000000000000000000000000000004 stake above the exact share"
    );
}

#[test]
fn what_is_held_must_agree_to_the_last_point() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    ledger.fees(10, "stranger");
    ledger.closes();
    // 9.5 closed as 9, the half is pending with the 0.5 of the proposer.
    let one = pow10(36);
    ledger.check_held(DENOM, &one).unwrap();
    let error = ledger.check_held(DENOM, &(one - 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the system holds 999999999999999999999999999999999999 points of stake, and must hold \
         1000000000000000000000000000000000000"
    );
}

#[test]
fn a_lost_pool_is_found() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    ledger.fees(10, "v1");
    ledger.denoms.get_mut(DENOM).unwrap().pools.remove("v2");
    let error = ledger.totals(DENOM).check().unwrap_err();
    assert_eq!(*error.difference, ratio(-19, 3));
    assert!(ledger.check_held(DENOM, &(10 * pow10(36))).is_err());
}
