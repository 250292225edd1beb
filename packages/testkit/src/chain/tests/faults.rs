use cosmwasm_std::coins;
use serde_json::json;

use super::Suite;
use super::counter::keys_of;

#[test]
fn a_blocked_address_refuses_every_kind_of_transfer() {
    let mut suite = Suite::new();
    let (alice, bob, counter) = (
        suite.alice.clone(),
        suite.bob.clone(),
        suite.counter.clone(),
    );
    suite.fund(&coins(50, "uatom"));
    suite.chain.block_transfers_to(&bob).unwrap();

    let error = suite
        .chain
        .send(&alice, &bob, &coins(1, "uatom"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{bob} is not allowed to receive funds: unauthorized")
    );
    let pay = json!({"pay": {"to": bob, "amount": coins(1, "uatom")}});
    suite
        .chain
        .execute(&alice, &counter, &pay, &[])
        .unwrap_err();
    suite.chain.block_transfers_to(&counter).unwrap();
    let with_funds = suite.chain.execute(
        &alice,
        &counter,
        &json!({"increment": {}}),
        &coins(1, "uatom"),
    );
    with_funds.unwrap_err();

    assert_eq!(suite.balance(&bob, "uatom"), 0);
    assert_eq!(suite.balance(&counter, "uatom"), 50);
    assert_eq!(suite.balance(&alice, "uatom"), 950);
    assert_eq!(suite.state().count, 0);
}

#[test]
fn a_refused_payout_reaches_the_reply_and_moves_nothing() {
    let mut suite = Suite::new();
    let (alice, bob, counter) = (
        suite.alice.clone(),
        suite.bob.clone(),
        suite.counter.clone(),
    );
    suite.fund(&coins(50, "uatom"));
    suite.chain.block_transfers_to(&bob).unwrap();
    let pay = json!({"try_pay": {"to": bob, "amount": coins(30, "uatom")}});

    suite.chain.execute(&alice, &counter, &pay, &[]).unwrap();
    suite.chain.allow_transfers_to(&bob);
    suite.chain.execute(&alice, &counter, &pay, &[]).unwrap();

    let replies = suite.state().replies;
    assert!(
        matches!(replies.as_slice(), [no, yes] if no.contains("not allowed") && yes == "ok"),
        "{replies:?}"
    );
    assert_eq!(suite.balance(&counter, "uatom"), 20);
    assert_eq!(suite.balance(&bob, "uatom"), 30);
}

#[test]
fn a_blocked_address_still_pays() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.chain.block_transfers_to(&alice).unwrap();

    suite.chain.send(&alice, &bob, &coins(1, "uatom")).unwrap();

    assert_eq!(suite.balance(&bob, "uatom"), 1);
}

#[test]
fn faults_are_kept_in_chain_storage() {
    let mut suite = Suite::new();
    let bob = suite.bob.clone();
    let before = keys_of(suite.chain.app().storage());

    suite.chain.block_transfers_to(&bob).unwrap();
    assert_eq!(keys_of(suite.chain.app().storage()).len(), before.len() + 1);
    suite.chain.allow_transfers_to(&bob);

    assert_eq!(keys_of(suite.chain.app().storage()), before);
}
