//! Worked examples of the checkpoint scheme.

use super::*;

#[test]
fn fees_before_a_change_are_allocated_by_the_old_powers() {
    let mut ledger = PoaLedger::import(&Import {
        balance: &[coin(1000)],
        validators: &["v1", "v2"].map(|operator| ImportedValidator {
            operator,
            power: 50,
            fees: &[ImportedFees {
                denom: DENOM,
                amount: "200",
            }],
        }),
    })
    .unwrap();
    let before = ledger.totals(DENOM);
    assert_eq!(before.allocated, BigInt::from(400) * 10_u128.pow(36));
    assert_eq!(before.unallocated, BigInt::from(600) * 10_u128.pow(36));

    let changes = [("v1", 30), ("v2", 70)].map(|(operator, power)| PowerChange { operator, power });
    ledger.apply(&PoaOperation::SetPowers(&changes)).unwrap();
    assert_eq!(ledger.has("v1"), ratio(500, 1));
    assert_eq!(ledger.has("v2"), ratio(500, 1));
    let after = ledger.totals(DENOM);
    assert_eq!(after.balance, 1000);
    assert_eq!(after.allocated, BigInt::from(1000) * 10_u128.pow(36));

    ledger.fees(100);
    ledger.checkpoint_now();
    assert_eq!(ledger.has("v1"), ratio(530, 1));
    assert_eq!(ledger.has("v2"), ratio(570, 1));
}

#[test]
fn a_withdrawal_pays_whole_coins_and_keeps_the_fraction() {
    let mut ledger = with_powers(&[100, 200]);
    ledger.fees(10);
    assert_eq!(ledger.withdrawable("v1", DENOM), ratio(10, 3));
    assert_eq!(ledger.withdrawable("v2", DENOM), ratio(20, 3));
    assert_eq!(ledger.has("v1"), ratio(0, 1), "no checkpoint yet");

    assert_eq!(ledger.withdraws("v1"), 3);
    assert_eq!(ledger.has("v1"), ratio(1, 3));
    assert_eq!(ledger.has("v2"), ratio(20, 3));
    ledger.fees(10);
    assert_eq!(ledger.withdrawable("v1", DENOM), ratio(11, 3));
    assert_eq!(ledger.withdraws("v1"), 3);
    assert_eq!(ledger.has("v1"), ratio(2, 3));
    assert_eq!(ledger.withdraws("v2"), 13);
    assert_eq!(ledger.has("v2"), ratio(1, 3));
}

#[test]
fn a_withdrawal_changes_no_later_share() {
    let mut ledger = with_powers(&[100, 100]);
    ledger.fees(200);
    assert_eq!(ledger.withdraws("v1"), 100);
    ledger.fees(300);
    ledger.checkpoint_now();
    assert_eq!(ledger.has("v1"), ratio(150, 1));
    assert_eq!(ledger.has("v2"), ratio(250, 1));
}

#[test]
fn a_new_power_counts_for_later_fees_alone() {
    let mut ledger = with_powers(&[100, 100]);
    ledger.fees(200);
    ledger.power_of("v1", 200);
    ledger.fees(300);
    ledger.checkpoint_now();
    assert_eq!(ledger.has("v1"), ratio(300, 1));
    assert_eq!(ledger.has("v2"), ratio(200, 1));
}

#[test]
fn a_joiner_has_no_share_of_earlier_fees() {
    let mut ledger = with_powers(&[100, 100]);
    ledger.fees(200);
    ledger.join("v3", 100);
    ledger.fees(300);
    ledger.checkpoint_now();
    assert_eq!(ledger.has("v1"), ratio(200, 1));
    assert_eq!(ledger.has("v2"), ratio(200, 1));
    assert_eq!(ledger.has("v3"), ratio(100, 1));
}

