//! Operations that the ledger refuses without a change.

use super::*;

#[test]
fn a_batch_with_an_unknown_operator_is_refused() {
    let mut ledger = with_powers(&[1]);
    let changes = [("v1", 5), ("v9", 1)].map(|(operator, power)| PowerChange { operator, power });
    assert_eq!(
        ledger.apply(&PoaOperation::SetPowers(&changes)),
        Err(PoaLedgerError::UnknownOperator {
            operator: "v9".to_owned()
        })
    );
    assert_eq!(ledger.power("v1"), Some(1));
}

#[test]
fn an_account_operates_at_most_one_validator() {
    let mut ledger = with_powers(&[1, 1]);
    let refused = Err(PoaLedgerError::OperatorExists {
        operator: "v2".to_owned(),
    });
    let twice = NewValidator {
        operator: "v2",
        power: 1,
    };
    assert_eq!(ledger.apply(&PoaOperation::AddValidator(twice)), refused);
    let taken = OperatorChange {
        operator: "v1",
        new_operator: "v2",
    };
    assert_eq!(ledger.apply(&PoaOperation::ChangeOperator(taken)), refused);
    assert_eq!(ledger.total_power(), 2);
}

#[test]
fn powers_are_bounded_in_sum() {
    let mut ledger = with_powers(&[10_u128.pow(30)]);
    let more = NewValidator {
        operator: "v2",
        power: 1,
    };
    assert_eq!(
        ledger.apply(&PoaOperation::AddValidator(more)),
        Err(PoaLedgerError::PowerBound)
    );
    assert_eq!(ledger.power("v2"), None);
    let most = PowerChange {
        operator: "v1",
        power: u128::MAX,
    };
    assert_eq!(
        ledger.apply(&PoaOperation::SetPowers(&[most])),
        Err(PoaLedgerError::PowerBound)
    );
}

#[test]
fn receipts_are_bounded_in_sum() {
    let mut ledger = with_powers(&[1]);
    ledger.fees(u128::MAX);
    let error = ledger.apply(&PoaOperation::Receive(coin(1))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "received uatom would reach 2^128 in total"
    );
    assert_eq!(ledger.withdraws("v1"), u128::MAX);
}

#[test]
fn a_ledger_works_beside_an_unknown_denom() {
    let mut ledger = with_powers(&[1]);
    ledger.fees(3);
    ledger.checkpoint_now();
    ledger.check_conservation().unwrap();
    assert_eq!(ledger.totals("never"), PoaTotals::default());
    assert_eq!(ledger.payout("v1", "never").most, 0);
}
