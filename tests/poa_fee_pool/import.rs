//! The instantiation imports the validators and fees of an earlier pool.

use serde_json::{Value, json};
use testkit::expect::has;
use testkit::poa_pool::PoaSuite;

use crate::support::{checkpoint, withdrawable};

fn genesis(fees: &[(&str, &str, &str)]) -> Value {
    fees.iter()
        .map(|(name, power, fees)| {
            json!({"operator": format!("@{name}"), "power": power,
                   "fees": [{"denom": "uatom", "amount": fees}]})
        })
        .collect()
}

#[track_caller]
fn refused(builder: testkit::poa_pool::PoaBuilder, parts: &[&str]) {
    let error = match builder.build() {
        Ok(_) => panic!("the import was accepted"),
        Err(error) => format!("{error:#}"),
    };
    for part in parts {
        assert!(error.contains(part), "{error:?} has no {part:?}");
    }
}

#[test]
fn imported_fees_are_owed_and_the_surplus_is_undistributed() {
    let validators = genesis(&[
        ("v1", "1", "10.5"),
        ("v2", "3", "20.25"),
        ("v3", "0", "0.125"),
    ]);
    let mut suite = PoaSuite::builder()
        .with("validators", validators)
        .funds(32, "uatom")
        .build()
        .unwrap();
    assert_eq!(
        checkpoint(&suite),
        json!({
            "balance": [{"denom": "uatom", "amount": "32"}],
            "total_allocated": [{"denom": "uatom", "amount": "30.875"}],
            "unallocated": [{"denom": "uatom", "amount": "1.125"}],
        })
    );
    assert_eq!(
        withdrawable(&suite, &["v1", "v2", "v3"]),
        ["10.78125", "21.09375", "0.125"]
    );
    suite.assert_sound("uatom");
    suite.checkpoint().unwrap();
    suite.assert_sound("uatom");
    for name in ["v1", "v2", "v3"] {
        suite.withdraw(name).unwrap();
    }
    assert_eq!(
        (has(&suite, "v1", "uatom"), has(&suite, "v2", "uatom")),
        (10, 21)
    );
    suite.assert_sound("uatom");
}

#[test]
fn fees_above_the_balance_are_refused() {
    let validators = genesis(&[("v1", "1", "10.5"), ("v2", "3", "20.25")]);
    refused(
        PoaSuite::builder()
            .with("validators", validators.clone())
            .funds(30, "uatom"),
        &["30.75uatom", "balance of 30uatom"],
    );
    refused(
        PoaSuite::builder().with("validators", validators),
        &["30.75uatom", "balance of 0uatom"],
    );
}

#[test]
fn denoms_that_are_not_listed_are_refused() {
    let fees =
        json!([{"operator": "@v1", "power": "1", "fees": [{"denom": "ubtc", "amount": "1"}]}]);
    refused(
        PoaSuite::builder()
            .with("validators", fees)
            .funds(1, "ubtc"),
        &["`ubtc`"],
    );
    refused(PoaSuite::builder().funds(1, "ubtc"), &["`ubtc`"]);
    refused(
        PoaSuite::builder().with("creation_fee", json!({"denom": "ubtc", "amount": "1"})),
        &["`ubtc`"],
    );
    refused(
        PoaSuite::builder().with("creation_fee", json!({"denom": "uatom", "amount": "0"})),
        &["moves nothing"],
    );
}

#[test]
fn operators_named_twice_and_shared_keys_are_refused() {
    refused(
        PoaSuite::builder().validators(&[("v1", 1), ("v2", 1), ("v1", 0)]),
        &["is or was the operator of validator 1"],
    );
    let same_key = json!([
        {"operator": "@v1", "power": "1", "pub_key": "AQID"},
        {"operator": "@v2", "power": "1", "pub_key": "AQID"},
    ]);
    refused(
        PoaSuite::builder().with("validators", same_key),
        &["pub_key"],
    );
}

#[test]
fn powers_and_amounts_have_their_bounds() {
    let half = 1u64 << 62;
    refused(
        PoaSuite::builder().validators(&[("v1", half), ("v2", half)]),
        &["9223372036854775808", "not below 2^63"],
    );
    let too_much = genesis(&[("v1", "1", "340282366920938463463374607431768211456")]);
    refused(PoaSuite::builder().with("validators", too_much), &["2^128"]);
    let bad = json!([{"operator": "@v1", "power": "1", "metadata": {"moniker": ""}}]);
    refused(PoaSuite::builder().with("validators", bad), &["moniker"]);
}

#[test]
fn queries_show_what_was_imported() {
    let mut suite = PoaSuite::builder()
        .with("admin", json!("@boss"))
        .with(
            "validators",
            json!([
                {"operator": "@v1", "power": "5", "metadata": {"moniker": "One"}, "pub_key": "AQID"},
                {"operator": "@v2", "power": "0"},
            ]),
        )
        .build()
        .unwrap();
    let ask = |question: Value| suite.query(question).unwrap();
    assert_eq!(
        ask(json!({"admin": {}})),
        suite.resolve(&json!({"admin": "@boss"}))
    );
    assert_eq!(ask(json!({"total_power": {}})), json!({"total_power": "5"}));
    assert_eq!(ask(json!({"total_weight": {}})), json!({"weight": 5}));
    assert_eq!(
        ask(json!({"validators": {}}))["validators"],
        suite.resolve(&json!([
            {"id": 1, "operator": "@v1", "pending_operator": null, "power": "5",
             "metadata": {"moniker": "One", "description": ""}, "pub_key": "AQID"}
        ]))
    );
    assert_eq!(
        ask(json!({"candidates": {}}))["validators"],
        suite.resolve(&json!([
            {"id": 2, "operator": "@v2", "pending_operator": null, "power": "0",
             "metadata": null, "pub_key": null}
        ]))
    );
    assert_eq!(
        ask(json!({"config": {}})),
        json!({"denoms": [{"denom": "uatom", "active": true}], "creation_fee": null})
    );
    suite
        .execute("boss", crate::support::powers(&[("v2", "5")]))
        .unwrap();
}

#[test]
fn the_sender_is_the_admin_by_default() {
    let suite = PoaSuite::builder().build().unwrap();
    assert_eq!(
        suite.query(json!({"ownership": {}})).unwrap(),
        suite.resolve(&json!({"owner": "@owner", "pending_owner": null, "pending_expiry": null}))
    );
    refused(
        PoaSuite::builder().with("admin", json!("nobody")),
        &["bech32"],
    );
    refused(
        PoaSuite::builder().with("owner", json!("@boss")),
        &["owner"],
    );
}
