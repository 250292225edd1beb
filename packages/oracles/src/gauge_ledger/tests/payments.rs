//! Payments of rewards, principal and the treasury's share.

use super::*;

/// A lock of 1 and one of 2, with 10 distributed in epoch 1.
fn thirds() -> GaugeLedger {
    let mut ledger = GaugeLedger::new(SCHEDULE, &[DAY]).unwrap();
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 2, 1);
    ledger.gauge_of(within(1), 1, 1, None, 10);
    ledger.wait(end_of(1));
    ledger
}

fn claim<'a>(lock: u64, failing: &'a [&'a str]) -> GaugeOperation<'a> {
    GaugeOperation::Claim(Claim {
        lock: LockId(lock),
        denoms: None,
        failing,
    })
}

fn paid(lock: u64, amount: u128) -> RewardPayment<'static> {
    RewardPayment {
        lock: LockId(lock),
        coin: DenomAmount {
            denom: DENOM,
            amount,
        },
        failed: false,
        complete: true,
    }
}

#[test]
fn a_claim_pays_whole_coins_and_keeps_the_fraction() {
    let mut ledger = thirds();
    ledger.at(within(2), claim(1, &[])).unwrap();
    assert_eq!(ledger.paid(LockId(1), DENOM), 3);
    assert_eq!(ledger.has(1), ratio(1, 3));
    assert_eq!(ledger.earned(LockId(1), DENOM), ratio(10, 3));
    assert_eq!(ledger.dues("alice", DENOM).delivered, 3);
    ledger.at(within(2), claim(1, &[])).unwrap();
    assert_eq!(ledger.dues("alice", DENOM).delivered, 3);
}

#[test]
fn rewards_go_to_the_receiver_at_the_time_of_the_claim() {
    let mut ledger = thirds();
    for (epoch, receiver) in [(2, Some("carol")), (3, None)] {
        let time = within(epoch);
        let new = NewReceiver {
            lock: LockId(1),
            receiver,
        };
        ledger.at(time, GaugeOperation::SetReceiver(new)).unwrap();
        ledger.top_up(time, 1, 9);
        ledger.at(time, claim(1, &[])).unwrap();
    }
    ledger.at(within(4), claim(1, &[])).unwrap();
    assert_eq!(ledger.dues("carol", DENOM).delivered, 3);
    // 1/3 and 18/3.
    assert_eq!(ledger.dues("alice", DENOM).delivered, 6);
}

#[test]
fn what_failed_is_paid_with_the_next_claim_of_the_same_account() {
    let mut ledger = thirds();
    ledger.at(within(2), claim(1, &[DENOM])).unwrap();
    let dues = ledger.dues("alice", DENOM);
    assert_eq!((dues.delivered, dues.undelivered), (0, 3));
    assert_eq!(
        ledger.has(1),
        ratio(1, 3),
        "the lock is not owed it any more"
    );
    ledger.at(within(2), claim(2, &[])).unwrap();
    let dues = ledger.dues("alice", DENOM);
    assert_eq!((dues.delivered, dues.undelivered), (3 + 6, 0));
}

#[test]
fn a_claim_of_some_denoms_leaves_the_others() {
    let mut ledger = thirds();
    let none = GaugeOperation::Claim(Claim {
        lock: LockId(1),
        denoms: Some(&["uosmo"]),
        failing: &[],
    });
    ledger.at(within(2), none).unwrap();
    assert_eq!(ledger.has(1), ratio(10, 3));
}

