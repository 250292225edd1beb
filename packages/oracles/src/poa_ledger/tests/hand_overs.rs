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
    ledger.fees(3);
    ledger.hand_over("new", "v1");
    ledger.fees(3);
    assert_eq!(ledger.withdraws("v1"), 3);
    assert_eq!(ledger.has("new"), ratio(3, 2));
}

#[test]
fn a_former_operators_name_means_the_validator() {
    let mut ledger = with_powers(&[1, 1]);
    ledger.hand_over("v1", "b");
    ledger.hand_over("v1", "c");
    ledger.power_of("v1", 5);
    ledger.power_of("b", 7);
    assert_eq!(ledger.power("c"), Some(7));
    assert_eq!((ledger.id("v1"), ledger.id("c")), (Some(1), Some(1)));
    assert_eq!(ledger.operator("b"), Some("c"));
    let elsewhere = OperatorChange {
        operator: "v2",
        new_operator: "b",
    };
    assert_eq!(
        ledger.apply(&PoaOperation::ChangeOperator(elsewhere)),
        Err(PoaLedgerError::OperatorExists {
            operator: "b".to_owned()
        })
    );
}

#[test]
fn an_offer_takes_effect_when_it_is_accepted() {
    let mut ledger = with_powers(&[1, 1]);
    let offer = |ledger: &mut PoaLedger, new_operator| {
        let operator = "v1";
        let change = OperatorChange {
            operator,
            new_operator,
        };
        ledger.apply(&PoaOperation::OfferValidator(change)).unwrap();
    };
    let accept = |ledger: &mut PoaLedger, new_operator| {
        let id = 1;
        ledger.apply(&PoaOperation::AcceptValidator(Acceptance {
            id,
            new_operator,
        }))
    };
    let refused = |account: &str| {
        Err(PoaLedgerError::NotOffered {
            id: 1,
            account: account.to_owned(),
        })
    };
    offer(&mut ledger, "a");
    offer(&mut ledger, "b");
    assert_eq!(ledger.offered_to("v1"), Some("b"));
    assert_eq!(accept(&mut ledger, "a"), refused("a"));
    offer(&mut ledger, "v1");
    assert_eq!(accept(&mut ledger, "b"), refused("b"));
    offer(&mut ledger, "a");
    ledger.hand_over("v1", "c");
    assert_eq!(accept(&mut ledger, "a"), refused("a"));
    offer(&mut ledger, "a");
    ledger.fees(3);
    assert_eq!(accept(&mut ledger, "a"), Ok(()));
    assert_eq!(ledger.power("a"), Some(1));
    assert_eq!(ledger.has("c"), ratio(3, 2));
    assert_eq!(accept(&mut ledger, "a"), refused("a"));
}

#[test]
fn a_hand_over_keeps_the_power() {
    let mut ledger = with_powers(&[1, 2]);
    ledger.hand_over("v1", "new");
    assert_eq!(ledger.total_power(), 3);
    assert_eq!(ledger.accounts().collect::<Vec<_>>(), ["v1", "v2", "new"]);
}
