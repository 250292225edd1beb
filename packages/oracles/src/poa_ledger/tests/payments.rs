//! Payments of a system under test, and payouts that fail.

use super::*;

#[test]
fn a_failed_payout_is_owed_and_never_allocated_again() {
    let mut ledger = with_powers(&[1, 1]);
    ledger.fees(21);
    ledger.fails_to_withdraw("v1");
    assert_eq!(ledger.undelivered("v1", DENOM), 10);
    assert_eq!(ledger.paid("v1", DENOM), 0);
    assert_eq!(ledger.has("v1"), ratio(1, 2));
    let totals = ledger.totals(DENOM);
    assert_eq!((totals.balance, totals.undelivered), (11, 10));
    assert_eq!(totals.allocated, BigInt::from(11) * 10_u128.pow(36));

    ledger.fees(4);
    assert_eq!(ledger.withdraws("v2"), 12);
    // It fails a second time, and then arrives together with newer fees.
    ledger.fails_to_withdraw("v1");
    assert_eq!(ledger.undelivered("v1", DENOM), 12);
    ledger.fees(2);
    assert_eq!(
        ledger.payout("v1", DENOM),
        PayoutRange {
            least: 13,
            most: 13
        }
    );
    assert_eq!(ledger.withdraws("v1"), 13);
    assert_eq!(ledger.undelivered("v1", DENOM), 0);
    assert_eq!(ledger.has("v1"), ratio(1, 2));
}

#[test]
fn a_failed_payout_is_paid_when_nothing_else_is_owed() {
    let mut ledger = with_powers(&[1]);
    ledger.fees(5);
    ledger.fails_to_withdraw("v1");
    ledger.hand_over("v1", "new");
    assert_eq!(ledger.withdraws("v1"), 5);
    assert_eq!(ledger.withdraws("v1"), 0);
    assert_eq!(ledger.totals(DENOM), PoaTotals::default());
}

#[test]
fn an_admissible_payment_is_recorded() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    ledger.was_paid("v1", 3).unwrap();
    assert_eq!(ledger.paid("v1", DENOM), 3);
    assert_eq!(ledger.has("v1"), ratio(1, 3));
    ledger
        .apply(&PoaOperation::Paid(Payment {
            account: "v2",
            coin: coin(6),
            failed: true,
        }))
        .unwrap();
    assert_eq!(ledger.undelivered("v2", DENOM), 6);
    let short = ledger.was_paid("v2", 5).unwrap_err();
    assert_eq!(
        short.to_string(),
        "v2: paid 5 uatom, and at least 6 had to be paid"
    );
    ledger.was_paid("v2", 6).unwrap();
    assert_eq!(ledger.paid("v2", DENOM), 6);
    assert_eq!(ledger.undelivered("v2", DENOM), 0);
    assert_eq!(ledger.has("v2"), ratio(2, 3));
}

#[test]
fn any_other_payment_is_refused_with_its_excess() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(10);
    assert_eq!(
        ledger.was_paid("v1", 4).unwrap_err(),
        PoaLedgerError::Claim(ClaimError::Overpaid {
            recipient: "v1".to_owned(),
            denom: DENOM.to_owned(),
            coins: 4,
            excess: Box::new(ratio(2, 3)),
        })
    );
    assert_eq!(
        ledger.was_paid("v1", 2).unwrap_err(),
        PoaLedgerError::Claim(ClaimError::Underpaid {
            recipient: "v1".to_owned(),
            denom: DENOM.to_owned(),
            coins: 2,
            least: 3,
        })
    );
    assert_eq!(ledger.paid("v1", DENOM), 0);
    assert!(ledger.was_paid("unknown", 1).is_err());
    ledger.was_paid("unknown", 0).unwrap();
}

#[test]
fn beside_a_whole_number_one_coin_less_may_be_paid() {
    // A third and two thirds are exactly one; a system of whole points has one point less.
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(1);
    ledger.power_of("v2", 0);
    ledger.power_of("v2", 2);
    ledger.fees(2);
    assert_eq!(
        ledger.payout("v1", DENOM),
        PayoutRange { least: 0, most: 1 }
    );
    let mut less = ledger.clone();
    less.was_paid("v1", 0).unwrap();
    assert_eq!(less.has("v1"), ratio(1, 1));
    ledger.was_paid("v1", 1).unwrap();
    assert_eq!(ledger.has("v1"), ratio(0, 1));
}

#[test]
fn beside_a_whole_number_one_coin_more_may_be_paid() {
    // v1 has exactly 1 - 2 * 10^-30; the carry of a total power of 10^30 may make it 1.
    let all = 10_u128.pow(30);
    let mut ledger = with_powers(&[all - 2, 1, 1]);
    ledger.fees(1);
    ledger.checkpoint_now();
    let short = BigRational::new(2.into(), all.into());
    assert_eq!(ledger.has("v1"), ratio(1, 1) - &short);
    assert_eq!(ledger.payout("v1", DENOM).most, 1);
    ledger.was_paid("v1", 1).unwrap();
    assert_eq!(ledger.has("v1"), -short);
    // The coin that was paid too early is not paid again.
    assert_eq!(ledger.payout("v1", DENOM).most, 0);
    ledger.check_conservation().unwrap();
}
