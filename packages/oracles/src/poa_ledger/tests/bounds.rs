//! What is counted into an account's bound, and which points are within it.

use super::*;

fn holding<'a>(account: &'a str, points: &'a BigInt) -> Holding<'a> {
    Holding {
        account,
        denom: DENOM,
        points,
    }
}

/// `coins` and so many thirds of a base unit, in whole points.
fn points(coins: u128, thirds: u128) -> BigInt {
    let one = BigInt::from(10_u128.pow(36));
    coins * &one + thirds * one / 3
}

#[test]
fn checkpoints_that_allocate_count_by_power() {
    let mut ledger = with_powers(&[10, 1000]);
    let before = ledger.bound_terms("v1");
    ledger.checkpoint_now();
    assert_eq!(ledger.bound_terms("v1"), before, "nothing to allocate");
    ledger.fees(5);
    ledger.checkpoint_now();
    ledger.checkpoint_now();
    assert_eq!(ledger.bound_terms("v1").power - before.power, 23);
    assert_eq!(ledger.bound_terms("v1").carries, before.carries);
}

#[test]
fn changes_count_by_the_larger_power_and_for_the_carry() {
    let mut ledger = with_powers(&[10, 1000]);
    let before = ["v1", "v2"].map(|it| ledger.bound_terms(it));
    ledger.power_of("v1", 4);
    let after = ["v1", "v2"].map(|it| ledger.bound_terms(it));
    assert_eq!(after[0].power - before[0].power, 23);
    assert_eq!(after[1].power - before[1].power, 2003);
    assert_eq!(after[0].carries - before[0].carries, 1010);
    assert_eq!(after[1].carries - before[1].carries, 1010);
    assert_eq!(after[0].settlements - before[0].settlements, 1);
    assert_eq!(after[1].settlements, before[1].settlements);

    ledger.power_of("v1", 4);
    assert_eq!(ledger.bound_terms("v2"), after[1], "no change");

    // Without power an account gets nothing of the carry and of later fees.
    ledger.power_of("v1", 0);
    assert_eq!(ledger.bound_terms("v1").carries, after[0].carries);
    let without = ledger.bound_terms("v1");
    ledger.fees(7);
    ledger.power_of("v2", 7);
    assert_eq!(ledger.bound_terms("v1"), without);
}

#[test]
fn a_carry_waits_while_powers_change_without_fees() {
    let mut ledger = with_powers(&[10, 1000]);
    ledger.fees(7);
    ledger.checkpoint_now();
    // The carry of a division by 1010 is still there when the powers are small.
    ledger.power_of("v2", 1);
    let before = ledger.bound_terms("v1").carries;
    ledger.power_of("v2", 2);
    assert_eq!(ledger.bound_terms("v1").carries - before, 1010);
    // The next fees are divided by 12, so no more than that is carried on.
    ledger.fees(7);
    let before = ledger.bound_terms("v1").carries;
    ledger.power_of("v2", 1);
    assert_eq!(ledger.bound_terms("v1").carries - before, 12);
}

#[test]
fn a_batch_is_one_change() {
    let mut ledger = with_powers(&[10, 1000]);
    let before = ledger.bound_terms("v1");
    let changes = [("v1", 30), ("v2", 70)].map(|(operator, power)| PowerChange { operator, power });
    ledger.apply(&PoaOperation::SetPowers(&changes)).unwrap();
    assert_eq!(ledger.bound_terms("v1").power - before.power, 63);
    assert_eq!(ledger.bound_terms("v1").carries - before.carries, 1010);
}

#[test]
fn a_hand_over_counts_for_both_operators() {
    let mut ledger = with_powers(&[10, 1000]);
    let before = ["v1", "v2"].map(|it| ledger.bound_terms(it));
    ledger.hand_over("v1", "new");
    assert_eq!(ledger.bound_terms("v1").power - before[0].power, 23);
    assert_eq!(ledger.bound_terms("v1").carries, before[0].carries);
    assert_eq!(ledger.bound_terms("new").power, 23);
    assert_eq!(ledger.bound_terms("new").carries, 1010);
    assert_eq!(ledger.bound_terms("v2"), before[1]);
}

#[test]
fn points_pass_within_the_bound_and_no_further() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    ledger.checkpoint_now();
    let terms = ledger.bound_terms("v1");
    let floor = points(3, 1);
    // The exact amount is a third of a point above the floor.
    let least = &floor - terms.points_below() + 1;
    let most = &floor + terms.points_above();
    for inside in [&least, &floor, &most] {
        ledger.check_allocated(&holding("v1", inside)).unwrap();
    }
    let below = ledger.check_allocated(&holding("v1", &(&least - 1)));
    assert!(matches!(
        below,
        Err(PoaLedgerError::Claim(ClaimError::TooLittle { .. }))
    ));
    let above = ledger.check_allocated(&holding("v1", &(&most + 1)));
    assert!(matches!(
        above,
        Err(PoaLedgerError::Claim(ClaimError::TooMuch { .. }))
    ));
}

#[test]
fn what_a_checkpoint_would_allocate_is_checked_without_one() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    ledger.check_allocated(&holding("v1", &0.into())).unwrap();
    ledger
        .check_withdrawable(&holding("v1", &points(3, 1)))
        .unwrap();
    assert!(
        ledger
            .check_withdrawable(&holding("v1", &points(3, 2)))
            .is_err()
    );
    // Undelivered payouts are no part of it.
    ledger.fails_to_withdraw("v1");
    ledger
        .check_withdrawable(&holding("v1", &points(0, 1)))
        .unwrap();
    ledger
        .check_allocated(&holding("v1", &points(0, 1)))
        .unwrap();
    assert!(
        ledger
            .check_allocated(&holding("v1", &points(3, 1)))
            .is_err()
    );
}

#[test]
fn totals_must_agree_to_the_last_point() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    ledger.fails_to_withdraw("v1");
    ledger.fees(1);
    let totals = ledger.totals(DENOM);
    ledger.check_totals(DENOM, &totals).unwrap();
    let off = PoaTotals {
        allocated: &totals.allocated - 1,
        ..totals
    };
    assert_eq!(
        ledger.check_totals(DENOM, &off).unwrap_err().to_string(),
        "allocated of uatom is 6999999999999999999999999999999999999 points, \
         and must be 7000000000000000000000000000000000000"
    );
}

#[test]
fn a_lost_share_is_found() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    ledger.checkpoint_now();
    ledger.accounts[0].claims[0].earned = crate::exact::ExactSum::default();
    assert_eq!(
        ledger.check_conservation(),
        Err(PoaLedgerError::NotConserved(NotConserved {
            denom: DENOM.to_owned(),
            difference: Box::new(ratio(-10, 3)),
        }))
    );
}

#[test]
fn a_carry_waits_while_there_is_no_power() {
    let mut ledger = with_powers(&[41, 0]);
    ledger.power_of("v1", 0);
    let before = ledger.bound_terms("v2").carries;
    ledger.power_of("v2", 1);
    assert_eq!(ledger.bound_terms("v2").carries - before, 41);
}
