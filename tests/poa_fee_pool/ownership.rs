//! The admin's role changes hands in two steps; a migration keeps the state of the same contract.

use cosmwasm_std::Empty;
use serde_json::json;
use testkit::expect::refused;
use testkit::poa_pool::PoaSuite;

use crate::support::{pool, powers};

#[test]
fn the_admin_changes_in_two_steps() {
    let mut suite = pool(&[("v1", 1)]);
    let offer =
        json!({"update_ownership": {"transfer_ownership": {"new_owner": "@boss", "expiry": null}}});
    let accept = json!({"update_ownership": "accept_ownership"});
    refused(&mut suite, "boss", offer.clone(), &["Unauthorized"]);
    suite.execute("owner", offer).unwrap();
    let admin = |suite: &PoaSuite| suite.query(json!({"admin": {}})).unwrap();
    assert_eq!(admin(&suite), suite.resolve(&json!({"admin": "@owner"})));
    assert_eq!(
        suite.query(json!({"ownership": {}})).unwrap(),
        suite
            .resolve(&json!({"owner": "@owner", "pending_owner": "@boss", "pending_expiry": null}))
    );
    refused(
        &mut suite,
        "boss",
        powers(&[("v1", "2")]),
        &["Unauthorized"],
    );
    refused(&mut suite, "v1", accept.clone(), &["Unauthorized"]);
    suite.execute("boss", accept).unwrap();
    assert_eq!(admin(&suite), suite.resolve(&json!({"admin": "@boss"})));
    refused(
        &mut suite,
        "owner",
        powers(&[("v1", "2")]),
        &["Unauthorized"],
    );
    suite.execute("boss", powers(&[("v1", "2")])).unwrap();
}

#[test]
fn without_an_admin_operators_still_withdraw_and_hand_over() {
    let mut suite = pool(&[("v1", 1)]);
    suite
        .execute("owner", json!({"update_ownership": "renounce_ownership"}))
        .unwrap();
    assert_eq!(
        suite.query(json!({"admin": {}})).unwrap(),
        json!({"admin": null})
    );
    refused(&mut suite, "owner", powers(&[("v1", "2")]), &["renounced"]);
    suite.fees(5).unwrap();
    suite.hand_over("v1", "v2").unwrap();
    suite.withdraw("v1").unwrap();
    suite.assert_sound("uatom");
}

#[test]
fn a_migration_keeps_the_state() {
    let mut suite = pool(&[("v1", 1), ("v2", 2)]);
    suite.fees(5).unwrap();
    suite.withdraw("v1").unwrap();
    let before = suite.dump();
    let (owner, contract, code) = (
        suite.account("owner"),
        suite.contract.clone(),
        suite.code_id,
    );
    suite
        .chain
        .migrate(&owner, &contract, code, &Empty {})
        .unwrap();
    assert_eq!(suite.dump(), before);
}

#[test]
fn another_contract_refuses_the_state() {
    let mut suite = pool(&[("v1", 1)]);
    let code = testkit::codes::codes().make("fee-pool").unwrap();
    let code = suite.chain.store_code(code);
    let (owner, contract) = (suite.account("owner"), suite.contract.clone());
    let error = suite
        .chain
        .migrate(&owner, &contract, code, &Empty {})
        .unwrap_err();
    let refusal = "Cannot migrate from cw-distribution:poa-fee-pool to cw-distribution:fee-pool";
    assert!(error.to_string().contains(refusal), "{error}");
}
