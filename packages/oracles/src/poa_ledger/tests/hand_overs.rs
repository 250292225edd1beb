//! Hand-overs of validators.

use super::*;

#[test]
fn the_old_operator_keeps_what_was_earned() {
    let mut ledger = with_powers(&[1, 1]);
    ledger.fees(11);
    ledger.hand_over("v1", "new");
    ledger.fees(20);
    assert_eq!(ledger.power("v1"), None);
    assert_eq!(ledger.power("new"), Some(1));
    assert_eq!(ledger.withdraws("v1"), 5);
    assert_eq!(ledger.withdraws("new"), 10);
    assert_eq!(ledger.has("v1"), ratio(1, 2));
}

#[test]
fn a_former_operator_that_returns_adds_to_its_claim() {
    let mut ledger = with_powers(&[1, 1]);
    ledger.fees(3);
    ledger.hand_over("v1", "new");
    ledger.hand_over("v2", "v1");
    ledger.fees(3);
    // A half and one, and one and a half of the second fees.
    assert_eq!(ledger.withdraws("v1"), 3);
    assert_eq!(ledger.has("v2"), ratio(3, 2));
}

#[test]
fn a_hand_over_keeps_the_power() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.hand_over("v1", "new");
    assert_eq!(ledger.total_power(), 3);
    assert_eq!(ledger.accounts().collect::<Vec<_>>(), ["v1", "v2", "new"]);
}