#[test]
fn six_equal_shares_of_one_base_unit_are_one_base_unit() {
    let mut ledger = with_powers(&[1; 6]);
    ledger.fees(1);
    ledger.checkpoint_now();
    let sum: BigRational = (1..=6).map(|it| ledger.has(&format!("v{it}"))).sum();
    assert_eq!(sum, ratio(1, 1));
    for it in 1..=6 {
        assert_eq!(ledger.withdraws(&format!("v{it}")), 0);
    }
    // With five more everyone has one base unit.
    ledger.fees(5);
    for it in 1..=6 {
        assert_eq!(ledger.withdraws(&format!("v{it}")), 1);
    }
    assert_eq!(ledger.totals(DENOM), PoaTotals::default());
}

#[test]
fn fees_are_undistributed_until_there_is_power() {
    let mut ledger = PoaLedger::default();
    ledger.fees(7);
    ledger.checkpoint_now();
    ledger.join("v1", 0);
    ledger.checkpoint_now();
    assert_eq!(ledger.withdraws("v1"), 0);
    assert_eq!(ledger.totals(DENOM).balance, 7);
    assert_eq!(
        ledger.totals(DENOM).unallocated,
        BigInt::from(7) * 10_u128.pow(36)
    );
    ledger.join("v2", 5);
    assert_eq!(ledger.withdraws("v2"), 7);
    assert_eq!(ledger.has("v1"), ratio(0, 1));
}

#[test]
fn without_power_nothing_more_is_earned_and_nothing_is_lost() {
    let mut ledger = with_powers(&[1, 1]);
    ledger.fees(10);
    ledger.power_of("v1", 0);
    ledger.fees(10);
    ledger.power_of("v1", 1);
    ledger.fees(10);
    assert_eq!(ledger.withdraws("v1"), 10);
    assert_eq!(ledger.withdraws("v2"), 20);
}

#[test]
fn the_only_active_validator_is_swapped_in_either_order() {
    let swaps = [[("v1", 0), ("v2", 9)], [("v2", 9), ("v1", 0)]];
    for swap in swaps {
        let mut ledger = with_powers(&[4, 0]);
        ledger.fees(10);
        let changes = swap.map(|(operator, power)| PowerChange { operator, power });
        ledger.apply(&PoaOperation::SetPowers(&changes)).unwrap();
        ledger.fees(20);
        assert_eq!(ledger.withdraws("v1"), 10);
        assert_eq!(ledger.withdraws("v2"), 20);
    }
}

#[test]
fn each_denom_is_a_ledger_of_its_own() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.fees(3);
    let other = DenomAmount {
        denom: "uosmo",
        amount: 10,
    };
    ledger.apply(&PoaOperation::Receive(other)).unwrap();
    assert_eq!(ledger.withdraws("v1"), 1);
    assert_eq!(ledger.paid("v1", "uosmo"), 3);
    assert_eq!(ledger.allocated("v1", "uosmo"), ratio(1, 3));
    assert_eq!(ledger.allocated("v2", "uosmo"), ratio(20, 3));
    assert_eq!(ledger.denoms().collect::<Vec<_>>(), [DENOM, "uosmo"]);
    ledger.check_conservation().unwrap();
}

#[test]
fn fees_of_a_removed_denom_are_allocated_by_the_powers_of_its_return() {
    let mut ledger = PoaLedger::default();
    let collect = |ledger: &mut PoaLedger, collected| {
        let denom = DENOM;
        let change = DenomChange { denom, collected };
        ledger.apply(&PoaOperation::CollectDenom(change)).unwrap();
        assert_eq!(ledger.collects(DENOM), collected);
    };
    ledger.join("a", 1);
    ledger.join("b", 1);
    ledger.fees(10);
    collect(&mut ledger, false);
    ledger.fees(8);
    ledger.power_of("a", 3);
    assert_eq!(
        (ledger.has("a"), ledger.has("b")),
        (ratio(5, 1), ratio(5, 1))
    );
    assert_eq!(
        ledger.totals(DENOM).unallocated,
        crate::exact::pow10(36) * 8
    );
    assert_eq!(ledger.withdraws("b"), 5);
    collect(&mut ledger, true);
    ledger.checkpoint_now();
    assert_eq!(
        (ledger.has("a"), ledger.has("b")),
        (ratio(11, 1), ratio(2, 1))
    );
    ledger.check_conservation().unwrap();
}