#[test]
fn an_admissible_payment_is_recorded_and_no_other() {
    let mut ledger = thirds();
    let record =
        |ledger: &mut GaugeLedger, payment| ledger.at(within(2), GaugeOperation::Paid(payment));
    assert_eq!(
        ledger.payout(LockId(1), DENOM),
        PayoutRange { least: 3, most: 3 }
    );
    let short = record(&mut ledger, paid(1, 2)).unwrap_err();
    assert_eq!(
        short.to_string(),
        "lock 1: paid 2 uatom, and at least 3 had to be paid"
    );
    assert_eq!(
        record(&mut ledger, paid(1, 4)),
        Err(GaugeLedgerError::Claim(ClaimError::Overpaid {
            recipient: "lock 1".to_owned(),
            denom: DENOM.to_owned(),
            coins: 4,
            excess: Box::new(ratio(2, 3)),
        }))
    );
    let partly = RewardPayment {
        complete: false,
        ..paid(1, 2)
    };
    record(&mut ledger, partly).unwrap();
    record(&mut ledger, paid(1, 1)).unwrap();
    record(&mut ledger, paid(1, 0)).unwrap();
    let failed = RewardPayment {
        failed: true,
        ..paid(2, 6)
    };
    record(&mut ledger, failed).unwrap();
    let dues = ledger.dues("alice", DENOM);
    assert_eq!((dues.delivered, dues.undelivered), (3, 6));
}

#[test]
fn principal_can_be_withdrawn_at_the_end_and_not_before() {
    let mut ledger = thirds();
    ledger.begins_unlock(within(2), 1);
    let withdraw = GaugeOperation::Withdraw(LockId(1));
    assert_eq!(
        ledger.at(within(3) - 1, withdraw),
        Err(GaugeLedgerError::NotOver {
            lock: LockId(1),
            end: within(3),
        })
    );
    ledger.at(within(3), withdraw).unwrap();
    assert_eq!(ledger.principal(LP), 2);
    assert_eq!(
        ledger.at(within(3), withdraw),
        Err(GaugeLedgerError::Withdrawn(LockId(1)))
    );
    // The rewards are still owed.
    assert_eq!(ledger.has(1), ratio(10, 3));
}

#[test]
fn the_fraction_of_a_finished_lock_goes_to_the_treasury() {
    let mut ledger = thirds();
    let finish = GaugeOperation::Finish(LockId(1));
    let refused = Err(GaugeLedgerError::NotFinished(LockId(1)));
    ledger.at(within(2), claim(1, &[])).unwrap();
    assert_eq!(ledger.at(within(2), finish), refused, "has principal");

    let mut ledger = thirds();
    ledger.forced(within(2), 1);
    ledger
        .at(within(2), GaugeOperation::Withdraw(LockId(1)))
        .unwrap();
    assert_eq!(ledger.at(within(2), finish), refused, "is owed 10/3");
    ledger.at(within(2), claim(1, &[])).unwrap();
    ledger.at(within(2), finish).unwrap();
    assert_eq!(ledger.has(1), ratio(0, 1));
    assert_eq!(ledger.paid(LockId(1), DENOM), 3);
    assert_eq!(ledger.treasury(DENOM), ratio(1, 3));
    assert_eq!(ledger.terms(LockId(1)), LockTerms::default());
}

#[test]
fn the_treasury_has_fees_and_may_pay_what_locks_fall_short() {
    let mut ledger = thirds();
    let coin = |amount| DenomAmount {
        denom: DENOM,
        amount,
    };
    let time = within(2);
    ledger
        .at(time, GaugeOperation::TreasuryFee(coin(5)))
        .unwrap();
    assert_eq!(ledger.treasury(DENOM), ratio(5, 1));
    let exact = BigInt::from(5) * 10_u128.pow(36);
    ledger.check_treasury(DENOM, &exact).unwrap();
    ledger.check_treasury(DENOM, &(&exact + 1)).unwrap();
    assert!(ledger.check_treasury(DENOM, &(&exact - 1)).is_err());
    assert!(ledger.check_treasury(DENOM, &(exact + 1000)).is_err());

    assert!(
        ledger
            .at(time, GaugeOperation::TreasuryPaid(coin(6)))
            .is_err()
    );
    ledger
        .at(time, GaugeOperation::TreasuryPaid(coin(5)))
        .unwrap();
    assert_eq!(ledger.treasury(DENOM), ratio(0, 1));
    assert_eq!(
        ledger.treasury_payout(DENOM),
        PayoutRange { least: 0, most: 0 }
    );
    ledger.check_conservation().unwrap();
}
